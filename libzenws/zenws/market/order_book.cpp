// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/order_book.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/market/exact_sum.hpp"
#include "zenws/market/internal/powers_of_ten.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace zenws::market {

namespace {

using internal::powers_of_ten;

constexpr std::array both_sides{book_side::bid, book_side::ask};

/// Turns a price into the key of a level and back. The best level has the
/// largest key: of asks, that is the lowest price.
constexpr int64_t flipped(book_side side, int64_t x) noexcept {
  return x ^ -static_cast<int64_t>(side);
}

static_assert(flipped(book_side::bid, 5) == 5);
static_assert(flipped(book_side::ask, 5) > flipped(book_side::ask, 6));

bool is_better_or_equal(book_side side, decimal price, decimal limit) noexcept {
  return side == book_side::bid ? price >= limit : price <= limit;
}

decimal decimal_of(int64_t mantissa, int exponent) noexcept {
  return *decimal::make(mantissa, exponent);
}

decimal amount_of(const book_levels::content& x) noexcept {
  return decimal_of(x.amount_mantissa, x.amount_exponent);
}

void write(book_levels::content& to, const level_change& x) noexcept {
  to.amount_mantissa = x.amount.mantissa();
  to.amount_exponent = static_cast<int8_t>(x.amount.exponent());
  to.price_exponent = static_cast<int8_t>(x.price.exponent());
  to.price_places = x.price_places;
  to.amount_places = x.amount_places;
}

book_outcome judged(bool continues) noexcept {
  return continues ? book_outcome::applied : book_outcome::gap;
}

} // namespace

BOOST_DESCRIBE_ENUM(sequence_rule, unnumbered, chained, consecutive, ranges)

std::string_view to_string(sequence_rule value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(book_outcome, applied, outdated, awaiting_snapshot, gap,
                    inconsistent, unrelated)

std::string_view to_string(book_outcome value) noexcept {
  return internal::enum_name(value);
}

// -- constructors, destructors, and assignment operators ----------------------

order_book::order_book() noexcept
  : order_book(book_rules{.numbering = sequence_rule::chained}) {
  // nop
}

order_book::order_book(const book_rules& rules) noexcept : rules_(rules) {
  // nop
}

// -- properties ---------------------------------------------------------------

std::optional<price_level> order_book::best(book_side side) const noexcept {
  if (depth(side) == 0)
    return std::nullopt;
  auto top = at(side, 0);
  return price_level{top.price, top.amount};
}

order_book::level order_book::at(book_side side, size_t index) const noexcept {
  return level_at(side, depth(side) - 1 - index);
}

decimal order_book::amount_at(book_side side, decimal price) const noexcept {
  auto key = key_of(side, price);
  if (!key)
    return {};
  auto& levels = levels_of(side);
  auto position = levels.lower_bound(*key);
  return levels.has(position, *key) ? amount_of(levels[position]) : decimal{};
}

std::optional<decimal> order_book::amount_up_to(book_side side,
                                                decimal limit) const noexcept {
  auto& levels = levels_of(side);
  market::exact_sum sum;
  for (auto i = position_of(side, limit); i < levels.size(); ++i)
    if (!sum.add(amount_of(levels[i])))
      return std::nullopt;
  return sum.value();
}

std::optional<order_book::fill>
order_book::fill_for(book_side side, decimal amount) const noexcept {
  market::exact_sum missing;
  missing.add(amount);
  market::exact_sum filled;
  fill result;
  for (size_t i = 0; i < depth(side) && missing.is_positive(); ++i) {
    auto offer = at(side, i);
    auto most = missing.to_double();
    if (!missing.subtract(offer.amount) || !filled.add(offer.amount))
      return std::nullopt;
    result.cost += offer.price.to_double()
                   * std::min(most, offer.amount.to_double());
    result.worst_price = offer.price;
  }
  auto sum = missing.is_positive() ? filled.value()
                                   : std::max(amount, decimal{});
  if (!sum)
    return std::nullopt;
  result.amount = *sum;
  return result;
}

void order_book::copy_to(update_list& out) const {
  if (!is_valid_)
    return;
  auto& snapshot = out.add<book_snapshot>();
  snapshot.instrument = instrument_;
  snapshot.time = time_;
  snapshot.message = message_;
  snapshot.sequence = sequence_;
  snapshot.first_sequence = sequence_;
  for (auto side : both_sides)
    for (size_t i = 0; i < depth(side); ++i) {
      auto x = at(side, i);
      out.add_level(snapshot, {.side = side,
                               .price_places = x.price_places,
                               .amount_places = x.amount_places,
                               .price = x.price,
                               .amount = x.amount});
    }
}

decimal order_book::price_at(book_side side, size_t position) const noexcept {
  auto& levels = levels_of(side);
  auto units = flipped(side, levels.key(position));
  if (units == 0)
    return {};
  auto exponent = levels[position].price_exponent;
  auto power = exponent + places_;
  return decimal_of(units / powers_of_ten[static_cast<size_t>(power)],
                    exponent);
}

order_book::level order_book::level_at(book_side side,
                                       size_t position) const noexcept {
  auto& x = levels_of(side)[position];
  return {.price = price_at(side, position),
          .amount = amount_of(x),
          .price_places = x.price_places,
          .amount_places = x.amount_places};
}

size_t order_book::position_of(book_side side, decimal limit) const noexcept {
  size_t result = 0;
  for (auto count = depth(side); count > 0;) {
    auto half = count / 2;
    if (is_better_or_equal(side, price_at(side, result + half), limit)) {
      count = half;
    } else {
      result += half + 1;
      count -= half + 1;
    }
  }
  return result;
}

std::optional<int64_t> order_book::key_of(book_side side,
                                          decimal price) const noexcept {
  auto shift = price.exponent() + places_;
  auto power = static_cast<size_t>(shift); // of a negative one, too large
  int64_t units = 0;
  if (power >= powers_of_ten.size()
      || __builtin_mul_overflow(price.mantissa(), powers_of_ten[power], &units))
    [[unlikely]] {
    if (!price.is_zero())
      return std::nullopt;
    units = 0;
  }
  return flipped(side, units);
}

// -- numbers ------------------------------------------------------------------

book_outcome order_book::judge(const book_change& change) const noexcept {
  switch (rules_.numbering) {
    case sequence_rule::unnumbered:
      return book_outcome::applied;
    case sequence_rule::consecutive:
      return judged(change.sequence == sequence_ + 1);
    case sequence_rule::ranges:
      return judge_range(change);
    default:
      return judged(change.previous == sequence_);
  }
}

book_outcome order_book::judge_range(const book_change& change) const noexcept {
  if (!change.previous) {
    if (change.sequence <= sequence_)
      return book_outcome::outdated;
    return judged(change.first_sequence <= sequence_ + 1);
  }
  if (!is_fresh_)
    return judged(change.previous == sequence_);
  if (change.sequence < sequence_)
    return book_outcome::outdated;
  return judged(change.previous <= sequence_);
}

// -- one level ----------------------------------------------------------------

order_book::effect order_book::effect_of(const level_change& x,
                                         bool is_there) noexcept {
  auto is_set = x.action == level_action::set;
  if (x.action == level_action::remove || (is_set && x.amount.is_zero())) {
    if (is_there)
      return effect::erase;
    return is_set ? effect::nothing : effect::misfit;
  }
  auto must_be_there = x.action == level_action::change;
  auto fits = is_set || is_there == must_be_there;
  return fits && x.amount.mantissa() > 0 ? effect::put : effect::misfit;
}

inline bool order_book::apply_level(const level_change& x) {
  auto key = key_of(x.side, x.price);
  if (!key) [[unlikely]] {
    if (!rescale(x.price))
      return false;
    key = key_of(x.side, x.price);
  }
  auto& levels = levels_of(x.side);
  auto position = levels.lower_bound(*key);
  auto is_there = levels.has(position, *key);
  switch (effect_of(x, is_there)) {
    case effect::put:
      write(is_there ? levels[position] : levels.insert(position, *key), x);
      return true;
    case effect::erase:
      levels.erase(position);
      return true;
    case effect::nothing:
      return true;
    default:
      return false;
  }
}

// -- all levels ---------------------------------------------------------------

bool order_book::load(std::span<const level_change> levels) {
  places_ = -decimal::max_exponent;
  for (auto& x : levels)
    if (!x.price.is_zero())
      places_ = std::max(places_, -x.price.exponent());
  return load(book_side::bid, levels) && load(book_side::ask, levels);
}

bool order_book::load(book_side side, std::span<const level_change> levels) {
  auto& out = levels_of(side);
  out.clear();
  if (!collect(side, levels))
    return false;
  sort_collected();
  for (auto& [key, index] : unsorted_) {
    // A price that is there twice has the last amount, like in a change.
    auto is_there = !out.empty() && out.key(out.size() - 1) == key;
    switch (effect_of(levels[index], is_there)) {
      case effect::put:
        write(is_there ? out[out.size() - 1] : out.push_back(key),
              levels[index]);
        break;
      case effect::erase:
        out.erase(out.size() - 1);
        break;
      case effect::nothing:
        break;
      default:
        return false;
    }
  }
  return true;
}

bool order_book::collect(book_side side, std::span<const level_change> levels) {
  unsorted_.clear();
  for (size_t i = 0; i < levels.size(); ++i) {
    if (levels[i].side != side)
      continue;
    auto key = key_of(side, levels[i].price);
    if (!key)
      return false;
    unsorted_.push_back({*key, i});
  }
  return true;
}

void order_book::sort_collected() {
  // Venues send the best levels first.
  std::ranges::reverse(unsorted_);
  auto is_less = [](auto& x, auto& y) {
    return x.key != y.key ? x.key < y.key : x.index < y.index;
  };
  if (!std::ranges::is_sorted(unsorted_, is_less))
    std::ranges::sort(unsorted_, is_less);
}

// -- the step of prices -------------------------------------------------------

bool order_book::rescale(decimal price) {
  auto places = -price.exponent();
  for (auto side : both_sides)
    for (size_t i = 0; i < depth(side); ++i)
      if (levels_of(side).key(i) != flipped(side, 0))
        places = std::max(places, -levels_of(side)[i].price_exponent);
  if (!rescale(book_side::bid, places) || !rescale(book_side::ask, places))
    return false;
  places_ = places;
  return key_of(book_side::bid, price).has_value();
}

bool order_book::rescale(book_side side, int places) {
  auto& levels = levels_of(side);
  for (size_t i = 0; i < levels.size(); ++i) {
    auto units = price_at(side, i).units(places);
    if (!units)
      return false;
    levels.set_key(i, flipped(side, *units));
  }
  return true;
}

// -- transitions --------------------------------------------------------------

book_outcome order_book::apply(const update& x) {
  if (auto* change = std::get_if<book_change>(&x))
    return apply(*change);
  if (auto* snapshot = std::get_if<book_snapshot>(&x))
    return apply(*snapshot);
  if (std::holds_alternative<book_lost>(x))
    return fail(book_outcome::gap);
  return book_outcome::unrelated;
}

book_outcome order_book::apply(const book_snapshot& snapshot) {
  dropped_.clear();
  if (!load(snapshot.levels))
    return fail(book_outcome::inconsistent);
  instrument_ = snapshot.instrument;
  is_valid_ = true;
  is_fresh_ = true;
  return finish(snapshot);
}

book_outcome order_book::apply(const book_change& change) {
  dropped_.clear();
  if (!is_valid_)
    return book_outcome::awaiting_snapshot;
  if (auto result = judge(change); result == book_outcome::gap)
    return fail(book_outcome::gap);
  else if (result != book_outcome::applied)
    return result;
  for (auto& x : change.levels)
    if (!apply_level(x))
      return fail(book_outcome::inconsistent);
  is_fresh_ = false;
  return finish(change);
}

void order_book::invalidate() noexcept {
  is_valid_ = false;
  dropped_.clear();
  for (auto& levels : sides_)
    levels.clear();
}

bool order_book::is_crossed() const noexcept {
  auto& bids = levels_of(book_side::bid);
  auto& asks = levels_of(book_side::ask);
  return !bids.empty() && !asks.empty()
         && flipped(book_side::bid, bids.key(bids.size() - 1))
              >= flipped(book_side::ask, asks.key(asks.size() - 1));
}

void order_book::drop_beyond_depth(book_side side) {
  auto& levels = levels_of(side);
  while (levels.size() > rules_.shown_depth) {
    auto worst = level_at(side, 0);
    dropped_.push_back(
      {.side = side, .price_places = worst.price_places, .price = worst.price});
    levels.drop_worst();
  }
}

book_outcome order_book::finish(const book_update& x) {
  if (rules_.shown_depth > 0)
    for (auto side : both_sides)
      drop_beyond_depth(side);
  sequence_ = x.sequence;
  message_ = x.message;
  time_ = x.time;
  if (is_crossed()
      || (x.checksum && rules_.checksum != nullptr
          && rules_.checksum(*this) != *x.checksum))
    return fail(book_outcome::inconsistent);
  return book_outcome::applied;
}

book_outcome order_book::fail(book_outcome cause) noexcept {
  invalidate();
  return cause;
}

} // namespace zenws::market
