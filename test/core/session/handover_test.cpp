// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE handover

#include "venue_fixture.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto stream = "btcusdt@trade";

constexpr auto leaving = R"({"e":"serverShutdown","E":1})";

// A client of Binance with one stream, ready.
struct fixture : venue_fixture {
  fixture() {
    auto cfg = fast_config();
    cfg.venue.dialect = "binance";
    cfg.heartbeat.kind = heartbeat_kind::none;
    restart(cfg);
    connect();
    subscribe(1, {stream});
    answer(0, "null");
    sent.clear();
    CAF_REQUIRE(uut.state() == client_state::ready);
    CAF_REQUIRE_EQUAL(uut.epoch(), 1u);
  }

  void open_successor() {
    take(uut.successor_opened(now));
  }

  void lose_successor() {
    take(uut.successor_lost(failure(), now));
  }

  // Answers the requests that the client sends on the old connection last.
  void bring_last() {
    auto* ping = find<action::ping>(out);
    CAF_REQUIRE(ping);
    take(uut.pong(std::string{ping->payload}, now));
  }

  // Gets as far as waiting for that.
  void part() {
    peer(leaving);
    open_successor();
    answer(0, "null");
    CAF_REQUIRE_EQUAL(text(), "ping");
  }

  std::string text() const {
    return to_text(out);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(handover_tests, fixture)

CAF_TEST(a connection that is about to end stays until its successor is ready) {
  peer(leaving);
  CAF_CHECK_EQUAL(text(), "dial_successor");
  CAF_CHECK(uut.state() == client_state::ready);
  open_successor();
  CAF_CHECK(says(out, "write:"));
  CAF_CHECK(!says(out, "promote_successor"));
  CAF_CHECK_EQUAL(uut.epoch(), 1u);
  answer(0, "null");
  CAF_CHECK_EQUAL(text(), "ping");
  CAF_CHECK_EQUAL(uut.epoch(), 1u);
  bring_last();
  CAF_CHECK_EQUAL(text(), "notify:connection_replaced promote_successor");
  CAF_CHECK(uut.state() == client_state::ready);
  CAF_CHECK_EQUAL(uut.epoch(), 2u);
}

CAF_TEST(a connection that keeps its last to itself is left all the same) {
  part();
  take(uut.pong("1", now)); // of an earlier ping
  CAF_CHECK_EQUAL(text(), "");
  CAF_CHECK_EQUAL(delay(), 2s);
  take(wake());
  CAF_CHECK_EQUAL(text(), "notify:connection_replaced promote_successor");
  take(uut.pong("last", now)); // too late
  CAF_CHECK_EQUAL(text(), "");
  CAF_CHECK_EQUAL(uut.epoch(), 2u);
}

CAF_TEST(a connection that is not read is not left) {
  part();
  uut.reading_paused();
  now += 10s;
  CAF_CHECK_EQUAL(to_text(uut.expired(now)), "");
  CAF_CHECK(uut.draining());
  uut.reading_resumed(now);
  CAF_CHECK_EQUAL(delay(), 2s);
  take(uut.pong("last", now));
  CAF_CHECK_EQUAL(text(), "notify:connection_replaced promote_successor");
}

CAF_TEST(the end of a connection is the last that it brings) {
  part();
  drop();
  CAF_CHECK_EQUAL(text(), "notify:connection_replaced promote_successor");
  CAF_CHECK(uut.state() == client_state::ready);
}

CAF_TEST(messages sent while a connection is left go to the successor) {
  part();
  take(uut.call(9, "LIST_SUBSCRIPTIONS", {}, 5s, fail_if_down, now));
  CAF_CHECK(says(out, "write:"));
  take(uut.pong("last", now));
  CAF_CHECK_EQUAL(text(), "notify:connection_replaced promote_successor");
  answer(1, R"(["new"])");
  CAF_CHECK(says(out, R"(answer:9:["new"])"));
}

CAF_TEST(a connection is replaced before it is too old) {
  auto opened = now;
  take(wake());
  CAF_CHECK_EQUAL(text(), "dial_successor");
  CAF_CHECK_GREATER(now - opened, 23h);
  CAF_CHECK_LESS(now - opened, 24h);
  open_successor();
  answer(0, "null");
  bring_last();
  CAF_CHECK_EQUAL(uut.epoch(), 2u);
  auto replaced = now;
  take(wake());
  CAF_CHECK_EQUAL(text(), "dial_successor");
  CAF_CHECK(now - replaced > 23h);
}

CAF_TEST(announcing the end twice changes nothing) {
  peer(leaving);
  peer(leaving);
  CAF_CHECK_EQUAL(text(), "");
  open_successor();
  peer(leaving);
  CAF_CHECK_EQUAL(text(), "");
}

CAF_TEST(a successor that cannot be reached is tried again) {
  peer(leaving);
  lose_successor();
  CAF_CHECK(says(out, "notify:replacement_delayed"));
  CAF_CHECK(uut.state() == client_state::ready);
  take(wake());
  CAF_CHECK_EQUAL(text(), "dial_successor");
}

CAF_TEST(a provider that does not answer holds up no replacement) {
  peer(leaving);
  CAF_CHECK_EQUAL(text(), "dial_successor");
  for (int i = 0; i < 3; ++i) {
    take(wake()); // the provider is late
    CAF_CHECK(says(out, "notify:replacement_delayed"));
    CAF_CHECK(uut.state() == client_state::ready);
    take(wake());
    CAF_CHECK_EQUAL(text(), "dial_successor");
  }
  take(wake());
  CAF_CHECK(says(out, "notify:replacement_delayed"));
  open_successor(); // and answers after all
  CAF_CHECK(says(out, "write:"));
  answer(0, "null");
  bring_last();
  CAF_CHECK_EQUAL(text(), "notify:connection_replaced promote_successor");
}

CAF_TEST(the attempt at a successor goes on when the connection ends) {
  peer(leaving);
  drop();
  CAF_CHECK_EQUAL(text(), "adopt_successor notify:resolving");
  take(uut.opened(now));
  CAF_CHECK(says(out, "notify:restoring"));
  answer(0, "null");
  CAF_CHECK(says(out, "notify:ready"));
  CAF_CHECK_EQUAL(uut.epoch(), 2u);
}

CAF_TEST(a successor takes over early when the connection ends) {
  peer(leaving);
  open_successor();
  drop();
  CAF_CHECK_EQUAL(
    text(), "notify:connection_replaced promote_successor notify:restoring");
  CAF_CHECK_EQUAL(uut.epoch(), 2u);
  answer(0, "null");
  CAF_CHECK_EQUAL(text(), "notify:ready");
}

CAF_TEST(a successor that is lost before its time costs both connections) {
  peer(leaving);
  open_successor();
  lose_successor();
  CAF_CHECK(says(out, "drop"));
  CAF_CHECK(says(out, "notify:backing_off"));
  reconnect();
  answer(1, "null");
  CAF_CHECK(uut.state() == client_state::ready);
}

CAF_TEST(calls are answered on the connection that they were made on) {
  take(uut.call(8, "LIST_SUBSCRIPTIONS", {}, 5s, fail_if_down, now));
  peer(leaving);
  open_successor();
  answer(0, R"(["old"])");
  CAF_CHECK(says(out, R"(answer:8:["old"])"));
}

CAF_TEST(calls without an answer end with their connection) {
  take(uut.call(8, "LIST_SUBSCRIPTIONS", {}, 5s, fail_if_down, now));
  peer(leaving);
  open_successor();
  take(uut.call(9, "LIST_SUBSCRIPTIONS", {}, 5s, fail_if_down, now));
  CAF_CHECK(says(out, "write:")); // on the successor
  answer(1, "null");
  bring_last();
  CAF_CHECK(says(out, "fail:8:disconnected"));
  CAF_CHECK(!says(out, "fail:9"));
  answer(2, R"(["new"])");
  CAF_CHECK(says(out, R"(answer:9:["new"])"));
}

CAF_TEST(closing ends the successor too) {
  peer(leaving);
  take(uut.request_close(1000, "", now));
  CAF_CHECK_EQUAL(text(), "notify:closing close:1000");
  open_successor();
  lose_successor();
  CAF_CHECK_EQUAL(text(), "");
}

CAF_TEST(a channel that is given up meanwhile is not requested again) {
  peer(leaving);
  subscribe(1, {"ethusdt@trade"});
  answer(0, "null");
  std::vector<std::string_view> names{stream};
  take(uut.unsubscribe(1, names, now));
  answer(1, "null");
  open_successor();
  CAF_REQUIRE_EQUAL(sent.size(), 3u);
  CAF_CHECK(sent[2].find("ethusdt@trade") != std::string::npos);
  CAF_CHECK(sent[2].find(stream) == std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
