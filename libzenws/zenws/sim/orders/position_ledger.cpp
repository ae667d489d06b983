// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/orders/position_ledger.hpp"

#include "zenws/sim/orders/contract_value.hpp"

#include <algorithm>
#include <cmath>

namespace zenws::sim {

namespace {

// Returns the part of a position that a trade closes, below zero if it was
// sold.
double closed_part(double before, double change) {
  if (before * change >= 0)
    return 0;
  auto size = std::min(std::abs(before), std::abs(change));
  return before > 0 ? size : -size;
}

} // namespace

double position_ledger::add(const fill& entry) {
  auto is_buy = entry.of.direction == order_direction::buy;
  auto change = is_buy ? entry.amount : -entry.amount;
  auto& name = traded_name(entry.of);
  auto& x = positions_[{entry.of.account, name}];
  x.instrument = name;
  x.last_fill = entry.number;
  x.updated = entry.time;
  auto before = x.size;
  auto profit = profit_of(x.instrument, x.average_price, entry.price,
                          closed_part(before, change));
  x.size += change;
  if (x.size == 0)
    x.average_price = 0;
  else if (before * change >= 0)
    x.average_price
      = (x.average_price * std::abs(before) + entry.price * std::abs(change))
        / std::abs(x.size);
  else if (before * x.size < 0)
    x.average_price = entry.price;
  return profit;
}

std::vector<position> position_ledger::of(const std::string& account) const {
  std::vector<position> result;
  for (auto i = positions_.lower_bound({account, ""});
       i != positions_.end() && i->first.first == account; ++i)
    result.push_back(i->second);
  return result;
}

position position_ledger::in(const std::string& account,
                             const std::string& instrument) const {
  auto i = positions_.find({account, instrument});
  return i != positions_.end() ? i->second : position{.instrument = instrument};
}

} // namespace zenws::sim
