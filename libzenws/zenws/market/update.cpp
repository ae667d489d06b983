// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/update.hpp"

#include "zenws/internal/enum_names.hpp"

namespace zenws::market {

BOOST_DESCRIBE_ENUM(trade_kind, regular, liquidation, insurance_fund, block,
                    other)

std::string_view to_string(trade_kind value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(content, none, book, trades, ticker)

std::string_view to_string(content value) noexcept {
  return internal::enum_name(value);
}

} // namespace zenws::market
