// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_update_list

#include "zenws/market/update_list.hpp"

#include "support/unit_test.hpp"

#include <algorithm>
#include <utility>
#include <vector>

using namespace zenws::market;

namespace {

level_change level(int64_t price) {
  return {.price = decimal::make(price, 0).value(),
          .amount = decimal::make(1, 0).value()};
}

// Adds a change with levels at prices from `first` on.
void add_book(update_list& to, int64_t first, int64_t count) {
  auto& book = to.add<book_change>();
  for (auto i = first; i < first + count; ++i)
    to.add_level(book, level(i));
}

bool has_levels(const update& x, int64_t first, size_t count) {
  auto levels = book_update_of(x)->levels;
  return levels.size() == count
         && std::ranges::all_of(levels, [first](auto& y) mutable {
              return y == level(first++);
            });
}

// Returns the sequences of all updates.
std::vector<uint64_t> sequences(const update_list& x) {
  std::vector<uint64_t> result;
  for (auto& y : x)
    result.push_back(book_update_of(y)->sequence);
  return result;
}

book_change numbered(uint64_t sequence) {
  book_change result;
  result.sequence = sequence;
  return result;
}

} // namespace

CAF_TEST(a new list is empty) {
  update_list uut;
  CAF_CHECK(uut.empty());
  CAF_CHECK_EQUAL(uut.num_levels(), 0u);
  CAF_CHECK(uut.begin() == uut.end());
  uut.clear();
  CAF_CHECK(uut.empty());
}

CAF_TEST(updates are kept in their order) {
  update_list uut;
  uut.add<trade>().sequence = 1;
  uut.add(quote{.sequence = 2});
  CAF_REQUIRE_EQUAL(uut.size(), 2u);
  CAF_CHECK_EQUAL(std::get<trade>(uut[0]).sequence, 1u);
  CAF_CHECK_EQUAL(std::get<quote>(uut[1]).sequence, 2u);
}

CAF_TEST(levels stay where they are while others come) {
  update_list uut;
  add_book(uut, 0, 3);
  auto* where = book_update_of(uut[0])->levels.data();
  for (int64_t i = 1; i < 200; ++i)
    add_book(uut, i * 1'000, i);
  CAF_CHECK(book_update_of(uut[0])->levels.data() == where);
  CAF_CHECK(has_levels(uut[0], 0, 3));
  for (size_t i = 1; i < 200; ++i)
    CAF_REQUIRE(has_levels(uut[i], static_cast<int64_t>(i) * 1'000, i));
  CAF_CHECK_EQUAL(uut.num_levels(), 3u + 199u * 200u / 2);
}

CAF_TEST(a book may have more levels than any memory there was) {
  update_list uut;
  add_book(uut, 1, 1);
  add_book(uut, 10, 100'000);
  CAF_CHECK(has_levels(uut[0], 1, 1));
  CAF_CHECK(has_levels(uut[1], 10, 100'000));
}

CAF_TEST(a book gets further levels after others) {
  update_list uut;
  add_book(uut, 10, 2);
  add_book(uut, 20, 2);
  uut.add_level(*std::get_if<book_change>(&uut[0]), level(12));
  uut.add_level(*std::get_if<book_change>(&uut[1]), level(22));
  CAF_CHECK(has_levels(uut[0], 10, 3));
  CAF_CHECK(has_levels(uut[1], 20, 3));
  CAF_CHECK_EQUAL(uut.num_levels(), 6u);
}

CAF_TEST(a change becomes a snapshot) {
  update_list uut;
  add_book(uut, 10, 2);
  uut.make_snapshot();
  CAF_CHECK(std::holds_alternative<book_snapshot>(uut[0]));
  CAF_CHECK(has_levels(uut[0], 10, 2));
}

CAF_TEST(a copy has levels of its own) {
  update_list uut;
  {
    update_list other;
    add_book(other, 10, 300);
    other.make_snapshot();
    other.add<trade>().sequence = 5;
    for (auto& x : other)
      uut.add_copy(x);
  }
  CAF_REQUIRE_EQUAL(uut.size(), 2u);
  CAF_CHECK(std::holds_alternative<book_snapshot>(uut[0]));
  CAF_CHECK(has_levels(uut[0], 10, 300));
  CAF_CHECK_EQUAL(std::get<trade>(uut[1]).sequence, 5u);
  CAF_CHECK_EQUAL(uut.num_levels(), 300u);
}

CAF_TEST(updates are inserted anywhere) {
  update_list uut;
  uut.add(numbered(2));
  uut.insert(0, numbered(1));
  uut.insert(2, numbered(3));
  CAF_CHECK_EQUAL(sequences(uut), (std::vector<uint64_t>{1, 2, 3}));
}

CAF_TEST(a list forgets the updates of a message) {
  update_list uut;
  add_book(uut, 10, 2);
  add_book(uut, 20, 2);
  add_book(uut, 30, 2);
  uut.shrink(1);
  CAF_REQUIRE_EQUAL(uut.size(), 1u);
  add_book(uut, 40, 2);
  CAF_CHECK(has_levels(uut[0], 10, 2));
  CAF_CHECK(has_levels(uut[1], 40, 2));
  uut.shrink(0);
  CAF_CHECK(uut.empty());
}

CAF_TEST(a list that was cleared uses its memory again) {
  update_list uut;
  std::vector<const level_change*> where;
  for (int round = 0; round < 3; ++round) {
    add_book(uut, 0, 1'000);
    CAF_CHECK(has_levels(uut[0], 0, 1'000));
    where.push_back(book_update_of(uut[0])->levels.data());
    uut.clear();
    CAF_CHECK(uut.empty());
    CAF_CHECK_EQUAL(uut.num_levels(), 0u);
  }
  CAF_CHECK(where[1] == where[2]);
}

CAF_TEST(levels move with their list) {
  update_list from;
  add_book(from, 10, 5);
  auto uut = std::move(from);
  CAF_CHECK(has_levels(uut[0], 10, 5));
  add_book(uut, 20, 5);
  CAF_CHECK(has_levels(uut[1], 20, 5));
}

CAF_TEST(a list whose content has moved away can be filled again) {
  update_list from;
  add_book(from, 1, 10);
  auto uut = std::move(from);
  from.clear(); // NOLINT(bugprone-use-after-move)
  add_book(from, 100, 10);
  CAF_CHECK(has_levels(from[0], 100, 10));
  add_book(uut, 11, 10);
  CAF_CHECK(has_levels(uut[0], 1, 10));
  CAF_CHECK(has_levels(uut[1], 11, 10));
  CAF_CHECK(has_levels(from[0], 100, 10));
}
