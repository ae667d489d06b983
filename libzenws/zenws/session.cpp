#include "zenws/session.hpp"

#include <algorithm>
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

session::session(const client_config& cfg, client_identity who)
  : backoff_(cfg.backoff),
    heartbeat_(cfg.heartbeat),
    verify_(cfg.tls.verify),
    final_close_codes_(cfg.final_close_codes),
    who_(std::move(who)) {
  // nop
}

// -- inputs -------------------------------------------------------------------

session_actions session::start(time_point) {
  session_actions out;
  if (state_ != client_state::disconnected)
    return out;
  if (verify_ == tls_verify::insecure_skip_verify)
    out.emplace_back(action::notify{make_event(event_kind::insecure_tls)});
  backoff_.first_attempt();
  dial(out);
  return out;
}

session_actions session::entered(client_state phase, time_point) {
  session_actions out;
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
  ++who_.epoch;
  connected_since_ = now;
  heartbeat_.started(now);
  enter(client_state::ready, out);
  return out;
}

session_actions session::lost(error reason, time_point now, double jitter) {
  session_actions out;
  if (state_ == client_state::closing) {
    finish({}, out);
    return out;
  }
  if (state_ != client_state::ready && !dialing())
    return out;
  if (!reason)
    reason.code = ec::connection_lost;
  last_error_ = reason;
  auto was_ready = state_ == client_state::ready;
  if (was_ready)
    backoff_.connected_for(now - *connected_since_);
  disconnect();
  if (was_ready && is_final(reason)) {
    if (reason.close_code == defaults::close_code)
      reason = {};
    else
      reason.code = ec::final_close;
    finish(std::move(reason), out);
  } else if (class_of(reason) == error_class::fatal) {
    finish(std::move(reason), out);
  } else {
    retry(reason, now, jitter, out);
  }
  return out;
}

session_actions session::pong(std::string_view payload, time_point now) {
  if (state_ == client_state::ready)
    if (auto round_trip = heartbeat_.pong(payload, now))
      round_trip_ = round_trip;
  return {};
}

session_actions session::request_close(uint16_t code, std::string reason,
                                       time_point) {
  session_actions out;
  if (state_ == client_state::closing || state_ == client_state::stopped)
    return out;
  if (state_ != client_state::ready) {
    if (dialing())
      out.emplace_back(action::drop{});
    finish({}, out);
    return out;
  }
  if (check_close(code, reason)) {
    code = defaults::close_code;
    reason.clear();
  }
  disconnect();
  enter(client_state::closing, out);
  out.emplace_back(action::close{code, std::move(reason)});
  return out;
}

session_actions session::expired(time_point now) {
  session_actions out;
  auto due = wake_at();
  if (!due || now < *due)
    return out;
  if (state_ == client_state::backing_off) {
    dial(out);
    return out;
  }
  auto tick = heartbeat_.tick(now);
  if (tick.verdict == heartbeat_verdict::send_ping) {
    out.emplace_back(action::ping{std::move(tick.payload)});
  } else if (tick.verdict == heartbeat_verdict::lost) {
    // W-34: a half-open connection must not look healthy for ever.
    last_error_ = {.code = ec::heartbeat_lost,
                   .detail = std::to_string(heartbeat_.failures())
                             + " pings in a row were not answered"};
    out.emplace_back(action::drop{});
    finish(last_error_, out);
  }
  return out;
}

// -- properties ---------------------------------------------------------------

std::optional<session::time_point> session::wake_at() const noexcept {
  return retry_at_ ? retry_at_ : heartbeat_.due();
}

bool session::dialing() const noexcept {
  return state_ == client_state::resolving || state_ == client_state::connecting
         || state_ == client_state::upgrading;
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

void session::dial(session_actions& out) {
  retry_at_ = std::nullopt;
  enter(client_state::resolving, out);
  out.emplace_back(action::dial{backoff_.attempts()});
}

void session::disconnect() noexcept {
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
  retry_at_ = now + *delay;
  state_ = client_state::backing_off;
  auto event = make_event(event_kind::state_changed);
  event.retry_in = *delay;
  event.reason = reason;
  out.emplace_back(action::notify{std::move(event)});
}

void session::finish(error reason, session_actions& out) {
  disconnect();
  retry_at_ = std::nullopt;
  state_ = client_state::stopped;
  auto event = make_event(event_kind::state_changed);
  event.reason = reason;
  out.emplace_back(action::notify{std::move(event)});
  out.emplace_back(action::stop{std::move(reason)});
}

} // namespace zenws
