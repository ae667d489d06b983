// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/kraken/kraken_market.hpp"

namespace zenws {

market::book_rules kraken_market::rules_of_books(const market_wish&) const {
  return {};
}

trade_numbering kraken_market::numbering_of_trades() const noexcept {
  return trade_numbering::none;
}

result<std::vector<channel_spec>>
kraken_market::channels(const market_wish&) const {
  return error{ec::not_supported};
}

error kraken_market::decode(const envelope&, market::update_list&) {
  return {};
}

} // namespace zenws
