// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/market/trade_history.hpp"

#include <algorithm>

namespace zenws::sim {

std::vector<past_trade> trade_history::since(std::string_view instrument,
                                             uint64_t sequence,
                                             size_t limit) const {
  auto known = trades_.find(instrument);
  if (known == trades_.end())
    return {};
  auto& all = known->second;
  auto first = std::ranges::lower_bound(
    all, sequence, {}, [](const past_trade& x) { return x.trade.sequence; });
  auto available = static_cast<size_t>(all.end() - first);
  auto count = static_cast<std::ptrdiff_t>(std::min(available, limit));
  return {first, first + count};
}

std::vector<past_trade> trade_history::latest(std::string_view instrument,
                                              size_t limit) const {
  auto known = trades_.find(instrument);
  if (known == trades_.end())
    return {};
  auto& all = known->second;
  auto count = static_cast<std::ptrdiff_t>(std::min(all.size(), limit));
  return {all.end() - count, all.end()};
}

void trade_history::add(const std::string& instrument, const past_trade& x) {
  auto& all = trades_[instrument];
  if (all.size() == max_trades)
    all.pop_front();
  all.push_back(x);
}

} // namespace zenws::sim
