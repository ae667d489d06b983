// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/market/market.hpp"

#include <algorithm>
#include <utility>

namespace zenws::sim {

namespace {

constexpr size_t min_depth = 5;
constexpr size_t max_depth = 40;
constexpr int64_t start_depth = 20;
constexpr int64_t touched_levels = 10;

instrument_terms terms_of(const std::string& name) {
  if (name.starts_with("BTC"))
    return {name, 2, 10, 60'000};
  if (name.starts_with("ETH"))
    return {name, 20, 1, 3'000};
  return {name, 100, 1, 1'000};
}

// Behind the touch is down for bids and up for asks.
int64_t behind(book_side side, int64_t price, int64_t ticks) noexcept {
  return side == book_side::bid ? price - ticks : price + ticks;
}

} // namespace

// -- instrument ---------------------------------------------------------------

instrument::instrument(instrument_terms terms, uint64_t seed)
  : terms_(std::move(terms)), random_(seed) {
  last_price_ = terms_.start_price * terms_.ticks_per_unit;
  low_price_ = last_price_;
  high_price_ = last_price_;
  change_id_ = 1'000'000 + static_cast<uint64_t>(below(1'000'000));
  fill();
}

market_update instrument::step() {
  market_update result{};
  auto roll = below(100);
  if (roll < 25)
    take_liquidity(result);
  else if (roll < 50)
    improve(result);
  else if (roll < 75)
    amend(result);
  else if (roll < 88)
    add_behind(result, random_side());
  else
    cancel(result);
  keep_depth(result);
  result.prev_change_id = change_id_;
  change_id_ += 1 + static_cast<uint64_t>(below(5));
  result.change_id = change_id_;
  return result;
}

// Not `std::uniform_int_distribution`: its results differ between standard
// libraries, and a seed shall mean the same market everywhere.
int64_t instrument::below(int64_t bound) {
  return static_cast<int64_t>(random_() % static_cast<uint64_t>(bound));
}

book_side instrument::random_side() {
  return below(2) == 0 ? book_side::bid : book_side::ask;
}

int64_t instrument::random_amount() {
  return 1 + below(200);
}

void instrument::fill() {
  market_update ignored{};
  book_.set(book_side::bid, last_price_ - 1, random_amount());
  book_.set(book_side::ask, last_price_ + 1, random_amount());
  for (int64_t i = 1; i < start_depth; ++i) {
    add_behind(ignored, book_side::bid);
    add_behind(ignored, book_side::ask);
  }
}

void instrument::set(market_update& out, book_side side, int64_t price,
                     int64_t amount) {
  out.changes.push_back(book_.set(side, price, amount));
}

void instrument::take_liquidity(market_update& out) {
  auto side = random_side();
  auto price = book_.best_price(side);
  auto resting = book_.best_amount(side);
  auto amount = std::min(resting, random_amount());
  auto taker = side == book_side::ask ? aggressor::buyer : aggressor::seller;
  out.trade = print(taker, price, amount);
  set(out, side, price, resting - amount);
}

void instrument::improve(market_update& out) {
  auto bid = book_.best_price(book_side::bid);
  auto ask = book_.best_price(book_side::ask);
  auto free_ticks = ask - bid - 1;
  if (free_ticks < 1)
    return amend(out);
  set(out, random_side(), bid + 1 + below(free_ticks), random_amount());
}

void instrument::amend(market_update& out) {
  auto side = random_side();
  auto depth = static_cast<int64_t>(book_.depth(side));
  auto level = static_cast<size_t>(below(std::min(depth, touched_levels)));
  auto price = book_.price_at(side, level);
  auto amount = random_amount();
  if (amount == book_.amount_at(side, price))
    ++amount;
  set(out, side, price, amount);
}

void instrument::add_behind(market_update& out, book_side side) {
  auto price = behind(side, book_.worst_price(side), 1 + below(3));
  if (price > 0)
    set(out, side, price, random_amount());
}

void instrument::cancel(market_update& out) {
  auto side = random_side();
  auto depth = static_cast<int64_t>(book_.depth(side));
  auto level = static_cast<size_t>(below(std::min(depth, touched_levels)));
  if (book_.depth(side) <= min_depth)
    return amend(out);
  set(out, side, book_.price_at(side, level), 0);
}

void instrument::keep_depth(market_update& out) {
  for (auto side : {book_side::bid, book_side::ask}) {
    if (book_.depth(side) < min_depth)
      add_behind(out, side);
    if (book_.depth(side) > max_depth)
      set(out, side, book_.worst_price(side), 0);
  }
}

sim::trade instrument::print(aggressor taker, int64_t price, int64_t amount) {
  auto same = price == last_price_;
  auto up = price > last_price_ || (same && last_direction_ < 2);
  last_direction_ = (up ? 0 : 2) + (same ? 1 : 0);
  last_price_ = price;
  low_price_ = std::min(low_price_, price);
  high_price_ = std::max(high_price_, price);
  volume_ += amount;
  return {++trade_sequence_, taker, price, amount, last_direction_};
}

// -- market -------------------------------------------------------------------

market::market(uint64_t seed, const std::vector<std::string>& names) {
  for (auto& name : names) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    instruments_.emplace_back(terms_of(name), seed);
  }
}

const instrument* market::find(std::string_view name) const noexcept {
  auto pred = [name](const instrument& x) { return x.terms().name == name; };
  auto i = std::find_if(instruments_.begin(), instruments_.end(), pred);
  return i == instruments_.end() ? nullptr : &*i;
}

} // namespace zenws::sim
