// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/session/venue_protocol.hpp"

#include "zenws/bounded_wait.hpp"
#include "zenws/demanded_wait.hpp"
#include "zenws/json/redaction.hpp"
#include "zenws/limits/venue_limits.hpp"
#include "zenws/timing/internal/deadlines.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <type_traits>
#include <utility>

namespace zenws {

namespace {

using namespace std::chrono_literals;

using internal::keep_earlier;
using internal::take_if_due;

// Returns 0 unless the venue is asked for heartbeats.
std::chrono::seconds venue_heartbeat_interval(const heartbeat_config& cfg,
                                              const dialect& venue) {
  auto resolved = resolve(cfg, venue.heartbeat_needed());
  return resolved.kind == heartbeat_kind::venue
           ? std::chrono::duration_cast<std::chrono::seconds>(resolved.interval)
           : 0s;
}

// Limits of each connection.
std::vector<rate_limit> own_limits(const limit_overrides& overrides,
                                   const dialect& dialect) {
  auto all = overrides.rates ? *overrides.rates : dialect.limits();
  all.insert(all.end(), overrides.additional_rates.begin(),
             overrides.additional_rates.end());
  return with_scope(all, limit_scope::connection);
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
    heartbeat_interval_(venue_heartbeat_interval(cfg.heartbeat, *dialect_)),
    max_request_bytes_(cfg.venue.max_request_bytes > 0
                         ? cfg.venue.max_request_bytes
                         : dialect_->max_request_bytes()),
    max_channels_per_request_(cfg.venue.max_channels_per_request),
    demands_(std::move(context.demands)),
    wall_clock_(std::move(context.wall_clock)),
    latencies_(std::move(context.latencies)),
    gate_(own_limits(context.overrides, *dialect_),
          std::move(context.shared_limits)),
    requests_(cfg.venue.max_pending_calls, context.snapshot.next_id),
    subscriptions_(
      {.max_channels = std::min(cfg.venue.max_channels,
                                dialect_->request_limits().max_channels)},
      context.snapshot.subscriptions),
    deferred_(cfg.max_outbound_bytes) {
  if (auto& limits = context.overrides;
      !limits.costs.empty() || !limits.additional_costs.empty())
    costs_ = std::make_unique<overridden_costs>(std::move(limits), *dialect_);
  for (unsigned i = 0; i < context.snapshot.slow_downs; ++i)
    slow_down();
}

// -- properties ---------------------------------------------------------------

std::optional<venue_protocol::time_point>
venue_protocol::wake_at() const noexcept {
  auto result = requests_.next_deadline();
  for (auto x : {deferred_.next_deadline(), login_.next_deadline(), setup_at_,
                 subscriptions_.wake_at(), channels_at_, flush_at_})
    keep_earlier(result, x);
  return result;
}

protocol_snapshot venue_protocol::snapshot() const {
  return {subscriptions_.snapshot(), requests_.next_id(), slow_downs_};
}

// -- connection ---------------------------------------------------------------

void venue_protocol::opened(time_point now, session_actions& out) {
  state_ = client_state::authenticating;
  failure_ = {};
  next_setup_ = 0;
  login_ = {};
  setup_at_ = channels_at_ = std::nullopt;
  is_busy_ = false;
  delayed_since_ = std::nullopt;
  dialect_->connected();
  gate_.reconnected();
  subscriptions_.opened();
  if (heartbeat_interval_ > 0s)
    write_heartbeat(dialect_->enable_heartbeat(heartbeat_interval_), now, out);
  if (logs_in_)
    get_credentials(now, out);
  else
    set_up(now, out);
}

void venue_protocol::switched(time_point now, session_actions& out) {
  first_id_since_switch_ = requests_.next_id();
  opened(now, out);
}

void venue_protocol::old_connection_closed(session_actions& out) {
  if (!first_id_since_switch_)
    return;
  for (auto token : requests_.fail_before(*first_id_since_switch_))
    fail_call(unpack(token), ec::disconnected, out);
  first_id_since_switch_ = std::nullopt;
}

void venue_protocol::get_credentials(time_point now, session_actions& out) {
  login_.await_credentials(now + request_timeout_);
  out.emplace_back(action::get_credentials{});
}

void venue_protocol::authorized(const result<credentials>& found,
                                const signing_context& signing, time_point now,
                                session_actions& out) {
  if (!login_.accept_credentials())
    return;
  auto kind = login_kind();
  if (!found)
    return login_failed(kind, found.error(), now);
  auto taken = dialect_->take(*found);
  if (!taken)
    return login_failed(kind, taken.error(), now);
  if (auto& grant = *taken)
    return logged_in(kind, *grant, now, out);
  auto make_text = [&](int64_t id) {
    return kind == request_kind::login
             ? dialect_->log_in(*found, signing, id)
             : dialect_->renew_login(*found, signing, id);
  };
  gate_.charge(dialect_->cost_of_login(), now); // cannot wait
  if (auto bad = write_request({kind, 0}, make_text, now, out))
    login_failed(kind, std::move(bad), now);
}

void venue_protocol::lost(session_actions& out) {
  for (auto token : requests_.fail_all())
    fail_call(unpack(token), ec::disconnected, out);
  first_id_since_switch_ = std::nullopt;
  state_ = client_state::disconnected;
  failure_ = {};
  subscriptions_.lost();
  sent_subscriptions_.clear();
  login_ = {};
  setup_at_ = channels_at_ = flush_at_ = std::nullopt;
}

void venue_protocol::ended(const error& reason, session_actions& out) {
  lost(out);
  // These were not sent, for any reason.
  for (auto token : deferred_.clear())
    out.emplace_back(
      action::fail{token, error{ec::client_stopped, to_string(reason)}});
}

const routed_message& venue_protocol::route(std::string_view text,
                                            time_point now,
                                            session_actions& out) {
  // In place: for most messages, copying would take longer than reading.
  static_assert(std::is_trivially_destructible_v<inbound>);
  new (&last_) inbound(dialect_->read(text));
  routed_.subscribers = {};
  if (last_.lost_before) [[unlikely]]
    events_.push_back({.kind = event_kind::messages_dropped,
                       .detail = "the venue's numbers show that messages of "
                                 "this connection were lost"});
  switch (last_.kind) {
    case inbound_kind::data:
      if (!last_.channel.empty())
        find_subscribers(text, now);
      break;
    case inbound_kind::heartbeat_request:
      write_heartbeat(dialect_->heartbeat_response(), now, out);
      break;
    case inbound_kind::answer:
      if (!settle(last_, now, out))
        last_.kind = inbound_kind::data; // late, duplicate or unknown
      break;
    case inbound_kind::channels_ended: {
      std::vector<std::string_view> names{last_.channels.begin(),
                                          last_.channels.end()};
      channels_ended(names, text, now, out);
      break;
    }
    case inbound_kind::notice:
      report_notice(text);
      break;
    default:
      break;
  }
  routed_.kind = last_.kind;
  routed_.channel = last_.channel;
  return routed_;
}

void venue_protocol::find_subscribers(std::string_view text, time_point now) {
  auto [subscribers, awaits_snapshot] = subscriptions_.heard(last_.channel,
                                                             now);
  routed_.subscribers = subscribers;
  if (awaits_snapshot && dialect_->begins_channel(last_.channel, text))
    subscriptions_.begun_anew(last_.channel);
}

void venue_protocol::report_notice(std::string_view text) {
  constexpr size_t max_kinds = 64;
  constexpr size_t max_quote = 200;
  if (notices_.size() >= max_kinds || !notices_.emplace(last_.channel).second)
    return;
  events_.push_back({.kind = event_kind::venue_notice,
                     .detail = redact(text.substr(0, max_quote))});
}

void venue_protocol::expired(time_point now, session_actions& out) {
  for (auto token : requests_.expire(now))
    request_timed_out(unpack(token), now, out);
  for (auto token : deferred_.expire(now))
    out.emplace_back(action::fail{token, error{ec::send_expired}});
  if (login_.renewal_due(now))
    get_credentials(now, out);
  if (login_.ended(now))
    failure_ = error{ec::login_unavailable, "the login has ended"};
  if (login_.credentials_overdue(now))
    login_failed(login_kind(),
                 error{ec::provider_failed, "no credentials in time"}, now);
  if (take_if_due(setup_at_, now))
    set_up(now, out);
  report(subscriptions_.expired(now), out);
  take_if_due(channels_at_, now);
  if (may_send())
    request_channels(now, out);
  if (take_if_due(flush_at_, now))
    flush(now, out);
}

// -- steps of a connection ----------------------------------------------------

venue_protocol::request_kind venue_protocol::login_kind() const noexcept {
  return state_ == client_state::authenticating ? request_kind::login
                                                : request_kind::renewal;
}

void venue_protocol::settle_login(request_kind kind, const inbound& answer,
                                  time_point now, session_actions& out) {
  auto verdict = dialect_->judge(answer);
  if (verdict.meaning != answer_meaning::answered)
    return login_failed(kind, login_error(verdict, now), now);
  auto grant = dialect_->read_login(answer);
  if (!grant)
    return login_failed(
      kind, error{ec::login_unavailable, grant.error().detail}, now);
  logged_in(kind, *grant, now, out);
}

void venue_protocol::logged_in(request_kind kind, const login_grant& grant,
                               time_point now, session_actions& out) {
  login_.granted(grant.expires_in, now, grant.renew_after);
  if (kind != request_kind::login)
    return;
  subscriptions_.authenticated();
  set_up(now, out);
}

bool venue_protocol::lacks_login(const answer_verdict& verdict) const noexcept {
  return logs_in_ && may_send() && verdict.meaning == answer_meaning::refused
         && verdict.subject == refusal_subject::login;
}

void venue_protocol::settle_setup(size_t index, const inbound& answer,
                                  time_point now, session_actions& out) {
  auto verdict = dialect_->judge(answer);
  if (verdict.meaning == answer_meaning::answered)
    return set_up(now, out);
  failure_ = login_error(verdict, now);
  failure_.detail = on_login_[index].method + ": " + failure_.detail;
}

// A renewal that fails is tried again for as long as the login lasts.
void venue_protocol::login_failed(request_kind kind, error reason,
                                  time_point now) {
  if (kind == request_kind::login)
    failure_ = std::move(reason);
  else
    events_.push_back({.kind = event_kind::login_delayed,
                       .reason = std::move(reason),
                       .retry_in = login_.delay_renewal(now)});
}

error venue_protocol::login_error(const answer_verdict& verdict,
                                  time_point now) const {
  auto result = to_error(verdict);
  result.detail = redact(result.detail); // may quote the request
  result.code = verdict.is_permanent() ? ec::login_failed
                                       : ec::login_unavailable;
  apply_demands(verdict.refusal, result, now);
  return result;
}

std::chrono::milliseconds
venue_protocol::apply_demands(const rpc_error& refusal, const error& reason,
                              time_point now) const {
  auto wall = wall_clock_();
  std::chrono::milliseconds result{0};
  for (auto text : {&refusal.data, &refusal.message})
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
    failure_ = write_request({request_kind::setup, next_setup_++}, make_text,
                             now, out);
    return;
  }
  state_ = client_state::restoring;
  request_channels(now, out);
  flush(now, out);
  advance();
}

void venue_protocol::advance() noexcept {
  if (state_ == client_state::restoring && subscriptions_.restored())
    state_ = client_state::ready;
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
  requests_.cancel(pack({request_kind::call, token}));
}

void venue_protocol::ping(time_point now, session_actions& out) {
  write_heartbeat(dialect_->ping(), now, out);
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
  // At a lower pace, pongs alone would use up the limit.
  constexpr unsigned most = 2;
  if (slow_downs_ >= most)
    return;
  ++slow_downs_;
  gate_.slow_down();
}

void venue_protocol::submit(deferred_sends::item item, send_policy policy,
                            time_point now, session_actions& out) {
  error reason{ec::not_connected};
  if (may_send() && (deferred_.empty() || !policy.may_wait())) {
    auto refusal = attempt(item, now, out);
    if (!refusal)
      return;
    reason = as_error(*refusal);
    if (refusal->code == ec::request_too_costly)
      policy = fail_if_down;
    else
      keep_earlier(flush_at_, std::optional{now + refusal->retry_after});
  }
  // Between two open connections the client is not down.
  if (first_id_since_switch_ && !may_send() && !policy.may_wait())
    policy = queue_until(request_timeout_);
  auto token = item.token;
  if (policy.may_wait()) {
    item.deadline = now + bounded_wait(policy.wait);
    if (deferred_.push(std::move(item)))
      return;
    reason = error{ec::outbound_full};
  }
  out.emplace_back(action::fail{token, std::move(reason)});
}

std::optional<rate_refusal> venue_protocol::attempt(deferred_sends::item& item,
                                                    time_point now,
                                                    session_actions& out) {
  auto text = text_of(item);
  if (!text) {
    out.emplace_back(action::fail{item.token, text.error()});
    return std::nullopt;
  }
  auto cost = item.is_call ? cost_of_call(item.payload)
                           : dialect_->cost_of_text();
  if (auto refusal = gate_.acquire(cost, now)) {
    if (!item.is_call)
      item.payload = std::move(*text);
    return refusal;
  }
  auto completion = action::write_completion::on_written;
  if (item.is_call) {
    completion = action::write_completion::on_response;
    auto id = requests_.open(pack({request_kind::call, item.token}), now,
                             now + bounded_wait(item.answer_within));
    if (!id) {
      out.emplace_back(action::fail{item.token, id.error()});
      return std::nullopt;
    }
  }
  out.emplace_back(
    action::write{item.token, completion, item.kind, std::move(*text)});
  return std::nullopt;
}

// Returns the text to send, or an error.
result<std::string> venue_protocol::text_of(deferred_sends::item& item) {
  auto text = item.is_call
                ? dialect_->call(item.payload, item.params, requests_.next_id())
                : result<std::string>{std::move(item.payload)};
  if (!text)
    return text;
  if (auto most = max_request_bytes_; most > 0 && text->size() > most)
    return error{ec::request_too_big, std::to_string(text->size())
                                        + " bytes of at most "
                                        + std::to_string(most)};
  // An answer to a text of the user must not settle a call.
  if (!item.is_call && item.kind == message_kind::text
      && dialect_->reads_messages())
    if (auto id = dialect_->id_in(*text))
      if (auto bad = requests_.set_aside(*id))
        return bad;
  return text;
}

void venue_protocol::flush(time_point now, session_actions& out) {
  flush_at_ = std::nullopt;
  while (may_send() && !deferred_.empty()) {
    auto next = deferred_.pop();
    if (auto refusal = attempt(next, now, out)) {
      flush_at_ = now + refusal->retry_after;
      deferred_.put_back(std::move(next));
      return;
    }
  }
}

} // namespace zenws
