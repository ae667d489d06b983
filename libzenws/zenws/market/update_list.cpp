// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/update_list.hpp"

#include <algorithm>

namespace zenws::market {

void update_list::add_levels(book_update& to,
                             std::span<const level_change> levels) {
  for (auto& level : levels)
    add_level(to, level);
}

void update_list::clear() noexcept {
  updates_.clear();
  num_levels_ = 0;
  if (chunks_.empty())
    return;
  // The largest one is enough for most of what follows.
  chunks_.erase(chunks_.begin(), chunks_.end() - 1);
  free_ = {chunks_.back().levels.get(), chunks_.back().size};
}

void update_list::move_to_larger_chunk(book_update& to) {
  auto last = chunks_.empty() ? 0 : chunks_.back().size;
  auto size = std::max({first_chunk, last * 2, to.levels.size() * 2});
  chunks_.push_back({std::make_unique<level_change[]>(size), size});
  free_ = {chunks_.back().levels.get(), size};
  std::copy(to.levels.begin(), to.levels.end(), free_.begin());
  to.levels = {free_.data(), to.levels.size()};
  free_ = free_.subspan(to.levels.size());
}

} // namespace zenws::market
