// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_name.hpp"
#include "zenws/market/venue_time.hpp"

#include <cstdint>
#include <string_view>

namespace zenws::market {

/// Direction of the side that took the liquidity.
enum class trade_direction : uint8_t {
  buy,
  sell,
  /// The venue does not tell.
  unknown,
};

/// Returns the name of the enumerator.
std::string_view to_string(trade_direction value) noexcept;

/// Cause of a trade; `regular` if two orders met.
enum class trade_kind : uint8_t {
  regular,
  /// The venue closed a position of one side, or of both.
  liquidation,
  /// The venue's own fund took over a position (Binance).
  insurance_fund,
  /// Agreed on outside the book (Deribit, Bybit).
  block,
  /// The venue marks it in a way that zenws does not know.
  other,
  /// No trade: a number that the venue has given to none. Binance's futures
  /// send them as trades at price 0. They matter only for finding gaps.
  placeholder,
};

/// Returns the name of the enumerator.
std::string_view to_string(trade_kind value) noexcept;

/// A trade, or the sum of those that the venue reports as one.
struct trade {
  instrument_name instrument{};

  venue_time time{};

  /// Number of the client's message that brought it, as in raw batches.
  uint64_t message = 0;

  /// The venue's number of the trade within its instrument; 0 if it has none.
  /// Deribit: `trade_seq`. Binance: the id of the trade or aggregate trade.
  uint64_t sequence = 0;

  /// Number of the first of the trades that the venue reports as one, if it
  /// numbers each of them (OKX); `sequence` is that of the last one. 0 if this
  /// has one number only.
  uint64_t first_sequence = 0;

  decimal price{};

  /// In the unit of `instrument_state::amount_unit`.
  decimal amount{};

  trade_direction direction = trade_direction::unknown;

  trade_kind kind = trade_kind::regular;

  /// Missed at its time, and asked for later.
  bool is_late = false;

  bool operator==(const trade&) const noexcept = default;
};

/// Trades are missing for good, or for as long as the venue does not tell them:
/// it does not repeat them over WebSocket, or did not answer.
struct trade_gap {
  instrument_name instrument{};

  /// Time of the first trade after the gap.
  venue_time time{};

  uint64_t message = 0;

  /// Numbers of the last trade before the gap and of the first one after it; 0
  /// if the venue does not number them so that a gap shows.
  uint64_t after = 0;
  uint64_t before = 0;

  /// Time of the last trade before the gap.
  venue_time since{};

  bool operator==(const trade_gap&) const noexcept = default;
};

} // namespace zenws::market
