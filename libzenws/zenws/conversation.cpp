#include "zenws/conversation.hpp"

#include "zenws/bounded_wait.hpp"
#include "zenws/redaction.hpp"
#include "zenws/venue_limits.hpp"

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

conversation::conversation(const client_config& cfg, dialect_ptr venue,
                           std::vector<shared_rate_limiter> shared_limits,
                           const conversation_memory& before)
  : venue_(std::move(venue)),
    request_timeout_(cfg.venue.request_timeout),
    logs_in_(cfg.venue.login == login_mode::required),
    on_login_(cfg.venue.on_login),
    beat_interval_(cfg.heartbeat.kind == heartbeat_kind::venue
                     ? std::chrono::duration_cast<std::chrono::seconds>(
                       cfg.heartbeat.interval)
                     : 0s),
    gate_(with_scope(venue_->limits(), limit_scope::connection),
          std::move(shared_limits)),
    requests_(cfg.venue.max_pending_calls, before.next_id),
    subscriptions_({.max_channels = cfg.venue.max_channels},
                   before.subscriptions),
    outbox_(cfg.max_outbound_bytes) {
  // nop
}

conversation::~conversation() {
  // nop
}

// -- properties ---------------------------------------------------------------

std::optional<conversation::time_point> conversation::wake_at() const noexcept {
  auto result = requests_.next_deadline();
  keep_earlier(result, outbox_.next_deadline());
  keep_earlier(result, renew_at_);
  keep_earlier(result, credentials_due_);
  keep_earlier(result, channels_at_);
  keep_earlier(result, outbox_at_);
  return result;
}

conversation_memory conversation::memory() const {
  return {subscriptions_.snapshot(), requests_.next_id()};
}

// -- connection ---------------------------------------------------------------

void conversation::opened(time_point now, session_actions& out) {
  begin(now, out);
}

void conversation::moved(time_point now, session_actions& out) {
  first_id_since_move_ = requests_.next_id();
  renew_at_ = credentials_due_ = channels_at_ = std::nullopt;
  begin(now, out);
}

void conversation::left_behind(session_actions& out) {
  if (!first_id_since_move_)
    return;
  for (auto token : requests_.fail_before(*first_id_since_move_))
    fail_call(unpack(token), ec::disconnected, out);
  first_id_since_move_ = std::nullopt;
}

void conversation::begin(time_point now, session_actions& out) {
  phase_ = conversation_phase::authenticating;
  failure_ = {};
  next_setup_ = 0;
  venue_->connected();
  gate_.reconnected();
  subscriptions_.opened();
  if (beat_interval_ > 0s)
    beat(venue_->enable_beats(beat_interval_), now, out);
  if (logs_in_)
    get_credentials(now, out);
  else
    set_up(now, out);
}

void conversation::get_credentials(time_point now, session_actions& out) {
  credentials_due_ = now + request_timeout_;
  out.emplace_back(action::get_credentials{});
}

void conversation::authorized(const result<credentials>& who,
                              const login_moment& when, time_point now,
                              session_actions& out) {
  if (!credentials_due_)
    return;
  credentials_due_ = std::nullopt;
  if (!who) {
    failure_ = who.error();
    return;
  }
  auto first = phase_ == conversation_phase::authenticating;
  auto make_text = [&](int64_t id) {
    return first ? venue_->log_in(*who, when, id)
                 : venue_->renew_login(*who, when, id);
  };
  gate_.charge(venue_->cost_of_login(), now); // it cannot wait
  failure_ = ask({first ? purpose::login : purpose::renewal, 0}, make_text, now,
                 out);
}

void conversation::lost(session_actions& out) {
  for (auto token : requests_.fail_all())
    fail_call(unpack(token), ec::disconnected, out);
  first_id_since_move_ = std::nullopt;
  phase_ = conversation_phase::closed;
  subscriptions_.lost();
  asked_.clear();
  renew_at_ = credentials_due_ = channels_at_ = outbox_at_ = std::nullopt;
}

void conversation::ended(const error& reason, session_actions& out) {
  lost(out);
  for (auto token : outbox_.clear())
    out.emplace_back(action::fail{token, reason});
}

const inbound& conversation::read(std::string_view text, time_point now,
                                  session_actions& out) {
  // In place: for most messages, copying would take longer than reading.
  static_assert(std::is_trivially_destructible_v<inbound>);
  new (&last_) inbound(venue_->read(text));
  if (last_.kind == inbound_kind::beat_request)
    beat(venue_->answer_to_beat(), now, out);
  else if (last_.kind == inbound_kind::answer && !settle(last_, now, out))
    last_.kind = inbound_kind::data; // late, repeated or nobody's
  return last_;
}

void conversation::expired(time_point now, session_actions& out) {
  for (auto token : requests_.expire(now))
    give_up_on(unpack(token), now, out);
  for (auto token : outbox_.expire(now))
    out.emplace_back(action::fail{token, error{ec::send_expired}});
  if (take_if_due(renew_at_, now))
    get_credentials(now, out);
  if (take_if_due(credentials_due_, now))
    failure_ = error{ec::provider_failed, "no credentials in time"};
  if (take_if_due(channels_at_, now)) {
    subscriptions_.retry_held();
    request_channels(now, out);
  }
  if (take_if_due(outbox_at_, now))
    flush(now, out);
}

// -- steps of a connection ----------------------------------------------------

void conversation::logged_in(const inbound& answer, purpose what,
                             time_point now, session_actions& out) {
  auto grant = venue_->read_login(answer);
  if (!grant) {
    failure_ = grant.error();
    failure_.detail = redact(failure_.detail); // a quotation of the request
    // What was good for the first login is so for the next connection.
    if (what == purpose::renewal)
      failure_.code = ec::connection_lost;
    return;
  }
  if (grant->expires_in > 0s)
    renew_at_ = now
                + std::chrono::duration_cast<duration>(grant->expires_in
                                                       * renewal_point);
  if (what == purpose::login) {
    subscriptions_.authenticated();
    set_up(now, out);
  }
}

void conversation::set_up(time_point now, session_actions& out) {
  if (next_setup_ < on_login_.size()) {
    auto& next = on_login_[next_setup_];
    auto make_text = [&](int64_t id) {
      return venue_->call(next.method, next.params, id);
    };
    gate_.charge(venue_->cost_of_call(next.method), now);
    failure_ = ask({purpose::setup, next_setup_++}, make_text, now, out);
    return;
  }
  phase_ = conversation_phase::restoring;
  request_channels(now, out);
  advance(now, out);
}

void conversation::advance(time_point now, session_actions& out) {
  if (phase_ != conversation_phase::restoring || !subscriptions_.restored())
    return;
  phase_ = conversation_phase::ready;
  flush(now, out);
}

// -- sending ------------------------------------------------------------------

void conversation::send(uint64_t token, message_kind kind, std::string payload,
                        send_policy policy, time_point now,
                        session_actions& out) {
  submit({.token = token, .kind = kind, .payload = std::move(payload)}, policy,
         now, out);
}

void conversation::call(uint64_t token, std::string method, std::string params,
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

void conversation::not_written(uint64_t token) {
  requests_.cancel(pack({purpose::call, token}));
}

void conversation::ping(time_point now, session_actions& out) {
  beat(venue_->ping(), now, out);
}

std::optional<rate_refusal> conversation::admit_dial(time_point now) {
  constexpr std::array cost{venue_limits::dial};
  return gate_.acquire(cost, now);
}

void conversation::count_control_frame(time_point now) {
  gate_.charge(venue_->cost_of_control(), now);
}

void conversation::submit(outbox::item what, send_policy policy, time_point now,
                          session_actions& out) {
  error reason{ec::not_connected};
  if (may_send() && (outbox_.empty() || !policy.may_wait())) {
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
  if (first_id_since_move_ && !may_send() && !policy.may_wait())
    policy = queue_until(request_timeout_);
  auto token = what.token;
  if (policy.may_wait()) {
    what.deadline = now + bounded_wait(policy.wait);
    if (outbox_.push(std::move(what)))
      return;
    reason = error{ec::outbound_full};
  }
  out.emplace_back(action::fail{token, std::move(reason)});
}

std::optional<rate_refusal> conversation::attempt(outbox::item& what,
                                                  time_point now,
                                                  session_actions& out) {
  auto cost = what.is_call ? venue_->cost_of_call(what.payload)
                           : venue_->cost_of_text();
  if (auto refusal = gate_.acquire(cost, now))
    return refusal;
  if (!what.is_call) {
    out.emplace_back(action::write{what.token,
                                   action::write_answer::when_written,
                                   what.kind, std::move(what.payload)});
    return std::nullopt;
  }
  auto request = pack({purpose::call, what.token});
  auto id = requests_.open(request, now,
                           now + bounded_wait(what.answer_within));
  if (!id) {
    out.emplace_back(action::fail{what.token, id.error()});
    return std::nullopt;
  }
  auto text = venue_->call(what.payload, what.params, *id);
  if (!text) {
    requests_.cancel(request);
    out.emplace_back(action::fail{what.token, text.error()});
    return std::nullopt;
  }
  out.emplace_back(action::write{what.token, action::write_answer::later,
                                 message_kind::text, std::move(*text)});
  return std::nullopt;
}

void conversation::flush(time_point now, session_actions& out) {
  outbox_at_ = std::nullopt;
  while (may_send() && !outbox_.empty()) {
    auto next = outbox_.pop();
    if (auto refusal = attempt(next, now, out)) {
      outbox_at_ = now + refusal->retry_after;
      outbox_.put_back(std::move(next));
      return;
    }
  }
}

} // namespace zenws
