// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE okx_dialect

#include "sim_client.hpp"

#include "zenws/sim/net/signature.hpp"
#include "zenws/sim/okx/okx_session.hpp"

#include "support/unit_test.hpp"

#include <boost/crc.hpp>

#include <map>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto public_path = "/ws/v5/public";
constexpr auto private_path = "/ws/v5/private";

std::string now_in_seconds() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::to_string(
    std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

std::string login(const std::string& timestamp,
                  const std::string& secret = "demo-secret",
                  const std::string& passphrase = "demo-passphrase") {
  auto sign = sim::to_base64(
    sim::hmac_sha256(secret, timestamp + "GET/users/self/verify"));
  return R"({"op":"login","args":[{"apiKey":"demo","passphrase":")" + passphrase
         + R"(","timestamp":")" + timestamp + R"(","sign":")" + sign
         + R"("}]})";
}

std::string subscribe(const std::string& channel,
                      const std::string& inst_id = "BTC-USDT") {
  return R"({"op":"subscribe","args":[{"channel":")" + channel
         + R"(","instId":")" + inst_id + R"("}]})";
}

std::string limit_order(const std::string& label,
                        const std::string& size = "1") {
  return R"({"instId":"BTC-USDT-SWAP","tdMode":"cross","side":"buy",)"
         R"("ordType":"limit","px":"50000","sz":")"
         + size + R"(","clOrdId":")" + label + R"("})";
}

// A book kept from messages, as the texts that its checksum is made of.
class kept_book {
public:
  void apply(const json_text& message) {
    apply(message, "/data/0/bids", bids_);
    apply(message, "/data/0/asks", asks_);
  }

  int64_t checksum() const {
    std::string text;
    auto bid = bids_.rbegin();
    auto ask = asks_.begin();
    for (int i = 0; i < 25; ++i) {
      if (bid != bids_.rend())
        text += (bid++)->second + ':';
      if (ask != asks_.end())
        text += (ask++)->second + ':';
    }
    boost::crc_32_type crc;
    crc.process_bytes(text.data(), text.size() - 1);
    return static_cast<int32_t>(crc.checksum());
  }

private:
  using levels = std::map<double, std::string>;

  static void apply(const json_text& message, const std::string& path,
                    levels& out) {
    for (size_t i = 0; i < message.size(path); ++i) {
      auto level = path + '/' + std::to_string(i);
      auto price = message.str(level + "/0");
      auto amount = message.str(level + "/1");
      if (amount == "0")
        out.erase(std::stod(price));
      else
        out[std::stod(price)] = price + ':' + amount;
    }
  }

  levels bids_;
  levels asks_;
};

struct fixture {
  void start(sim::okx_config cfg) {
    server = start_server({.tick = 1ms, .okx = cfg});
  }

  static json_text handle(sim::okx_session& uut, std::string_view text,
                          const sim::moment& now = {}) {
    auto outcome = uut.handle(text, now);
    return json_text{outcome.answers.empty() ? "" : outcome.answers.front()};
  }

  sim::okx_session make_session(sim::okx_side side) {
    return {cfg,
            side,
            10,
            {orders,
             {[](const std::string& x) -> std::optional<std::string> {
                if (x.starts_with("BTC-USDT"))
                  return "BTC-PERPETUAL";
                return std::nullopt;
              },
              [](std::string_view, sim::order_direction) { return 100.0; }}}};
  }

  // A session that is logged in.
  sim::okx_session make_trader() {
    auto result = make_session(sim::okx_side::private_data);
    handle(result, login("1700000000"), now);
    CAF_REQUIRE_EQUAL(result.account(), "demo");
    return result;
  }

  const sim::moment now{{}, 1'700'000'000'000ms};
  sim::order_store orders{100};
  sim::server_config cfg;
  std::unique_ptr<sim::server> server = start_server({.tick = 1ms});
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(okx_tests, fixture)

// -- requests -----------------------------------------------------------------

CAF_TEST(each argument is answered by itself) {
  auto uut = make_session(sim::okx_side::public_data);
  auto got
    = uut.handle(R"({"id":"a1","op":"subscribe","args":[{"channel":"trades",)"
                 R"("instId":"BTC-USDT"},{"channel":"books","instId":"NO"},)"
                 R"({"channel":"books","instId":"BTC-USDT"},{"channel":7}]})",
                 {});
  CAF_REQUIRE_EQUAL(got.answers.size(), 4u);
  json_text first{got.answers[0]};
  CAF_CHECK_EQUAL(first.str("/event"), "subscribe");
  CAF_CHECK_EQUAL(first.str("/id"), "a1");
  CAF_CHECK_EQUAL(first.str("/arg/channel"), "trades");
  CAF_CHECK_EQUAL(first.str("/arg/instId"), "BTC-USDT");
  CAF_CHECK_EQUAL(first.str("/connId"), "0000000a");
  json_text second{got.answers[1]};
  CAF_CHECK_EQUAL(second.str("/event"), "error");
  CAF_CHECK_EQUAL(second.str("/code"), "60018");
  CAF_CHECK_EQUAL(second.str("/id"), "a1");
  CAF_CHECK_EQUAL(json_text{got.answers[2]}.str("/event"), "subscribe");
  CAF_CHECK_EQUAL(json_text{got.answers[3]}.str("/code"), "60012");
  CAF_CHECK_EQUAL(got.subscribed.size(), 2u);
  CAF_CHECK_EQUAL(uut.handle(subscribe("trades"), {}).subscribed.size(), 0u);
}

CAF_TEST(nonsense is answered with a typed error) {
  auto uut = make_session(sim::okx_side::public_data);
  for (std::string_view text :
       {"", "{", "[]", "{}", "pong", R"({"op":7})", R"({"op":"fly"})",
        R"({"op":"subscribe"})", R"({"op":"subscribe","args":[]})",
        R"({"op":"subscribe","args":{}})", R"({"op":"subscribe","args":[[]]})",
        R"({"op":"login"})", R"({"op":"login","args":["x"]})",
        R"({"op":"login","args":[{"timestamp":"soon"}]})",
        R"({"id":1,"op":"subscribe","args":[]})"}) {
    auto got = handle(uut, text);
    CAF_CHECK_EQUAL(got.str("/event"), "error");
    CAF_CHECK_EQUAL(got.str("/code"), "60012");
    CAF_CHECK_EQUAL(got.str("/connId"), "0000000a");
  }
  // Neither the quote nor the number of answers grows with the request.
  std::string many = R"({"op":"subscribe","args":[0)";
  for (int i = 0; i < 50'000; ++i)
    many += ",0";
  auto got = uut.handle(many + "]}", {});
  CAF_REQUIRE_EQUAL(got.answers.size(), 1u);
  CAF_CHECK(got.answers[0].size() < 600);
}

CAF_TEST(each half of the interface has its channels) {
  auto open = make_session(sim::okx_side::public_data);
  auto own = make_session(sim::okx_side::private_data);
  auto to_orders
    = R"({"op":"subscribe","args":[{"channel":"orders","instType":"ANY"}]})";
  CAF_CHECK_EQUAL(handle(open, to_orders).str("/code"), "60018");
  CAF_CHECK_EQUAL(handle(own, subscribe("trades")).str("/code"), "60018");
  CAF_CHECK_EQUAL(handle(own, to_orders).str("/code"), "60011");
}

CAF_TEST(a login is checked in all its parts) {
  auto uut = make_session(sim::okx_side::private_data);
  auto code = [&](const std::string& text) {
    return handle(uut, text, now).str("/code");
  };
  CAF_CHECK_EQUAL(code(login("1699999969")), "60006");
  CAF_CHECK_EQUAL(code(login("1700000031")), "60006");
  CAF_CHECK_EQUAL(code(login("1700000000", "wrong")), "60007");
  CAF_CHECK_EQUAL(code(login("1700000000", "demo-secret", "wrong")), "60024");
  CAF_CHECK(uut.account().empty());
  CAF_CHECK_EQUAL(code(login("1700000000")), "0");
  CAF_CHECK_EQUAL(uut.account(), "demo");
}

CAF_TEST(requests are limited in a window) {
  cfg.okx.max_requests = 2;
  cfg.okx.request_window = 1000ms;
  auto uut = make_session(sim::okx_side::public_data);
  sim::moment now{};
  auto event = [&] {
    return handle(uut, subscribe("trades"), now).str("/code");
  };
  CAF_CHECK_EQUAL(event(), "");
  CAF_CHECK_EQUAL(event(), "");
  CAF_CHECK_EQUAL(event(), "60014");
  auto pong = uut.handle("ping", now);
  CAF_CHECK_EQUAL(pong.answers.front(), "pong");
  now.steady += 1000ms;
  CAF_CHECK_EQUAL(event(), "");
}

// -- market data --------------------------------------------------------------

CAF_TEST(books continue each other and agree with their checksums) {
  sim_client uut{*server, public_path};
  CAF_CHECK_EQUAL(uut.ask(subscribe("books")).str("/event"), "subscribe");
  auto first = uut.receive();
  CAF_REQUIRE(first);
  CAF_CHECK_EQUAL(first->str("/action"), "snapshot");
  CAF_CHECK_EQUAL(first->num("/data/0/prevSeqId"), -1);
  kept_book book;
  book.apply(*first);
  CAF_CHECK_EQUAL(first->num("/data/0/checksum"), book.checksum());
  auto last = first->num("/data/0/seqId");
  for (int i = 0; i < 50; ++i) {
    auto next = uut.receive();
    CAF_REQUIRE(next);
    CAF_CHECK_EQUAL(next->str("/action"), "update");
    CAF_CHECK_EQUAL(next->num("/data/0/prevSeqId"), last);
    book.apply(*next);
    CAF_CHECK_EQUAL(next->num("/data/0/checksum"), book.checksum());
    last = next->num("/data/0/seqId");
  }
  server->apply(sim::fault_gap{2});
  CAF_CHECK(uut.await([&](const json_text& x) {
    auto gap = x.num("/data/0/prevSeqId") != last;
    last = x.num("/data/0/seqId");
    return gap;
  }));
}

CAF_TEST(trades and tickers carry their argument) {
  sim_client uut{*server, public_path};
  uut.send(subscribe("trades"));
  uut.send(subscribe("tickers", "ETH-USDT-SWAP"));
  auto trade = uut.await([](const json_text& x) {
    return x.has("/data") && x.str("/arg/channel") == "trades";
  });
  CAF_REQUIRE(trade);
  CAF_CHECK_EQUAL(trade->str("/arg/instId"), "BTC-USDT");
  CAF_CHECK_EQUAL(trade->str("/data/0/instId"), "BTC-USDT");
  CAF_CHECK(!trade->str("/data/0/px").empty());
  auto ticker = uut.await([](const json_text& x) {
    return x.has("/data") && x.str("/arg/channel") == "tickers";
  });
  CAF_REQUIRE(ticker);
  CAF_CHECK_EQUAL(ticker->str("/data/0/instId"), "ETH-USDT-SWAP");
  CAF_CHECK_EQUAL(ticker->str("/data/0/instType"), "SWAP");
}

CAF_TEST(orders of the account are told after a login) {
  sim_client uut{*server, private_path};
  CAF_CHECK_EQUAL(uut.ask(login(now_in_seconds())).str("/event"), "login");
  auto confirmed = uut.ask(R"({"op":"subscribe","args":[{"channel":"orders",)"
                           R"("instType":"ANY"}]})");
  CAF_CHECK_EQUAL(confirmed.str("/event"), "subscribe");
  CAF_CHECK_EQUAL(confirmed.str("/arg/instType"), "ANY");
  auto count = uut.receive();
  CAF_REQUIRE(count);
  CAF_CHECK_EQUAL(count->str("/event"), "channel-conn-count");
  CAF_CHECK_EQUAL(count->str("/channel"), "orders");
  CAF_CHECK_EQUAL(count->str("/connCount"), "1");
  sim_client trader{*server, "/ws/api/v2"};
  trader.call("public/auth", R"({"grant_type":"client_credentials",)"
                             R"("client_id":"demo",)"
                             R"("client_secret":"demo-secret"})");
  trader.call("private/buy", R"({"instrument_name":"BTC-PERPETUAL",)"
                             R"("amount":10,"price":50000.5,"label":"l"})");
  auto news = uut.receive();
  CAF_REQUIRE(news);
  CAF_CHECK_EQUAL(news->str("/arg/channel"), "orders");
  CAF_CHECK_EQUAL(news->str("/arg/instType"), "ANY");
  // The client did not ask with it.
  CAF_CHECK(!news->str("/arg/uid").empty());
  CAF_CHECK_EQUAL(news->str("/data/0/clOrdId"), "l");
  CAF_CHECK_EQUAL(news->str("/data/0/px"), "50000.5");
  CAF_CHECK_EQUAL(news->str("/data/0/state"), "live");
}

// -- rules of the venue -------------------------------------------------------

CAF_TEST(a client that pings stays and a silent one is cut) {
  start({.idle_timeout = 100ms});
  sim_client uut{*server, public_path};
  auto start = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() < start + 300ms)
    CAF_REQUIRE_EQUAL(uut.ask("ping").text(), "pong");
  uut.send(subscribe("trades"));
  // The server compresses differently from the client.
  CAF_CHECK_EQUAL(uut.end(), 4004);
  CAF_CHECK_EQUAL(uut.end_reason(), "No data received in 0s.");
}

CAF_TEST(the rules of the venue hold by default) {
  sim::okx_config uut;
  CAF_CHECK(uut.idle_timeout == 30s);
  CAF_CHECK_EQUAL(uut.max_requests, 480u);
  CAF_CHECK(uut.request_window == 1h);
  CAF_CHECK_EQUAL(uut.max_connections_per_channel, 30u);
}

CAF_TEST(too many connections with a private channel are told afterwards) {
  start({.max_connections_per_channel = 1});
  auto subscribe_to_orders
    = R"({"op":"subscribe","args":[{"channel":"orders","instType":"SPOT"}]})";
  sim_client first{*server, private_path};
  first.ask(login(now_in_seconds()));
  first.ask(subscribe_to_orders);
  CAF_CHECK_EQUAL(first.receive()->str("/event"), "channel-conn-count");
  sim_client second{*server, private_path};
  second.ask(login(now_in_seconds()));
  CAF_CHECK_EQUAL(second.ask(subscribe_to_orders).str("/event"), "subscribe");
  auto refused = second.receive();
  CAF_REQUIRE(refused);
  CAF_CHECK_EQUAL(refused->str("/event"), "channel-conn-count-error");
  CAF_CHECK_EQUAL(refused->str("/channel"), "orders");
  CAF_CHECK_EQUAL(refused->str("/connCount"), "1");
  CAF_CHECK(!refused->has("/arg"));
  // It has the channel no more, and can ask again.
  first.close();
  CAF_REQUIRE(server->wait_for_connections(1, patience));
  second.ask(subscribe_to_orders);
  CAF_CHECK_EQUAL(second.receive()->str("/event"), "channel-conn-count");
}

// -- operations on orders -----------------------------------------------------

CAF_TEST(an acknowledgement repeats the given argument and nothing else) {
  auto uut = make_trader();
  auto text
    = handle(uut,
             R"({"id":"7","op":"subscribe","args":[{"channel":"orders",)"
             R"("instType":"SWAP","instFamily":"BTC-USDT"}]})",
             now)
        .text();
  CAF_CHECK_EQUAL(text, R"({"id":"7","event":"subscribe","arg":{)"
                        R"("channel":"orders","instType":"SWAP",)"
                        R"("instFamily":"BTC-USDT"},"connId":"0000000a"})");
}

CAF_TEST(an order is placed and amended and cancelled) {
  auto uut = make_trader();
  auto run = [&](const std::string& op, const std::string& arg) {
    return handle(
      uut, R"({"id":"1","op":")" + op + R"(","args":[)" + arg + "]}", now);
  };
  auto placed = run("order", limit_order("a1"));
  CAF_CHECK_EQUAL(placed.str("/id"), "1");
  CAF_CHECK_EQUAL(placed.str("/op"), "order");
  CAF_CHECK_EQUAL(placed.str("/code"), "0");
  CAF_CHECK_EQUAL(placed.str("/data/0/sCode"), "0");
  CAF_CHECK_EQUAL(placed.str("/data/0/clOrdId"), "a1");
  auto id = placed.str("/data/0/ordId");
  CAF_CHECK(!id.empty());
  auto amended = run("amend-order", R"({"instId":"BTC-USDT-SWAP",)"
                                    R"("clOrdId":"a1","newSz":"3"})");
  CAF_CHECK_EQUAL(amended.str("/code"), "0");
  CAF_CHECK(orders.all().at(0).amount == 3.0);
  auto cancel = R"({"instId":"BTC-USDT-SWAP","ordId":")" + id + R"("})";
  CAF_CHECK_EQUAL(run("cancel-order", cancel).str("/code"), "0");
  auto again = run("cancel-order", cancel);
  CAF_CHECK_EQUAL(again.str("/code"), "1");
  CAF_CHECK_EQUAL(again.str("/data/0/sCode"), "51400");
}

CAF_TEST(each row of a batch has a code of its own) {
  auto uut = make_trader();
  auto answer = handle(uut,
                       R"({"id":"1","op":"batch-orders","args":[)"
                         + limit_order("a1") + ',' + limit_order("a1") + ','
                         + limit_order("a2", "9999999999") + "]}",
                       now);
  CAF_CHECK_EQUAL(answer.str("/code"), "2");
  CAF_REQUIRE_EQUAL(answer.size("/data"), 3u);
  CAF_CHECK_EQUAL(answer.str("/data/0/sCode"), "0");
  CAF_CHECK_EQUAL(answer.str("/data/1/sCode"), "51016");
  CAF_CHECK_EQUAL(answer.str("/data/2/sCode"), "51008");
  auto cancelled = handle(uut,
                          R"({"id":"2","op":"batch-cancel-orders","args":[)"
                          R"({"instId":"BTC-USDT-SWAP","clOrdId":"a1"},)"
                          R"({"instId":"BTC-USDT-SWAP","clOrdId":"a2"}]})",
                          now);
  CAF_CHECK_EQUAL(cancelled.str("/code"), "2");
  CAF_CHECK_EQUAL(orders.all().size(), 1u);
}

CAF_TEST(an operation needs a login and time and a proper form) {
  auto stranger = make_session(sim::okx_side::private_data);
  auto request = [](const std::string& more) {
    return R"({"id":"1","op":"order","args":[)" + limit_order("a") + ']' + more
           + '}';
  };
  CAF_CHECK_EQUAL(handle(stranger, request(""), now).str("/code"), "60011");
  auto uut = make_trader();
  auto late = handle(uut, request(R"(,"expTime":"1699999999999")"), now);
  CAF_CHECK_EQUAL(late.str("/code"), "1");
  CAF_CHECK_EQUAL(late.str("/data/0/clOrdId"), "a");
  CAF_CHECK(orders.all().empty());
  auto bad = handle(uut, R"({"id":"1","op":"order","args":[]})", now);
  CAF_CHECK_EQUAL(bad.str("/code"), "60013");
  CAF_CHECK_EQUAL(bad.size("/data"), 0u);
  auto good = handle(uut, request(R"(,"expTime":"1700000000001")"), now);
  CAF_CHECK_EQUAL(good.str("/code"), "0");
}

CAF_TEST(orders are told by type and family of the instrument) {
  sim_client uut{*server, private_path};
  uut.ask(login(now_in_seconds()));
  uut.send(R"({"op":"subscribe","args":[{"channel":"orders",)"
           R"("instType":"SPOT"},{"channel":"orders","instType":"SWAP",)"
           R"("instFamily":"BTC-USDT"}]})");
  uut.send(R"({"id":"1","op":"order","args":[)" + limit_order("s1") + "]}");
  auto news
    = uut.await([](const json_text& x) { return x.has("/data/0/state"); });
  CAF_REQUIRE(news);
  CAF_CHECK_EQUAL(news->str("/arg/instType"), "SWAP");
  CAF_CHECK_EQUAL(news->str("/arg/instFamily"), "BTC-USDT");
  CAF_CHECK_EQUAL(news->str("/data/0/instId"), "BTC-USDT-SWAP");
  CAF_CHECK_EQUAL(news->str("/data/0/clOrdId"), "s1");
  // Nothing else was told of it.
  uut.send("ping");
  auto told = 0;
  for (auto x = uut.receive(); x && x->text() != "pong"; x = uut.receive())
    told += x->has("/data/0/state");
  CAF_CHECK_EQUAL(told, 0);
}

CAF_TEST(a notice comes before a commanded cut) {
  sim_client uut{*server, public_path};
  CAF_REQUIRE_EQUAL(uut.ask("ping").text(), "pong");
  server->apply(sim::fault_cut{20ms}, public_path);
  auto notice = uut.receive();
  CAF_REQUIRE(notice);
  CAF_CHECK_EQUAL(notice->str("/event"), "notice");
  CAF_CHECK_EQUAL(notice->str("/code"), "64008");
  CAF_CHECK(!notice->str("/connId").empty());
  CAF_CHECK_EQUAL(uut.ask("ping").text(), "pong");
  CAF_CHECK_EQUAL(uut.end(), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
