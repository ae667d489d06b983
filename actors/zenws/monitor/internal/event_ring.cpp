// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/event_ring.hpp"

#include <algorithm>
#include <utility>

namespace zenws::monitoring {

namespace {

bool is_step(const client_event& event) {
  return event.kind == event_kind::state_changed
         && event.state != client_state::ready
         && event.state != client_state::backing_off;
}

severity level_of(const client_event& event) {
  if (event.kind == event_kind::gave_up)
    return severity::error;
  return event.reason ? severity::warning : severity::info;
}

severity level_of(const supervision_event& event) {
  switch (event.kind) {
    case supervision_event_kind::gave_up:
    case supervision_event_kind::escalated:
      return severity::error;
    case supervision_event_kind::restarting:
      return severity::warning;
    default:
      return severity::info;
  }
}

} // namespace

std::string_view to_string(severity value) noexcept {
  switch (value) {
    case severity::warning:
      return "warning";
    case severity::error:
      return "error";
    default:
      return "info";
  }
}

void event_ring::add(severity level, std::string source, std::string text) {
  if (text.size() > max_text_bytes) {
    auto end = max_text_bytes; // not within a character of UTF-8
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
      --end;
    text.resize(end);
  }
  std::lock_guard guard{mtx_};
  if (events_.size() == max_events)
    events_.pop_front();
  events_.push_back({++last_sequence_, std::chrono::system_clock::now(), level,
                     std::move(source), std::move(text)});
}

void event_ring::add(const client_event& event) {
  if (!is_step(event))
    add(level_of(event), event.client, describe(event));
}

void event_ring::add(const supervision_event& event) {
  add(level_of(event), event.child.empty() ? event.supervisor : event.child,
      describe(event));
}

event_page event_ring::after(uint64_t sequence) const {
  std::lock_guard guard{mtx_};
  event_page result;
  auto first = last_sequence_ - events_.size() + 1;
  // One that comes from before the start of the program is told everything.
  auto known = std::min(sequence, last_sequence_);
  result.has_gap = sequence > last_sequence_ || known + 1 < first;
  auto skipped = result.has_gap ? 0 : known + 1 - first;
  result.events.assign(events_.begin() + static_cast<ptrdiff_t>(skipped),
                       events_.end());
  return result;
}

std::vector<monitor_event> event_ring::last(size_t count) const {
  std::lock_guard guard{mtx_};
  auto skipped = events_.size() - std::min(count, events_.size());
  return {events_.begin() + static_cast<ptrdiff_t>(skipped), events_.end()};
}

} // namespace zenws::monitoring
