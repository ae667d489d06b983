// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_order_book

#include "zenws/market/order_book.hpp"

#include "support/unit_test.hpp"

#include "order_book_fixture.hpp"

#include <numeric>
#include <utility>

using namespace zenws::market;
using namespace zenws::test_support;

namespace {

struct fixture : order_book_fixture {
  fixture() {
    snapshot({bid("100", "1"), bid("99.5", "2"), ask("101", "3"),
              ask("101.5", "4")},
             7);
  }

  // Expects that nothing is known any more.
  void check_lost() {
    CAF_CHECK(!uut.is_valid());
    CAF_CHECK_EQUAL(bids(), "");
    CAF_CHECK_EQUAL(asks(), "");
    CAF_CHECK(!uut.best_bid());
    CAF_CHECK(!uut.best_ask());
    CAF_CHECK(uut.amount_at(book_side::bid, number("100")).is_zero());
    CAF_CHECK(uut.dropped().empty());
    update_list out;
    uut.copy_to(out);
    CAF_CHECK(out.empty());
    CAF_CHECK_EQUAL(change({}), "awaiting_snapshot");
  }

  std::string dropped() const {
    std::string result;
    for (auto& x : uut.dropped()) {
      CAF_CHECK(x.action == level_action::set);
      CAF_CHECK(x.amount.is_zero());
      result += (x.side == book_side::bid ? " bid " : " ask ")
                + to_string(x.price);
    }
    return result;
  }
};

// A sum that depends on each digit as written, and on the order of levels.
uint32_t places_checksum(const order_book& book) {
  uint32_t result = 1;
  for (auto side : {book_side::bid, book_side::ask})
    for (size_t i = 0; i < book.depth(side); ++i) {
      auto x = book.at(side, i);
      result = result * 31 + static_cast<uint32_t>(x.price.mantissa());
      result = result * 31 + x.price_places;
      result = result * 31 + static_cast<uint32_t>(x.amount.mantissa());
      result = result * 31 + x.amount_places;
    }
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(market_order_book_tests, fixture)

// -- snapshots and changes ----------------------------------------------------

CAF_TEST(a book without a snapshot is invalid and empty) {
  uut = order_book{};
  check_lost();
}

CAF_TEST(a snapshot may have any order) {
  CAF_CHECK_EQUAL(bids(), "100:1 99.5:2");
  CAF_CHECK_EQUAL(asks(), "101:3 101.5:4");
  snapshot({ask("12", "1"), bid("9", "2"), ask("11", "3"), bid("10", "4"),
            ask("13", "5"), bid("8.5", "6")});
  CAF_CHECK_EQUAL(bids(), "10:4 9:2 8.5:6");
  CAF_CHECK_EQUAL(asks(), "11:3 12:1 13:5");
}

CAF_TEST(a snapshot replaces everything) {
  CAF_CHECK_EQUAL(snapshot({bid("5", "1")}), "applied");
  CAF_CHECK_EQUAL(bids(), "5:1");
  CAF_CHECK_EQUAL(asks(), "");
  CAF_CHECK(!uut.best_ask());
  CAF_CHECK_EQUAL(snapshot({}), "applied");
  CAF_CHECK(uut.is_valid());
  CAF_CHECK_EQUAL(bids(), "");
}

CAF_TEST(a snapshot with a price that is there twice has its last amount) {
  CAF_CHECK_EQUAL(snapshot({bid("5", "1"), bid("6", "2"), bid("5.0", "3"),
                            ask("7", "1"), ask("7", "0"), ask("8", "0")}),
                  "applied");
  CAF_CHECK_EQUAL(bids(), "6:2 5:3");
  CAF_CHECK_EQUAL(asks(), "");
}

CAF_TEST(levels are created and changed and removed) {
  CAF_CHECK_EQUAL(change({created(bid("100.5", "9")),
                          changed(ask("101.5", "8")),
                          removed(bid("99.5", "0"))}),
                  "applied");
  CAF_CHECK_EQUAL(bids(), "100.5:9 100:1");
  CAF_CHECK_EQUAL(asks(), "101:3 101.5:8");
}

CAF_TEST(a level that is set is created or changed or removed) {
  CAF_CHECK_EQUAL(change({bid("100.5", "9"), ask("101.5", "8"),
                          bid("99.5", "0"), bid("1", "0")}),
                  "applied");
  CAF_CHECK_EQUAL(bids(), "100.5:9 100:1");
  CAF_CHECK_EQUAL(asks(), "101:3 101.5:8");
}

CAF_TEST(an action that does not fit loses the book) {
  for (auto& x : {created(bid("100", "1")), changed(bid("99", "1")),
                  removed(ask("100", "0")), bid("100", "-1"),
                  created(bid("99", "0")), changed(bid("100", "0"))}) {
    fixture world;
    CAF_CHECK_EQUAL(world.change({x}), "inconsistent");
    world.check_lost();
  }
  for (auto& x : {changed(bid("99", "1")), removed(bid("99", "0")),
                  created(bid("99", "0"))}) {
    fixture world;
    CAF_CHECK_EQUAL(world.snapshot({bid("100", "1"), x}), "inconsistent");
    world.check_lost();
  }
}

CAF_TEST(a crossed book is lost) {
  for (auto price : {"101", "101.25", "200"}) {
    fixture world;
    CAF_CHECK_EQUAL(world.change({bid(price, "1")}), "inconsistent");
    world.check_lost();
  }
  CAF_CHECK_EQUAL(snapshot({bid("5", "1"), ask("5", "1")}), "inconsistent");
  check_lost();
}

CAF_TEST(a book may be crossed within an update) {
  CAF_CHECK_EQUAL(change({bid("101", "1"), ask("101", "0")}), "applied");
  CAF_CHECK_EQUAL(bids(), "101:1 100:1 99.5:2");
  CAF_CHECK_EQUAL(asks(), "101.5:4");
}

CAF_TEST(a book that is lost returns by a snapshot) {
  uut.invalidate();
  check_lost();
  snapshot({bid("1", "1")});
  CAF_CHECK_EQUAL(uut.apply(update{book_lost{}}), book_outcome::gap);
  check_lost();
  CAF_CHECK_EQUAL(snapshot({bid("1", "1")}), "applied");
  CAF_CHECK_EQUAL(change({bid("2", "1")}), "applied");
  CAF_CHECK_EQUAL(bids(), "2:1 1:1");
}

CAF_TEST(a book takes its updates out of all market data) {
  CAF_CHECK_EQUAL(uut.apply(update{trade{}}), book_outcome::unrelated);
  CAF_CHECK_EQUAL(uut.apply(update{quote{}}), book_outcome::unrelated);
  book_change next;
  next.previous = 7;
  next.sequence = 8;
  CAF_CHECK_EQUAL(uut.apply(update{next}), book_outcome::applied);
  CAF_CHECK_EQUAL(uut.sequence(), 8u);
  CAF_CHECK_EQUAL(uut.apply(update{book_snapshot{}}), book_outcome::applied);
  CAF_CHECK_EQUAL(uut.sequence(), 0u);
  CAF_CHECK_EQUAL(to_string(book_outcome::unrelated), "unrelated");
}

// -- prices -------------------------------------------------------------------

CAF_TEST(prices may be zero or negative) {
  snapshot({bid("-0.5", "1"), bid("-1e2", "2"), ask("0", "3"), ask("1", "4")});
  CAF_CHECK_EQUAL(bids(), "-0.5:1 -100:2");
  CAF_CHECK_EQUAL(asks(), "0:3 1:4");
  CAF_CHECK_EQUAL(change({bid("-0.25", "5"), ask("0", "6")}), "applied");
  CAF_CHECK_EQUAL(bids(), "-0.25:5 -0.5:1 -100:2");
  CAF_CHECK_EQUAL(asks(), "0:6 1:4");
  CAF_CHECK_EQUAL(change({bid("0", "1")}), "inconsistent");
}

CAF_TEST(a book finds the step of its prices) {
  snapshot({bid("60000", "1"), ask("61000", "1")});
  CAF_CHECK_EQUAL(change({bid("60000.5", "2"), ask("60999.123456", "3")}),
                  "applied");
  CAF_CHECK_EQUAL(change({bid("0", "4"), ask("1e12", "5")}), "applied");
  CAF_CHECK_EQUAL(bids(), "60000.5:2 60000:1 0:4");
  CAF_CHECK_EQUAL(asks(), "60999.123456:3 61000:1 1000000000000:5");
  CAF_CHECK_EQUAL(to_string(uut.amount_at(book_side::bid, number("60000.50"))),
                  "2");
  for (auto text : {"60000.51", "1e-30", "1e30", "-1"})
    CAF_CHECK(uut.amount_at(book_side::bid, number(text)).is_zero());
}

CAF_TEST(prices without a common step lose the book) {
  snapshot({bid("1e-12", "1")});
  CAF_CHECK_EQUAL(change({ask("9000000", "1")}), "applied");
  CAF_CHECK_EQUAL(change({ask("10000000", "1")}), "inconsistent");
  check_lost();
  snapshot({bid("1", "1"), ask("10000000", "1")});
  CAF_CHECK_EQUAL(change({bid("1e-12", "1")}), "inconsistent");
  check_lost();
  CAF_CHECK_EQUAL(snapshot({bid("1e-12", "1"), ask("1e7", "1")}),
                  "inconsistent");
  check_lost();
  CAF_CHECK_EQUAL(snapshot({bid("1e60", "1"), ask("1e61", "1")}), "applied");
  CAF_CHECK_EQUAL(change({bid("1e20", "1")}), "inconsistent");
}

CAF_TEST(a fine price that is gone makes room for a large one) {
  snapshot({bid("1e-12", "1"), bid("1", "1")});
  CAF_CHECK_EQUAL(change({bid("1e-12", "0")}), "applied");
  CAF_CHECK_EQUAL(change({ask("1e9", "1")}), "applied");
  CAF_CHECK_EQUAL(asks(), "1000000000:1");
  CAF_CHECK_EQUAL(bids(), "1:1");
}

CAF_TEST(the largest and smallest prices are kept) {
  auto most = "9223372036854775807";
  auto least = "-9223372036854775807";
  CAF_CHECK_EQUAL(snapshot({bid(least, "1"), ask(most, "2")}), "applied");
  CAF_CHECK_EQUAL(bids(), std::string{least} + ":1");
  CAF_CHECK_EQUAL(asks(), std::string{most} + ":2");
  CAF_CHECK_EQUAL(change({bid("0.5", "1")}), "inconsistent");
}

// -- amounts ------------------------------------------------------------------

CAF_TEST(amounts add up exactly) {
  auto sum = [this](book_side side, std::string_view limit) {
    auto result = uut.amount_up_to(side, number(limit));
    return result ? to_string(*result) : "none";
  };
  snapshot({bid("100", "0.1"), bid("99.5", "0.20"), bid("99", "3e10"),
            ask("101", "7")});
  CAF_CHECK_EQUAL(sum(book_side::bid, "101"), "0");
  CAF_CHECK_EQUAL(sum(book_side::bid, "100"), "0.1");
  CAF_CHECK_EQUAL(sum(book_side::bid, "99.75"), "0.1");
  CAF_CHECK_EQUAL(sum(book_side::bid, "99.5"), "0.3");
  CAF_CHECK_EQUAL(sum(book_side::bid, "-1e50"), "30000000000.3");
  CAF_CHECK_EQUAL(sum(book_side::ask, "100.9999999999999999"), "0");
  CAF_CHECK_EQUAL(sum(book_side::ask, "1e50"), "7");
  change({bid("98", "1e-20")});
  CAF_CHECK_EQUAL(sum(book_side::bid, "98.5"), "30000000000.3");
  CAF_CHECK_EQUAL(sum(book_side::bid, "98"), "none");
  change({bid("98", "1e60"), bid("97", "1e-60")});
  CAF_CHECK_EQUAL(sum(book_side::bid, "97"), "none");
}

CAF_TEST(an amount is filled by the best levels) {
  auto fill = uut.fill_for(book_side::ask, number("5")).value();
  CAF_CHECK_EQUAL(to_string(fill.amount), "5");
  CAF_CHECK_EQUAL(to_string(fill.worst_price), "101.5");
  CAF_CHECK_EQUAL(fill.cost, 3 * 101.0 + 2 * 101.5);
  fill = uut.fill_for(book_side::ask, number("3")).value();
  CAF_CHECK_EQUAL(to_string(fill.worst_price), "101");
  CAF_CHECK_EQUAL(fill.cost, 303.0);
  fill = uut.fill_for(book_side::bid, number("1e9")).value();
  CAF_CHECK_EQUAL(to_string(fill.amount), "3");
  CAF_CHECK_EQUAL(to_string(fill.worst_price), "99.5");
  CAF_CHECK_EQUAL(fill.cost, 100.0 + 2 * 99.5);
  for (auto nothing : {"0", "-1"}) {
    fill = uut.fill_for(book_side::bid, number(nothing)).value();
    CAF_CHECK(fill.amount.is_zero());
    CAF_CHECK_EQUAL(fill.cost, 0.0);
  }
  snapshot({bid("1", "1e30"), bid("0.5", "1e-30")});
  CAF_CHECK(!uut.fill_for(book_side::bid, number("1e40")));
}

CAF_TEST(an invalid book fills nothing) {
  uut.invalidate();
  auto fill = uut.fill_for(book_side::ask, number("5")).value();
  CAF_CHECK(fill.amount.is_zero());
  CAF_CHECK(uut.amount_up_to(book_side::ask, number("1e9"))->is_zero());
}

// -- rules --------------------------------------------------------------------

CAF_TEST(levels beyond the depth that is shown are dropped) {
  uut = order_book{{.shown_depth = 2}};
  snapshot({bid("10", "1"), bid("9", "1"), bid("8", "1"), ask("11", "1")});
  CAF_CHECK_EQUAL(bids(), "10:1 9:1");
  CAF_CHECK_EQUAL(dropped(), " bid 8");
  change({bid("10.5", "2"), ask("12", "2")});
  CAF_CHECK_EQUAL(bids(), "10.5:2 10:1");
  CAF_CHECK_EQUAL(dropped(), " bid 9");
  change({bid("7", "2"), ask("10.9", "3")});
  CAF_CHECK_EQUAL(bids(), "10.5:2 10:1");
  CAF_CHECK_EQUAL(asks(), "10.9:3 11:1");
  CAF_CHECK_EQUAL(dropped(), " bid 7 ask 12");
  change({bid("10.5", "0")});
  CAF_CHECK_EQUAL(dropped(), "");
}

// One level goes at one end whenever one comes at the other.
CAF_TEST(a book of a fixed depth can drop levels forever) {
  uut = order_book{{.shown_depth = 100}};
  snapshot({});
  for (int i = 1; i <= 10'000; ++i)
    CAF_REQUIRE_EQUAL(change({bid(std::to_string(i), "1")}), "applied");
  CAF_REQUIRE_EQUAL(uut.depth(book_side::bid), 100u);
  for (size_t i = 0; i < 100; ++i)
    CAF_REQUIRE_EQUAL(uut.at(book_side::bid, i).price.units(0),
                      10'000 - static_cast<int64_t>(i));
}

CAF_TEST(those who are told the levels that were dropped have the same book) {
  order_book follower;
  uut = order_book{{.shown_depth = 2}};
  uint64_t sequence = 0;
  for (int i = 0; i < 20; ++i) {
    std::vector<level> levels{
      bid(std::to_string(i % 7 + 1), std::to_string(i + 1)),
      ask(std::to_string(20 - i % 5), std::to_string(i + 1))};
    book_update x;
    x.levels = levels;
    x.previous = sequence;
    x.sequence = ++sequence;
    auto apply = [&](order_book& book) {
      return i == 0 ? book.apply(book_snapshot{x}) : book.apply(book_change{x});
    };
    CAF_REQUIRE_EQUAL(apply(uut), book_outcome::applied);
    levels.insert(levels.end(), uut.dropped().begin(), uut.dropped().end());
    x.levels = levels;
    CAF_REQUIRE_EQUAL(apply(follower), book_outcome::applied);
    CAF_CHECK_EQUAL(show(follower, book_side::bid), bids());
    CAF_CHECK_EQUAL(show(follower, book_side::ask), asks());
  }
}

CAF_TEST(a checksum that differs loses the book) {
  uut = order_book{{.checksum = places_checksum, .shown_depth = 1}};
  // As written, not as 100 and 5, and without the level that is dropped.
  order_book expected{{.shown_depth = 1}};
  std::vector levels{bid("100.00", "5.0"), bid("99", "1")};
  book_snapshot x;
  x.levels = levels;
  expected.apply(x);
  x.checksum = places_checksum(expected);
  CAF_CHECK_EQUAL(uut.apply(x), book_outcome::applied);
  CAF_CHECK_EQUAL(uut.at(book_side::bid, 0).price_places, 2);
  CAF_CHECK_EQUAL(uut.at(book_side::bid, 0).amount_places, 1);
  levels[0] = bid("100.0", "5.0");
  CAF_CHECK_EQUAL(uut.apply(x), book_outcome::inconsistent);
  check_lost();
}

CAF_TEST(an update without a checksum needs none) {
  uut = order_book{{.checksum = places_checksum}};
  CAF_CHECK_EQUAL(snapshot({bid("100", "5")}), "applied");
  CAF_CHECK_EQUAL(change({bid("99", "5")}), "applied");
  book_change x;
  x.checksum = places_checksum(uut);
  CAF_CHECK_EQUAL(uut.apply(x), book_outcome::applied);
  x.checksum = places_checksum(uut) + 1;
  CAF_CHECK_EQUAL(uut.apply(x), book_outcome::inconsistent);
}

CAF_TEST(a book without rules ignores checksums) {
  book_change x;
  x.previous = 7;
  x.checksum = 1;
  CAF_CHECK_EQUAL(uut.apply(x), book_outcome::applied);
}

// -- for those who come later -------------------------------------------------

CAF_TEST(a copy has the whole book) {
  std::vector levels{ask("12.50", "1.0"), bid("9", "2"), ask("11", "3"),
                     bid("10", "4")};
  book_snapshot x;
  x.instrument = instrument_name::make("XYZ-PERPETUAL").value();
  x.time = venue_time{std::chrono::microseconds{5}};
  x.message = 6;
  x.sequence = 7;
  x.levels = levels;
  uut.apply(x);
  update_list out;
  uut.copy_to(out);
  CAF_REQUIRE_EQUAL(out.size(), 1u);
  auto& copy = std::get<book_snapshot>(out[0]);
  CAF_CHECK(copy.instrument == "XYZ-PERPETUAL");
  CAF_CHECK(copy.time == x.time);
  CAF_CHECK_EQUAL(copy.message, 6u);
  CAF_CHECK_EQUAL(copy.sequence, 7u);
  CAF_CHECK_EQUAL(copy.first_sequence, 7u);
  CAF_CHECK(!copy.previous);
  std::vector expected{bid("10", "4"), bid("9", "2"), ask("11", "3"),
                       ask("12.50", "1.0")};
  CAF_CHECK(std::ranges::equal(copy.levels, expected));
  order_book other;
  CAF_CHECK_EQUAL(other.apply(out[0]), book_outcome::applied);
  CAF_CHECK_EQUAL(other.sequence(), 7u);
  CAF_CHECK_EQUAL(show(other, book_side::ask), asks());
}

CAF_TEST(a copy follows the changes) {
  book_snapshot first;
  first.instrument = instrument_name::make("XYZ").value();
  uut.apply(first);
  std::vector levels{bid("1", "1")};
  book_change x;
  x.time = venue_time{std::chrono::microseconds{5}};
  x.message = 9;
  x.previous = 0;
  x.sequence = 3;
  x.levels = levels;
  uut.apply(x);
  update_list out;
  uut.copy_to(out);
  auto& copy = std::get<book_snapshot>(out[0]);
  CAF_CHECK(copy.instrument == "XYZ");
  CAF_CHECK(copy.time == x.time);
  CAF_CHECK_EQUAL(copy.message, 9u);
  CAF_CHECK_EQUAL(copy.sequence, 3u);
  CAF_CHECK_EQUAL(copy.levels.size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
