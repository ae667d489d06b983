#include "zenws/session/session.hpp"

#include <utility>

// How a session leaves a connection whose end is known: the successor is dialed
// and gets the channels while data still comes on the old connection, and takes
// over once it has them all and the old connection has brought its last.

namespace zenws {

namespace {

using namespace std::chrono_literals;

// What the ping carries that asks for the last.
constexpr std::string_view parting_ping = "last";

} // namespace

// -- inputs -------------------------------------------------------------------

session_actions session::successor_opened(time_point now) {
  session_actions out;
  // One whose provider was late is as good as any.
  auto is_late = handover_ == handover::none && successor_at_
                 && state_ == client_state::ready;
  if (handover_ != handover::dialing && !is_late)
    return out;
  provider_due_ = successor_at_ = std::nullopt;
  handover_ = handover::preparing;
  venue_protocol_.switched(now, out);
  follow(now, out);
  return out;
}

session_actions session::successor_lost(error reason, time_point now) {
  session_actions out;
  if (handover_ == handover::dialing) {
    heed(reason, now);
    delay_successor(std::move(reason), now, out);
  } else if (relies_on_successor()) {
    fail(std::move(reason), now, out);
  }
  return out;
}

// -- properties ---------------------------------------------------------------

bool session::relies_on_successor() const noexcept {
  return handover_ == handover::preparing || handover_ == handover::draining;
}

std::optional<session::time_point> session::drain_deadline() const noexcept {
  // What is not read cannot be waited for.
  return draining() && reading_ ? std::optional{part_by_} : std::nullopt;
}

std::optional<session::time_point> session::retirement() const noexcept {
  if (!open() || handover_ != handover::none)
    return std::nullopt;
  if (successor_at_)
    return successor_at_;
  auto age = venue_protocol_.venue_dialect().max_connection_age();
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
  // Nobody relies on it yet. A venue that says so each time must not be asked
  // without end.
  fail(std::exchange(last_error_, {}), now, out);
}

void session::dial_successor(time_point now, session_actions& out) {
  if (handover_ != handover::none)
    return;
  if (auto demand = venue_protocol_.demands().in_force(now)) {
    successor_at_ = demand->until;
    return;
  }
  if (auto refusal = venue_protocol_.admit_dial(now)) {
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
  auto news = make_event(event_kind::replacement_delayed);
  news.reason = std::move(reason);
  news.retry_in = defaults::successor_retry;
  out.emplace_back(action::notify{std::move(news)});
}

void session::part(time_point now, session_actions& out) {
  handover_ = handover::draining;
  part_by_ = now + defaults::drain_timeout;
  venue_protocol_.count_pong(now); // a frame like any other
  out.emplace_back(action::ping{std::string{parting_ping}});
}

bool session::is_last(std::string_view pong) const noexcept {
  return draining() && pong == parting_ping;
}

void session::take_over(time_point now, session_actions& out) {
  handover_ = handover::none;
  if (auto uptime = ready_for(now))
    backoff_.connected_for(*uptime);
  ++identity_.epoch;
  connected_since_ = now;
  bytes_received_ = 0;
  last_data_ = now;
  reading_ = true;
  heartbeat_.stopped();
  heartbeat_.started(now);
  venue_protocol_.old_connection_closed(out);
  auto news = make_event(event_kind::connection_replaced);
  news.reason = last_error_;
  out.emplace_back(action::notify{std::move(news)});
  out.emplace_back(action::promote_successor{});
  // The old connection may have gone before the channels were back.
  auto phase = venue_protocol_.phase();
  if (phase == protocol_phase::ready)
    return;
  ready_since_ = std::nullopt;
  enter(phase == protocol_phase::restoring ? client_state::restoring
                                           : client_state::authenticating,
        out);
}

} // namespace zenws
