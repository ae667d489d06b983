// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE hyperliquid_sim

#include "sim_client.hpp"

#include "support/unit_test.hpp"

#include <memory>
#include <string>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto path = "/hyperliquid";

std::string stream(const std::string& type, const std::string& coin = "BTC",
                   const std::string& more = "") {
  return R"({"type":")" + type + R"(","coin":")" + coin + '"' + more + '}';
}

std::string request(const std::string& method, const std::string& what) {
  return R"({"method":")" + method + R"(","subscription":)" + what + '}';
}

std::string subscribe(const std::string& type, const std::string& coin = "BTC",
                      const std::string& more = "") {
  return request("subscribe", stream(type, coin, more));
}

auto is_on(const char* channel) {
  return [channel](const json_text& x) { return x.str("/channel") == channel; };
}

struct fixture {
  void start(sim::hyperliquid_config cfg) {
    server = start_server({.tick = 1ms, .hyperliquid = cfg});
  }

  std::unique_ptr<sim::server> server = start_server({.tick = 1ms});
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hyperliquid_sim_tests, fixture)

// -- subscriptions ------------------------------------------------------------

CAF_TEST(a subscription is confirmed with all of its members) {
  sim_client uut{*server, path};
  auto answer = uut.ask(subscribe("l2Book"));
  CAF_CHECK_EQUAL(answer.str("/channel"), "subscriptionResponse");
  CAF_CHECK_EQUAL(answer.str("/data/method"), "subscribe");
  CAF_CHECK_EQUAL(answer.str("/data/subscription/coin"), "BTC");
  CAF_CHECK(answer.has("/data/subscription/nSigFigs"));
  CAF_CHECK(answer.has("/data/subscription/fast"));
  uut.send(request("unsubscribe", stream("l2Book")));
  auto end = uut.await(
    [](const json_text& x) { return x.str("/data/method") == "unsubscribe"; });
  CAF_CHECK(end);
}

CAF_TEST(a repeated request is quoted in an error) {
  sim_client uut{*server, path};
  uut.send(subscribe("bbo"));
  uut.send(subscribe("bbo"));
  auto error = uut.await(is_on("error"));
  CAF_REQUIRE(error);
  CAF_CHECK_EQUAL(error->str("/data"),
                  R"(Already subscribed: {"type":"bbo","coin":"BTC"})");
  uut.send(request("unsubscribe", stream("trades")));
  error = uut.await(is_on("error"));
  CAF_REQUIRE(error);
  CAF_CHECK_EQUAL(error->str("/data"),
                  R"(Already unsubscribed: {"type":"trades","coin":"BTC"})");
}

CAF_TEST(what is no request is quoted in an error) {
  sim_client uut{*server, path};
  for (auto text : {"x", "[]", R"({"method":"subscribe"})",
                    R"({"method":"subscribe","subscription":{"type":"x"}})",
                    R"({"method":"subscribe","subscription":{"type":"bbo"}})",
                    R"({"method":"post","request":{}})"})
    CAF_CHECK_EQUAL(uut.ask(text).str("/data"),
                    "Error parsing JSON into valid websocket request: "
                      + std::string{text});
}

CAF_TEST(an unknown coin ends the connection without a word) {
  sim_client uut{*server, path};
  uut.send(subscribe("bbo", "NOPE"));
  CAF_CHECK_EQUAL(uut.end(), 0);
}

// -- data ---------------------------------------------------------------------

CAF_TEST(books come whole in their own pace) {
  start({.book_interval = 5ms, .fast_book_interval = 5ms});
  sim_client uut{*server, path};
  uut.send(subscribe("l2Book", "ETH", R"(,"fast":true)"));
  for (auto i = 0; i < 5; ++i) {
    auto book = uut.await(is_on("l2Book"));
    CAF_REQUIRE(book);
    CAF_CHECK_EQUAL(book->str("/data/coin"), "ETH");
    CAF_CHECK_EQUAL(book->size("/data/levels"), 2u);
    CAF_CHECK_EQUAL(book->size("/data/levels/0"), 5u);
    CAF_CHECK_EQUAL(book->size("/data/levels/1"), 5u);
    auto bid = std::stod(book->str("/data/levels/0/0/px"));
    CAF_CHECK(std::stod(book->str("/data/levels/0/4/px")) < bid);
    CAF_CHECK(bid < std::stod(book->str("/data/levels/1/0/px")));
  }
  sim_client other{*server, path};
  other.send(subscribe("l2Book"));
  auto book = other.await(is_on("l2Book"));
  CAF_REQUIRE(book);
  CAF_CHECK(book->size("/data/levels/0") > 5u);
}

CAF_TEST(trades begin with those of before) {
  sim_client first{*server, path};
  first.send(subscribe("trades"));
  auto trade = first.await(is_on("trades"));
  CAF_REQUIRE(trade);
  CAF_CHECK_EQUAL(trade->size("/data"), 1u);
  auto side = trade->str("/data/0/side");
  CAF_CHECK(side == "A" || side == "B");
  auto next = first.await(is_on("trades"));
  CAF_REQUIRE(next);
  sim_client uut{*server, path};
  CAF_CHECK_EQUAL(uut.ask(subscribe("trades")).str("/channel"),
                  "subscriptionResponse");
  auto old = uut.receive();
  CAF_REQUIRE(old);
  CAF_CHECK(old->size("/data") > 1u);
}

CAF_TEST(quotes and contexts have the state at once) {
  sim_client uut{*server, path};
  uut.send(subscribe("bbo"));
  uut.send(subscribe("activeAssetCtx", "ETH"));
  uut.send(request("subscribe", R"({"type":"allMids"})"));
  auto quote = uut.await(is_on("bbo"));
  CAF_REQUIRE(quote);
  CAF_CHECK(std::stod(quote->str("/data/bbo/0/px"))
            < std::stod(quote->str("/data/bbo/1/px")));
  auto context = uut.await(is_on("activeAssetCtx"));
  CAF_REQUIRE(context);
  CAF_CHECK_EQUAL(context->str("/data/coin"), "ETH");
  CAF_CHECK(!context->str("/data/ctx/markPx").empty());
  auto mids = uut.await(is_on("allMids"));
  CAF_REQUIRE(mids);
  CAF_CHECK(!mids->str("/data/mids/BTC").empty());
}

// -- posts --------------------------------------------------------------------

CAF_TEST(posts are answered by their ids) {
  sim_client uut{*server, path};
  auto ask = [&](const char* id, const char* payload) {
    return uut.ask(R"({"method":"post","id":)" + std::string{id}
                   + R"(,"request":{"type":"info","payload":)" + payload
                   + "}}");
  };
  auto meta = ask("7", R"({"type":"meta"})");
  CAF_CHECK_EQUAL(meta.str("/channel"), "post");
  CAF_CHECK_EQUAL(meta.num("/data/id"), 7);
  CAF_CHECK_EQUAL(meta.size("/data/response/payload/data/universe"), 2u);
  auto book = ask("8", R"({"type":"l2Book","coin":"BTC"})");
  CAF_CHECK_EQUAL(book.str("/data/response/payload/data/coin"), "BTC");
  auto none = ask("9", R"({"type":"l2Book","coin":"NOPE"})");
  auto* data = none.find("/data/response/payload/data");
  CAF_CHECK(data != nullptr && data->IsNull());
  CAF_CHECK_EQUAL(ask("10", R"({"type":"x"})").str("/data/response/type"),
                  "error");
}

// -- limits -------------------------------------------------------------------

CAF_TEST(pings keep a connection that would get nothing) {
  start({.idle_timeout = 200ms});
  sim_client uut{*server, path};
  for (auto i = 0; i < 3; ++i)
    CAF_CHECK_EQUAL(uut.ask(R"({"method":"ping"})").str("/channel"), "pong");
  CAF_CHECK_EQUAL(uut.end(), 0);
}

CAF_TEST(the limits are those of all connections of an address) {
  start({.max_connections = 2, .max_messages = 5, .max_subscriptions = 1});
  sim_client first{*server, path};
  sim_client second{*server, path};
  first.send(subscribe("bbo"));
  CAF_REQUIRE(first.await(is_on("bbo")));
  CAF_CHECK_EQUAL(second.ask(subscribe("trades")).str("/data"),
                  "Cannot subscribe to more than 1 channels.");
  first.send(request("unsubscribe", stream("bbo")));
  CAF_REQUIRE(first.await(
    [](const json_text& x) { return x.str("/data/method") == "unsubscribe"; }));
  CAF_CHECK_EQUAL(second.ask(subscribe("trades")).str("/channel"),
                  "subscriptionResponse");
  sim_client third{*server, path};
  auto problem = third.receive();
  CAF_REQUIRE(problem);
  CAF_CHECK_EQUAL(problem->str("/data"),
                  "Cannot open more than 2 connections.");
  CAF_CHECK_EQUAL(third.end(), 0);
  first.send(R"({"method":"ping"})");
  CAF_REQUIRE(first.await(is_on("pong")));
  first.send(R"({"method":"ping"})");
  auto error = first.await(is_on("error"));
  CAF_REQUIRE(error);
  CAF_CHECK_EQUAL(error->str("/data"),
                  "Cannot send more than 5 messages per minute.");
}

CAF_TEST(faults take streams away by name) {
  sim_client uut{*server, path};
  uut.send(subscribe("bbo"));
  CAF_REQUIRE(uut.await(is_on("bbo")));
  server->apply(sim::fault_malformed{"bbo:BTC"}, path);
  CAF_CHECK(
    uut.await([](const json_text& x) { return x.num("/data/levels") == 7; }));
  server->apply(sim::fault_revoke{"bbo:BTC"}, path);
  CAF_CHECK(uut.await(
    [](const json_text& x) { return x.str("/data/method") == "unsubscribe"; }));
}

CAF_TEST_FIXTURE_SCOPE_END()
