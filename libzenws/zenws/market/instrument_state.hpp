// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_name.hpp"
#include "zenws/market/short_text.hpp"
#include "zenws/market/venue_time.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace zenws::market {

/// Name of a currency or another asset, for example "USDC".
using asset_name = short_text<15>;

enum class instrument_kind : uint8_t {
  /// The venue says something else, or nothing.
  other,
  spot,
  future,
  /// A future without an end.
  perpetual,
  option,
  /// Several instruments traded as one.
  combination,
};

/// Returns the name of the enumerator.
std::string_view to_string(instrument_kind value) noexcept;

/// Whether an instrument trades.
enum class trading_state : uint8_t {
  /// The venue says something else, or nothing.
  unknown,
  /// Listed, but not open yet.
  pending,
  open,
  /// Orders can be canceled, but not placed; or not matched for now.
  halted,
  /// For good: expired or delisted.
  closed,
};

/// Returns the name of the enumerator.
std::string_view to_string(trading_state value) noexcept;

/// Unit of the amounts of trades, books and orders.
enum class amount_unit : uint8_t {
  /// The venue does not tell.
  unknown,
  base,
  quote,
  /// Of `instrument_state::contract_size` each.
  contracts,
};

/// Returns the name of the enumerator.
std::string_view to_string(amount_unit value) noexcept;

/// Terms of an instrument, as the venue tells them: a name is never parsed for
/// its meaning. Terms that the venue does not tell are nothing or empty.
struct instrument_state {
  instrument_name instrument{};

  venue_time time{};

  /// Number of the client's message that brought it, as in raw batches.
  uint64_t message = 0;

  trading_state state = trading_state::unknown;
  instrument_kind kind = instrument_kind::other;
  amount_unit unit = amount_unit::unknown;

  /// Profit and loss are in the base currency.
  bool is_inverse = false;

  asset_name base{};
  asset_name quote{};
  asset_name settlement{};

  /// Smallest step of a price.
  std::optional<decimal> tick{};

  /// Smallest step of an amount.
  std::optional<decimal> lot{};

  /// Smallest amount of an order.
  std::optional<decimal> min_amount{};

  /// Value of one contract, in the currency that the venue says.
  std::optional<decimal> contract_size{};

  std::optional<decimal> strike{};

  /// The epoch if there is no end.
  venue_time expires{};

  /// The venue's number of the instrument, where requests want it instead of
  /// the name; 0 if there is none.
  uint64_t code = 0;

  bool operator==(const instrument_state&) const noexcept = default;
};

} // namespace zenws::market
