// SPDX-License-Identifier: BSD-3-Clause

#include "book_stream.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace zenws::bench {

namespace {

using namespace market;

constexpr size_t usual_depth = 1'000;
constexpr size_t most_off_depth = 50;
constexpr size_t num_changes = 16'000;
constexpr size_t best_levels = 20;

// About 61000 in steps of 0.5.
constexpr int64_t middle = 122'000;

struct model_level {
  int64_t ticks;
  int64_t amount;

  bool operator==(const model_level&) const = default;
};

// The levels of one side, the best first.
using model_side = std::vector<model_level>;

// Direction from the best price to the others.
int64_t away(size_t side) noexcept {
  return side == 0 ? -1 : 1;
}

bool is_worse(size_t side, int64_t x, int64_t y) noexcept {
  return side == 0 ? x < y : x > y;
}

level_change change_of(size_t side, level_action action,
                       const model_level& x) noexcept {
  return {
    .side = side == 0 ? book_side::bid : book_side::ask,
    .action = action,
    .price_places = 1,
    .amount_places = 1,
    .price = decimal::make(x.ticks * 5, -1).value(),
    .amount = action == level_action::remove
                ? decimal{}
                : decimal::make(x.amount, 1).value(),
  };
}

// Makes random changes that a venue could send.
class generator {
public:
  explicit generator(change_places where) : where_(where) {
    for (size_t side = 0; side < 2; ++side) {
      auto ticks = middle;
      for (size_t i = 0; i < usual_depth; ++i) {
        ticks += away(side) * static_cast<int64_t>(1 + random() % 3);
        sides_[side].push_back({ticks, new_amount()});
      }
    }
    begin_ = sides_;
  }

  void write_snapshot(update_list& out) const {
    auto& to = out.add<book_snapshot>();
    for (size_t side = 0; side < 2; ++side)
      for (auto& x : sides_[side])
        out.add_level(to, change_of(side, level_action::create, x));
  }

  void write_changes(update_list& out) {
    for (uint64_t i = 0; i < num_changes; ++i) {
      auto& to = begin_change(out, i, i + 1);
      for (auto n = 1 + random() % 4; n > 0; --n)
        out.add_level(to, next());
    }
    write_return(out, begin_change(out, num_changes, 0));
  }

private:
  size_t random() {
    return random_();
  }

  int64_t new_amount() {
    return static_cast<int64_t>(1 + random() % 10'000);
  }

  static book_change& begin_change(update_list& out, uint64_t previous,
                                   uint64_t sequence) {
    auto& result = out.add<book_change>();
    result.previous = previous;
    result.sequence = sequence;
    return result;
  }

  size_t next_rank(size_t depth) {
    if (where_ == change_places::near_best && random() % 10 != 0)
      return std::min(random() % best_levels, random() % best_levels);
    return random() % depth;
  }

  level_change next() {
    auto side = random() % 2;
    auto& levels = sides_[side];
    auto rank = next_rank(levels.size());
    auto kind = random() % 4;
    if (kind < 2)
      return change(side, rank);
    if (levels.size() > usual_depth + most_off_depth)
      return remove(side, rank);
    if (kind == 2 || levels.size() < usual_depth - most_off_depth)
      return create(side, rank);
    return remove(side, rank);
  }

  level_change change(size_t side, size_t rank) {
    auto& x = sides_[side][rank];
    x.amount = new_amount();
    return change_of(side, level_action::change, x);
  }

  level_change remove(size_t side, size_t rank) {
    auto i = sides_[side].begin() + static_cast<std::ptrdiff_t>(rank);
    auto result = change_of(side, level_action::remove, *i);
    sides_[side].erase(i);
    return result;
  }

  // Adds a level next to another one, or changes that one if there is no room.
  level_change create(size_t side, size_t rank) {
    auto& levels = sides_[side];
    auto better = random() % 2 == 0;
    auto ticks = levels[rank].ticks + (better ? -away(side) : away(side));
    auto other_best = sides_[1 - side].front().ticks;
    auto at = better ? rank : rank + 1;
    auto neighbor = better ? rank - 1 : rank + 1;
    auto taken = neighbor < levels.size() && levels[neighbor].ticks == ticks;
    if (taken || !is_worse(side, ticks, other_best))
      return change(side, rank);
    auto i = levels.insert(levels.begin() + static_cast<std::ptrdiff_t>(at),
                           {ticks, new_amount()});
    return change_of(side, level_action::create, *i);
  }

  // Writes what leads back to the beginning.
  void write_return(update_list& out, book_change& to) {
    for (size_t side = 0; side < 2; ++side) {
      auto& now = sides_[side];
      auto is_in = [](const model_side& levels, int64_t ticks) {
        return std::ranges::find(levels, ticks, &model_level::ticks)
               != levels.end();
      };
      for (auto& x : now)
        if (!is_in(begin_[side], x.ticks))
          out.add_level(to, change_of(side, level_action::remove, x));
      for (auto& x : begin_[side])
        if (!is_in(now, x.ticks))
          out.add_level(to, change_of(side, level_action::create, x));
        else if (std::ranges::find(now, x) == now.end())
          out.add_level(to, change_of(side, level_action::change, x));
    }
    sides_ = begin_;
  }

  change_places where_;
  std::mt19937_64 random_{1};
  std::array<model_side, 2> sides_;
  std::array<model_side, 2> begin_;
};

} // namespace

book_stream::book_stream(change_places where) {
  generator source{where};
  source.write_snapshot(snapshot_);
  source.write_changes(changes_);
}

} // namespace zenws::bench
