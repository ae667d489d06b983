// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/book_levels.hpp"

namespace zenws::market {

void book_levels::make_room() {
  constexpr size_t min_capacity = 64;
  auto count = size();
  if (keys_.size() < min_capacity + count * 2) {
    keys_.resize(min_capacity + count * 4);
    contents_.resize(keys_.size());
  }
  auto to = (keys_.size() - count) / 2;
  move(begin_, to, count);
  begin_ = to;
  end_ = to + count;
}

} // namespace zenws::market
