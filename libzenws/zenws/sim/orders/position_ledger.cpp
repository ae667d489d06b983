// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/orders/position_ledger.hpp"

#include <cmath>

namespace zenws::sim {

void position_ledger::add(const order& entry) {
  auto is_buy = entry.direction == order_direction::buy;
  auto change = is_buy ? entry.filled : -entry.filled;
  auto& x = positions_[{entry.account, entry.instrument}];
  x.instrument = entry.instrument;
  auto before = x.size;
  x.size += change;
  if (x.size == 0)
    x.average_price = 0;
  else if (before * change >= 0)
    x.average_price
      = (x.average_price * std::abs(before) + entry.price * std::abs(change))
        / std::abs(x.size);
  else if (before * x.size < 0)
    x.average_price = entry.price;
}

std::vector<position> position_ledger::of(const std::string& account) const {
  std::vector<position> result;
  for (auto i = positions_.lower_bound({account, ""});
       i != positions_.end() && i->first.first == account; ++i)
    result.push_back(i->second);
  return result;
}

} // namespace zenws::sim
