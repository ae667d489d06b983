// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/supervision_messages.hpp"
#include "zenws/events.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::monitoring {

enum class severity : uint8_t { info, warning, error };

/// Returns the name of the enumerator.
std::string_view to_string(severity value) noexcept;

/// What has happened, in words.
struct monitor_event {
  uint64_t sequence = 0; // from 1
  std::chrono::system_clock::time_point time{};
  severity level = severity::info;
  std::string source{};
  std::string text{};
};

/// Events after a sequence number.
struct event_page {
  std::vector<monitor_event> events{};

  /// Some before the first of them are not there any more.
  bool has_gap = false;
};

/// The last events. Thread-safe.
class event_ring {
public:
  static constexpr size_t max_events = 1'000;

  /// Longer texts are cut.
  static constexpr size_t max_text_bytes = 1'024;

  void add(severity level, std::string source, std::string text);

  /// Adds an event of a client, unless it is a mere step on the way to a
  /// connection.
  void add(const client_event& event);

  void add(const supervision_event& event);

  event_page after(uint64_t sequence) const;

  std::vector<monitor_event> last(size_t count) const;

private:
  mutable std::mutex mtx_;
  std::deque<monitor_event> events_;
  uint64_t last_sequence_ = 0;
};

using event_ring_ptr = std::shared_ptr<event_ring>;

} // namespace zenws::monitoring
