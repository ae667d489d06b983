// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/market/decimal.hpp"

#include <string>
#include <string_view>

namespace zenws::engine {

/// Units in which the venue trades an instrument.
struct instrument_terms {
  /// Currency that the venue settles in, by which it finds orders.
  std::string currency;

  /// Amount of one contract, in the unit of amounts.
  market::decimal contract_size;
};

/// Reads the result of `public/get_instrument` (docs.deribit.com).
result<instrument_terms> read_terms(std::string_view json);

/// Returns the amount of so many contracts, as the venue wants it.
std::string amount_of(const instrument_terms& terms, int contracts);

/// Reads the result of `private/get_position` (docs.deribit.com): contracts
/// held, negative if short.
result<int> read_position(const instrument_terms& terms, std::string_view json);

} // namespace zenws::engine
