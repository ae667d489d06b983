// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_view

#include "trading_engine/market_view.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws::engine;

namespace {

const std::string book = "book.X.raw";

// The three channels of one instrument.
struct fixture {
  // Valid until the next call.
  const engine_report& report() {
    report_ = {};
    uut.report(report_);
    return report_;
  }

  size_t renewals() {
    auto all = uut.take_renewals();
    for (auto& channel : all)
      CAF_CHECK_EQUAL(channel, book);
    return all.size();
  }

  void update(const std::string& type, uint64_t prev, uint64_t id,
              const std::string& levels = R"("bids":[],"asks":[])") {
    CAF_CHECK(uut.received(
      R"({"jsonrpc":"2.0","method":"subscription","params":)"
      R"({"channel":"book.X.raw","data":{"type":")"
        + type + R"(","instrument_name":"X","timestamp":1,)"
        + (type == "change"
             ? R"("prev_change_id":)" + std::to_string(prev) + ','
             : "")
        + R"("change_id":)" + std::to_string(id) + ',' + levels + "}}}",
      now));
  }

  void priced_snapshot(uint64_t id) {
    update("snapshot", 0, id,
           R"("bids":[["new",99.5,10]],"asks":[["new",100.5,10]])");
  }

  engine_report report_;
  market_view::time_point now{};
  market_view uut{{.channels = channels_of({"X"}, "raw")}};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(market_view_tests, fixture)

CAF_TEST(a gap has the book renewed once) {
  uut.connected(1, now);
  update("snapshot", 0, 10);
  update("change", 10, 11);
  CAF_CHECK_EQUAL(renewals(), 0u);
  update("change", 12, 13);
  update("change", 13, 14);
  CAF_CHECK_EQUAL(renewals(), 1u);
  CAF_CHECK_EQUAL(report().market.gaps_detected, 1u);
  CAF_CHECK_EQUAL(report().market.gaps_undetected, 0u);
  CAF_CHECK_EQUAL(report().stale_books(), 1u);
  update("snapshot", 0, 20);
  CAF_CHECK_EQUAL(report().stale_books(), 0u);
}

CAF_TEST(a book without a snapshot is renewed with growing patience) {
  uut.connected(1, now);
  for (auto patience : {5s, 10s, 20s, 40s, 60s, 60s}) {
    now += patience - 1ms;
    uut.tick(now);
    CAF_CHECK_EQUAL(renewals(), 0u);
    now += 1ms;
    uut.tick(now);
    CAF_CHECK_EQUAL(renewals(), 1u);
  }
  update("snapshot", 0, 10);
  update("change", 11, 12);
  CAF_CHECK_EQUAL(renewals(), 1u);
  now += 5s;
  uut.tick(now);
  CAF_CHECK_EQUAL(renewals(), 1u);
}

CAF_TEST(a message that cannot be read is a loss for its book) {
  uut.connected(1, now);
  priced_snapshot(10);
  for (auto id : {11u, 12u})
    update("change", id - 1, id, R"("bids":[["new",1]],"asks":[])");
  CAF_CHECK_EQUAL(report().market.unreadable, 2u);
  CAF_CHECK_EQUAL(report().stale_books(), 1u);
  CAF_CHECK(!report().instruments[0].bid);
  CAF_CHECK_EQUAL(renewals(), 1u);
  priced_snapshot(20);
  CAF_CHECK_EQUAL(report().stale_books(), 0u);
}

CAF_TEST(changes with more elements than were known move the book) {
  uut.connected(1, now);
  priced_snapshot(10);
  update("change", 10, 11, R"("bids":[["delete",99.5,0,3]],"asks":[])");
  CAF_CHECK_EQUAL(report().market.unreadable, 0u);
  CAF_CHECK_EQUAL(report().stale_books(), 0u);
  CAF_CHECK(!report().instruments[0].bid);
}

CAF_TEST(a channel is the same however it is escaped) {
  uut.connected(1, now);
  CAF_CHECK(uut.received(
    R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":)"
    R"("book.\u0058.raw","data":{"type":"snapshot","instrument_name":"X",)"
    R"("change_id":1,"bids":[],"asks":[]}}})",
    now));
  CAF_CHECK_EQUAL(report().market.unknown, 0u);
  CAF_CHECK_EQUAL(report().stale_books(), 0u);
}

CAF_TEST(a book whose channel is silent causes no trades) {
  uut.connected(1, now);
  priced_snapshot(10);
  now += 5s - 1ms;
  uut.tick(now);
  CAF_CHECK_EQUAL(report().stale_books(), 0u);
  now += 1ms;
  // Others speak on; that proves nothing.
  CAF_CHECK(uut.received(R"({"method":"subscription","params":{)"
                         R"("channel":"trades.X.raw","data":[]}})",
                         now));
  uut.tick(now);
  CAF_CHECK_EQUAL(report().stale_books(), 1u);
  CAF_CHECK(report().instruments[0].silent);
  CAF_CHECK(live_line(report()).find("(silent)") != std::string::npos);
  CAF_CHECK_EQUAL(report().market.silences, 1u);
  CAF_CHECK_EQUAL(renewals(), 1u);
  uut.decide({"X", 1});
  CAF_CHECK(uut.take_decisions().empty());
  priced_snapshot(20);
  CAF_CHECK(!report().instruments[0].silent);
  CAF_CHECK_EQUAL(report().stale_books(), 0u);
}

CAF_TEST(a book in which nothing happens is renewed ever more rarely) {
  uut.connected(1, now);
  priced_snapshot(10);
  for (auto silence : {5s, 10s, 20s, 40s, 60s, 60s}) {
    now += silence - 1ms;
    uut.tick(now);
    CAF_CHECK_EQUAL(renewals(), 0u);
    now += 1ms;
    uut.tick(now);
    CAF_CHECK_EQUAL(renewals(), 1u);
    priced_snapshot(10);
  }
  update("change", 10, 11);
  now += 5s;
  uut.tick(now);
  CAF_CHECK_EQUAL(renewals(), 1u);
}

CAF_TEST(numbers of an older connection continue nothing) {
  uut.connected(1, now);
  update("snapshot", 0, 10);
  CAF_CHECK(uut.flows());
  uut.disconnected();
  CAF_CHECK(!uut.flows());
  CAF_CHECK_EQUAL(report().stale_books(), 1u);
  now += 1h;
  uut.tick(now);
  CAF_CHECK_EQUAL(renewals(), 0u);
  uut.connected(2, now);
  update("change", 10, 11);
  CAF_CHECK_EQUAL(report().stale_books(), 1u);
  update("snapshot", 0, 20);
  CAF_CHECK(uut.flows());
  CAF_CHECK_EQUAL(report().market.gaps_undetected, 0u);
}

CAF_TEST(channels count when the venue has granted them) {
  CAF_CHECK_EQUAL(report().granted(), 0u);
  CAF_CHECK(!report().ever_granted);
  uut.granted(book);
  uut.granted("book.Y.raw");
  CAF_CHECK_EQUAL(report().granted(), 1u);
  priced_snapshot(10);
  uut.refused(book, "13778");
  CAF_CHECK_EQUAL(report().granted(), 0u);
  CAF_CHECK_EQUAL(report().stale_books(), 1u);
  CAF_CHECK(report().ever_granted);
}

CAF_TEST(unrequested data is counted and left alone) {
  uut.connected(1, now);
  CAF_CHECK(uut.received(R"({"method":"subscription","params":{)"
                         R"("channel":"trades.Y.raw","data":[]}})",
                         now));
  CAF_CHECK_EQUAL(report().market.unknown, 1u);
  CAF_CHECK(!uut.flows());
}

CAF_TEST(garbage changes nothing but a counter) {
  uut.connected(1, now);
  update("snapshot", 0, 10);
  CAF_CHECK(uut.received("{", now));
  CAF_CHECK_EQUAL(report().market.unreadable, 1u);
  CAF_CHECK_EQUAL(report().stale_books(), 0u);
}

CAF_TEST(other messages than market data are not handled) {
  CAF_CHECK(!uut.received(R"({"method":"subscription","params":{)"
                          R"("channel":"user.orders.X.raw","data":{}}})",
                          now));
}

CAF_TEST(there is one decision at a time) {
  uut.connected(1, now);
  uut.decide({"X", 1});
  CAF_CHECK(uut.take_decisions().empty()); // no price
  priced_snapshot(10);
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
  uut.connected(1, now);
  priced_snapshot(10);
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
