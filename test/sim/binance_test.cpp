// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE binance_dialect

#include "sim_client.hpp"

#include "zenws/sim/binance/binance_session.hpp"
#include "zenws/sim/binance/binance_user_stream.hpp"
#include "zenws/sim/net/route.hpp"
#include "zenws/sim/net/sliding_window.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture {
  void start(sim::binance_config cfg) {
    server = start_server({.tick = 1ms, .binance = cfg});
  }

  static json_text answer(sim::binance_session& uut, std::string_view text) {
    return json_text{uut.handle(text).answer};
  }

  std::unique_ptr<sim::server> server = start_server({.tick = 1ms});
};

bool is_event(const json_text& x, std::string_view name) {
  return x.str("/e") == name || x.str("/data/e") == name;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(binance_tests, fixture)

// -- requests -----------------------------------------------------------------

CAF_TEST(requests are answered with their own id) {
  sim::binance_session uut{sim::binance_config{.max_streams = 10}};
  for (std::string id : {"7", "-1", R"("x")", "null"}) {
    auto got = uut.handle(
      R"({"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":)" + id + '}');
    CAF_CHECK_EQUAL(got.answer, R"({"result":null,"id":)" + id + '}');
  }
  auto longest = '"' + std::string(36, 'x') + '"';
  auto list = R"({"method":"LIST_SUBSCRIPTIONS","id":)" + longest + '}';
  CAF_CHECK_EQUAL(answer(uut, list).text(),
                  R"({"result":["btcusdt@trade"],"id":)" + longest + '}');
}

CAF_TEST(subscriptions are a set) {
  sim::binance_session uut{sim::binance_config{.max_streams = 10}};
  auto request = [&](const std::string& method) {
    return uut.handle(
      R"({"method":")" + method
      + R"(","params":["btcusdt@trade","ethusdt@depth@100ms"],"id":1})");
  };
  CAF_CHECK_EQUAL(request("SUBSCRIBE").subscribed.size(), 2u);
  CAF_CHECK_EQUAL(request("SUBSCRIBE").subscribed.size(), 0u);
  CAF_CHECK_EQUAL(request("UNSUBSCRIBE").unsubscribed.size(), 2u);
  CAF_CHECK_EQUAL(request("UNSUBSCRIBE").unsubscribed.size(), 0u);
  CAF_CHECK(uut.streams().empty());
}

CAF_TEST(nonsense is answered with a typed error) {
  sim::binance_session uut{sim::binance_config{.max_streams = 2}};
  auto code = [&](std::string_view text) {
    return answer(uut, text).num("/error/code");
  };
  CAF_CHECK_EQUAL(code(""), 3);
  CAF_CHECK_EQUAL(code("{"), 3);
  CAF_CHECK_EQUAL(code("[]"), 2);
  CAF_CHECK_EQUAL(code("{}"), 2);
  CAF_CHECK_EQUAL(code(R"({"method":"FLY","id":1})"), 2);
  CAF_CHECK_EQUAL(code(R"({"method":"SUBSCRIBE","id":1})"), 2);
  CAF_CHECK_EQUAL(code(R"({"method":"SUBSCRIBE","params":[],"id":1})"), 2);
  CAF_CHECK_EQUAL(code(R"({"method":"SUBSCRIBE","params":[1],"id":1})"), 1);
  CAF_CHECK_EQUAL(code(R"({"method":"SUBSCRIBE","params":"x@y","id":1})"), 1);
  CAF_CHECK_EQUAL(code(R"({"method":"SUBSCRIBE","params":["x"],"id":1})"), 2);
  CAF_CHECK_EQUAL(
    code(R"({"method":"SUBSCRIBE","params":["a@b","c@d","e@f"],"id":1})"), 2);
  CAF_CHECK(uut.streams().empty());
  for (std::string id : {"1.5", "true", "[]", "{}"})
    CAF_CHECK_EQUAL(code(R"({"method":"LIST_SUBSCRIPTIONS","id":)" + id + '}'),
                    2);
  auto too_long = '"' + std::string(37, 'x') + '"';
  auto refused = answer(uut, R"({"method":"X","id":)" + too_long + '}');
  CAF_CHECK_EQUAL(refused.num("/error/code"), 2);
  CAF_CHECK(refused.find("/id")->IsNull());
}

CAF_TEST(a URL can name streams) {
  auto streams = [](std::string_view target) {
    auto where = std::get<sim::route>(sim::parse_route(target));
    CAF_CHECK(where.kind == sim::service::binance);
    return where.streams.size();
  };
  CAF_CHECK_EQUAL(streams("/stream?streams=a@trade/b@depth@100ms"), 2u);
  CAF_CHECK_EQUAL(streams("/stream?x=1&streams=a@trade/"), 1u);
  CAF_CHECK_EQUAL(streams("/stream"), 0u);
  CAF_CHECK_EQUAL(streams("/ws"), 0u);
  CAF_CHECK_EQUAL(streams("/ws/a@trade/b@trade"), 2u);
  auto api = std::get<sim::route>(sim::parse_route("/ws/api/v2"));
  CAF_CHECK(api.kind == sim::service::api);
}

// -- market data --------------------------------------------------------------

CAF_TEST(combined streams wrap their messages) {
  sim_client uut{*server, "/stream?streams=btcusdt@trade"};
  auto got = uut.receive();
  CAF_REQUIRE(got);
  CAF_CHECK_EQUAL(got->str("/stream"), "btcusdt@trade");
  CAF_CHECK_EQUAL(got->str("/data/e"), "trade");
  CAF_CHECK_EQUAL(got->str("/data/s"), "BTCUSDT");
  CAF_CHECK(got->str("/data/p").find('.') != std::string::npos);
  CAF_CHECK(got->has("/data/m"));
}

CAF_TEST(raw streams do not wrap) {
  sim_client uut{*server, "/ws/ethusdt@bookTicker"};
  auto got = uut.receive();
  CAF_REQUIRE(got);
  CAF_CHECK_EQUAL(got->str("/s"), "ETHUSDT");
  CAF_CHECK(std::stod(got->str("/b")) < std::stod(got->str("/a")));
}

CAF_TEST(depth updates continue each other but for a gap) {
  sim_client uut{*server, "/ws"};
  CAF_CHECK_EQUAL(uut
                    .ask(R"({"method":"SUBSCRIBE",)"
                         R"("params":["btcusdt@depth@100ms"],"id":1})")
                    .text(),
                  R"({"result":null,"id":1})");
  auto last = uut.receive()->num("/u");
  for (int i = 0; i < 20; ++i) {
    auto next = uut.receive();
    CAF_REQUIRE(next && is_event(*next, "depthUpdate"));
    CAF_CHECK_EQUAL(next->num("/U"), last + 1);
    CAF_CHECK(next->size("/b") + next->size("/a") > 0);
    last = next->num("/u");
  }
  server->apply(sim::fault_gap{3});
  CAF_CHECK(uut.await([&](const json_text& x) {
    auto gap = x.num("/U") != last + 1;
    last = x.num("/u");
    return gap;
  }));
}

CAF_TEST(unsubscribed channels end) {
  sim_client uut{*server, "/stream?streams=btcusdt@trade/btcusdt@depth"};
  uut.send(R"({"method":"UNSUBSCRIBE","params":["btcusdt@trade"],"id":"u"})");
  CAF_REQUIRE(
    uut.await([](const json_text& x) { return x.str("/id") == "u"; }));
  uut.send(R"({"method":"LIST_SUBSCRIPTIONS","id":"l"})");
  auto list = uut.await([](const json_text& x) { return x.str("/id") == "l"; });
  CAF_REQUIRE(list);
  CAF_CHECK_EQUAL(list->size("/result"), 1u);
  CAF_CHECK_EQUAL(list->str("/result/0"), "btcusdt@depth");
}

// -- rules of the venue -------------------------------------------------------

CAF_TEST(a client that answers pings stays) {
  // So many pongs are beyond the limit of frames.
  start({.ping_interval = 5ms, .pong_timeout = 2s, .max_frames_per_second = 0});
  sim_client uut{*server, "/stream?streams=btcusdt@depth"};
  while (uut.pings().size() < 5)
    CAF_REQUIRE(uut.receive());
  CAF_CHECK(uut.pings()[0] != uut.pings()[1]);
  CAF_CHECK(server->stats().pongs_received_total >= 4);
  CAF_CHECK_EQUAL(server->connection_count(), 1u);
}

CAF_TEST(a pong that does not match does not help) {
  start({.ping_interval = 5ms, .pong_timeout = 50ms});
  sim_client uut{*server, "/ws"};
  CAF_REQUIRE(server->wait_for_connections(1, patience));
  uut.pong("unsolicited");
  // The client reads nothing, and so answers nothing, until it is too late.
  CAF_REQUIRE(server->wait_for_connections(0, patience));
  CAF_CHECK_EQUAL(uut.end(), 1008);
}

CAF_TEST(more than five frames in a second end the connection) {
  sim_client uut{*server, "/ws"};
  for (int i = 0; i < 3; ++i)
    CAF_CHECK(
      uut.ask(R"({"method":"LIST_SUBSCRIPTIONS","id":1})").has("/result"));
  uut.ping();
  uut.pong("x");
  CAF_CHECK_EQUAL(server->connection_count(), 1u);
  uut.ping();
  CAF_CHECK_EQUAL(uut.end(), 1008);
  CAF_CHECK_EQUAL(uut.end_reason(), "Too many requests");
}

CAF_TEST(a host that sends too many frames can be banned for a while) {
  start({.max_frames_per_second = 1, .penalty = 1h});
  sim_client first{*server, "/ws"};
  first.ping();
  first.ping();
  CAF_CHECK_EQUAL(first.end(), 1008);
  sim_client second{*server, "/ws"};
  second.send(R"({"method":"LIST_SUBSCRIPTIONS","id":1})");
  CAF_CHECK_EQUAL(second.end(), 1008);
}

CAF_TEST(a request that is too long is never answered and changes nothing) {
  sim_client uut{*server, "/ws"};
  auto request = [](const std::string& stream, size_t size) {
    auto text = R"({"method":"SUBSCRIBE","params":[")" + stream
                + R"("],"id":1})";
    return text + std::string(size - text.size(), ' ');
  };
  // The header of such a frame has 8 bytes more.
  uut.send(request("a@trade", 4089));
  CAF_CHECK_EQUAL(uut.ask(request("b@trade", 4088)).text(),
                  R"({"result":null,"id":1})");
  auto list = uut.ask(R"({"method":"LIST_SUBSCRIPTIONS","id":2})");
  CAF_CHECK_EQUAL(list.text(), R"({"result":["b@trade"],"id":2})");
}

CAF_TEST(an unknown stream of any letters is acknowledged and silent) {
  auto name = std::string{"\xe5\xb8\x81\xe5\xae\x89usdt@trade"};
  sim_client uut{*server, "/stream?streams=%E5%B8%81%E5%AE%89usdt@trade"};
  auto list = uut.ask(R"({"method":"LIST_SUBSCRIPTIONS","id":1})");
  CAF_CHECK_EQUAL(list.str("/result/0"), name);
  auto answer = uut.ask(R"({"method":"SUBSCRIBE","params":[")" + name
                        + R"(","nosuch@trade"],"id":2})");
  CAF_CHECK_EQUAL(answer.text(), R"({"result":null,"id":2})");
  // The next message is no data.
  CAF_CHECK_EQUAL(uut.ask(R"({"method":"FLY","id":3})").num("/id"), 3);
}

CAF_TEST(an error can carry its code beside the id) {
  sim::binance_session uut{
    sim::binance_config{.errors = sim::error_shape::flat}};
  auto got = answer(uut, R"({"method":"FLY","id":3})");
  CAF_CHECK_EQUAL(got.num("/code"), 2);
  CAF_CHECK_EQUAL(got.num("/id"), 3);
  CAF_CHECK(!got.has("/error"));
}

CAF_TEST(a notice of the end comes in the envelope of the path) {
  auto notice = [&](const char* path) {
    sim_client uut{*server, path};
    CAF_REQUIRE(server->wait_for_connections(1, patience));
    server->apply(sim::fault_cut{1ms}, path);
    auto result = uut.receive();
    CAF_REQUIRE(result);
    uut.end();
    CAF_REQUIRE(server->wait_for_connections(0, patience));
    return std::move(*result);
  };
  CAF_CHECK_EQUAL(notice("/ws").str("/e"), "serverShutdown");
  auto combined = notice("/stream");
  CAF_CHECK_EQUAL(combined.str("/stream"), "!serverShutdown");
  CAF_CHECK_EQUAL(combined.str("/data/e"), "serverShutdown");
  CAF_CHECK_EQUAL(notice("/ws-api/v3").str("/event/e"), "serverShutdown");
}

// -- streams of accounts ------------------------------------------------------

CAF_TEST(a listen key brings the orders of its account until it expires) {
  auto key = sim::listen_key_of({});
  CAF_CHECK_EQUAL(key.size(), 64u);
  sim_client raw{*server, "/ws/" + key};
  sim_client combined{*server, "/stream?streams=" + key};
  CAF_REQUIRE(server->wait_for_connections(2, patience));
  sim_client trader{*server, "/ws/api/v2"};
  trader.call("public/auth", R"({"grant_type":"client_credentials",)"
                             R"("client_id":"demo",)"
                             R"("client_secret":"demo-secret"})");
  auto buy = [&](const std::string& label) {
    trader.call("private/buy", R"({"instrument_name":"BTC-PERPETUAL",)"
                               R"("amount":10,"price":5,"label":")"
                                 + label + R"("})");
  };
  buy("a");
  CAF_CHECK_EQUAL(raw.receive()->str("/c"), "a");
  auto wrapped = combined.receive();
  CAF_REQUIRE(wrapped);
  CAF_CHECK_EQUAL(wrapped->str("/stream"), key);
  CAF_CHECK_EQUAL(wrapped->str("/data/e"), "executionReport");
  server->apply(sim::fault_expire_listen_key{});
  auto ended = raw.receive();
  CAF_CHECK_EQUAL(ended->str("/e"), "listenKeyExpired");
  CAF_CHECK_EQUAL(ended->str("/listenKey"), key);
  // The documented time is a text.
  CAF_CHECK(!ended->str("/E").empty());
  ended = combined.receive();
  CAF_CHECK_EQUAL(ended->str("/stream"), key);
  CAF_CHECK_EQUAL(ended->str("/data/e"), "listenKeyExpired");
  buy("b");
  for (auto* uut : {&raw, &combined})
    CAF_CHECK_EQUAL(
      uut->ask(R"({"method":"LIST_SUBSCRIPTIONS","id":1})").text(),
      R"({"result":[],"id":1})");
}

CAF_TEST(a sliding window admits again as time passes) {
  sim::sliding_window uut{2, 1000ms};
  sim::sliding_window::time_point start{};
  CAF_CHECK(uut.admit(start));
  CAF_CHECK(uut.admit(start + 500ms));
  CAF_CHECK(!uut.admit(start + 999ms));
  CAF_CHECK(uut.admit(start + 1000ms));
  CAF_CHECK(!uut.admit(start + 1400ms));
  CAF_CHECK(uut.admit(start + 1500ms));
}

CAF_TEST(an old connection is told and cut) {
  start({.max_age = 60ms, .shutdown_notice = 30ms});
  sim_client uut{*server, "/stream?streams=btcusdt@depth"};
  auto event = uut.await(
    [](const json_text& x) { return is_event(x, "serverShutdown"); });
  CAF_REQUIRE(event);
  CAF_CHECK(event->num("/data/E") > 0);
  // Data goes on until there is an end without a Close frame.
  CAF_CHECK_EQUAL(uut.end(), 0);
}

CAF_TEST(a cut can be commanded) {
  sim_client control{*server, "/control"};
  sim_client uut{*server, "/ws"};
  CAF_CHECK(
    control.ask(R"({"fault":"cut","path":"/ws","notice_ms":10})").has("/ok"));
  CAF_CHECK_EQUAL(uut.receive()->str("/e"), "serverShutdown");
  CAF_CHECK_EQUAL(uut.end(), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
