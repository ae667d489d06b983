// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::internal {

/// Finds the wait that a venue demands in a text of it.
///
/// Venues write it into members of JSON, whole or not, and into sentences:
///
/// - `"retryAfter":1659146400000` (Binance, WebSocket API, "Status codes"),
/// - `"wait":3` (Deribit, error 12998),
/// - "IP banned until 1618228675371" (Binance, code -1003).
class demand_scanner {
public:
  using milliseconds = std::chrono::milliseconds;

  using time_point = std::chrono::system_clock::time_point;

  demand_scanner(std::string_view text, time_point now);

  /// Returns the longest wait that is demanded, nothing if there is none.
  std::optional<milliseconds> scan();

private:
  // Meaning of a number without a unit.
  enum class reading : uint8_t { duration, moment };

  void scan_for(std::string_view phrase, reading kind);

  std::optional<milliseconds> number_at(size_t pos, reading kind) const;

  std::optional<milliseconds> until(uint64_t epoch) const;

  std::string text_; // in lower case
  time_point now_;
  std::optional<milliseconds> found_;
};

} // namespace zenws::internal
