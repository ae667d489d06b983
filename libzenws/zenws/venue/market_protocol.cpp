// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/market_protocol.hpp"

#include "zenws/internal/enum_names.hpp"

namespace zenws {

BOOST_DESCRIBE_ENUM(market_pace, usual, fastest)

std::string_view to_string(market_pace value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(trade_numbering, none, consecutive, ascending)

std::string_view to_string(trade_numbering value) noexcept {
  return internal::enum_name(value);
}

market_protocol::~market_protocol() = default;

bool market_protocol::may_be_refused(std::string_view) const noexcept {
  return false;
}

bool market_protocol::mixes_instruments() const noexcept {
  return false;
}

void market_protocol::forget_values() noexcept {
  // nop
}

result<market_query> market_protocol::ask_book(const market_wish&) const {
  return error{ec::not_supported};
}

result<market_query>
market_protocol::ask_trades(const market::trade_gap&) const {
  return error{ec::not_supported};
}

result<market_query>
market_protocol::ask_instruments(const market_wish&) const {
  return error{ec::not_supported};
}

error market_protocol::read_answer(const market_query&, std::string_view,
                                   std::string_view, market::update_list&) {
  return error{ec::not_supported};
}

} // namespace zenws
