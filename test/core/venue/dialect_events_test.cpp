// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE dialect_events

#include "zenws/venue/dialect.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace zenws;

namespace {

subscription_request request_for(std::vector<channel_spec> channels) {
  return {.number = 1, .channels = std::move(channels)};
}

} // namespace

// -- one event, each envelope -------------------------------------------------

// serverShutdown was seen in one envelope of three, listenKeyExpired in none.
CAF_TEST(dialects own the orders of their venues) {
  for (auto name : {"deribit", "binance", "okx", "bybit", "kraken"})
    CAF_CHECK(make_dialect(name)->orders() != nullptr);
  CAF_CHECK(make_dialect("raw")->orders() == nullptr);
}

CAF_TEST(control events of Binance are seen in each envelope) {
  std::vector<std::pair<std::string, inbound_kind>> events{
    {R"({"e":"serverShutdown","E":1770123456789})", inbound_kind::leaving},
    {R"({"e":"listenKeyExpired","E":"1736996475556","listenKey":"LK1"})",
     inbound_kind::spent},
    {R"({"E":1736996475556,"e":"listenKeyExpired"})", inbound_kind::spent},
    {R"({ "e" : "eventStreamTerminated" , "E" : 1 })", inbound_kind::spent},
    {R"({"\u0065":"listenKeyExpired","E":1})", inbound_kind::spent},
    {R"({"e":"executionReport","E":1})", inbound_kind::data},
    {R"({"e":"externalLockUpdate","E":1})", inbound_kind::data},
    {R"({"e":"trade","E":1})", inbound_kind::data},
  };
  auto uut = make_dialect("binance");
  for (auto& [event, kind] : events)
    for (auto& text :
         {event, R"({"stream":"!serverShutdown","data":)" + event + '}',
          R"({"stream":"LK0","data":)" + event + '}',
          R"({"event":)" + event + '}',
          R"({"subscriptionId":0,"event":)" + event + '}'}) {
      CAF_MESSAGE(text);
      CAF_CHECK(uut->read(text).kind == kind);
    }
}

CAF_TEST(events of OKX that the dialect does not know belong to no channel) {
  auto uut = make_dialect("okx");
  auto message = uut->read(
    R"({"event":"something-new","arg":{"channel":"trades",)"
    R"("instId":"BTC-USDT"},"connId":"a"})");
  CAF_CHECK(message.kind == inbound_kind::notice);
  CAF_CHECK_EQUAL(message.channel, "something-new");
  CAF_CHECK(uut->read(R"({"event":"notice","code":"64008","msg":"m"})").kind
            == inbound_kind::leaving);
  CAF_CHECK(uut->read(R"({"event":"notice","code":"1","msg":"m"})").kind
            == inbound_kind::notice);
  CAF_CHECK(uut
              ->read(R"({"event":"channel-conn-count","channel":"orders",)"
                     R"("connCount":"30","connId":"a"})")
              .kind
            == inbound_kind::heartbeat);
}

// -- names --------------------------------------------------------------------

CAF_TEST(channels are known by their names and not by the spelling of them) {
  std::vector<std::tuple<std::string, std::string, std::string>> messages{
    {"binance", R"({"stream":"\u5e01usdt@trade","data":{"e":"trade"}})",
     "币usdt@trade"},
    {"deribit",
     R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":)"
     R"("book\u002eBTC","data":{}}})",
     "book.BTC"},
    {"okx",
     R"({"arg":{"channel":"tr\u0061des","instId":"BTC\u002dUSDT"},)"
     R"("data":[]})",
     "trades:BTC-USDT"},
  };
  for (auto& [venue, text, name] : messages) {
    auto uut = make_dialect(venue);
    auto message = uut->read(text);
    CAF_CHECK(message.kind == inbound_kind::data);
    CAF_CHECK_EQUAL(message.channel, name);
  }
}

// Acknowledgements and pushes of channels without an instrument found nobody.
CAF_TEST(OKX tells channels apart by all of their arguments) {
  auto uut = make_dialect("okx");
  uut->connected();
  auto request = request_for({
    {"orders-swap", R"({"channel":"orders","instType":"SWAP"})"},
    {"orders-spot", R"({"instType":"SPOT","channel":"orders"})"},
    {"opt-eth", R"({"channel":"opt-summary","instFamily":"ETH-USD"})"},
    {"tickers:BTC-USDT", ""},
  });
  CAF_REQUIRE(uut->subscription(request, 3));
  auto channel_of = [&](const std::string& text) {
    return std::string{uut->read(text).channel};
  };
  CAF_CHECK_EQUAL(
    channel_of(R"({"id":"3","event":"subscribe","arg":{"channel":"orders",)"
               R"("instType":"SWAP"},"connId":"abcd1234"})"),
    "orders-swap");
  CAF_CHECK_EQUAL(
    channel_of(R"({"arg":{"channel":"orders","instType":"SWAP","uid":"7798"},)"
               R"("data":[{"instId":"BTC-USDT-SWAP"}]})"),
    "orders-swap");
  CAF_CHECK_EQUAL(channel_of(R"({"arg":{"instType":"SPOT","channel":"orders"},)"
                             R"("data":[]})"),
                  "orders-spot");
  CAF_CHECK_EQUAL(
    channel_of(R"({"arg":{"channel":"opt-summary","instFamily":"ETH-USD"},)"
               R"("data":[]})"),
    "opt-eth");
  CAF_CHECK_EQUAL(
    channel_of(
      R"({"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[]})"),
    "tickers:BTC-USDT");
}

CAF_TEST(the latest arguments of a name of OKX count) {
  auto uut = make_dialect("okx");
  uut->connected();
  auto request = [&](const std::string& family) {
    return uut->subscription(
      request_for({{"mine", R"({"channel":"opt-summary","instFamily":")"
                              + family + R"("})"}}),
      3);
  };
  CAF_REQUIRE(request("BTCUSD")); // is refused
  CAF_REQUIRE(request("BTC-USD"));
  CAF_CHECK_EQUAL(std::string{uut
                                ->read(R"({"arg":{"channel":"opt-summary",)"
                                       R"("instFamily":"BTC-USD"},"data":[]})")
                                .channel},
                  "mine");
}

CAF_TEST(arguments of OKX that cannot work are refused at once) {
  auto uut = make_dialect("okx");
  auto check = [&](const char* name, const char* arguments) {
    return uut->check({.name = name, .arguments = arguments}).code;
  };
  CAF_CHECK_EQUAL(check("trades:BTC-USDT", ""), ec::none);
  CAF_CHECK_EQUAL(check("x", R"({"channel":"orders","instType":"ANY"})"),
                  ec::none);
  CAF_CHECK_EQUAL(check("trades:BTC-USDT",
                        R"({"channel":"trades","instId":"ETH-USDT"})"),
                  ec::invalid_config);
  CAF_CHECK_EQUAL(check("x", "[]"), ec::invalid_config);
  CAF_CHECK_EQUAL(check("x", R"({"instType":"ANY"})"), ec::invalid_config);
  CAF_CHECK_EQUAL(check("x", R"({"channel":"a")"), ec::invalid_config);
  CAF_REQUIRE(uut->subscription(
    request_for({{"one", R"({"channel":"orders","instType":"ANY"})"}}), 1));
  CAF_CHECK_EQUAL(check("two", R"({"instType":"ANY","channel":"orders"})"),
                  ec::invalid_config);
}

CAF_TEST(OKX may end each subscription of a channel that it names) {
  auto uut = make_dialect("okx");
  uut->connected();
  CAF_REQUIRE(uut->subscription(
    request_for({{"orders-any", R"({"channel":"orders","instType":"ANY"})"},
                 {"account", ""}}),
    1));
  auto message = uut->read(R"({"event":"channel-conn-count-error","channel":)"
                           R"("orders","connCount":"31","connId":"abcd1234"})");
  CAF_CHECK(message.kind == inbound_kind::channels_ended);
  CAF_REQUIRE_EQUAL(message.channels.size(), 1u);
  CAF_CHECK_EQUAL(message.channels[0], "orders-any");
}

// -- ids ----------------------------------------------------------------------

CAF_TEST(nodes may use numbers as ids of subscriptions) {
  auto uut = make_dialect("json_rpc");
  auto request = request_for({{"newHeads"}});
  CAF_REQUIRE(uut->subscription(request, 1));
  auto push = R"({"jsonrpc":"2.0","method":"eth_subscription",)"
              R"("params":{"subscription":11121,"result":{}}})";
  auto early = uut->read(push);
  CAF_CHECK(early.kind == inbound_kind::unclaimed);
  CAF_CHECK_EQUAL(early.channel, "11121");
  auto answer = uut->read(R"({"jsonrpc":"2.0","id":1,"result":11121})");
  CAF_CHECK(uut->read_grants(request, answer).has_value());
  CAF_CHECK_EQUAL(uut->channel_of("11121"), "newHeads");
  CAF_CHECK_EQUAL(uut->read(push).channel, "newHeads");
  request.kind = subscription_request_kind::unsubscribe;
  CAF_CHECK_EQUAL(uut->subscription(request, 2).value(),
                  R"({"jsonrpc":"2.0","id":2,"method":"eth_unsubscribe",)"
                  R"("params":[11121]})");
}

CAF_TEST(an answer that grants nothing readable is an error) {
  auto eth = make_dialect("json_rpc");
  auto deribit = make_dialect("deribit");
  auto request = request_for({{"newHeads"}});
  for (auto result : {"true", "null", "{}", R"([1])"}) {
    auto text = R"({"jsonrpc":"2.0","id":1,"result":)" + std::string{result}
                + '}';
    CAF_CHECK(!eth->read_grants(request, eth->read(text)));
  }
  for (auto result : {"true", "null", R"({"a":1})", R"("ok")"}) {
    auto text = R"({"jsonrpc":"2.0","id":1,"result":)" + std::string{result}
                + '}';
    CAF_CHECK(!deribit->read_grants(request, deribit->read(text)));
  }
}

CAF_TEST(ids that users put into their messages are recognised) {
  CAF_CHECK(make_dialect("deribit")->id_in(R"({"id":7,"method":"m"})") == 7);
  CAF_CHECK(make_dialect("binance")->id_in(R"({"method":"m","id":8})") == 8);
  CAF_CHECK(make_dialect("okx")->id_in(R"({"id":"9","op":"order"})") == 9);
  CAF_CHECK(make_dialect("okx")->id_in("ping") == std::nullopt);
  CAF_CHECK(make_dialect("deribit")->id_in(R"({"method":"m"})")
            == std::nullopt);
}

// -- costs --------------------------------------------------------------------

// docs.deribit.com/articles/rate-limits lists these twenty.
CAF_TEST(all orders and quotes of Deribit draw on the matching engine) {
  auto uut = make_dialect("deribit");
  for (auto name : {"buy",
                    "sell",
                    "edit",
                    "edit_by_label",
                    "cancel",
                    "cancel_by_label",
                    "cancel_all",
                    "cancel_all_by_instrument",
                    "cancel_all_by_currency",
                    "cancel_all_by_kind_or_type",
                    "close_position",
                    "verify_block_trade",
                    "execute_block_trade",
                    "move_positions",
                    "mass_quote",
                    "cancel_quotes",
                    "add_block_rfq_quote",
                    "edit_block_rfq_quote",
                    "cancel_block_rfq_quote",
                    "cancel_all_block_rfq_quotes"}) {
    auto cost = uut->cost_of_call("private/" + std::string{name});
    CAF_REQUIRE_EQUAL(cost.size(), 1u);
    CAF_CHECK_EQUAL(cost[0].pool, "matching");
  }
}

// -- closing ------------------------------------------------------------------

CAF_TEST(a close for too many requests is told from others) {
  auto uut = make_dialect("binance");
  CAF_CHECK(uut->cause_of_close(1008, "Too many requests")
            == close_cause::rate);
  CAF_CHECK(uut->cause_of_close(1008, "Pong timeout")
            == close_cause::unspecified);
  CAF_CHECK(uut->cause_of_close(1000, "too many requests")
            == close_cause::unspecified);
}
