// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE order_journal_kill

#include "journal_fixture.hpp"

#include "support/seed.hpp"

#include <random>

using namespace zenws;
using namespace zenws::journal_test;

CAF_TEST_FIXTURE_SCOPE(order_journal_kill_tests, fixture)

CAF_TEST(an order that was sent is known whenever the process was killed) {
  std::mt19937_64 rng{choose_seed()};
  uint64_t sent = 0;
  for (int moment = 0; moment < 200; ++moment) {
    {
      child engine{[this, sent](auto tell) {
        auto uut = open();
        auto ledger = load(uut);
        // The first thing that a new process sends must be new.
        if (ledger.last_number() < sent)
          _exit(1);
        for (;;) {
          order_ledger::news told;
          auto key = ledger.place(buy("1"), now, told);
          if (uut.write(ledger, told))
            _exit(1);
          tell(ledger.number_of(key.id)); // it is on its way
          told.clear();
          ledger.apply(order_report{.order = key,
                                    .state = venue_order_state::filled,
                                    .filled = number("1")},
                       told);
          if (uut.write(ledger, told))
            _exit(1);
        }
      }};
      for (auto orders = 1 + rng() % 20; orders > 0; --orders) {
        auto next = engine.next();
        CAF_REQUIRE_GREATER(next, sent);
        sent = next;
      }
      engine.kill();
      while (auto next = engine.next())
        sent = next;
    }
    auto uut = open();
    auto ledger = load(uut);
    CAF_REQUIRE(ledger.last_number() >= sent);
    // All before it are filled; the last ones may be on their way.
    auto position = ledger.position("X").value().units(0).value();
    CAF_REQUIRE(static_cast<uint64_t>(position) + 1 >= sent);
    CAF_REQUIRE(ledger.open_orders().size() <= 1);
    // It is found out about before the next one: here, it was filled.
    for (auto* x : ledger.open_orders())
      ledger.apply(order_report{.order = order_key{x->key},
                                .state = venue_order_state::filled,
                                .filled = number("1")},
                   news);
    CAF_REQUIRE(!uut.write(ledger, std::exchange(news, {})));
    CAF_REQUIRE(
      ledger.position("X")
      == decimal::make(static_cast<int64_t>(ledger.last_number()), 0));
  }
}

CAF_TEST(no order is lost while a half of the log is taken over) {
  std::mt19937_64 rng{choose_seed()};
  uint64_t sent = 0;
  for (int moment = 0; moment < 20; ++moment) {
    {
      child engine{[this](auto tell) {
        auto uut = open();
        auto ledger = load(uut);
        for (;;) {
          order_ledger::news told;
          auto key = ledger.place(buy("1"), now, told);
          if (uut.write(ledger, std::exchange(told, {})))
            _exit(1);
          // A half has room for some thousand records.
          constexpr uint64_t seldom = 250;
          if (auto last = ledger.last_number(); last % seldom == 0)
            tell(last);
          ledger.apply(order_report{.order = key,
                                    .state = venue_order_state::filled,
                                    .filled = number("1")},
                       told);
          if (uut.write(ledger, told))
            _exit(1);
        }
      }};
      for (auto times = 4 + rng() % 8; times > 0; --times) {
        auto next = engine.next();
        CAF_REQUIRE_GREATER(next, sent);
        sent = next;
      }
      engine.kill();
      while (auto next = engine.next())
        sent = next;
    }
    auto uut = open();
    auto ledger = load(uut);
    CAF_REQUIRE(ledger.last_number() >= sent);
    // All but the last one are filled, none twice.
    CAF_REQUIRE(ledger.open_orders().size() <= 1);
    for (auto* x : ledger.open_orders())
      ledger.apply(order_report{.order = order_key{x->key},
                                .state = venue_order_state::filled,
                                .filled = number("1")},
                   news);
    CAF_REQUIRE(!uut.write(ledger, std::exchange(news, {})));
    CAF_REQUIRE(
      ledger.position("X")
      == decimal::make(static_cast<int64_t>(ledger.last_number()), 0));
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
