// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/okx/okx_market.hpp"

namespace zenws {

market::book_rules okx_market::rules_of_books(const market_wish&) const {
  return {};
}

trade_numbering okx_market::numbering_of_trades() const noexcept {
  return trade_numbering::none;
}

result<std::vector<channel_spec>>
okx_market::channels(const market_wish&) const {
  return error{ec::not_supported};
}

error okx_market::decode(const envelope&, market::update_list&) {
  return {};
}

} // namespace zenws
