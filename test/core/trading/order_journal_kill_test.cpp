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
        for (;;)
          place_and_fill(ledger, uut, tell);
      }};
      sent = engine.kill_after(1 + rng() % 20, sent);
    }
    check_what_is_left(sent);
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
        // A half has room for some thousand records.
        constexpr uint64_t seldom = 250;
        for (;;)
          place_and_fill(ledger, uut, [&](uint64_t number) {
            if (number % seldom == 0)
              tell(number);
          });
      }};
      sent = engine.kill_after(4 + rng() % 8, sent);
    }
    check_what_is_left(sent);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
