// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_view

#include "trading_engine/market_view.hpp"

#include "market_updates.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <vector>

using namespace zenws::engine;

using zenws::market::data_kind;
using zenws::market::loss_cause;

namespace {

// One instrument and all that is known about it.
struct fixture {
  // Valid until the next call.
  const engine_report& report() {
    report_ = {};
    uut.report(report_);
    return report_;
  }

  size_t renewals() {
    auto all = uut.take_renewals();
    for (auto& name : all)
      CAF_CHECK_EQUAL(name, "X");
    return all.size();
  }

  engine_report report_;
  market_view uut{{.instruments = {"X"}}};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(market_view_tests, fixture)

// -- books --------------------------------------------------------------------

CAF_TEST(a lost book has no prices until its next snapshot) {
  uut.connected(1);
  CAF_CHECK_EQUAL(report().stale_books(), 1u);
  uut.received(snapshot(10));
  uut.received(change(10, 11));
  CAF_CHECK(report().instruments[0].bid == level("99.5", "10"));
  CAF_CHECK(report().instruments[0].ask == level("100.5", "10"));
  uut.received(book_lost(loss_cause::silent));
  CAF_CHECK_EQUAL(report().stale_books(), 1u);
  CAF_CHECK(!report().instruments[0].bid);
  CAF_CHECK(report().instruments[0].lost == loss_cause::silent);
  CAF_CHECK(live_line(report()).find("(silent)") != std::string::npos);
  uut.decide({"X", 1});
  CAF_CHECK(uut.take_decisions().empty());
  // The client begins it anew by itself.
  CAF_CHECK_EQUAL(renewals(), 0u);
  uut.received(snapshot(20));
  CAF_CHECK_EQUAL(report().stale_books(), 0u);
  CAF_CHECK(!report().instruments[0].lost);
}

CAF_TEST(lost books are counted by their cause) {
  uut.connected(1);
  for (auto cause :
       {loss_cause::gap, loss_cause::inconsistent, loss_cause::silent,
        loss_cause::unreadable, loss_cause::disconnected, loss_cause::ended}) {
    uut.received(snapshot(10));
    uut.received(book_lost(cause));
    uut.received(book_lost(cause));
  }
  auto& counters = report().market;
  CAF_CHECK_EQUAL(counters.gaps_detected, 2u);
  CAF_CHECK_EQUAL(counters.silences, 1u);
  CAF_CHECK_EQUAL(counters.unreadable, 1u);
  CAF_CHECK_EQUAL(counters.gaps_undetected, 0u);
}

CAF_TEST(a gap that the client did not find has the book renewed once) {
  uut.connected(1);
  uut.received(snapshot(10));
  uut.received(change(10, 11));
  CAF_CHECK_EQUAL(renewals(), 0u);
  uut.received(change(12, 13));
  uut.received(change(13, 14));
  CAF_CHECK_EQUAL(renewals(), 1u);
  CAF_CHECK(report().instruments[0].lost == loss_cause::gap);
  // The client confirms it.
  uut.received(book_lost(loss_cause::inconsistent));
  CAF_CHECK_EQUAL(renewals(), 0u);
  CAF_CHECK_EQUAL(report().market.gaps_detected, 1u);
  CAF_CHECK_EQUAL(report().market.gaps_undetected, 0u);
  CAF_CHECK_EQUAL(report().stale_books(), 1u);
  uut.received(snapshot(20));
  CAF_CHECK_EQUAL(report().stale_books(), 0u);
}

CAF_TEST(a book that makes no sense is renewed and was undetected) {
  zenws::market::book_change crossing;
  crossing.instrument = name_of("X");
  crossing.previous = 10;
  crossing.sequence = 11;
  zenws::market::level_change bid{.price = number("101"),
                                  .amount = number("1")};
  crossing.levels = {&bid, 1};
  uut.connected(1);
  uut.received(snapshot(10));
  uut.received(crossing);
  CAF_CHECK_EQUAL(renewals(), 1u);
  CAF_CHECK_EQUAL(report().stale_books(), 1u);
  CAF_CHECK_EQUAL(report().market.gaps_detected, 1u);
  CAF_CHECK_EQUAL(report().market.gaps_undetected, 1u);
}

// -- the connection -----------------------------------------------------------

CAF_TEST(numbers of an older connection continue nothing) {
  uut.connected(1);
  uut.received(snapshot(10));
  CAF_CHECK(uut.flows());
  uut.disconnected();
  CAF_CHECK(!uut.flows());
  CAF_CHECK_EQUAL(report().stale_books(), 1u);
  uut.connected(2);
  uut.received(change(10, 11));
  CAF_CHECK_EQUAL(report().stale_books(), 1u);
  uut.received(snapshot(20));
  CAF_CHECK(uut.flows());
  CAF_CHECK_EQUAL(report().market.gaps_undetected, 0u);
}

CAF_TEST(books go on where a connection takes over from another one) {
  uut.connected(1);
  uut.received(snapshot(10));
  uut.connected(2);
  CAF_CHECK_EQUAL(report().epoch, 2u);
  CAF_CHECK(!uut.flows());
  CAF_CHECK_EQUAL(report().stale_books(), 0u);
}

CAF_TEST(a loss is no data) {
  uut.connected(1);
  uut.received(book_lost(loss_cause::disconnected));
  uut.received(zenws::market::trade_gap{.instrument = name_of("X")});
  CAF_CHECK(!uut.flows());
  CAF_CHECK_EQUAL(report().market.updates, 0u);
  CAF_CHECK_EQUAL(report().market.trade_gaps, 1u);
}

// -- subscriptions ------------------------------------------------------------

CAF_TEST(subscriptions count when the venue has granted them) {
  CAF_CHECK_EQUAL(report().granted(), 0u);
  CAF_CHECK(!report().ever_granted);
  uut.granted(data_kind::book, "X");
  uut.granted(data_kind::quotes, "X");
  uut.granted(data_kind::book, "Y");
  CAF_CHECK_EQUAL(report().granted(), 1u);
  CAF_CHECK_EQUAL(report().subscriptions.size(), 3u);
  uut.received(snapshot(10));
  uut.refused(data_kind::trades, "X", "13778");
  CAF_CHECK_EQUAL(report().stale_books(), 0u);
  uut.refused(data_kind::book, "X", "13778");
  CAF_CHECK_EQUAL(report().granted(), 0u);
  CAF_CHECK_EQUAL(report().stale_books(), 1u);
  CAF_CHECK(report().ever_granted);
  CAF_CHECK_EQUAL(report().last_problem, "book of X: 13778");
}

CAF_TEST(updates are counted by subscription and anew after a reconnect) {
  uut.connected(1);
  uut.received(trade_of("X"));
  uut.received(trade_of("X"));
  auto of_trades = [&] {
    for (auto& x : report().subscriptions)
      if (x.name == "trades of X")
        return x.updates;
    return ~uint64_t{0};
  };
  CAF_CHECK_EQUAL(of_trades(), 2u);
  uut.connected(2);
  CAF_CHECK_EQUAL(of_trades(), 0u);
  CAF_CHECK_EQUAL(report().market.updates, 2u);
}

CAF_TEST(unrequested data is left alone) {
  uut.connected(1);
  uut.received(trade_of("Y"));
  uut.received(zenws::market::quote{.instrument = name_of("X")});
  CAF_CHECK_EQUAL(report().market.updates, 0u);
  CAF_CHECK(!uut.flows());
}

// -- decisions ----------------------------------------------------------------

CAF_TEST(there is one decision at a time) {
  uut.connected(1);
  uut.decide({"X", 1});
  CAF_CHECK(uut.take_decisions().empty()); // no price
  uut.received(snapshot(10));
  uut.decide({"X", 1});
  uut.decide({"X", 1});
  auto all = uut.take_decisions();
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  CAF_CHECK_EQUAL(all[0].contracts, 1);
  CAF_CHECK_EQUAL(report().instruments[0].position, 1);
  uut.settled("X");
  uut.decide({"X", -1});
  CAF_CHECK_EQUAL(uut.take_decisions().size(), 1u);
  CAF_CHECK_EQUAL(report().instruments[0].position, 0);
}

CAF_TEST(a decision that came to nothing leaves no position) {
  uut.connected(1);
  uut.received(snapshot(10));
  uut.decide({"X", 1});
  uut.dropped(uut.take_decisions().at(0));
  CAF_CHECK_EQUAL(report().instruments[0].position, 0);
  uut.decide({"X", 1});
  CAF_CHECK(uut.take_decisions().empty());
  uut.settled("X");
  uut.decide({"X", 1});
  CAF_CHECK_EQUAL(uut.take_decisions().size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
