// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_name.hpp"
#include "zenws/trading/order_key.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::trading {

enum class order_side : uint8_t { buy, sell };

/// Returns the name of the enumerator.
std::string_view to_string(order_side value) noexcept;

enum class order_type : uint8_t {
  limit,
  market,
  /// A limit order once the trigger is reached.
  stop_limit,
  /// A market order once the trigger is reached.
  stop_market,
};

/// Returns the name of the enumerator.
std::string_view to_string(order_type value) noexcept;

enum class time_in_force : uint8_t {
  good_til_canceled,
  /// What does not trade at once is canceled.
  immediate_or_cancel,
  /// All or nothing, at once.
  fill_or_kill,
};

/// Returns the name of the enumerator.
std::string_view to_string(time_in_force value) noexcept;

/// A new order.
struct order_request {
  /// As the venue writes it.
  market::instrument_name instrument{};

  order_side side = order_side::buy;

  order_type type = order_type::limit;

  /// In the unit of `instrument_state::unit`.
  market::decimal amount{};

  /// For types with a limit.
  std::optional<market::decimal> price{};

  /// For stops: a sell is triggered at this price or below, a buy at it or
  /// above.
  std::optional<market::decimal> trigger{};

  time_in_force validity = time_in_force::good_til_canceled;

  /// Refused rather than traded at once.
  bool post_only = false;

  /// Never larger than the position that it reduces.
  bool reduce_only = false;

  /// Members of the venue's own that are added to its request: a JSON object,
  /// such as {"tdMode":"cross"} for OKX. May be empty.
  std::string venue_members{};

  bool operator==(const order_request&) const = default;
};

/// A change of an order that keeps its identity.
struct amend_request {
  order_key order{};

  /// Of the order, as it was placed: some venues want to be told again.
  order_side side = order_side::buy;
  bool post_only = false;

  /// The new amount as a whole, with what is filled already; unless absent.
  std::optional<market::decimal> amount{};

  std::optional<market::decimal> price{};
};

} // namespace zenws::trading
