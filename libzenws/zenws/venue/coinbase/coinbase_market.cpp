// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/coinbase/coinbase_market.hpp"

namespace zenws {

market::book_rules coinbase_market::rules_of_books(const market_wish&) const {
  return {};
}

trade_numbering coinbase_market::numbering_of_trades() const noexcept {
  return trade_numbering::none;
}

result<std::vector<channel_spec>>
coinbase_market::channels(const market_wish&) const {
  return error{ec::not_supported};
}

error coinbase_market::decode(const envelope&, market::update_list&) {
  return {};
}

} // namespace zenws
