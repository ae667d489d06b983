// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE order_book

#include "trading_engine/order_book.hpp"

#include "trading_engine/book_audit.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <vector>

using namespace zenws::engine;
using namespace zenws::market;

namespace {

constexpr auto bid = book_side::bid;
constexpr auto ask = book_side::ask;
constexpr auto create = level_action::create;
constexpr auto change = level_action::change;
constexpr auto remove_it = level_action::remove;

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

level_change level(book_side side, level_action action, std::string_view price,
                   std::string_view amount) {
  return {side, action, number(price), number(amount)};
}

book_change snapshot(uint64_t id, std::vector<level_change> levels) {
  book_change result;
  result.kind = update_kind::snapshot;
  result.change_id = id;
  result.levels = std::move(levels);
  return result;
}

book_change next(uint64_t prev, uint64_t id,
                 std::vector<level_change> levels = {}) {
  auto result = snapshot(id, std::move(levels));
  result.kind = update_kind::change;
  result.prev_change_id = prev;
  return result;
}

book_change two_sided(uint64_t id) {
  return snapshot(
    id, {level(bid, create, "100", "5"), level(bid, create, "99.5", "7"),
         level(ask, create, "100.5", "3"), level(ask, create, "101", "8")});
}

// A book of four levels, up to change 10.
struct fixture {
  fixture() {
    uut.apply(two_sided(10));
  }

  std::string touch() const {
    auto show = [](const std::optional<quote>& best) {
      return best ? to_string(best->amount) + '@' + to_string(best->price)
                  : std::string{"none"};
    };
    return show(uut.best_bid()) + ' ' + show(uut.best_ask());
  }

  order_book uut;
};

bool is(book_outcome actual, book_outcome expected) {
  return actual == expected;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(order_book_tests, fixture)

CAF_TEST(a new book is stale and shows nothing) {
  order_book empty;
  CAF_CHECK(empty.is_stale());
  CAF_CHECK(!empty.best_bid());
  CAF_CHECK(is(empty.apply(next(1, 2)), book_outcome::awaiting_snapshot));
}

CAF_TEST(a snapshot sets both sides) {
  CAF_CHECK(!uut.is_stale());
  CAF_CHECK_EQUAL(touch(), "5@100 3@100.5");
  CAF_CHECK_EQUAL(uut.depth(), 4u);
  CAF_CHECK_EQUAL(uut.change_id(), 10u);
}

CAF_TEST(changes that continue the book are applied) {
  struct row {
    level_change update;
    std::string expected;
  };
  std::vector<row> table{
    {level(bid, change, "100", "6"), "6@100 3@100.5"},
    {level(bid, create, "100.25", "1"), "1@100.25 3@100.5"},
    {level(ask, remove_it, "100.5", "0"), "1@100.25 8@101"},
    {level(ask, create, "100.75", "2"), "1@100.25 2@100.75"},
    {level(bid, remove_it, "100.25", "0"), "6@100 2@100.75"},
  };
  uint64_t id = 10;
  for (auto& [update, expected] : table) {
    CAF_CHECK(is(uut.apply(next(id, id + 3, {update})), book_outcome::applied));
    CAF_CHECK_EQUAL(touch(), expected);
    id += 3;
  }
}

CAF_TEST(levels may be set whether or not they are there) {
  constexpr auto set = level_action::set;
  struct row {
    level_change update;
    std::string expected;
  };
  std::vector<row> table{
    {level(bid, set, "100", "6"), "6@100 3@100.5"},
    {level(bid, set, "100.25", "1"), "1@100.25 3@100.5"},
    {level(bid, set, "100.25", "0"), "6@100 3@100.5"},
    {level(bid, set, "42", "0"), "6@100 3@100.5"},
  };
  uint64_t id = 10;
  for (auto& [update, expected] : table) {
    CAF_CHECK(is(uut.apply(next(id, id + 1, {update})), book_outcome::applied));
    CAF_CHECK_EQUAL(touch(), expected);
    ++id;
  }
}

CAF_TEST(a gap makes the book stale until the next snapshot) {
  CAF_CHECK(is(uut.apply(next(11, 12)), book_outcome::gap));
  CAF_CHECK(uut.is_stale());
  CAF_CHECK_EQUAL(touch(), "none none");
  CAF_CHECK(is(uut.apply(next(12, 13)), book_outcome::awaiting_snapshot));
  CAF_CHECK(is(uut.apply(two_sided(20)), book_outcome::applied));
  CAF_CHECK(is(uut.apply(next(20, 21)), book_outcome::applied));
}

CAF_TEST(a repeated change is a gap) {
  CAF_CHECK(is(uut.apply(next(10, 11)), book_outcome::applied));
  CAF_CHECK(is(uut.apply(next(10, 11)), book_outcome::gap));
}

CAF_TEST(a snapshot replaces the book) {
  uut.apply(snapshot(30, {level(bid, create, "50", "1")}));
  CAF_CHECK_EQUAL(touch(), "1@50 none");
  CAF_CHECK_EQUAL(uut.depth(), 1u);
}

CAF_TEST(a book without orders is not stale) {
  CAF_CHECK(is(uut.apply(snapshot(30, {})), book_outcome::applied));
  CAF_CHECK(!uut.is_stale());
  CAF_CHECK_EQUAL(touch(), "none none");
}

CAF_TEST(an interruption makes the book stale) {
  uut.invalidate();
  CAF_CHECK(is(uut.apply(next(10, 11)), book_outcome::awaiting_snapshot));
}

CAF_TEST(changes that do not fit the book are noticed) {
  std::vector<level_change> table{
    level(bid, create, "100.5", "1"),  // as high as the best ask
    level(ask, create, "99", "1"),     // below the best bid
    level(bid, create, "100", "1"),    // is there already
    level(bid, change, "98", "1"),     // is not there
    level(ask, remove_it, "102", "0"), // is not there
    level(ask, remove_it, "100", "0"), // is on the other side
  };
  for (auto& update : table) {
    order_book book;
    book.apply(two_sided(10));
    CAF_CHECK(
      is(book.apply(next(10, 11, {update})), book_outcome::inconsistent));
    CAF_CHECK(book.is_stale());
  }
}

// -- audit --------------------------------------------------------------------

CAF_TEST(the audit counts changes that a book must not have applied) {
  book_audit audit{ticker_order::unrelated};
  auto tell = [&](const book_change& change, book_outcome outcome,
                  uint64_t epoch) {
    audit.applied(change, uut, outcome, epoch);
    return audit.undetected();
  };
  CAF_CHECK_EQUAL(tell(two_sided(10), book_outcome::applied, 1), 0u);
  CAF_CHECK_EQUAL(tell(next(10, 11), book_outcome::applied, 1), 0u);
  // Detected by the book, so all is well.
  CAF_CHECK_EQUAL(tell(next(12, 13), book_outcome::gap, 1), 0u);
  CAF_CHECK_EQUAL(tell(next(12, 13), book_outcome::applied, 1), 1u);
  // Another connection needs another snapshot, even if the numbers match.
  CAF_CHECK_EQUAL(tell(next(13, 14), book_outcome::applied, 2), 2u);
  CAF_CHECK_EQUAL(tell(next(14, 15), book_outcome::inconsistent, 2), 3u);
}

CAF_TEST(the audit compares the book with a ticker that follows it) {
  book_audit audit{ticker_order::follows_book};
  ticker right{.best_bid = number("100"), .best_ask = number("100.5")};
  ticker wrong{.best_bid = number("100"), .best_ask = number("101")};
  ticker one_sided{.best_bid = number("100")};
  // Nothing was applied since the last ticker: the book may be behind.
  audit.compare(wrong, uut);
  CAF_CHECK_EQUAL(audit.undetected(), 0u);
  auto update = [&] {
    audit.applied(two_sided(10), uut, book_outcome::applied, 1);
  };
  update();
  audit.compare(right, uut);
  CAF_CHECK_EQUAL(audit.undetected(), 0u);
  update();
  audit.compare(wrong, uut);
  CAF_CHECK_EQUAL(audit.undetected(), 1u);
  update();
  audit.compare(one_sided, uut);
  CAF_CHECK_EQUAL(audit.undetected(), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
