// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/update_list.hpp"

#include <algorithm>

namespace zenws::market {

size_t update_list::num_levels() const noexcept {
  size_t result = 0;
  for (auto& x : updates_)
    if (auto* book = book_update_of(x))
      result += book->levels.size();
  return result;
}

void update_list::add_copy(const update& x) {
  updates_.push_back(x);
  auto* book = std::get_if<book_change>(&updates_.back());
  auto* to = book != nullptr ? static_cast<book_update*>(book)
                             : std::get_if<book_snapshot>(&updates_.back());
  if (to == nullptr)
    return;
  for (auto& level : std::exchange(to->levels, {}))
    add_level(*to, level);
}

void update_list::clear() noexcept {
  updates_.clear();
  if (chunks_.empty())
    return;
  // The largest one is enough for most of what follows.
  chunks_.erase(chunks_.begin(), chunks_.end() - 1);
  free_ = {chunks_.back().levels.get(), chunks_.back().size};
}

void update_list::make_room(book_update& to) {
  auto needed = to.levels.size() + 1;
  if (free_.size() < needed) {
    auto last = chunks_.empty() ? 0 : chunks_.back().size;
    auto size = std::max({first_chunk, last * 2, needed * 2});
    chunks_.push_back({std::make_unique<level_change[]>(size), size});
    free_ = {chunks_.back().levels.get(), size};
  }
  std::copy(to.levels.begin(), to.levels.end(), free_.begin());
  to.levels = {free_.data(), to.levels.size()};
  free_ = free_.subspan(to.levels.size());
}

} // namespace zenws::market
