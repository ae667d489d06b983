// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_state.hpp"
#include "zenws/market/venue_time.hpp"
#include "zenws/trading/order_key.hpp"
#include "zenws/trading/order_request.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// @file
/// What venues tell about an account, in messages and in answers. Facts: they
/// may come late, twice, in any order or not at all.

namespace zenws::trading {

/// State of an order at the venue.
enum class venue_order_state : uint8_t {
  /// Rests in the book, waits for its trigger, or is about to.
  open,
  filled,
  /// By anybody, the venue included. What was filled before stays filled.
  canceled,
  rejected,
  /// Its time in force ended.
  expired,
};

/// Returns the name of the enumerator.
std::string_view to_string(venue_order_state value) noexcept;

/// Returns whether nothing happens to such an order any more.
constexpr bool is_final(venue_order_state value) noexcept {
  return value != venue_order_state::open;
}

/// An order as the venue has it.
struct order_report {
  /// The client's id is empty for orders that were placed without one.
  order_key order{};

  order_side side = order_side::buy;

  venue_order_state state = venue_order_state::open;

  /// As a whole, with what is filled. Absent if the message does not tell.
  std::optional<market::decimal> amount{};

  std::optional<market::decimal> price{};

  /// Filled so far. Absent if the message does not tell.
  std::optional<market::decimal> filled{};

  /// Average price of what is filled.
  std::optional<market::decimal> average_price{};

  /// When the order came into this state, by the venue's clock.
  market::venue_time time{};

  /// The venue's words or code for a rejection or cancellation; may be empty.
  std::string reason{};

  bool operator==(const order_report&) const = default;
};

/// Whether an order was there before the one that it traded with.
enum class fill_liquidity : uint8_t { unknown, maker, taker };

/// Returns the name of the enumerator.
std::string_view to_string(fill_liquidity value) noexcept;

/// The venue's name of a fill.
using fill_id = market::short_text<47>;

/// A trade of an order of the account.
struct fill {
  order_key order{};

  /// Unique within the instrument.
  fill_id id{};

  order_side side = order_side::buy;

  market::decimal price{};

  /// In the unit of the order's amount.
  market::decimal amount{};

  /// Paid if positive, received if negative. Absent if the venue does not tell.
  std::optional<market::decimal> fee{};

  market::asset_name fee_currency{};

  fill_liquidity liquidity = fill_liquidity::unknown;

  market::venue_time time{};

  bool operator==(const fill&) const = default;
};

/// A position as the venue has it.
struct position {
  market::instrument_name instrument{};

  /// In the unit of `instrument_state::unit`; negative if short.
  market::decimal amount{};

  std::optional<market::decimal> average_price{};

  market::venue_time time{};

  bool operator==(const position&) const = default;
};

/// What the account has of a currency.
struct balance {
  market::asset_name currency{};

  market::decimal total{};

  /// Not bound by orders or margins. Absent if the venue does not tell.
  std::optional<market::decimal> available{};

  market::venue_time time{};

  bool operator==(const balance&) const = default;
};

/// One piece of news about an account.
using account_update = std::variant<order_report, fill, position, balance>;

using account_updates = std::vector<account_update>;

} // namespace zenws::trading
