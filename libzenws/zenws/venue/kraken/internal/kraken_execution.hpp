// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/json/json_value.hpp"
#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_state.hpp"
#include "zenws/market/venue_time.hpp"
#include "zenws/trading/account_update.hpp"

#include <optional>
#include <string>
#include <vector>

namespace zenws::internal {

/// An execution report of Kraken: an event of an order (docs.kraken.com/api,
/// "Executions"). Only the first one about an order tells what it is about;
/// later ones tell what changed.
struct kraken_execution {
  /// Names are empty if they are not told, but the venue's own.
  trading::order_key order{};

  std::optional<trading::order_side> side{};

  /// The event is a fill.
  bool is_trade = false;

  /// The event is about something beside the order itself: its trigger, or the
  /// position that it led to.
  bool is_aside = false;

  /// The state that the event brings, if it ends the order.
  std::optional<trading::venue_order_state> end{};

  /// The state that is told.
  std::optional<trading::venue_order_state> status{};

  /// The name of a state that is not known.
  std::string unknown_status{};

  std::optional<market::decimal> amount{};
  std::optional<market::decimal> price{};
  std::optional<market::decimal> filled{};
  std::optional<market::decimal> average_price{};
  std::string reason{};
  market::venue_time time{};

  // Of a fill.
  trading::fill_id id{};
  std::optional<market::decimal> last_price{};
  std::optional<market::decimal> last_amount{};
  std::optional<market::decimal> fee{};
  market::asset_name fee_currency{};
  trading::fill_liquidity liquidity = trading::fill_liquidity::unknown;

  /// Returns the state after this event. One that is not known counts as open:
  /// an order that is taken for ended would be forgotten while it may trade.
  trading::venue_order_state state() const noexcept {
    return end ? *end : status.value_or(trading::venue_order_state::open);
  }

  /// Returns whether the event is about an order that had ended before, such as
  /// the end of the position that a margin order led to.
  bool comes_after_end() const noexcept {
    return is_aside && is_final(state());
  }

  /// Returns whether instrument and side are known.
  bool is_described() const noexcept {
    return !order.instrument.empty() && side;
  }
};

/// Reads the data of a message.
/// @returns `ec::invalid_data` or `ec::invalid_json` if it is not readable, or
///          if a fill lacks its id, its price or its amount.
result<std::vector<kraken_execution>>
read_kraken_executions(const json_value& data);

/// Returns the fill that an event is.
/// @pre `x.is_trade && x.is_described()`
trading::fill fill_of(const kraken_execution& x);

/// Returns the order as it is after an event.
/// @pre `x.is_described()`
trading::order_report report_of(const kraken_execution& x);

} // namespace zenws::internal
