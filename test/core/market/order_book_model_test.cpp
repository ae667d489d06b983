// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_order_book_model

#include "zenws/market/order_book.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <vector>

using namespace zenws::market;
using namespace zenws::test_support;

namespace {

struct amount {
  decimal value{};
  uint8_t price_places = 0;
  uint8_t amount_places = 0;

  bool operator==(const amount&) const = default;
};

/// A book made of maps, both sides in ascending order.
class model_book {
public:
  explicit model_book(size_t shown_depth) : shown_depth_(shown_depth) {
    // nop
  }

  using side_map = std::map<decimal, amount>;

  const side_map& side(book_side x) const {
    return sides_[static_cast<size_t>(x)];
  }

  bool has(const level_change& x) const {
    return side(x.side).contains(x.price);
  }

  void clear() {
    sides_[0].clear();
    sides_[1].clear();
  }

  void apply(const level_change& x) {
    auto& levels = sides_[static_cast<size_t>(x.side)];
    if (x.action == level_action::remove || x.amount.is_zero())
      levels.erase(x.price);
    else
      levels[x.price] = {x.amount, x.price_places, x.amount_places};
  }

  bool is_crossed() const {
    return !sides_[0].empty() && !sides_[1].empty()
           && sides_[0].rbegin()->first >= sides_[1].begin()->first;
  }

  /// Returns what is dropped.
  std::vector<decimal> drop() {
    std::vector<decimal> result;
    if (shown_depth_ == 0)
      return result;
    while (sides_[0].size() > shown_depth_) {
      result.push_back(sides_[0].begin()->first);
      sides_[0].erase(sides_[0].begin());
    }
    while (sides_[1].size() > shown_depth_) {
      auto last = std::prev(sides_[1].end());
      result.push_back(last->first);
      sides_[1].erase(last);
    }
    return result;
  }

private:
  size_t shown_depth_;
  side_map sides_[2];
};

/// Applies random updates to both.
class comparison {
public:
  comparison(uint64_t seed, size_t shown_depth)
    : random_(seed),
      model_(shown_depth),
      uut_({.numbering = sequence_rule::chained, .shown_depth = shown_depth}) {
    center_ = static_cast<int64_t>(random() % 20'000) - 10'000;
    exponent_ = static_cast<int>(random() % 30) - 20;
  }

  void step() {
    if (!uut_.is_valid() || random() % 200 == 0)
      apply_snapshot();
    else
      apply_change();
    CAF_REQUIRE_EQUAL(uut_.is_valid(), is_valid_);
    compare(book_side::bid);
    compare(book_side::ask);
    compare_sums();
  }

  size_t num_lost() const {
    return num_lost_;
  }

private:
  size_t random() {
    return random_();
  }

  bool chance(size_t one_in) {
    return random() % one_in == 0;
  }

  /// A price near the others, sometimes in much finer steps.
  decimal random_price(book_side side) {
    auto distance = static_cast<int64_t>(random() % (chance(5) ? 400 : 30));
    auto ticks = side == book_side::bid ? center_ - 1 - distance
                                        : center_ + distance;
    // Overlaps a little, so that some books are crossed.
    if (chance(300))
      ticks = center_;
    auto finer = chance(50) ? static_cast<int>(random() % 4) : 0;
    for (auto i = 0; i < finer; ++i)
      ticks = ticks * 10 + static_cast<int64_t>(random() % 10);
    return decimal::make(ticks, exponent_ - finer).value();
  }

  decimal random_amount() {
    return decimal::make(static_cast<int64_t>(1 + random() % 100'000),
                         -static_cast<int>(random() % 6))
      .value();
  }

  /// A price that is there, if there is any.
  decimal known_price(book_side side) {
    auto& levels = model_.side(side);
    if (levels.empty())
      return random_price(side);
    auto rank = random() % levels.size();
    return std::next(levels.begin(), static_cast<std::ptrdiff_t>(rank))->first;
  }

  level_change random_level(bool in_snapshot) {
    level_change x;
    x.side = static_cast<book_side>(random() % 2);
    x.price = !in_snapshot && chance(2) ? known_price(x.side)
                                        : random_price(x.side);
    x.price_places = static_cast<uint8_t>(random() % 20);
    x.amount_places = static_cast<uint8_t>(random() % 20);
    x.action = chance(2) ? level_action::set : fitting_action(x);
    if (x.action != level_action::remove && !removes(x))
      x.amount = random_amount();
    return x;
  }

  bool removes(const level_change& x) {
    return x.action == level_action::set && chance(3);
  }

  level_action fitting_action(const level_change& x) {
    // Seldom not.
    auto is_there = model_.has(x) != chance(2000);
    if (!is_there)
      return level_action::create;
    return chance(2) ? level_action::change : level_action::remove;
  }

  bool fits(const level_change& x) const {
    switch (x.action) {
      case level_action::set:
        return true;
      case level_action::create:
        return !model_.has(x);
      default:
        return model_.has(x);
    }
  }

  void apply_snapshot() {
    model_.clear();
    apply<book_snapshot>(random() % 300);
  }

  void apply_change() {
    apply<book_change>(random() % 5);
  }

  template <class Update>
  void apply(size_t num_levels) {
    std::vector<level_change> levels;
    is_valid_ = true;
    for (size_t i = 0; i < num_levels; ++i) {
      auto x = random_level(std::is_same_v<Update, book_snapshot>);
      is_valid_ = is_valid_ && fits(x);
      model_.apply(x);
      levels.push_back(x);
    }
    auto dropped = model_.drop();
    is_valid_ = is_valid_ && !model_.is_crossed();
    Update message;
    message.previous = sequence_;
    message.sequence = ++sequence_;
    message.levels = levels;
    auto outcome = uut_.apply(message);
    if (is_valid_) {
      CAF_REQUIRE_EQUAL(outcome, book_outcome::applied);
      CAF_REQUIRE(
        std::ranges::equal(uut_.dropped(), dropped, {}, &level_change::price));
    } else {
      CAF_REQUIRE_EQUAL(outcome, book_outcome::inconsistent);
      model_.clear();
      ++num_lost_;
    }
  }

  void compare(book_side side) {
    auto& expected = model_.side(side);
    CAF_REQUIRE_EQUAL(uut_.depth(side), expected.size());
    auto same = [this, side](size_t index, auto& x) {
      auto got = uut_.at(side, index);
      return got.price == x.first
             && amount{got.amount, got.price_places, got.amount_places}
                  == x.second
             && uut_.amount_at(side, x.first) == x.second.value;
    };
    auto rank = side == book_side::ask ? 0 : expected.size() - 1;
    for (auto& x : expected) {
      CAF_REQUIRE(same(rank, x));
      rank += side == book_side::ask ? size_t{1} : -size_t{1};
    }
    if (!expected.empty())
      CAF_REQUIRE(uut_.best(side)->price
                  == (side == book_side::ask ? expected.begin()->first
                                             : expected.rbegin()->first));
  }

  /// Amounts have at most 5 places.
  void compare_sums() {
    for (auto side : {book_side::bid, book_side::ask}) {
      auto limit = chance(2) ? random_price(side) : known_price(side);
      int64_t expected = 0;
      for (auto& [price, x] : model_.side(side))
        if (side == book_side::bid ? price >= limit : price <= limit)
          expected += x.value.units(5).value();
      auto got = uut_.amount_up_to(side, limit);
      CAF_REQUIRE(got == decimal::make(expected, -5));
      auto fill = uut_.fill_for(side, *got).value();
      CAF_REQUIRE(fill.amount == *got);
      if (!got->is_zero())
        CAF_REQUIRE(side == book_side::bid ? fill.worst_price >= limit
                                           : fill.worst_price <= limit);
    }
  }

  std::mt19937_64 random_;
  int64_t center_ = 0;
  int exponent_ = 0;
  model_book model_;
  order_book uut_;
  bool is_valid_ = false;
  uint64_t sequence_ = 0;
  size_t num_lost_ = 0;
};

} // namespace

CAF_TEST(a book is the same as one made of maps) {
  std::mt19937_64 random{choose_seed()};
  size_t num_lost = 0;
  for (int round = 0; round < 60; ++round) {
    auto depth = random() % 2 == 0 ? 0 : 1 + random() % 100;
    comparison world{random(), depth};
    for (int i = 0; i < 1'000; ++i)
      world.step();
    num_lost += world.num_lost();
  }
  CAF_CHECK(num_lost > 0);
}
