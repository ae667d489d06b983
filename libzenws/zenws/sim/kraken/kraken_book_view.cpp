// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_book_view.hpp"

#include <algorithm>

namespace zenws::sim {

namespace {

using kraken_levels = kraken_book_view::levels;

template <class Levels>
kraken_levels best_of(const Levels& all, size_t depth) {
  kraken_levels result;
  for (auto& level : all) {
    if (result.size() == depth)
      break;
    result.emplace_back(level);
  }
  return result;
}

bool has_price(const kraken_levels& all, int64_t price) {
  return std::ranges::any_of(all, [price](const auto& x) {
    return x.first == price;
  });
}

} // namespace

kraken_book_view kraken_book_view::of(const order_book& book, size_t depth) {
  return {best_of(book.bids(), depth), best_of(book.asks(), depth)};
}

kraken_levels changes_between(const kraken_levels& before,
                              const kraken_levels& after,
                              const order_book& book, book_side side) {
  kraken_levels result;
  for (auto& [price, amount] : before)
    if (!has_price(after, price) && book.amount_at(side, price) == 0)
      result.emplace_back(price, 0);
  for (auto& level : after)
    if (std::ranges::find(before, level) == before.end())
      result.push_back(level);
  return result;
}

} // namespace zenws::sim
