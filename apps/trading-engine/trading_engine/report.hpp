// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "order_book.hpp"
#include "order_counters.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zenws::engine {

/// State of one instrument.
struct instrument_report {
  std::string name;
  /// Nothing if the book is stale or has no such side.
  std::optional<quote> bid;
  std::optional<quote> ask;
  bool stale = true;
  /// Set if it is stale because its channel was silent for too long.
  bool silent = false;
  int position = 0;
  double pnl = 0;
};

/// State of one subscription.
struct channel_activity {
  std::string name;
  /// The venue has granted it.
  bool granted = false;
  /// Reason of the refusal; may be empty.
  std::string refusal{};
  /// Messages since the last reconnect.
  uint64_t messages = 0;
};

/// Counts since the start.
struct market_counters {
  /// Everything the venue sent.
  uint64_t messages = 0;
  /// Gaps that the books have noticed; each led to a renewal.
  uint64_t gaps_detected = 0;
  /// Books whose channels fell silent; each led to a renewal.
  uint64_t silences = 0;
  /// Gaps found by the audit only.
  uint64_t gaps_undetected = 0;
  /// Texts that could not be read.
  uint64_t unreadable = 0;
  /// Readable, but nothing we know or have asked for.
  uint64_t unknown = 0;
};

/// State of the engine.
struct engine_report {
  uint64_t epoch = 0;
  bool connected = false;
  /// The venue has granted a channel at some time.
  bool ever_granted = false;
  market_counters market;
  order_counters orders;
  uint64_t messages_per_second = 0;
  std::vector<instrument_report> instruments;
  std::vector<channel_activity> channels;
  /// The last problem; may be empty.
  std::string last_problem;
  /// Reason for not sending orders, though they should be; may be empty.
  std::string hindrance;

  size_t granted() const;

  size_t stale_books() const;

  double pnl() const;
};

/// Returns the report as one line for people.
std::string live_line(const engine_report& report);

/// Returns a summary of the run, as one line for programs.
std::string last_line(const engine_report& report);

} // namespace zenws::engine
