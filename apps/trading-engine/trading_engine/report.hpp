// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "order_counters.hpp"

#include "zenws/market/book_update.hpp"
#include "zenws/market/data_kind.hpp"
#include "zenws/market/quote.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::engine {

/// State of one instrument.
struct instrument_report {
  std::string name;
  /// Nothing if the book is stale or has no such side.
  std::optional<market::price_level> bid;
  std::optional<market::price_level> ask;
  bool stale = true;
  /// Cause of its loss; nothing if it was not lost.
  std::optional<market::loss_cause> lost;
  int position = 0;
  double pnl = 0;
};

/// Returns the name of a subscription: "book of BTC-PERPETUAL".
std::string subscription_name(market::data_kind kind,
                              std::string_view instrument);

/// State of the subscription to one kind of data of one instrument.
struct subscription_activity {
  /// See `subscription_name`.
  std::string name;
  /// The venue has granted it.
  bool granted = false;
  /// Reason of the refusal; may be empty.
  std::string refusal{};
  /// Updates since the last reconnect.
  uint64_t updates = 0;
};

/// Counts since the start.
struct market_counters {
  /// All market data that was received.
  uint64_t updates = 0;
  /// Books lost because changes were missing or did not fit.
  uint64_t gaps_detected = 0;
  /// Books lost because the venue brought nothing any more.
  uint64_t silences = 0;
  /// Books lost because of a message that could not be read.
  uint64_t unreadable = 0;
  /// Gaps found by the audit only.
  uint64_t gaps_undetected = 0;
  /// Gaps in the trades of an instrument.
  uint64_t trade_gaps = 0;
};

/// State of the engine.
struct engine_report {
  uint64_t epoch = 0;
  bool connected = false;
  /// The venue has granted a subscription at some time.
  bool ever_granted = false;
  market_counters market;
  order_counters orders;
  uint64_t updates_per_second = 0;
  std::vector<instrument_report> instruments;
  std::vector<subscription_activity> subscriptions;
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
