// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE sim_coinbase

#include "sim_client.hpp"

#include "zenws/sim/coinbase/coinbase_session.hpp"

#include "support/unit_test.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

using strings = std::vector<std::string>;

std::string request(std::string_view type, std::string_view channel,
                    std::string_view products = R"(["BTC-USD"])") {
  return R"({"type":")" + std::string{type} + R"(","channel":")"
         + std::string{channel} + R"(","product_ids":)" + std::string{products}
         + '}';
}

bool is_of(const json_text& x, std::string_view channel) {
  return x.str("/channel") == channel;
}

struct fixture {
  void start(sim::coinbase_config cfg) {
    server = start_server({.tick = 1ms, .coinbase = cfg});
  }

  static sim::coinbase_session make_session(sim::coinbase_config cfg = {}) {
    return sim::coinbase_session{
      cfg, [](std::string_view x) -> std::optional<std::string> {
        if (x.starts_with("NOPE"))
          return std::nullopt;
        return std::string{x};
      }};
  }

  std::unique_ptr<sim::server> server = start_server({.tick = 1ms});
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sim_coinbase_tests, fixture)

// -- requests -----------------------------------------------------------------

CAF_TEST(a list tells all subscriptions) {
  auto uut = make_session();
  auto first
    = uut.handle(request("subscribe", "level2", R"(["A-B","NOPE-1","C-D"])"));
  CAF_CHECK_EQUAL(first.subscribed, (strings{"level2:A-B", "level2:C-D"}));
  CAF_CHECK(uut.handle(request("subscribe", "level2", R"(["A-B"])"))
              .subscribed.empty());
  uut.handle(R"({"type":"subscribe","channel":"heartbeats"})");
  CAF_CHECK_EQUAL(uut.list(),
                  R"([{"subscriptions":{"heartbeats":["heartbeats"],)"
                  R"("level2":["A-B","C-D"]}}])");
  auto ended = uut.handle(request("unsubscribe", "level2", R"(["A-B"])"));
  CAF_CHECK_EQUAL(ended.unsubscribed, strings{"level2:A-B"});
  uut.handle(R"({"type":"unsubscribe","channel":"heartbeats"})");
  CAF_CHECK_EQUAL(uut.list(), R"([{"subscriptions":{"level2":["C-D"]}}])");
}

CAF_TEST(without products all of a channel ends) {
  auto uut = make_session();
  uut.handle(request("subscribe", "ticker", R"(["A-B","C-D"])"));
  CAF_CHECK_EQUAL(uut.handle(R"({"type":"unsubscribe","channel":"ticker"})")
                    .unsubscribed.size(),
                  2u);
  CAF_CHECK_EQUAL(uut.list(), R"([{"subscriptions":{}}])");
}

CAF_TEST(nonsense is refused in the words of the venue) {
  auto uut = make_session({.max_books = 2});
  auto words = [&](std::string_view text) { return uut.handle(text).refusal; };
  for (auto text : {"", "{", "[]", "{}", R"({"type":"fly"})", R"({"type":7})"})
    CAF_CHECK_EQUAL(words(text), "subscribe or unsubscribe required");
  for (auto channel : {"", "user", "futures_balance_summary", "bogus"})
    CAF_CHECK_EQUAL(words(request("subscribe", channel)),
                    "authentication failure");
  CAF_CHECK_EQUAL(
    words(request("subscribe", "level2", R"(["A-B","C-D","E-F"])")),
    "too many L2 streams requested in a single session");
  CAF_CHECK_EQUAL(words(request("subscribe", "level2", R"(["A-B",7])")), "");
  CAF_CHECK_EQUAL(words(request("subscribe", "level2", "7")), "");
}

CAF_TEST(channels are taken away one by one) {
  auto uut = make_session();
  uut.handle(request("subscribe", "ticker", R"(["A-B","C-D"])"));
  uut.handle(R"({"type":"subscribe","channel":"heartbeats"})");
  CAF_CHECK_EQUAL(uut.covered("ticker").size(), 2u);
  CAF_CHECK_EQUAL(uut.covered("").size(), 3u);
  uut.remove("ticker:A-B");
  uut.remove("heartbeats");
  uut.remove("level2:A-B");
  CAF_CHECK_EQUAL(uut.list(), R"([{"subscriptions":{"ticker":["C-D"]}}])");
}

// -- the market ---------------------------------------------------------------

CAF_TEST(messages are numbered whatever their channel) {
  sim_client uut{*server, "/coinbase"};
  uut.send(request("subscribe", "level2"));
  uut.send(request("subscribe", "market_trades"));
  uut.send(request("subscribe", "bogus")); // has no number
  for (int64_t next = 0; next < 200;) {
    auto got = uut.receive();
    CAF_REQUIRE(got);
    if (got->str("/type") == "error")
      continue;
    CAF_REQUIRE_EQUAL(got->num("/sequence_num"), next++);
    CAF_CHECK_EQUAL(got->str("/timestamp").size(), 30u);
  }
}

CAF_TEST(the snapshot of a book comes before the answer) {
  sim_client uut{*server, "/coinbase"};
  uut.send(request("subscribe", "level2"));
  auto first = uut.receive();
  CAF_REQUIRE(first);
  CAF_CHECK(is_of(*first, "l2_data"));
  CAF_CHECK_EQUAL(first->str("/events/0/type"), "snapshot");
  CAF_CHECK_EQUAL(first->str("/events/0/product_id"), "BTC-USD");
  CAF_CHECK_EQUAL(first->str("/events/0/updates/0/side"), "bid");
  auto second = uut.receive();
  CAF_REQUIRE(second);
  CAF_CHECK(is_of(*second, "subscriptions"));
  CAF_CHECK_EQUAL(second->str("/events/0/subscriptions/level2/0"), "BTC-USD");
}

CAF_TEST(changes keep a book sound) {
  sim_client uut{*server, "/coinbase"};
  uut.send(request("subscribe", "level2"));
  std::map<std::string, std::map<double, double>> sides;
  for (int i = 0; i < 500; ++i) {
    auto got = uut.await([](auto& x) { return is_of(x, "l2_data"); });
    CAF_REQUIRE(got);
    for (size_t j = 0; j < got->size("/events/0/updates"); ++j) {
      auto at = "/events/0/updates/" + std::to_string(j);
      auto& side = sides[got->str(at + "/side")];
      auto price = std::stod(got->str(at + "/price_level"));
      auto amount = std::stod(got->str(at + "/new_quantity"));
      if (amount == 0)
        side.erase(price);
      else
        side[price] = amount;
    }
    CAF_REQUIRE(!sides["bid"].empty() && !sides["offer"].empty());
    CAF_REQUIRE(sides["bid"].rbegin()->first < sides["offer"].begin()->first);
  }
}

CAF_TEST(trades have numbers and begin with those of before) {
  sim_client first{*server, "/coinbase"};
  auto is_update = [](auto& x) {
    return is_of(x, "market_trades") && x.str("/events/0/type") == "update";
  };
  first.send(request("subscribe", "market_trades"));
  auto id_of = [](const std::optional<json_text>& x, const std::string& index) {
    return x ? std::stoll(x->str("/events/0/trades/" + index + "/trade_id"))
             : -1;
  };
  auto last = id_of(first.await(is_update), "0");
  for (int i = 0; i < 20; ++i)
    CAF_CHECK_EQUAL(id_of(first.await(is_update), "0"), ++last);
  sim_client second{*server, "/coinbase"};
  second.send(request("subscribe", "market_trades"));
  auto snapshot
    = second.await([](auto& x) { return is_of(x, "market_trades"); });
  CAF_REQUIRE(snapshot);
  CAF_CHECK_EQUAL(snapshot->str("/events/0/type"), "snapshot");
  CAF_REQUIRE(snapshot->size("/events/0/trades") > 1);
  CAF_CHECK_EQUAL(id_of(snapshot, "0"), id_of(snapshot, "1") + 1);
}

CAF_TEST(tickers and products are told) {
  sim_client uut{*server, "/coinbase"};
  auto first = [&](std::string_view channel) {
    uut.send(request("subscribe", channel));
    return uut.await([&](auto& x) { return is_of(x, channel); });
  };
  auto ticker = first("ticker");
  CAF_REQUIRE(ticker);
  CAF_CHECK(ticker->has("/events/0/tickers/0/best_bid_quantity"));
  auto batch = first("ticker_batch");
  CAF_REQUIRE(batch);
  CAF_CHECK(!batch->has("/events/0/tickers/0/best_bid"));
  auto product = first("status");
  CAF_REQUIRE(product);
  CAF_CHECK_EQUAL(product->str("/events/0/products/0/id"), "BTC-USD");
  CAF_CHECK_EQUAL(product->str("/events/0/products/0/status"), "online");
}

CAF_TEST(products in USDC are those in USD) {
  sim_client uut{*server, "/coinbase"};
  uut.send(request("subscribe", "ticker", R"(["BTC-USDC","NOPE-USD"])"));
  auto answer = uut.await([](auto& x) { return is_of(x, "subscriptions"); });
  CAF_REQUIRE(answer);
  CAF_CHECK_EQUAL(answer->size("/events/0/subscriptions/ticker"), 1u);
  CAF_CHECK_EQUAL(answer->str("/events/0/subscriptions/ticker/0"), "BTC-USD");
}

// -- the connection -----------------------------------------------------------

CAF_TEST(heartbeats come each second) {
  start({.heartbeat_second = 5ms});
  sim_client uut{*server, "/coinbase"};
  uut.send(R"({"type":"subscribe","channel":"heartbeats"})");
  for (int64_t i = 1; i <= 3; ++i) {
    auto got = uut.await([](auto& x) { return is_of(x, "heartbeats"); });
    CAF_REQUIRE(got);
    CAF_CHECK_EQUAL(got->num("/events/0/heartbeat_counter"), i);
  }
}

CAF_TEST(a connection that does not subscribe is closed) {
  start({.subscribe_timeout = 20ms, .heartbeat_second = 5ms});
  sim_client idle{*server, "/coinbase"};
  CAF_CHECK_EQUAL(idle.end(), 1008u);
  sim_client uut{*server, "/coinbase"};
  uut.send(R"({"type":"subscribe","channel":"heartbeats"})");
  for (int i = 0; i < 10; ++i) // far beyond the time limit
    CAF_CHECK(uut.await([](auto& x) { return is_of(x, "heartbeats"); }));
  uut.send(request("subscribe", "ticker"));
  CAF_CHECK(uut.await([](auto& x) { return is_of(x, "ticker"); }));
}

CAF_TEST(a host sends eight messages in a second) {
  sim_client one{*server, "/coinbase"};
  sim_client other{*server, "/coinbase"};
  for (int i = 0; i < 8; ++i)
    one.send(request("subscribe", "status"));
  CAF_CHECK(one.await([](auto& x) { return is_of(x, "subscriptions"); }));
  for (int i = 0; i < 7; ++i)
    CAF_CHECK(one.await([](auto& x) { return is_of(x, "subscriptions"); }));
  auto refusal = other.ask(request("subscribe", "status"));
  CAF_CHECK_EQUAL(refusal.str("/type"), "error");
}

// -- faults -------------------------------------------------------------------

CAF_TEST(a gap of the book is a hole in the numbers) {
  sim_client uut{*server, "/coinbase"};
  uut.send(request("subscribe", "level2"));
  CAF_CHECK(uut.await([](auto& x) { return is_of(x, "subscriptions"); }));
  server->apply(sim::fault_gap{3});
  int64_t last = -1;
  auto is_hole = [&](auto& x) {
    auto number = x.num("/sequence_num");
    auto result = last >= 0 && number > last + 1;
    last = number;
    return result;
  };
  CAF_CHECK(uut.await(is_hole));
}

CAF_TEST(a channel that is taken away leaves the list) {
  sim_client uut{*server, "/coinbase"};
  uut.send(request("subscribe", "ticker"));
  auto is_list = [](auto& x) { return is_of(x, "subscriptions"); };
  CAF_CHECK(uut.await(is_list));
  server->apply(sim::fault_revoke{.channel = "ticker"});
  auto list = uut.await(is_list);
  CAF_REQUIRE(list);
  CAF_CHECK(!list->has("/events/0/subscriptions/ticker"));
}

CAF_TEST(a request can fail) {
  sim_client uut{*server, "/coinbase"};
  server->apply(sim::fault_fail_calls{.method = "subscribe", .times = 1});
  CAF_CHECK_EQUAL(uut.ask(request("subscribe", "ticker")).str("/type"),
                  "error");
  uut.send(request("subscribe", "ticker"));
  CAF_CHECK(uut.await([](auto& x) { return is_of(x, "ticker"); }));
}

CAF_TEST_FIXTURE_SCOPE_END()
