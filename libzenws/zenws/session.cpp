#include "zenws/session.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace zenws {

namespace {

using std::chrono::milliseconds;

// How long a refused upgrade asks us to stay away: 429 and 503 only (RFC 6585,
// section 4, and RFC 9110, section 15.6.4).
milliseconds demanded_delay(const error& reason) {
  auto refusal = reason.refusal.get();
  if (refusal == nullptr || (refusal->status != 429 && refusal->status != 503))
    return milliseconds{0};
  return std::min(refusal->retry_after().value_or(milliseconds{0}),
                  defaults::retry_after_ceiling);
}

// Keeps what is known about the last failure (W-12).
error exhausted(const error& cause, uint64_t attempts) {
  auto result = cause;
  result.code = ec::retries_exhausted;
  result.detail = std::to_string(attempts)
                  + (attempts == 1 ? " attempt" : " attempts")
                  + " failed, the last by " + std::string{to_string(cause.code)}
                  + (cause.detail.empty() ? "" : ": " + cause.detail);
  return result;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

session::session(const client_config& cfg, client_identity who,
                 session_context context)
  : backoff_(cfg.backoff),
    heartbeat_(cfg.heartbeat),
    conversation_(cfg, std::move(context.venue),
                  std::move(context.shared_limits), context.memory),
    idle_timeout_(cfg.venue.idle_timeout),
    provider_timeout_(cfg.handshake_timeout),
    random_(context.seed),
    verify_(cfg.tls.verify),
    final_close_codes_(cfg.final_close_codes),
    who_(std::move(who)) {
  // nop
}

// -- inputs -------------------------------------------------------------------

session_actions session::start(time_point now) {
  session_actions out;
  if (state_ != client_state::disconnected)
    return out;
  if (verify_ == tls_verify::insecure_skip_verify)
    out.emplace_back(action::notify{make_event(event_kind::insecure_tls)});
  backoff_.first_attempt();
  dial(now, out);
  return out;
}

session_actions session::entered(client_state phase, time_point) {
  session_actions out;
  provider_due_ = std::nullopt;
  auto is_phase = phase == client_state::connecting
                  || phase == client_state::upgrading;
  if (dialing() && is_phase && phase > state_)
    enter(phase, out);
  return out;
}

session_actions session::opened(time_point now) {
  session_actions out;
  if (!dialing())
    return out;
  provider_due_ = std::nullopt;
  ++who_.epoch;
  connected_since_ = now;
  last_data_ = now;
  reading_ = true;
  heartbeat_.started(now);
  conversation_.opened(now, out);
  follow(now, out);
  return out;
}

session_actions session::lost(error reason, time_point now, double jitter) {
  session_actions out;
  if (state_ == client_state::closing) {
    finish({}, out);
    return out;
  }
  if (!open() && !dialing())
    return out;
  if (!reason)
    reason.code = ec::connection_lost;
  last_error_ = reason;
  auto was_open = open();
  if (was_open)
    backoff_.connected_for(now - *connected_since_);
  if (was_open && is_final(reason)) {
    if (reason.close_code == defaults::close_code)
      reason = {};
    else
      reason.code = ec::final_close;
    finish(std::move(reason), out);
  } else if (class_of(reason) == error_class::fatal) {
    finish(std::move(reason), out);
  } else if (relies_on_successor()) {
    take_over(now, out);
  } else if (handover_ == handover::dialing) {
    disconnect(out);
    provider_due_ = now + provider_timeout_;
    out.emplace_back(action::adopt_successor{});
    enter(client_state::resolving, out);
  } else {
    disconnect(out);
    retry(reason, now, jitter, out);
  }
  return out;
}

session_actions session::pong(std::string_view payload, time_point now) {
  session_actions out;
  if (!open())
    return out;
  if (is_last(payload)) {
    take_over(now, out);
  } else if (auto round_trip = heartbeat_.pong(payload, now)) {
    round_trip_ = round_trip;
    heartbeat_latency_.record(
      std::chrono::duration_cast<latency_histogram::duration>(*round_trip));
  }
  return out;
}

session_actions session::peer_pinged(time_point now) {
  if (open()) {
    heartbeat_.beat(now);
    conversation_.count_control_frame(now);
  }
  return {};
}

const inbound& session::received(std::string_view text, time_point now,
                                 session_actions& out) {
  auto& what = conversation_.read(text, now, out);
  switch (what.kind) {
    case inbound_kind::beat:
    case inbound_kind::beat_request:
      heartbeat_.beat(now);
      break;
    case inbound_kind::leaving:
      if (open())
        replace_connection(error{ec::venue_leaving}, now, out);
      break;
    case inbound_kind::answer:
      follow(now, out);
      break;
    default:
      break;
  }
  return what;
}

session_actions session::authorized(const result<credentials>& who,
                                    std::chrono::system_clock::time_point wall,
                                    time_point now) {
  session_actions out;
  if (open()) {
    conversation_.authorized(who, {wall, random_()}, now, out);
    follow(now, out);
  }
  return out;
}

session_actions session::request_close(uint16_t code, std::string reason,
                                       time_point) {
  session_actions out;
  if (state_ == client_state::closing || state_ == client_state::stopped)
    return out;
  if (!open()) {
    if (dialing())
      out.emplace_back(action::drop{});
    finish({}, out);
    return out;
  }
  if (check_close(code, reason)) {
    code = defaults::close_code;
    reason.clear();
  }
  disconnect(out);
  enter(client_state::closing, out);
  out.emplace_back(action::close{code, std::move(reason)});
  return out;
}

session_actions session::expired(time_point now) {
  session_actions out;
  auto due = wake_at();
  if (!due || now < *due)
    return out;
  conversation_.expired(now, out);
  if (retry_at_ && *retry_at_ <= now) {
    dial(now, out);
    return out;
  }
  if (provider_due_ && *provider_due_ <= now) {
    fail(error{ec::provider_failed, "no answer in time"}, now, out);
    return out;
  }
  follow(now, out);
  if (!open())
    return out;
  if (auto end = parting_due(); end && *end <= now) {
    take_over(now, out);
    return out;
  }
  if (auto end = idle_deadline(); end && *end <= now) {
    fail(error{ec::idle_timeout}, now, out);
    return out;
  }
  if (auto end = retirement(); end && *end <= now) {
    replace_connection(error{ec::connection_retired}, now, out);
    return out;
  }
  beat(now, out);
  return out;
}

// -- properties ---------------------------------------------------------------

std::optional<session::time_point> session::wake_at() const noexcept {
  auto result = conversation_.wake_at();
  for (auto x : {retry_at_, provider_due_, heartbeat_.due(), parting_due(),
                 idle_deadline(), retirement()})
    if (x && (!result || *x < *result))
      result = x;
  return result;
}

std::optional<session::time_point> session::idle_deadline() const noexcept {
  if (!open() || !reading_ || idle_timeout_.count() == 0)
    return std::nullopt;
  return last_data_ + idle_timeout_;
}

bool session::dialing() const noexcept {
  return state_ == client_state::resolving || state_ == client_state::connecting
         || state_ == client_state::upgrading;
}

bool session::open() const noexcept {
  return state_ == client_state::authenticating
         || state_ == client_state::restoring || state_ == client_state::ready;
}

bool session::ending() const noexcept {
  return state_ == client_state::closing || state_ == client_state::stopped;
}

bool session::is_final(const error& reason) const noexcept {
  auto& codes = final_close_codes_;
  return reason.code == ec::closed_by_peer
         && std::find(codes.begin(), codes.end(), reason.close_code)
              != codes.end();
}

// -- transitions --------------------------------------------------------------

client_event session::make_event(event_kind kind) const {
  return {.kind = kind,
          .state = state_,
          .client_id = who_.id,
          .client = who_.name,
          .epoch = who_.epoch,
          .attempt = backoff_.attempts()};
}

void session::enter(client_state next, session_actions& out) {
  state_ = next;
  out.emplace_back(action::notify{make_event(event_kind::state_changed)});
}

void session::follow(time_point now, session_actions& out) {
  if (!open() && !dialing())
    return;
  if (auto& reason = conversation_.failure())
    return fail(reason, now, out);
  switch (conversation_.phase()) {
    case conversation_phase::authenticating:
      if (state_ < client_state::authenticating)
        enter(client_state::authenticating, out);
      break;
    case conversation_phase::restoring:
      if (state_ < client_state::restoring)
        enter(client_state::restoring, out);
      break;
    case conversation_phase::ready:
      if (handover_ == handover::preparing)
        part(now, out);
      else if (state_ < client_state::ready)
        enter(client_state::ready, out);
      break;
    default:
      break;
  }
}

void session::fail(error reason, time_point now, session_actions& out) {
  out.emplace_back(action::drop{});
  handover_ = handover::none;
  auto more = lost(std::move(reason), now, jitter());
  std::move(more.begin(), more.end(), std::back_inserter(out));
}

void session::beat(time_point now, session_actions& out) {
  auto tick = heartbeat_.tick(now);
  switch (tick.verdict) {
    case heartbeat_verdict::send_ping:
      conversation_.count_control_frame(now);
      out.emplace_back(action::ping{std::move(tick.payload)});
      break;
    case heartbeat_verdict::send_venue_ping:
      conversation_.ping(now, out);
      break;
    case heartbeat_verdict::lost:
      // W-34: a half-open connection must not look healthy for ever.
      last_error_ = {.code = ec::heartbeat_lost,
                     .detail = std::to_string(heartbeat_.failures())
                               + " heartbeats in a row were missed"};
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
  if (auto refusal = conversation_.admit_dial(now)) {
    wait_for(refusal->retry_after, as_error(*refusal), now, out);
    return;
  }
  provider_due_ = now + provider_timeout_;
  enter(client_state::resolving, out);
  out.emplace_back(action::dial{backoff_.attempts()});
}

void session::disconnect(session_actions& out) {
  handover_ = handover::none;
  successor_at_ = provider_due_ = std::nullopt;
  conversation_.lost(out);
  heartbeat_.stopped();
  connected_since_ = std::nullopt;
}

void session::retry(const error& reason, time_point now, double jitter,
                    session_actions& out) {
  auto attempts = backoff_.attempts();
  auto delay = backoff_.next(jitter, demanded_delay(reason));
  if (!delay) {
    finish(exhausted(reason, attempts), out);
    return;
  }
  wait_for(*delay, reason, now, out);
}

void session::wait_for(duration delay, const error& reason, time_point now,
                       session_actions& out) {
  retry_at_ = now + delay;
  state_ = client_state::backing_off;
  auto event = make_event(event_kind::state_changed);
  event.retry_in = std::chrono::ceil<milliseconds>(delay);
  event.reason = reason;
  out.emplace_back(action::notify{std::move(event)});
}

void session::finish(error reason, session_actions& out) {
  if (handover_ != handover::none)
    out.emplace_back(action::drop{});
  disconnect(out);
  conversation_.ended(reason ? reason : error{ec::client_stopped}, out);
  retry_at_ = std::nullopt;
  state_ = client_state::stopped;
  auto event = make_event(event_kind::state_changed);
  event.reason = reason;
  out.emplace_back(action::notify{std::move(event)});
  out.emplace_back(action::stop{std::move(reason)});
}

} // namespace zenws
