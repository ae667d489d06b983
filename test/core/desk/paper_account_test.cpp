// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE paper_account

#include "zenws/desk/paper_account.hpp"

#include "support/unit_test.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::trading;

namespace {

const auto x = instrument_name::make("X").value();

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

struct fixture {
  order_ledger ledger{{.owner = "desk"}};
  order_ledger::news ignored;
  order_book book;

  fixture() {
    std::vector<level_change> levels{
      {.side = book_side::bid, .price = number("99"), .amount = number("10")},
      {.side = book_side::ask, .price = number("101"), .amount = number("10")}};
    book_snapshot snapshot;
    snapshot.instrument = x;
    snapshot.levels = levels;
    book.apply(snapshot);
    ledger.restore_position("X", number("3"));
  }

  order_key place(std::string_view price) {
    return ledger.place({.instrument = x,
                         .side = order_side::buy,
                         .amount = number("5"),
                         .price = number(price)},
                        {}, ignored);
  }

  /// Carries a request out whose form does not matter.
  account_updates ask(paper_account& uut, desk_request purpose,
                      const order_key& order,
                      const amend_request& change = {}) {
    auto result = uut.answer(
      {.purpose = purpose, .order = order, .change = change}, ledger, &book);
    CAF_REQUIRE(result);
    for (auto& y : *result)
      ledger.apply(y, ignored);
    return *result;
  }

  static venue_order_state state_in(const account_updates& updates) {
    for (auto& y : updates)
      if (auto* report = std::get_if<order_report>(&y))
        return report->state;
    CAF_FAIL("no report");
    return {};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(paper_account_tests, fixture)

CAF_TEST(requests of a desk are carried out on paper) {
  paper_account uut{ledger, {x}};
  auto key = place("98");
  CAF_CHECK(state_in(ask(uut, desk_request::place, key))
            == venue_order_state::open);
  CAF_CHECK(state_in(ask(uut, desk_request::amend, key,
                         {.order = key, .price = number("101")}))
            == venue_order_state::filled);
  CAF_CHECK(ledger.find(key.id)->state == order_state::filled);
  CAF_CHECK(ledger.position("X") == number("8"));
  auto next = place("98");
  ask(uut, desk_request::place, next);
  CAF_CHECK(state_in(ask(uut, desk_request::cancel, next))
            == venue_order_state::canceled);
  auto last = place("98");
  ask(uut, desk_request::place, last);
  CAF_CHECK(state_in(ask(uut, desk_request::cancel_all, {.instrument = x}))
            == venue_order_state::canceled);
}

CAF_TEST(questions are answered by what is on paper) {
  paper_account uut{ledger, {x}};
  auto key = place("98");
  CAF_CHECK(ask(uut, desk_request::ask_open_orders, {.instrument = x}).empty());
  ask(uut, desk_request::place, key);
  CAF_CHECK_EQUAL(
    ask(uut, desk_request::ask_open_orders, {.instrument = x}).size(), 1u);
  CAF_CHECK(state_in(ask(uut, desk_request::ask_order, key))
            == venue_order_state::open);
  CAF_CHECK(ask(uut, desk_request::ask_fills, {.instrument = x}).empty());
  CAF_CHECK(ask(uut, desk_request::guard, {}).empty());
  auto held = ask(uut, desk_request::ask_position, {.instrument = x});
  CAF_REQUIRE_EQUAL(held.size(), 1u);
  CAF_CHECK(std::get<position>(held[0]).amount == number("3"));
}

CAF_TEST(orders of an earlier process are canceled and its position stays) {
  auto key = place("98");
  ledger.acknowledged(key.id, ignored);
  paper_account uut{ledger, {x}};
  CAF_CHECK(state_in(ask(uut, desk_request::ask_order, key))
            == venue_order_state::canceled);
  auto all = uut.report_all(order_ledger{{.owner = "other"}});
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  CAF_CHECK(std::get<position>(all[0]).amount == number("3"));
}

CAF_TEST(a change that is refused on paper is an error) {
  paper_account uut{ledger, {x}};
  auto key = place("98");
  auto answer = uut.answer({.purpose = desk_request::amend,
                            .order = key,
                            .change = {.order = key, .amount = number("9")}},
                           ledger, &book);
  CAF_CHECK_EQUAL(answer.error().code, ec::request_refused);
}

CAF_TEST_FIXTURE_SCOPE_END()
