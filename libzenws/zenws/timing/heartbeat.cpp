// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/timing/heartbeat.hpp"

#include "zenws/internal/enum_names.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

// -- enums --------------------------------------------------------------------

BOOST_DESCRIBE_ENUM(heartbeat_kind, none, ping_pong, venue, automatic)

std::string_view to_string(heartbeat_kind kind) noexcept {
  return internal::enum_name(kind);
}

// -- constructors, destructors, and assignment operators ----------------------

heartbeat::heartbeat(const heartbeat_config& cfg, heartbeat_habit habit)
  : cfg_(cfg), habit_(habit) {
  // nop
}

// -- transitions --------------------------------------------------------------

void heartbeat::started(time_point now) {
  stopped();
  failures_ = 0;
  listening_ = true;
  heard_ = asked_ = false;
  if (cfg_.kind != heartbeat_kind::none)
    due_ = now + cfg_.interval;
}

void heartbeat::stopped() noexcept {
  pending_.clear();
  due_ = std::nullopt;
}

void heartbeat::reading_resumed() noexcept {
  listening_ = true;
  asked_ = false;
  pending_.clear();
}

heartbeat_tick heartbeat::tick(time_point now) {
  if (!due_ || now < *due_)
    return {};
  auto is_alive = std::exchange(heard_, false);
  if (is_alive)
    failures_ = 0;
  else if (asked_ && listening_)
    ++failures_;
  if (failures_ > cfg_.max_missed) {
    stopped();
    return {.verdict = heartbeat_verdict::lost};
  }
  due_ = now + cfg_.interval;
  asked_ = habit_ == heartbeat_habit::always || !is_alive;
  if (!asked_)
    return {};
  pending_.push_back({++last_number_, now});
  if (pending_.size() > size_t{cfg_.max_missed} + 1)
    pending_.erase(pending_.begin());
  if (cfg_.kind == heartbeat_kind::venue && habit_ == heartbeat_habit::always)
    return {.verdict = heartbeat_verdict::send_venue_ping};
  return {.verdict = heartbeat_verdict::send_ping,
          .payload = std::to_string(last_number_)};
}

void heartbeat::postponed(time_point until) noexcept {
  if (!due_)
    return;
  due_ = until;
  asked_ = false;
  if (!pending_.empty())
    pending_.pop_back();
}

std::optional<heartbeat::duration> heartbeat::pong(std::string_view payload,
                                                   time_point now) {
  auto is_answered = [payload](const ping& x) {
    return std::to_string(x.number) == payload;
  };
  auto pos = std::find_if(pending_.begin(), pending_.end(), is_answered);
  if (pos == pending_.end())
    return std::nullopt;
  auto round_trip = now - pos->sent;
  pending_.erase(pending_.begin(), pos + 1);
  heard_ = true;
  failures_ = 0;
  last_heartbeat_ = now;
  return round_trip;
}

void heartbeat::beat(time_point now) {
  heard_ = true;
  if (cfg_.kind != heartbeat_kind::venue || !due_)
    return;
  pending_.clear();
  failures_ = 0;
  last_heartbeat_ = now;
}

} // namespace zenws
