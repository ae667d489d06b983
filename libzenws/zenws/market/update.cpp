// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/update.hpp"

#include "zenws/internal/enum_names.hpp"

#include <array>
#include <type_traits>

namespace zenws::market {

BOOST_DESCRIBE_ENUM(data_kind, trades, book, quotes, ticker, instruments)

std::string_view to_string(data_kind value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(trade_direction, buy, sell, unknown)

std::string_view to_string(trade_direction value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(trade_kind, regular, liquidation, insurance_fund, block,
                    other, placeholder)

std::string_view to_string(trade_kind value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(loss_cause, disconnected, gap, inconsistent, unreadable,
                    silent, ended)

std::string_view to_string(loss_cause value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(instrument_kind, other, spot, future, perpetual, option,
                    combination)

std::string_view to_string(instrument_kind value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(trading_state, unknown, pending, open, halted, closed)

std::string_view to_string(trading_state value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(amount_unit, unknown, base, quote, contracts)

std::string_view to_string(amount_unit value) noexcept {
  return internal::enum_name(value);
}

data_kind kind_of(const update& x) noexcept {
  // In the order of the alternatives.
  constexpr std::array kinds{
    data_kind::trades, data_kind::trades,      data_kind::book,
    data_kind::book,   data_kind::book,        data_kind::quotes,
    data_kind::ticker, data_kind::instruments,
  };
  static_assert(kinds.size() == std::variant_size_v<update>);
  return kinds[x.index()];
}

// Lists grow, and batches are made of them, by plain copies of memory.
static_assert(std::is_trivially_copyable_v<update>);

} // namespace zenws::market
