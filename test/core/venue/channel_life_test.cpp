// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE channel_life

#include "core/session/venue_fixture.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

client_config config_for(const std::string& venue) {
  auto cfg = fast_config();
  cfg.heartbeat.kind = venue == "okx" ? heartbeat_kind::venue
                                      : heartbeat_kind::none;
  cfg.heartbeat.interval = 20s;
  cfg.heartbeat.max_missed = 100;
  cfg.venue.dialect = venue;
  return cfg;
}

struct fixture : venue_fixture {
  void data_of(const std::string& channel, const std::string& data) {
    peer(R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")"
         + channel + R"(","data":)" + data + "}}");
  }

  void renew(const std::string& channel) {
    std::vector<std::string_view> names{channel};
    take(uut.renew(names, now));
  }

  uint64_t subscribe_spec(uint64_t subscriber, const channel_spec& channel) {
    session_actions actions;
    auto number = uut.subscribe(subscriber, {&channel, 1}, now, actions);
    take(std::move(actions));
    return number.value();
  }

  std::string last_id() {
    return find_member(sent.back(), "id").string().value_or("");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(channel_life_tests, fixture)

// -- renewals -----------------------------------------------------------------

// A renewal at each change that did not fit caused five cycles per gap.
CAF_TEST(a renewal is one until the snapshot is there) {
  restart(config_for("deribit"));
  connect();
  subscribe(1, {"book.BTC-PERPETUAL.raw"});
  answer(0, R"(["book.BTC-PERPETUAL.raw"])");
  auto change = [&] {
    data_of("book.BTC-PERPETUAL.raw", R"({"type":"change","change_id":2})");
    renew("book.BTC-PERPETUAL.raw");
  };
  change();
  change();
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK(sent[1].find("public/unsubscribe") != std::string::npos);
  answer(1, R"(["book.BTC-PERPETUAL.raw"])");
  change();
  CAF_REQUIRE_EQUAL(sent.size(), 3u);
  answer(2, R"(["book.BTC-PERPETUAL.raw"])");
  for (int i = 0; i < 1'000; ++i)
    change(); // they go on before the snapshot
  CAF_CHECK_EQUAL(sent.size(), 3u);
  CAF_CHECK(uut.protocol().subscriptions().channels().front().is_renewing);
  data_of("book.BTC-PERPETUAL.raw", R"({"type":"snapshot","change_id":9})");
  CAF_CHECK(!uut.protocol().subscriptions().channels().front().is_renewing);
  change(); // the next gap
  CAF_CHECK_EQUAL(sent.size(), 4u);
}

CAF_TEST(a snapshot before the acknowledgement ends a renewal) {
  restart(config_for("deribit"));
  connect();
  constexpr auto book = "book.BTC-PERPETUAL.raw";
  constexpr auto granted = R"(["book.BTC-PERPETUAL.raw"])";
  subscribe(1, {book});
  answer(0, granted);
  renew(book);
  answer(1, granted);
  CAF_REQUIRE_EQUAL(sent.size(), 3u);
  data_of(book, R"({"type":"snapshot","change_id":9})");
  answer(2, granted);
  CAF_CHECK(!uut.protocol().subscriptions().channels().front().is_renewing);
  renew(book); // the next gap
  CAF_CHECK_EQUAL(sent.size(), 4u);
}

CAF_TEST(a renewal without a snapshot can be asked for again after a while) {
  restart(config_for("deribit"));
  connect();
  subscribe(1, {"book.X.raw"});
  answer(0, R"(["book.X.raw"])");
  renew("book.X.raw");
  answer(1, R"(["book.X.raw"])");
  answer(2, R"(["book.X.raw"])");
  now += defaults::channel_renewal_timeout;
  renew("book.X.raw");
  CAF_CHECK_EQUAL(sent.size(), 4u);
}

// -- silence ------------------------------------------------------------------

CAF_TEST(only a channel that falls silent is told and only once) {
  restart(config_for("deribit"));
  connect();
  subscribe_spec(1, {.name = "a", .silent_after = 3s});
  answer(0, R"(["a"])");
  subscribe_spec(1, {.name = "b", .silent_after = 3s});
  answer(1, R"(["b"])");
  subscribe_spec(1, {.name = "c"});
  answer(2, R"(["c"])");
  std::vector<std::string> told;
  for (int i = 0; i < 100; ++i) {
    now += 100ms;
    data_of("a", "{}");
    if (i < 10)
      data_of("b", "{}");
    take(uut.expired(now));
    if (says(out, "report"))
      told.push_back(std::to_string(i) + ' ' + to_text(out));
  }
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK_EQUAL(told[0], "39 report:b=silent");
  CAF_CHECK_EQUAL(uut.protocol().subscriptions().num_silent(), 1u);
  data_of("b", "{}"); // and once more
  CAF_CHECK_EQUAL(uut.protocol().subscriptions().num_silent(), 0u);
  for (int i = 0; i < 100; ++i) {
    now += 100ms;
    take(uut.expired(now));
    if (says(out, "b=silent"))
      told.push_back("again");
  }
  CAF_CHECK_EQUAL(told.size(), 2u);
}

CAF_TEST(each silence of a channel is told) {
  restart(config_for("deribit"));
  connect();
  subscribe_spec(1, {.name = "slow", .silent_after = 60s});
  answer(0, R"(["slow"])");
  subscribe_spec(1, {.name = "a"});
  answer(1, R"(["a"])");
  subscribe_spec(2, {.name = "a", .silent_after = 3s}); // has it already
  for (int i = 0; i < 3; ++i) {
    data_of("a", "{}");
    auto due = now + 3s;
    while (now < due) {
      CAF_CHECK(!says(out, "a=silent"));
      now += 500ms;
      take(uut.expired(now));
    }
    CAF_CHECK(says(out, "a=silent"));
  }
}

CAF_TEST(a channel that never speaks is silent from its grant on) {
  restart(config_for("deribit"));
  connect();
  subscribe_spec(1, {.name = "a", .silent_after = 3s});
  now += 1s;
  answer(0, R"(["a"])");
  now += 2s;
  take(uut.expired(now));
  CAF_CHECK(!says(out, "silent"));
  now += 1s;
  take(uut.expired(now));
  CAF_CHECK(says(out, "a=silent"));
}

// -- channels that the venue ends ---------------------------------------------

// OKX: the acknowledgement came, then the error, and orders went unseen.
CAF_TEST(a channel that the venue takes away is told and asked for again) {
  restart(config_for("okx"));
  connect();
  subscribe_spec(1, {"orders-any", R"({"channel":"orders","instType":"ANY"})"});
  auto grant = [&] {
    peer(R"({"event":"subscribe","arg":{"channel":"orders","instType":"ANY"},)"
         R"("connId":"abcd1234"})");
  };
  auto take_away = [&] {
    return peer(R"({"event":"channel-conn-count-error","channel":"orders",)"
                R"("connCount":"31","connId":"abcd1234"})");
  };
  grant();
  CAF_CHECK(says(out, "orders-any=granted"));
  auto last = 0ms;
  for (int i = 0; i < 4; ++i) {
    CAF_CHECK(take_away() == inbound_kind::channels_ended);
    CAF_CHECK(says(out, "orders-any=lost"));
    CAF_CHECK(uut.protocol().subscriptions().state_of("orders-any")
              == channel_state::pending_subscribe);
    auto before = sent.size();
    auto begin = now;
    while (sent.size() == before || sent.back() == "ping")
      take(wake());
    auto waited
      = std::chrono::duration_cast<std::chrono::milliseconds>(now - begin);
    CAF_CHECK(waited > last);
    last = waited;
    grant();
    CAF_CHECK(says(out, "orders-any=restored"));
    // One message is no proof that it will last.
    peer(R"({"arg":{"channel":"orders","instType":"ANY","uid":"1"},)"
         R"("data":[{}]})");
  }
}

CAF_TEST(an unrequested unsubscribe ends the channel) {
  restart(config_for("okx"));
  connect();
  subscribe(1, {"trades:BTC-USDT"});
  auto event = [&](const std::string& name) {
    return peer(R"({"event":")" + name
                + R"(","arg":{"channel":"trades","instId":"BTC-USDT"},)"
                  R"("connId":"a"})");
  };
  event("subscribe");
  CAF_CHECK(event("unsubscribe") == inbound_kind::answer);
  CAF_CHECK(says(out, "trades:BTC-USDT=lost"));
  // One that was asked for is the answer.
  take(wake());
  event("subscribe");
  CAF_CHECK(says(out, "restored"));
  std::vector<std::string_view> names{"trades:BTC-USDT"};
  take(uut.unsubscribe(1, names, now));
  event("unsubscribe");
  CAF_CHECK(!says(out, "lost"));
}

CAF_TEST(the id of an acknowledgement settles an ambiguous channel) {
  restart(config_for("okx"));
  connect();
  subscribe(1, {"trades:BTC-USDT"});
  peer(R"({"id":")" + last_id()
       + R"(","event":"subscribe","arg":{"channel":"trades","instId":)"
         R"("BTC-USDT","instType":"SPOT"},"connId":"a"})");
  CAF_CHECK(says(out, "trades:BTC-USDT=granted"));
}

// A name with the arguments of a refused one was refused for as long as the
// connection lasted.
CAF_TEST(a name that was refused leaves its arguments to others) {
  constexpr auto arguments = R"({"channel":"orders","instType":"ANY"})";
  restart(config_for("okx"));
  connect();
  subscribe_spec(1, {"mine", arguments});
  peer(R"({"id":")" + last_id()
       + R"(","event":"error","code":"60018","msg":"wrong channel"})");
  CAF_REQUIRE(says(out, "mine=rejected"));
  subscribe_spec(1, {"yours", arguments});
  CAF_CHECK(says(out, "write:"));
}

// -- keys that end ------------------------------------------------------------

CAF_TEST(a connection whose key has ended is replaced) {
  restart(config_for("binance"));
  connect();
  peer(R"({"stream":"LK0","data":{"e":"listenKeyExpired","E":1}})");
  CAF_CHECK_EQUAL(to_text(out), "dial_successor");
  take(uut.successor_opened(now));
  take(uut.pong("last", now));
  auto* news = zenws::test_support::find<action::notify>(out);
  CAF_REQUIRE(news != nullptr);
  CAF_CHECK(news->event.kind == event_kind::connection_replaced);
  CAF_CHECK_EQUAL(news->event.reason.code, ec::connection_spent);
}

CAF_TEST(a venue that ends each key at once is not asked without pause) {
  restart(config_for("binance"));
  subscribe(1, {"a@trade"});
  for (int i = 0; i < 3; ++i) {
    if (i == 0)
      connect();
    else
      reconnect();
    peer(R"({"e":"listenKeyExpired","E":1})");
    CAF_CHECK(uut.state() == client_state::backing_off);
    CAF_CHECK(delay() >= 1s);
  }
}

// -- texts of users -----------------------------------------------------------

CAF_TEST(an answer to a text of the user settles no call) {
  restart(config_for("deribit"));
  connect();
  take(uut.send(1, message_kind::text, R"({"id":2,"method":"m"})", fail_if_down,
                now));
  call(7);
  call(8);
  CAF_CHECK_EQUAL(id_of(1), 1);
  CAF_CHECK_EQUAL(id_of(2), 3);
  CAF_CHECK(peer(R"({"jsonrpc":"2.0","id":2,"result":1})")
            == inbound_kind::data);
  take(uut.send(2, message_kind::text, R"({"id":3,"method":"m"})", fail_if_down,
                now));
  CAF_CHECK_EQUAL(to_text(out), "fail:2:invalid_message");
}

// -- closing ------------------------------------------------------------------

CAF_TEST(closing may wait for answers under way) {
  restart(config_for("deribit"));
  connect();
  call(7);
  take(uut.request_close(1000, {}, now, 5s));
  CAF_CHECK(out.empty());
  call(8);
  CAF_CHECK_EQUAL(to_text(out), "fail:8:not_connected");
  answer(0, "1");
  CAF_CHECK(says(out, "answer:7:1"));
  CAF_CHECK(says(out, "close:1000"));
}

CAF_TEST(closing does not wait for answers longer than it may) {
  restart(config_for("deribit"));
  connect();
  call(7);
  take(uut.request_close(1000, {}, now, 2s));
  now += 2s;
  take(uut.expired(now));
  CAF_CHECK(says(out, "fail:7:disconnected"));
  CAF_CHECK(says(out, "close:1000"));
}

// -- liveness -----------------------------------------------------------------

// Futures of Binance ping every 3 minutes; the client gave up after 2.
CAF_TEST(data proves that a venue which pings rarely is alive) {
  auto cfg = fast_config();
  cfg.heartbeat = {};
  cfg.venue.dialect = "binance";
  restart(cfg);
  connect();
  for (int i = 0; i < 3'600; ++i) {
    now += 1s;
    uut.data_arrived(now);
    if (i % 180 == 0)
      uut.peer_pinged(now);
    take(uut.expired(now));
    CAF_CHECK(!says(out, "ping"));
  }
  CAF_CHECK(uut.state() == client_state::ready);
}

CAF_TEST(silence is asked about before it is held against a venue) {
  auto cfg = fast_config();
  cfg.heartbeat = {.max_missed = 1};
  cfg.venue.dialect = "binance";
  restart(cfg);
  connect();
  take(wake());
  CAF_CHECK_EQUAL(to_text(out), "ping");
  take(uut.pong("1", now));
  take(wake());
  CAF_CHECK(out.empty()); // the pong was a sign of life
  for (int i = 0; i < 2; ++i) {
    take(wake());
    CAF_CHECK_EQUAL(to_text(out), "ping");
  }
  take(wake());
  CAF_CHECK(says(out, "stop:heartbeat_lost"));
}

CAF_TEST(bytes of a message that is not complete prove life) {
  restart(config_for("raw"));
  auto cfg = fast_config();
  cfg.heartbeat.interval = 1s;
  restart(cfg);
  connect();
  for (uint64_t i = 1; i < 100; ++i) {
    uut.bytes_received(i);
    take(wake());
    CAF_CHECK_EQUAL(to_text(out), "ping");
  }
}

// OKX closes a connection without a text for 30 s, and counts no Ping frames.
CAF_TEST(each venue has its own heartbeat unless configured otherwise) {
  auto cfg = fast_config();
  cfg.heartbeat = {};
  cfg.venue.dialect = "okx";
  restart(cfg);
  connect();
  for (int i = 0; i < 30; ++i) {
    auto begin = now;
    take(wake());
    CAF_CHECK_EQUAL(to_text(out), "write:ping");
    CAF_CHECK(now - begin < 30s);
    peer("pong");
  }
}

CAF_TEST(a heartbeat that cannot keep a connection alive is a problem) {
  auto fields = [](heartbeat_kind kind, std::chrono::milliseconds interval) {
    client_config cfg{.url = "ws://h"};
    cfg.venue.dialect = "okx";
    cfg.heartbeat.kind = kind;
    cfg.heartbeat.interval = interval;
    std::string result;
    for (auto& x : validate(cfg))
      result += x.field + ' ';
    return result;
  };
  CAF_CHECK_EQUAL(fields(heartbeat_kind::automatic, 0s), "");
  CAF_CHECK_EQUAL(fields(heartbeat_kind::venue, 20s), "");
  CAF_CHECK_EQUAL(fields(heartbeat_kind::venue, 30s), "heartbeat.interval ");
  CAF_CHECK_EQUAL(fields(heartbeat_kind::ping_pong, 10s), "heartbeat.kind ");
  CAF_CHECK_EQUAL(fields(heartbeat_kind::none, 10s), "heartbeat.kind ");
}

CAF_TEST_FIXTURE_SCOPE_END()
