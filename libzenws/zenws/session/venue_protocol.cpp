#include "zenws/session/venue_protocol.hpp"

#include "zenws/bounded_wait.hpp"
#include "zenws/demanded_wait.hpp"
#include "zenws/json/redaction.hpp"
#include "zenws/limits/venue_limits.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <type_traits>
#include <utility>

namespace zenws {

namespace {

using namespace std::chrono_literals;

// Share of a login's life after which it is renewed.
constexpr double renewal_point = 0.8;

constexpr unsigned max_doublings = 5;

std::chrono::milliseconds renewal_delay(unsigned failures) {
  return defaults::login_renewal_delay
         * (1 << std::min(failures, max_doublings));
}

// 0 if the venue is not asked for beats.
std::chrono::seconds seconds_between_beats(const heartbeat_config& cfg,
                                           const dialect& venue) {
  auto resolved = resolve(cfg, venue.heartbeat_needed());
  return resolved.kind == heartbeat_kind::venue
           ? std::chrono::duration_cast<std::chrono::seconds>(resolved.interval)
           : 0s;
}

template <class T>
void keep_earlier(std::optional<T>& x, std::optional<T> y) {
  if (y && (!x || *y < *x))
    x = y;
}

template <class T>
bool take_if_due(std::optional<T>& when, T now) {
  if (!when || *when > now)
    return false;
  when = std::nullopt;
  return true;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

venue_protocol::venue_protocol(const client_config& cfg, dialect_ptr dialect,
                               protocol_context context)
  : dialect_(std::move(dialect)),
    request_timeout_(cfg.venue.request_timeout),
    logs_in_(cfg.venue.login == login_mode::required),
    on_login_(cfg.venue.on_login),
    retry_after_ceiling_(cfg.backoff.retry_after_ceiling),
    beat_interval_(seconds_between_beats(cfg.heartbeat, *dialect_)),
    max_request_bytes_(cfg.venue.max_request_bytes),
    max_channels_per_request_(cfg.venue.max_channels_per_request),
    overrides_(std::move(context.overrides)),
    demands_(std::move(context.demands)),
    wall_clock_(std::move(context.wall_clock)),
    gate_(with_scope(overrides_.rates ? *overrides_.rates : dialect_->limits(),
                     limit_scope::connection),
          std::move(context.shared_limits)),
    requests_(cfg.venue.max_pending_calls, context.snapshot.next_id),
    subscriptions_(
      {.max_channels = std::min(cfg.venue.max_channels,
                                dialect_->request_limits().max_channels)},
      context.snapshot.subscriptions),
    deferred_(cfg.max_outbound_bytes) {
  for (auto& [method, draws] : overrides_.costs)
    for (auto& draw : draws)
      costs_[method].push_back({draw.pool, draw.cost});
  for (unsigned i = 0; i < context.snapshot.slow_downs; ++i)
    slow_down();
}

venue_protocol::~venue_protocol() {
  // nop
}

// -- properties ---------------------------------------------------------------

std::optional<venue_protocol::time_point>
venue_protocol::wake_at() const noexcept {
  auto result = requests_.next_deadline();
  keep_earlier(result, deferred_.next_deadline());
  keep_earlier(result, renew_at_);
  keep_earlier(result, login_ends_at_);
  keep_earlier(result, setup_at_);
  keep_earlier(result, subscriptions_.wake_at());
  keep_earlier(result, credentials_due_);
  keep_earlier(result, channels_at_);
  keep_earlier(result, outbox_at_);
  return result;
}

protocol_snapshot venue_protocol::snapshot() const {
  return {subscriptions_.snapshot(), requests_.next_id(), slow_downs_};
}

// -- connection ---------------------------------------------------------------

void venue_protocol::opened(time_point now, session_actions& out) {
  begin(now, out);
}

void venue_protocol::switched(time_point now, session_actions& out) {
  first_id_since_switch_ = requests_.next_id();
  renew_at_ = credentials_due_ = channels_at_ = std::nullopt;
  login_ends_at_ = setup_at_ = std::nullopt;
  begin(now, out);
}

void venue_protocol::old_connection_closed(session_actions& out) {
  if (!first_id_since_switch_)
    return;
  for (auto token : requests_.fail_before(*first_id_since_switch_))
    fail_call(unpack(token), ec::disconnected, out);
  first_id_since_switch_ = std::nullopt;
}

void venue_protocol::begin(time_point now, session_actions& out) {
  phase_ = protocol_phase::authenticating;
  failure_ = {};
  next_setup_ = 0;
  failed_renewals_ = 0;
  is_busy_ = false;
  delayed_since_ = std::nullopt;
  dialect_->connected();
  gate_.reconnected();
  subscriptions_.opened();
  if (beat_interval_ > 0s)
    beat(dialect_->enable_heartbeat(beat_interval_), now, out);
  if (logs_in_)
    get_credentials(now, out);
  else
    set_up(now, out);
}

void venue_protocol::get_credentials(time_point now, session_actions& out) {
  credentials_due_ = now + request_timeout_;
  out.emplace_back(action::get_credentials{});
}

void venue_protocol::authorized(const result<credentials>& who,
                                const signing_context& when, time_point now,
                                session_actions& out) {
  if (!credentials_due_)
    return;
  credentials_due_ = std::nullopt;
  auto renews = phase_ != protocol_phase::authenticating;
  auto fail = [&](error reason) {
    if (renews)
      delay_renewal(std::move(reason), now);
    else
      failure_ = std::move(reason);
  };
  if (!who)
    return fail(who.error());
  auto make_text = [&](int64_t id) {
    return renews ? dialect_->renew_login(*who, when, id)
                  : dialect_->log_in(*who, when, id);
  };
  gate_.charge(dialect_->cost_of_login(), now); // it cannot wait
  if (auto bad = ask({renews ? purpose::renewal : purpose::login, 0}, make_text,
                     now, out))
    fail(std::move(bad));
}

void venue_protocol::lost(session_actions& out) {
  for (auto token : requests_.fail_all())
    fail_call(unpack(token), ec::disconnected, out);
  first_id_since_switch_ = std::nullopt;
  phase_ = protocol_phase::closed;
  failure_ = {};
  subscriptions_.lost();
  asked_.clear();
  renew_at_ = credentials_due_ = channels_at_ = outbox_at_ = std::nullopt;
  login_ends_at_ = setup_at_ = std::nullopt;
}

void venue_protocol::ended(const error& reason, session_actions& out) {
  lost(out);
  // Whatever ended the client, these were not sent.
  for (auto token : deferred_.clear())
    out.emplace_back(
      action::fail{token, error{ec::client_stopped, to_string(reason)}});
}

const inbound& venue_protocol::read(std::string_view text, time_point now,
                                    session_actions& out) {
  // In place: for most messages, copying would take longer than reading.
  static_assert(std::is_trivially_destructible_v<inbound>);
  new (&last_) inbound(dialect_->read(text));
  subscribers_ = {};
  switch (last_.kind) {
    case inbound_kind::data:
      if (!last_.channel.empty())
        hear(text, now);
      break;
    case inbound_kind::heartbeat_request:
      beat(dialect_->heartbeat_response(), now, out);
      break;
    case inbound_kind::answer:
      if (!settle(last_, now, out))
        last_.kind = inbound_kind::data; // late, repeated or nobody's
      break;
    case inbound_kind::channels_ended: {
      std::vector<std::string_view> names{last_.channels.begin(),
                                          last_.channels.end()};
      channels_ended(names, text, now, out);
      break;
    }
    case inbound_kind::notice:
      note(text);
      break;
    default:
      break;
  }
  return last_;
}

void venue_protocol::hear(std::string_view text, time_point now) {
  auto [subscribers, awaits_snapshot] = subscriptions_.heard(last_.channel,
                                                             now);
  subscribers_ = subscribers;
  if (awaits_snapshot && dialect_->begins_channel(last_.channel, text))
    subscriptions_.begun_anew(last_.channel);
}

void venue_protocol::note(std::string_view text) {
  constexpr size_t max_kinds = 64;
  constexpr size_t max_quote = 200;
  if (notices_.size() >= max_kinds || !notices_.emplace(last_.channel).second)
    return;
  events_.push_back({.kind = event_kind::venue_notice,
                     .detail = redact(text.substr(0, max_quote))});
}

void venue_protocol::expired(time_point now, session_actions& out) {
  for (auto token : requests_.expire(now))
    give_up_on(unpack(token), now, out);
  for (auto token : deferred_.expire(now))
    out.emplace_back(action::fail{token, error{ec::send_expired}});
  if (take_if_due(renew_at_, now))
    get_credentials(now, out);
  if (take_if_due(login_ends_at_, now))
    failure_ = error{ec::login_unavailable, "the login has ended"};
  if (take_if_due(credentials_due_, now))
    miss_credentials(now);
  if (take_if_due(setup_at_, now))
    set_up(now, out);
  report(subscriptions_.expired(now), out);
  take_if_due(channels_at_, now);
  if (phase_ >= protocol_phase::restoring)
    request_channels(now, out);
  if (take_if_due(outbox_at_, now))
    flush(now, out);
}

// -- steps of a connection ----------------------------------------------------

void venue_protocol::miss_credentials(time_point now) {
  error why{ec::provider_failed, "no credentials in time"};
  if (phase_ == protocol_phase::authenticating)
    failure_ = std::move(why);
  else
    delay_renewal(std::move(why), now);
}

void venue_protocol::settle_login(const inbound& answer, time_point now,
                                  session_actions& out) {
  auto verdict = dialect_->judge(answer);
  if (verdict.meaning != answer_meaning::answered) {
    failure_ = login_error(verdict, now);
    return;
  }
  auto grant = dialect_->read_login(answer);
  if (!grant) {
    failure_ = error{ec::login_unavailable, grant.error().detail};
    return;
  }
  keep(*grant, now);
  subscriptions_.authenticated();
  set_up(now, out);
}

// What was good for the first login is so for the next one: a renewal that
// fails is tried again for as long as the login lasts.
void venue_protocol::settle_renewal(const inbound& answer, time_point now) {
  auto verdict = dialect_->judge(answer);
  if (verdict.meaning != answer_meaning::answered)
    return delay_renewal(login_error(verdict, now), now);
  auto grant = dialect_->read_login(answer);
  if (!grant)
    return delay_renewal(error{ec::login_unavailable, grant.error().detail},
                         now);
  keep(*grant, now);
}

void venue_protocol::settle_setup(size_t index, const inbound& answer,
                                  time_point now, session_actions& out) {
  auto verdict = dialect_->judge(answer);
  if (verdict.meaning == answer_meaning::answered)
    return set_up(now, out);
  failure_ = login_error(verdict, now);
  failure_.detail = on_login_[index].method + ": " + failure_.detail;
}

void venue_protocol::keep(const login_grant& grant, time_point now) {
  failed_renewals_ = 0;
  renew_at_ = login_ends_at_ = std::nullopt;
  if (grant.expires_in <= 0s)
    return;
  auto after = [&](double share) {
    return now + std::chrono::duration_cast<duration>(grant.expires_in * share);
  };
  renew_at_ = after(renewal_point);
  login_ends_at_ = after(1);
}

void venue_protocol::delay_renewal(error reason, time_point now) {
  auto delay = renewal_delay(failed_renewals_++);
  renew_at_ = now + delay;
  events_.push_back({.kind = event_kind::login_delayed,
                     .reason = std::move(reason),
                     .retry_in = delay});
}

error venue_protocol::login_error(const answer_verdict& what,
                                  time_point now) const {
  auto result = to_error(what);
  result.detail = redact(result.detail); // may quote the request
  result.code = what.is_permanent() ? ec::login_failed : ec::login_unavailable;
  heed(what.refusal, result, now);
  return result;
}

std::chrono::milliseconds venue_protocol::heed(const rpc_error& said,
                                               const error& reason,
                                               time_point now) const {
  auto wall = wall_clock_();
  std::chrono::milliseconds result{0};
  for (auto text : {&said.data, &said.message})
    if (auto wait = demanded_wait(*text, wall))
      result = std::max(result, std::min(*wait, retry_after_ceiling_));
  if (result > 0s)
    demands_->stay_away(now + result, reason);
  return result;
}

void venue_protocol::set_up(time_point now, session_actions& out) {
  if (next_setup_ < on_login_.size()) {
    auto& next = on_login_[next_setup_];
    if (auto refusal = gate_.acquire(cost_of_call(next.method), now);
        refusal && refusal->code == ec::rate_limited) {
      setup_at_ = now + refusal->retry_after;
      return;
    }
    auto make_text = [&](int64_t id) {
      return dialect_->call(next.method, next.params, id);
    };
    failure_ = ask({purpose::setup, next_setup_++}, make_text, now, out);
    return;
  }
  phase_ = protocol_phase::restoring;
  request_channels(now, out);
  flush(now, out);
  advance();
}

void venue_protocol::advance() noexcept {
  if (phase_ == protocol_phase::restoring && subscriptions_.restored())
    phase_ = protocol_phase::ready;
}

// -- sending ------------------------------------------------------------------

void venue_protocol::send(uint64_t token, message_kind kind,
                          std::string payload, send_policy policy,
                          time_point now, session_actions& out) {
  submit({.token = token, .kind = kind, .payload = std::move(payload)}, policy,
         now, out);
}

void venue_protocol::call(uint64_t token, std::string method,
                          std::string params,
                          std::chrono::milliseconds answer_within,
                          send_policy policy, time_point now,
                          session_actions& out) {
  submit({.token = token,
          .is_call = true,
          .payload = std::move(method),
          .params = std::move(params),
          .answer_within = answer_within},
         policy, now, out);
}

void venue_protocol::not_written(uint64_t token) {
  requests_.cancel(pack({purpose::call, token}));
}

void venue_protocol::ping(time_point now, session_actions& out) {
  beat(dialect_->ping(), now, out);
}

std::optional<rate_refusal> venue_protocol::admit_dial(time_point now) {
  constexpr std::array cost{venue_limits::dial};
  return gate_.acquire(cost, now);
}

std::optional<rate_refusal> venue_protocol::admit_ping(time_point now) {
  return gate_.acquire(dialect_->cost_of_control(), now);
}

void venue_protocol::count_pong(time_point now) {
  gate_.charge(dialect_->cost_of_control(), now);
}

void venue_protocol::slow_down() {
  // Slower than that, pongs alone would take all.
  constexpr unsigned most = 2;
  if (slow_downs_ >= most)
    return;
  ++slow_downs_;
  gate_.slow_down();
}

void venue_protocol::submit(deferred_sends::item what, send_policy policy,
                            time_point now, session_actions& out) {
  error reason{ec::not_connected};
  if (may_send() && (deferred_.empty() || !policy.may_wait())) {
    auto refusal = attempt(what, now, out);
    if (!refusal)
      return;
    reason = as_error(*refusal);
    if (refusal->code == ec::request_too_costly)
      policy = fail_if_down;
    else
      keep_earlier(outbox_at_, std::optional{now + refusal->retry_after});
  }
  // Between two connections that are both open nothing is down.
  if (first_id_since_switch_ && !may_send() && !policy.may_wait())
    policy = queue_until(request_timeout_);
  auto token = what.token;
  if (policy.may_wait()) {
    what.deadline = now + bounded_wait(policy.wait);
    if (deferred_.push(std::move(what)))
      return;
    reason = error{ec::outbound_full};
  }
  out.emplace_back(action::fail{token, std::move(reason)});
}

std::optional<rate_refusal> venue_protocol::attempt(deferred_sends::item& what,
                                                    time_point now,
                                                    session_actions& out) {
  auto text = text_of(what);
  if (!text) {
    out.emplace_back(action::fail{what.token, text.error()});
    return std::nullopt;
  }
  auto cost = what.is_call ? cost_of_call(what.payload)
                           : dialect_->cost_of_text();
  if (auto refusal = gate_.acquire(cost, now)) {
    if (!what.is_call)
      what.payload = std::move(*text);
    return refusal;
  }
  auto completion = action::write_completion::on_written;
  if (what.is_call) {
    completion = action::write_completion::on_response;
    auto id = requests_.open(pack({purpose::call, what.token}), now,
                             now + bounded_wait(what.answer_within));
    if (!id) {
      out.emplace_back(action::fail{what.token, id.error()});
      return std::nullopt;
    }
  }
  out.emplace_back(
    action::write{what.token, completion, what.kind, std::move(*text)});
  return std::nullopt;
}

// What to send, or why that cannot be.
result<std::string> venue_protocol::text_of(deferred_sends::item& what) {
  auto text = what.is_call
                ? dialect_->call(what.payload, what.params, requests_.next_id())
                : result<std::string>{std::move(what.payload)};
  if (!text)
    return text;
  if (auto most = max_request_bytes(); most > 0 && text->size() > most)
    return error{ec::request_too_big, std::to_string(text->size())
                                        + " bytes of at most "
                                        + std::to_string(most)};
  // An answer to a text of the user must settle no call.
  if (!what.is_call && what.kind == message_kind::text
      && dialect_->reads_messages())
    if (auto id = dialect_->id_in(*text))
      if (auto bad = requests_.set_aside(*id))
        return bad;
  return text;
}

void venue_protocol::flush(time_point now, session_actions& out) {
  outbox_at_ = std::nullopt;
  while (may_send() && !deferred_.empty()) {
    auto next = deferred_.pop();
    if (auto refusal = attempt(next, now, out)) {
      outbox_at_ = now + refusal->retry_after;
      deferred_.put_back(std::move(next));
      return;
    }
  }
}

} // namespace zenws
