#include "zenws/conversation.hpp"

#include "zenws/venue_limits.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace zenws {

namespace {

using namespace std::chrono_literals;

// How long to leave alone what the venue refused for now.
constexpr auto held_retry = 1s;

// Share of a login's life after which it is renewed.
constexpr double renewal_point = 0.8;

// What a request is for and the number of it in one token.
constexpr int purpose_shift = 56;

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
  keep_earlier(result, channels_at_);
  keep_earlier(result, outbox_at_);
  return result;
}

conversation_memory conversation::memory() const {
  return {subscriptions_.snapshot(), requests_.next_id()};
}

// -- connection ---------------------------------------------------------------

void conversation::opened(time_point now, session_actions& out) {
  phase_ = conversation_phase::authenticating;
  failure_ = {};
  next_setup_ = 0;
  venue_->connected();
  gate_.reconnected();
  subscriptions_.opened();
  if (beat_interval_ > 0s)
    beat(venue_->enable_beats(beat_interval_), now, out);
  if (logs_in_)
    out.emplace_back(action::get_credentials{});
  else
    set_up(now, out);
}

void conversation::authorized(const result<credentials>& who,
                              const login_moment& when, time_point now,
                              session_actions& out) {
  if (phase_ == conversation_phase::closed)
    return;
  if (!who) {
    failure_ = who.error();
    return;
  }
  auto first = phase_ == conversation_phase::authenticating;
  auto make_text = [&](int64_t id) {
    return first ? venue_->log_in(*who, when, id)
                 : venue_->renew_login(*who, when, id);
  };
  failure_ = ask({first ? purpose::login : purpose::renewal, 0}, make_text, now,
                 out);
}

void conversation::lost(session_actions& out) {
  for (auto token : requests_.fail_all()) {
    auto what = unpack(token);
    if (what.what == purpose::call)
      out.emplace_back(action::fail{what.value, error{ec::disconnected}});
  }
  phase_ = conversation_phase::closed;
  subscriptions_.lost();
  asked_.clear();
  renew_at_ = channels_at_ = outbox_at_ = std::nullopt;
}

void conversation::ended(const error& reason, session_actions& out) {
  lost(out);
  for (auto token : outbox_.clear())
    out.emplace_back(action::fail{token, reason});
}

const inbound& conversation::read(std::string_view text, time_point now,
                                  session_actions& out) {
  last_ = venue_->read(text);
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
    out.emplace_back(action::get_credentials{});
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

// -- requests -----------------------------------------------------------------

uint64_t conversation::pack(errand what) noexcept {
  return (static_cast<uint64_t>(what.what) << purpose_shift) | what.value;
}

conversation::errand conversation::unpack(uint64_t token) noexcept {
  return {static_cast<purpose>(token >> purpose_shift),
          token & ((uint64_t{1} << purpose_shift) - 1)};
}

template <class F>
error conversation::ask(errand what, F make_text, time_point now,
                        session_actions& out) {
  auto id = requests_.open(pack(what), now, now + request_timeout_);
  if (!id)
    return id.error();
  auto text = make_text(*id);
  if (!text) {
    requests_.cancel(pack(what));
    return text.error();
  }
  out.emplace_back(action::write{.payload = std::move(*text)});
  return {};
}

void conversation::request_channels(time_point now, session_actions& out) {
  auto limits = venue_->request_limits();
  limits.max_requests = 1;
  for (;;) {
    auto next = subscriptions_.next_requests(limits);
    if (next.empty())
      break;
    auto& request = next.front();
    auto cost = venue_->cost_of_subscription();
    if (auto refusal = gate_.acquire(cost, now)) {
      subscriptions_.postponed(request.number);
      channels_at_ = now + refusal->retry_after;
      return;
    }
    auto make_text = [&](int64_t id) {
      return venue_->subscription(request, id);
    };
    auto number = request.number;
    if (auto bad = ask({purpose::subscription, number}, make_text, now, out))
      report(subscriptions_.rejected(number, rejection::definite,
                                     std::move(bad)),
             out);
    else
      asked_.emplace(number, std::move(request));
  }
  if (subscriptions_.num_held() > 0 && !channels_at_)
    channels_at_ = now + held_retry;
}

bool conversation::settle(const inbound& answer, time_point now,
                          session_actions& out) {
  if (answer.by_channel) {
    auto number = subscriptions_.request_of(answer.channel);
    if (number)
      report(subscriptions_.channel_acknowledged(*number, answer.channel), out);
    request_channels(now, out);
    advance(now, out);
    return number.has_value();
  }
  auto settled = requests_.resolve(answer.request, now);
  if (settled)
    settle(unpack(settled->token), answer, now, out);
  return settled.has_value();
}

void conversation::settle(errand what, const inbound& answer, time_point now,
                          session_actions& out) {
  switch (what.what) {
    case purpose::call: {
      auto response = parse_response(answer.content);
      // Venues without JSON-RPC have answers of their own: the user's to read.
      out.emplace_back(action::answer{
        what.value, response ? std::move(*response)
                             : rpc_result{std::string{answer.text}}});
      break;
    }
    case purpose::subscription:
      settle_channels(what.value, answer, now, out);
      break;
    case purpose::login:
    case purpose::renewal:
      logged_in(answer, what.what, now, out);
      break;
    case purpose::setup: {
      auto response = parse_response(answer.content);
      auto* refusal = response ? std::get_if<rpc_error>(&*response) : nullptr;
      if (refusal != nullptr)
        failure_ = error{ec::login_failed, on_login_[what.value].method + ": "
                                             + to_error(*refusal).detail};
      else
        set_up(now, out);
      break;
    }
  }
}

void conversation::settle_channels(uint64_t number, const inbound& answer,
                                   time_point now, session_actions& out) {
  auto i = asked_.find(number);
  if (i == asked_.end())
    return;
  auto verdict = venue_->read_answer(i->second, answer);
  asked_.erase(i);
  switch (verdict.what) {
    case subscription_answer::verdict::all:
      report(subscriptions_.acknowledged(number), out);
      break;
    case subscription_answer::verdict::some: {
      std::vector<std::string_view> granted{verdict.granted.begin(),
                                            verdict.granted.end()};
      report(subscriptions_.acknowledged(number, granted), out);
      break;
    }
    case subscription_answer::verdict::refused:
      report(subscriptions_.rejected(number, verdict.how,
                                     std::move(verdict.reason)),
             out);
      break;
  }
  request_channels(now, out);
  advance(now, out);
}

void conversation::give_up_on(errand what, time_point now,
                              session_actions& out) {
  switch (what.what) {
    case purpose::call:
      out.emplace_back(action::fail{what.value, error{ec::request_timeout}});
      break;
    case purpose::subscription:
      asked_.erase(what.value);
      subscriptions_.timed_out(what.value);
      if (subscriptions_.num_held() > 0)
        keep_earlier(channels_at_, std::optional{now + held_retry});
      break;
    default:
      failure_ = error{ec::connection_lost, "no answer to the login"};
      break;
  }
}

void conversation::beat(std::string text, time_point now,
                        session_actions& out) {
  if (text.empty())
    return;
  gate_.charge(venue_->cost_of_beat(), now);
  out.emplace_back(action::write{.payload = std::move(text)});
}

void conversation::report(subscription_outcomes outcomes,
                          session_actions& out) {
  if (!outcomes.empty())
    out.emplace_back(action::report{std::move(outcomes)});
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
  if (phase_ == conversation_phase::ready
      && (outbox_.empty() || !policy.may_wait())) {
    auto refusal = attempt(what, now, out);
    if (!refusal)
      return;
    reason = as_error(*refusal);
    if (refusal->code == ec::request_too_costly)
      policy = fail_if_down;
    else
      keep_earlier(outbox_at_, std::optional{now + refusal->retry_after});
  }
  auto token = what.token;
  if (policy.may_wait()) {
    what.deadline = now + policy.wait;
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
  auto id = requests_.open(request, now, now + what.answer_within);
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
  while (phase_ == conversation_phase::ready && !outbox_.empty()) {
    auto next = outbox_.pop();
    if (auto refusal = attempt(next, now, out)) {
      outbox_at_ = now + refusal->retry_after;
      outbox_.put_back(std::move(next));
      return;
    }
  }
}

// -- subscriptions ------------------------------------------------------------

result<uint64_t> conversation::subscribe(uint64_t subscriber,
                                         std::span<const channel_spec> channels,
                                         time_point now, session_actions& out) {
  auto ask = subscriptions_.add(subscriber, channels);
  if (!ask)
    return ask.error();
  report(std::move(ask->outcomes), out);
  if (phase_ >= conversation_phase::restoring)
    request_channels(now, out);
  return ask->number;
}

void conversation::unsubscribe(uint64_t subscriber,
                               std::span<const std::string_view> channels,
                               time_point now, session_actions& out) {
  report(subscriptions_.remove(subscriber, channels), out);
  if (phase_ >= conversation_phase::restoring)
    request_channels(now, out);
  advance(now, out);
}

void conversation::remove_subscriber(uint64_t subscriber, time_point now,
                                     session_actions& out) {
  report(subscriptions_.remove_subscriber(subscriber), out);
  if (phase_ >= conversation_phase::restoring)
    request_channels(now, out);
  advance(now, out);
}

} // namespace zenws
