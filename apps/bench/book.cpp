// SPDX-License-Identifier: BSD-3-Clause

#include "book_stream.hpp"
#include "cases.hpp"
#include "comparison.hpp"
#include "meter.hpp"

#include "zenws/market/order_book.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace zenws::bench {

namespace {

using namespace market;

// What one would write without zenws. It checks nothing.
class map_book {
public:
  void apply(const book_update& x) {
    for (auto& level : x.levels)
      if (level.side == book_side::bid)
        apply(bids_, level);
      else
        apply(asks_, level);
  }

  decimal best_bid() const {
    return bids_.begin()->first;
  }

  decimal best_ask() const {
    return asks_.begin()->first;
  }

private:
  template <class Levels>
  static void apply(Levels& levels, const level_change& x) {
    if (x.amount.is_zero())
      levels.erase(x.price);
    else
      levels[x.price] = x.amount;
  }

  std::map<decimal, decimal, std::greater<>> bids_;
  std::map<decimal, decimal> asks_;
};

// The books have the same interface for the loop that is measured.
class proven_book {
public:
  void apply(const book_snapshot& x) {
    check(book_.apply(x));
  }

  void apply(const book_change& x) {
    check(book_.apply(x));
  }

  decimal best_bid() const {
    return book_.best_bid()->price;
  }

  decimal best_ask() const {
    return book_.best_ask()->price;
  }

private:
  static void check(book_outcome outcome) {
    if (outcome != book_outcome::applied)
      throw std::runtime_error{"an update is " + std::string{to_string(outcome)}
                               + " for a book"};
  }

  order_book book_;
};

template <class Book>
void apply_all(Book& book, const book_stream& source) {
  for (auto& x : source.changes())
    book.apply(*std::get_if<book_change>(&x));
}

template <class Book>
void check_begin(const Book& book, const book_stream& source) {
  Book expected;
  expected.apply(source.snapshot());
  if (book.best_bid() != expected.best_bid()
      || book.best_ask() != expected.best_ask())
    throw std::runtime_error{"a book has come to another end"};
}

// Applies all changes again and again for some time. Once more before, to warm
// up.
template <class Book>
sample measure(double seconds, const book_stream& source) {
  Book book;
  book.apply(source.snapshot());
  apply_all(book, source);
  uint64_t passes = 0;
  meter spent;
  spent.start();
  do {
    apply_all(book, source);
    ++passes;
    spent.stop();
  } while (spent.seconds() < seconds);
  check_begin(book, source);
  auto updates = passes * source.changes().size();
  auto levels = static_cast<double>(passes * source.num_levels());
  return {
    {"updates", "1/s", static_cast<double>(updates) / spent.seconds()},
    {"time", "ns/level", spent.seconds() * 1e9 / levels},
    {"allocations", "1/update", spent.allocations_per(updates)},
  };
}

void run(const std::string& label, change_places where, const options& opts,
         report& out) {
  book_stream source{where};
  comparison cases;
  cases.bench = "book";
  cases.label = label;
  cases.baseline = "map";
  cases.variants = {
    {"map", [&] { return measure<map_book>(opts.seconds, source); }},
    {"order_book", [&] { return measure<proven_book>(opts.seconds, source); }},
  };
  run(cases, opts, out);
}

} // namespace

void run_book(const options& opts, report& out) {
  run("near-best", change_places::near_best, opts, out);
  run("all-over", change_places::all_over, opts, out);
}

} // namespace zenws::bench
