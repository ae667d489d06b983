// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/session/session.hpp"

#include <utility>

// Replaces a connection whose end is known: the successor is dialed and gets
// the channels while data still comes on the old connection, and takes over
// once it has them all and the old connection has delivered its last message.

namespace zenws {

// -- events -------------------------------------------------------------------

void session::successor_opened(time_point now, session_actions& out) {
  // Accept a connection whose provider was late.
  auto is_late = handover_ == handover::none && successor_at_
                 && state_ == client_state::ready;
  if (handover_ != handover::dialing && !is_late)
    return;
  provider_due_ = successor_at_ = std::nullopt;
  handover_ = handover::preparing;
  protocol_.switched(now, out);
  follow(now, out);
}

void session::successor_lost(error reason, time_point now,
                             session_actions& out) {
  if (handover_ == handover::dialing) {
    apply_demands(reason, now);
    delay_successor(std::move(reason), now, out);
  } else if (relies_on_successor()) {
    fail(std::move(reason), now, out);
  }
}

// -- properties ---------------------------------------------------------------

bool session::relies_on_successor() const noexcept {
  return handover_ == handover::preparing || handover_ == handover::draining;
}

std::optional<session::time_point> session::retirement() const noexcept {
  if (!open() || handover_ != handover::none)
    return std::nullopt;
  if (successor_at_)
    return successor_at_;
  auto age = protocol_.venue_dialect().max_connection_age();
  if (age.count() == 0)
    return std::nullopt;
  return *connected_since_ + age;
}

// -- transitions --------------------------------------------------------------

void session::replace_connection(error reason, time_point now,
                                 session_actions& out) {
  last_error_ = std::move(reason);
  if (state_ == client_state::ready) {
    dial_successor(now, out);
    return;
  }
  // Not in use yet: an ordinary failure, with backoff, as the venue may say so
  // each time.
  fail(std::exchange(last_error_, {}), now, out);
}

void session::dial_successor(time_point now, session_actions& out) {
  if (handover_ != handover::none)
    return;
  if (auto demand = protocol_.demands().in_force(now)) {
    successor_at_ = demand->until;
    return;
  }
  if (auto refusal = protocol_.admit_dial(now)) {
    successor_at_ = now + refusal->retry_after;
    return;
  }
  successor_at_ = std::nullopt;
  handover_ = handover::dialing;
  provider_due_ = now + provider_timeout_;
  out.emplace_back(action::dial_successor{});
}

void session::delay_successor(error reason, time_point now,
                              session_actions& out) {
  handover_ = handover::none;
  provider_due_ = std::nullopt;
  successor_at_ = now + defaults::successor_retry;
  notify({.kind = event_kind::replacement_delayed,
          .reason = std::move(reason),
          .retry_in = defaults::successor_retry},
         out);
}

void session::begin_drain(time_point now, session_actions& out) {
  handover_ = handover::draining;
  drain_.start(now);
  protocol_.count_pong(now); // a frame like any other
  out.emplace_back(action::ping{std::string{drain_ping}});
}

void session::switch_to_successor(time_point now, session_actions& out) {
  handover_ = handover::none;
  count_uptime(now);
  begin_epoch(now);
  protocol_.old_connection_closed(out);
  notify({.kind = event_kind::connection_replaced, .reason = last_error_}, out);
  out.emplace_back(action::promote_successor{});
  // The old connection may have gone before the channels were back.
  auto next = protocol_.state();
  if (next == client_state::ready)
    return;
  ready_since_ = std::nullopt;
  enter(next, out);
}

} // namespace zenws
