// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE order_journal

#include "journal_fixture.hpp"

#include <sys/resource.h>

#include <cstdio>
#include <filesystem>

using namespace zenws;
using namespace zenws::journal_test;

CAF_TEST_FIXTURE_SCOPE(order_journal_tests, fixture)

CAF_TEST(a ledger is restored as it was) {
  order_ledger before{{.owner = "desk"}};
  order_key open_key;
  {
    auto uut = open();
    open_key = before.place(buy("3"), now, news);
    auto gone = before.place(buy("1"), now, news);
    auto waiting = before.place(buy("2"), now, news);
    before.apply(order_report{.order = {open_key.instrument, open_key.id,
                                        venue_order_id::make("v1").value()},
                              .amount = number("3"),
                              .time = venue_time{1s}},
                 news);
    before.apply(fill{.order = open_key,
                      .id = fill_id::make("f1").value(),
                      .price = number("100.5"),
                      .amount = number("0.5"),
                      .fee = number("-0.01")},
                 news);
    before.refused(gone.id, "no margin", news);
    before.lost(waiting.id, now, news);
    CAF_CHECK_EQUAL(to_string(uut.write(before, news)), to_string(error{}));
  }
  auto uut = open();
  auto after = load(uut);
  CAF_CHECK_EQUAL(after.last_number(), before.last_number());
  CAF_CHECK(after.position("X") == number("0.5"));
  CAF_CHECK(after.is_unclear("X"));
  CAF_CHECK_EQUAL(after.open_orders().size(), 2u);
  for (uint64_t i = 1; i <= 3; ++i) {
    auto id = order_numbers{"desk"}.id_of(i);
    CAF_REQUIRE(after.find(id) != nullptr);
    CAF_CHECK(*after.find(id) == *before.find(id));
  }
  // What was told before is still known.
  news.clear();
  after.apply(fill{.order = open_key,
                   .id = fill_id::make("f1").value(),
                   .amount = number("0.5")},
              news);
  CAF_CHECK(news.empty());
}

CAF_TEST(positions outlive the orders that they are from) {
  {
    auto uut = open();
    order_ledger ledger{{.owner = "desk", .max_settled = 1}};
    for (int i = 0; i < 5; ++i) {
      auto key = ledger.place(buy("2"), now, news);
      ledger.apply(order_report{.order = key,
                                .state = venue_order_state::filled,
                                .filled = number("2")},
                   news);
      CAF_CHECK(!uut.write(ledger, std::exchange(news, {})));
    }
  }
  auto uut = open();
  auto loaded = uut.load({.owner = "desk", .max_settled = 1});
  CAF_REQUIRE(loaded);
  CAF_CHECK(loaded->position("X") == number("10"));
  CAF_CHECK_EQUAL(loaded->last_number(), 5u);
  CAF_CHECK(loaded->find(order_numbers{"desk"}.id_of(4)) == nullptr);
  CAF_CHECK(loaded->find(order_numbers{"desk"}.id_of(5)) != nullptr);
}

CAF_TEST(a journal has one owner and one process) {
  auto uut = open();
  child other{[this](auto tell) {
    tell(problem_of_opening().code == ec::journal_failed ? 1u : 2u);
  }};
  CAF_CHECK_EQUAL(other.next(), 1u);
  { auto closed = std::move(uut); }
  auto problem = problem_of_opening("other");
  CAF_CHECK_EQUAL(problem.code, ec::journal_failed);
  CAF_CHECK(problem.detail.find("belongs to desk") != std::string::npos);
}

CAF_TEST(a kill switch stays thrown until it is reset) {
  using reason = std::optional<std::string>;
  { CAF_CHECK(*open().load_halt() == reason{}); }
  { CAF_CHECK(!open().write_halt("by hand")); }
  {
    auto uut = open();
    CAF_CHECK(*uut.load_halt() == reason{"by hand"});
    CAF_CHECK(!uut.write_halt("again"));
    CAF_CHECK(*uut.load_halt() == reason{"again"});
    CAF_CHECK(!uut.write_halt(std::nullopt));
  }
  CAF_CHECK(*open().load_halt() == reason{});
}

CAF_TEST(what is no journal is told) {
  path = folder.path().string();
  CAF_CHECK_EQUAL(problem_of_opening().code, ec::journal_failed);
  path = (folder.path() / "text").string();
  auto* file = std::fopen(path.c_str(), "w");
  CAF_REQUIRE(file != nullptr);
  std::fputs(std::string(10'000, 'x').c_str(), file);
  std::fclose(file);
  CAF_CHECK_EQUAL(problem_of_opening().code, ec::journal_failed);
}

CAF_TEST(a full disk is told and leaves what was written before) {
  uint64_t written = 0;
  {
    child engine{[this](auto tell) {
      std::signal(SIGXFSZ, SIG_IGN);
      auto uut = open();
      auto ledger = load(uut);
      rlimit limit{200'000, 200'000};
      if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        _exit(1);
      for (;;) {
        order_ledger::news told;
        ledger.place(buy("1"), now, told);
        if (auto problem = uut.write(ledger, told)) {
          // Asked again, it says so again.
          if (problem.code == ec::journal_failed
              && uut.write(ledger, told).code == ec::journal_failed)
            tell(0);
          _exit(0);
        }
        tell(ledger.last_number());
      }
    }};
    while (auto next = engine.next())
      written = next;
  }
  CAF_CHECK_GREATER(written, 0u);
  auto uut = open();
  CAF_CHECK_EQUAL(load(uut).last_number(), written);
}

CAF_TEST(a torn log loses the last writes at most) {
  {
    child engine{[this](auto tell) {
      auto uut = open();
      order_ledger ledger{{.owner = "desk"}};
      for (int i = 0; i < 50; ++i) {
        order_ledger::news told;
        ledger.place(buy("1"), now, told);
        if (uut.write(ledger, told))
          _exit(1);
      }
      tell(1);
      pause();
    }};
    CAF_REQUIRE_EQUAL(engine.next(), 1u);
  }
  // Some 100 bytes each.
  std::filesystem::resize_file(path + "-log", 4'000);
  auto uut = open();
  auto ledger = load(uut);
  CAF_CHECK_GREATER(ledger.last_number(), 10u);
  CAF_CHECK_LESS(ledger.last_number(), 50u);
  CAF_CHECK_EQUAL(ledger.open_orders().size(), ledger.last_number());
}

CAF_TEST(more orders than the log has room for are brought to the tables) {
  order_ledger before{{.owner = "desk", .max_settled = 100'000}};
  {
    child engine{[this, &before](auto tell) {
      auto uut = open();
      place_many(before, uut);
      tell(1);
      pause(); // to be killed
    }};
    CAF_REQUIRE_EQUAL(engine.next(), 1u);
  }
  {
    // The log is not needed any more once it was closed in order.
    auto closed = open();
  }
  std::filesystem::remove(path + "-log");
  auto uut = open();
  auto after = uut.load({.owner = "desk", .max_settled = 100'000});
  CAF_REQUIRE(after);
  CAF_CHECK_EQUAL(after->last_number(), many);
  CAF_CHECK(after->position("X") == decimal::make(many, 0));
  CAF_CHECK_EQUAL(after->open_orders().size(), 0u);
  for (auto number : {uint64_t{1}, many / 2, many}) {
    auto* x = after->find(order_numbers{"desk"}.id_of(number));
    CAF_REQUIRE(x != nullptr);
    CAF_CHECK(x->state == order_state::filled);
  }
}

CAF_TEST(what is larger than the log is written all the same) {
  order_ledger before{{.owner = "desk"}};
  for (uint64_t i = 0; i < many; ++i)
    before.place(buy("1"), now, news);
  {
    auto uut = open();
    CAF_CHECK(!uut.write(before, std::exchange(news, {})));
    auto key = before.place(buy("2"), now, news);
    CAF_CHECK(!uut.write(before, std::exchange(news, {})));
    before.refused(key.id, "no margin", news);
    CAF_CHECK(!uut.write(before, std::exchange(news, {})));
  }
  auto uut = open();
  auto after = load(uut);
  CAF_CHECK_EQUAL(after.last_number(), many + 1);
  CAF_CHECK_EQUAL(after.open_orders().size(), many);
}

CAF_TEST(the log of a journal that was removed is not taken for its own) {
  {
    child engine{[this](auto tell) {
      auto uut = open();
      order_ledger ledger{{.owner = "desk"}};
      order_ledger::news told;
      ledger.place(buy("1"), now, told);
      tell(uut.write(ledger, told) ? 0 : 1);
      pause();
    }};
    CAF_REQUIRE_EQUAL(engine.next(), 1u);
  }
  for (auto* ending : {"", "-wal"})
    std::filesystem::remove(path + ending);
  auto uut = open();
  CAF_CHECK_EQUAL(load(uut).last_number(), 0u);
}

CAF_TEST(a journal without its log is told) {
  std::filesystem::create_directory(path + "-log");
  CAF_CHECK_EQUAL(problem_of_opening().code, ec::journal_failed);
}

CAF_TEST(a journal waits for the disk if it is to) {
  order_ledger before{{.owner = "desk"}};
  {
    auto uut = open(journal_mode::sync);
    before.place(buy("1"), now, news);
    CAF_CHECK(!uut.write(before, std::exchange(news, {})));
  }
  auto uut = open(journal_mode::sync);
  CAF_CHECK_EQUAL(load(uut).last_number(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
