// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/session/session.hpp"

#include "zenws/demanded_wait.hpp"
#include "zenws/timing/internal/deadlines.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

namespace zenws {

namespace {

using std::chrono::milliseconds;

// Keeps the details of the last failure.
error exhausted(const error& cause, uint64_t attempts) {
  auto result = cause;
  result.code = ec::retries_exhausted;
  result.detail = std::to_string(attempts)
                  + (attempts == 1 ? " attempt" : " attempts")
                  + " failed, the last by " + std::string{to_string(cause.code)}
                  + (cause.detail.empty() ? "" : ": " + cause.detail);
  return result;
}

// A venue without a ping of its own is only asked after silence.
heartbeat_habit habit_of(const heartbeat_config& cfg, dialect& venue) {
  return cfg.kind == heartbeat_kind::venue && venue.ping().empty()
           ? heartbeat_habit::after_silence
           : heartbeat_habit::always;
}

heartbeat make_heartbeat(const heartbeat_config& cfg, dialect& venue) {
  auto resolved = resolve(cfg, venue.heartbeat_needed());
  return heartbeat{resolved, habit_of(resolved, venue)};
}

// For example "2026-03-01 12:00:00 UTC".
std::string text_of(std::chrono::system_clock::time_point time) {
  auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  auto count = std::chrono::system_clock::to_time_t(seconds);
  std::tm parts{};
  gmtime_r(&count, &parts);
  std::array<char, 32> buffer{};
  std::strftime(buffer.data(), buffer.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return buffer.data();
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

session::session(const client_config& cfg, client_identity identity,
                 session_context context)
  : backoff_(cfg.backoff, context.history.backoff_steps),
    protocol_(cfg, std::move(context.dialect),
              {.shared_limits = std::move(context.shared_limits),
               .demands = std::move(context.demands),
               .overrides = std::move(context.overrides),
               .snapshot = std::move(context.snapshot),
               .latencies = context.latencies,
               .wall_clock = context.wall_clock}),
    heartbeat_(make_heartbeat(cfg.heartbeat, protocol_.venue_dialect())),
    idle_(cfg.venue.idle_timeout),
    provider_timeout_(cfg.handshake_timeout),
    random_(context.seed),
    verify_(cfg.tls.verify),
    final_close_codes_(cfg.final_close_codes),
    retry_after_ceiling_(cfg.backoff.retry_after_ceiling),
    classifier_(std::move(context.classifier)),
    wall_clock_(std::move(context.wall_clock)),
    latencies_(std::move(context.latencies)),
    identity_(std::move(identity)),
    has_worked_(context.history.has_worked) {
  // nop
}

// -- events -------------------------------------------------------------------

void session::start(time_point now, session_actions& out) {
  if (state_ != client_state::disconnected)
    return;
  if (verify_ == tls_verify::insecure_skip_verify)
    notify({.kind = event_kind::insecure_tls}, out);
  // An incarnation that is replaced was not ready for long: delays go on
  // growing.
  if (backoff_.steps() > 0) {
    auto delay = backoff_.next(jitter());
    wait_for(delay.value_or(milliseconds{0}), {},
             "as after earlier attempts of this client", now, out);
    return;
  }
  backoff_.first_attempt();
  dial(now, out);
}

void session::entered(client_state phase, std::string_view address,
                      session_actions& out) {
  provider_due_ = std::nullopt;
  auto is_phase = phase == client_state::connecting
                  || phase == client_state::upgrading;
  if (dialing() && is_phase && phase > state_)
    enter(phase, out, {.detail = std::string{address}});
}

void session::opened(time_point now, session_actions& out) {
  if (!dialing())
    return;
  provider_due_ = std::nullopt;
  begin_epoch(now);
  protocol_.opened(now, out);
  follow(now, out);
}

void session::lost(error reason, time_point now, double jitter,
                   session_actions& out) {
  if (state_ == client_state::closing) {
    finish({}, out);
    return;
  }
  if (!open() && !dialing())
    return;
  if (!reason)
    reason.code = ec::connection_lost;
  last_error_ = reason;
  apply_demands(reason, now);
  auto was_open = open();
  count_uptime(now);
  if (was_open && is_final(reason)) {
    if (reason.close_code == defaults::close_code)
      reason = {};
    else
      reason.code = ec::final_close;
    finish(std::move(reason), out);
  } else if (is_closing()) {
    finish({}, out);
  } else if (ends_for_good(reason)) {
    reason.is_final = true;
    finish(std::move(reason), out);
  } else if (relies_on_successor()) {
    switch_to_successor(now, out);
  } else if (handover_ == handover::dialing) {
    disconnect(out);
    provider_due_ = now + provider_timeout_;
    out.emplace_back(action::adopt_successor{});
    enter(client_state::resolving, out);
  } else {
    disconnect(out);
    retry(reason, now, jitter, out);
  }
}

void session::pong(std::string_view payload, time_point now,
                   session_actions& out) {
  if (!open())
    return;
  heartbeat_.heard();
  if (draining() && payload == drain_ping) {
    switch_to_successor(now, out);
  } else if (auto round_trip = heartbeat_.pong(payload, now)) {
    round_trip_ = round_trip;
    heartbeat_latency_.record(
      std::chrono::duration_cast<latency_histogram::duration>(*round_trip));
    latencies_->heartbeats.record(*round_trip);
  }
}

void session::peer_pinged(time_point now) {
  if (!open())
    return;
  heartbeat_.beat(now);
  protocol_.count_pong(now);
}

const routed_message& session::received(std::string_view text, time_point now,
                                        session_actions& out) {
  auto& message = protocol_.route(text, now, out);
  switch (message.kind) {
    case inbound_kind::heartbeat:
    case inbound_kind::heartbeat_request:
      heartbeat_.beat(now);
      break;
    case inbound_kind::leaving:
      if (open())
        replace_connection(error{ec::venue_leaving}, now, out);
      break;
    case inbound_kind::spent:
      if (open())
        replace_connection(error{ec::connection_spent}, now, out);
      break;
    case inbound_kind::answer:
    case inbound_kind::channels_ended:
    case inbound_kind::notice:
      heartbeat_.heard();
      follow(now, out);
      break;
    default:
      break;
  }
  return message;
}

void session::authorized(const result<credentials>& found,
                         std::chrono::system_clock::time_point wall,
                         time_point now, session_actions& out) {
  if (open()) {
    protocol_.authorized(found, {wall, random_()}, now, out);
    follow(now, out);
  }
}

void session::request_close(uint16_t code, std::string reason, time_point now,
                            std::chrono::milliseconds drain,
                            session_actions& out) {
  if (ending())
    return;
  if (!open()) {
    if (dialing())
      out.emplace_back(action::drop{});
    finish({}, out);
    return;
  }
  if (check_close(code, reason)) {
    code = defaults::close_code;
    reason.clear();
  }
  close_plan_ = close_plan{code, std::move(reason), now + drain};
  close_if_drained(now, out);
}

void session::close_if_drained(time_point now, session_actions& out) {
  if (!close_plan_ || !open()
      || (protocol_.pending_calls() > 0 && now < close_plan_->due))
    return;
  auto [code, reason, due] = std::move(*close_plan_);
  disconnect(out);
  enter(client_state::closing, out);
  out.emplace_back(action::close{code, std::move(reason)});
}

void session::expired(time_point now, session_actions& out) {
  auto due = wake_at();
  if (!due || now < *due)
    return;
  protocol_.expired(now, out);
  close_if_drained(now, out);
  if (retry_at_ && *retry_at_ <= now)
    return dial(now, out);
  if (provider_due_ && *provider_due_ <= now) {
    provider_due_ = std::nullopt;
    error reason{ec::provider_failed, "no answer in time"};
    if (handover_ == handover::dialing)
      delay_successor(std::move(reason), now, out);
    else
      fail(std::move(reason), now, out);
    return;
  }
  follow(now, out);
  if (!open())
    return;
  if (auto due_at = drain_.due(); due_at && *due_at <= now)
    return switch_to_successor(now, out);
  if (auto due_at = idle_.due(); due_at && *due_at <= now)
    return fail(error{ec::idle_timeout}, now, out);
  if (auto due_at = retirement(); due_at && *due_at <= now)
    return replace_connection(error{ec::connection_retired}, now, out);
  tick_heartbeat(now, out);
}

// -- requests -----------------------------------------------------------------

bool session::accepts(uint64_t token, session_actions& out) const {
  if (!ending() && !is_closing())
    return true;
  out.emplace_back(action::fail{token, error{ec::not_connected}});
  return false;
}

void session::send(uint64_t token, message_kind kind, std::string payload,
                   send_policy policy, time_point now, session_actions& out) {
  if (accepts(token, out))
    protocol_.send(token, kind, std::move(payload), policy, now, out);
}

void session::call(uint64_t token, std::string method, std::string params,
                   std::chrono::milliseconds answer_within, send_policy policy,
                   time_point now, session_actions& out) {
  if (accepts(token, out))
    protocol_.call(token, std::move(method), std::move(params), answer_within,
                   policy, now, out);
}

result<uint64_t> session::subscribe(uint64_t subscriber,
                                    std::span<const channel_spec> channels,
                                    time_point now, session_actions& out) {
  auto number = protocol_.subscribe(subscriber, channels, now, out);
  follow(now, out);
  return number;
}

void session::unsubscribe(uint64_t subscriber,
                          std::span<const std::string_view> channels,
                          time_point now, session_actions& out) {
  protocol_.unsubscribe(subscriber, channels, now, out);
  follow(now, out);
}

void session::remove_subscriber(uint64_t subscriber, time_point now,
                                session_actions& out) {
  protocol_.remove_subscriber(subscriber, now, out);
  follow(now, out);
}

void session::renew(std::span<const std::string_view> channels, time_point now,
                    session_actions& out) {
  protocol_.renew(channels, now, out);
  follow(now, out);
}

// -- properties ---------------------------------------------------------------

std::optional<session::time_point> session::wake_at() const noexcept {
  auto result = protocol_.wake_at();
  for (auto x :
       {retry_at_, provider_due_, heartbeat_.due(), drain_.due(), idle_.due(),
        retirement(),
        close_plan_ && open() ? std::optional{close_plan_->due} : std::nullopt})
    internal::keep_earlier(result, x);
  return result;
}

bool session::dialing() const noexcept {
  return state_ >= client_state::resolving && state_ <= client_state::upgrading;
}

bool session::open() const noexcept {
  return state_ >= client_state::authenticating
         && state_ <= client_state::ready;
}

bool session::ending() const noexcept {
  return state_ == client_state::closing || state_ == client_state::stopped;
}

bool session::ends_for_good(const error& reason) const {
  auto ruling = classifier_ ? classifier_({reason, has_worked_})
                            : refusal_ruling::undecided;
  if (ruling != refusal_ruling::undecided)
    return ruling == refusal_ruling::final;
  // Parameters that have worked before: an outage.
  return class_of(reason) == error_class::fatal && !has_worked_;
}

bool session::is_final(const error& reason) const noexcept {
  auto& codes = final_close_codes_;
  return reason.code == ec::closed_by_peer
         && std::find(codes.begin(), codes.end(), reason.close_code)
              != codes.end();
}

// -- transitions --------------------------------------------------------------

void session::notify(protocol_event x, session_actions& out) const {
  out.emplace_back(action::notify{{.kind = x.kind,
                                   .state = state_,
                                   .client_id = identity_.id,
                                   .client = identity_.name,
                                   .epoch = identity_.epoch,
                                   .attempt = backoff_.attempts(),
                                   .retry_in = x.retry_in,
                                   .reason = std::move(x.reason),
                                   .detail = std::move(x.detail)}});
}

void session::enter(client_state next, session_actions& out,
                    protocol_event change) {
  state_ = next;
  change.kind = event_kind::state_changed;
  notify(std::move(change), out);
}

void session::follow(time_point now, session_actions& out) {
  for (auto& x : protocol_.take_events())
    notify(std::move(x), out);
  if (!open() && !dialing())
    return;
  close_if_drained(now, out);
  if (auto& reason = protocol_.failure())
    return fail(reason, now, out);
  auto next = protocol_.state();
  if (next == client_state::ready && handover_ == handover::preparing)
    return begin_drain(now, out);
  if (state_ >= next)
    return;
  if (next == client_state::ready) {
    ready_since_ = now;
    has_worked_ = true;
  }
  enter(next, out);
}

void session::begin_epoch(time_point now) {
  ++identity_.epoch;
  connected_since_ = now;
  drain_.stop();
  idle_.stop();
  idle_.start(now);
  bytes_received_ = 0;
  heartbeat_.started(now);
}

void session::count_uptime(time_point now) noexcept {
  if (ready_since_)
    backoff_.connected_for(now - *ready_since_);
}

void session::fail(error reason, time_point now, session_actions& out) {
  out.emplace_back(action::drop{});
  handover_ = handover::none;
  lost(std::move(reason), now, jitter(), out);
}

void session::tick_heartbeat(time_point now, session_actions& out) {
  auto tick = heartbeat_.tick(now);
  switch (tick.verdict) {
    case heartbeat_verdict::send_ping:
      if (auto refusal = protocol_.admit_ping(now))
        heartbeat_.postponed(now + refusal->retry_after);
      else
        out.emplace_back(action::ping{std::move(tick.payload)});
      break;
    case heartbeat_verdict::send_venue_ping:
      protocol_.ping(now, out);
      break;
    case heartbeat_verdict::lost:
      // A half-open connection must not look healthy forever.
      last_error_ = {.code = ec::heartbeat_lost,
                     .detail = std::to_string(heartbeat_.failures())
                               + " pings in a row were followed by nothing"};
      out.emplace_back(action::drop{});
      finish(last_error_, out);
      break;
    default:
      break;
  }
}

double session::jitter() {
  return std::uniform_real_distribution<double>{0.0, 1.0}(random_);
}

void session::dial(time_point now, session_actions& out) {
  retry_at_ = std::nullopt;
  if (auto demand = protocol_.demands().in_force(now))
    return wait_for_host(*demand, milliseconds{0}, now, jitter(), out);
  if (auto refusal = protocol_.admit_dial(now))
    return wait_for(refusal->retry_after, as_error(*refusal), {}, now, out);
  provider_due_ = now + provider_timeout_;
  enter(client_state::resolving, out);
  out.emplace_back(action::dial{backoff_.attempts()});
}

void session::disconnect(session_actions& out) {
  handover_ = handover::none;
  successor_at_ = provider_due_ = std::nullopt;
  protocol_.lost(out);
  drain_.stop();
  idle_.stop();
  heartbeat_.stopped();
  connected_since_ = ready_since_ = std::nullopt;
}

void session::apply_demands(const error& reason, time_point now) {
  auto& dialect = protocol_.venue_dialect();
  if (reason.code == ec::closed_by_peer
      && dialect.cause_of_close(reason.close_code, reason.detail)
           == close_cause::rate)
    protocol_.slow_down();
  // Regardless of the status: venues demand it with 403, 418, 429 and 503, and
  // in the text of a Close frame.
  auto wall = wall_clock_();
  std::optional<milliseconds> wait;
  if (reason.refusal != nullptr)
    wait = reason.refusal->retry_after(wall);
  else if (reason.code == ec::closed_by_peer)
    wait = demanded_wait(reason.detail, wall);
  auto bounded = std::min(wait.value_or(milliseconds{0}), retry_after_ceiling_);
  if (bounded.count() > 0)
    protocol_.demands().stay_away(now + bounded, reason);
}

void session::retry(const error& reason, time_point now, double jitter,
                    session_actions& out) {
  auto attempts = backoff_.attempts();
  auto delay = backoff_.next(jitter);
  // Waiting as demanded does not use up attempts.
  if (auto demand = protocol_.demands().in_force(now))
    return wait_for_host(*demand, delay.value_or(milliseconds{0}), now, jitter,
                         out);
  if (!delay)
    return finish(exhausted(reason, attempts), out);
  wait_for(*delay, reason, {}, now, out);
}

void session::wait_for_host(const host_demands::demand& demand,
                            milliseconds at_least, time_point now,
                            double jitter, session_actions& out) {
  auto wait = std::chrono::ceil<milliseconds>(demand.until - now);
  auto until = wall_clock_() + wait;
  wait_for(std::max(backoff::spread(wait, jitter), at_least), demand.reason,
           "the server demands to be left alone until " + text_of(until), now,
           out);
}

void session::wait_for(duration delay, const error& reason, std::string detail,
                       time_point now, session_actions& out) {
  retry_at_ = now + delay;
  enter(client_state::backing_off, out,
        {.reason = reason,
         .detail = std::move(detail),
         .retry_in = std::chrono::ceil<milliseconds>(delay)});
}

void session::finish(error reason, session_actions& out) {
  if (handover_ != handover::none)
    out.emplace_back(action::drop{});
  disconnect(out);
  protocol_.ended(reason ? reason : error{ec::client_stopped}, out);
  retry_at_ = std::nullopt;
  enter(client_state::stopped, out, {.reason = reason});
  out.emplace_back(action::stop{std::move(reason)});
}

} // namespace zenws
