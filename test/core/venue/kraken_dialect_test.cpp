// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE kraken_dialect

#include "zenws/venue/kraken/kraken_dialect.hpp"

#include "core/session/venue_fixture.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

client_config kraken_config() {
  auto cfg = fast_config();
  cfg.backoff.max_attempts = backoff_config::unlimited;
  cfg.heartbeat.kind = heartbeat_kind::none;
  cfg.venue.dialect = "kraken";
  return cfg;
}

struct fixture : venue_fixture {
  kraken_dialect dialect;

  fixture() {
    restart(kraken_config());
    connect();
  }

  std::string id_at(size_t index) const {
    return std::string{find_member(sent.at(index), "req_id").text};
  }

  std::string param(size_t index, std::string_view name) const {
    auto params = find_member(sent.at(index), "params");
    return std::string{find_member(params.text, name).text};
  }

  inbound_kind grant(size_t index, const std::string& channel,
                     const std::string& symbol,
                     const std::string& method = "subscribe") {
    return peer(R"({"method":")" + method + R"(","result":{"channel":")"
                + channel + R"(","symbol":")" + symbol
                + R"("},"success":true,"time_in":"t","time_out":"t","req_id":)"
                + id_at(index) + '}');
  }

  inbound_kind refuse_symbol(size_t index, const std::string& reason,
                             const std::string& symbol,
                             const std::string& method = "subscribe") {
    return peer(R"({"error":")" + reason + R"(","method":")" + method
                + R"(","req_id":)" + id_at(index)
                + R"(,"success":false,"symbol":")" + symbol
                + R"(","time_in":"t","time_out":"t"})");
  }

  uint64_t add(const std::vector<channel_spec>& channels) {
    session_actions actions;
    auto number = uut.subscribe(1, channels, now, actions);
    take(std::move(actions));
    return number.value();
  }

  error check(const std::string& name, const std::string& arguments = "") {
    return dialect.check({.name = name, .arguments = arguments});
  }

  answer_meaning meaning_of(const std::string& text) {
    return dialect.judge(dialect.read(text)).meaning;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(kraken_dialect_tests, fixture)

// -- requests -----------------------------------------------------------------

CAF_TEST(a request has the symbols of one kind of channel) {
  add({{.name = "book:BTC/USD", .arguments = R"({"depth": 25})"},
       {.name = "trade:BTC/USD"},
       {.name = "book:ETH/USD", .arguments = R"({"depth": 25})"},
       {.name = "book:SOL/USD", .arguments = R"({"depth":100})"},
       {.name = "instrument"}});
  CAF_REQUIRE_EQUAL(sent.size(), 4u);
  CAF_CHECK_EQUAL(
    sent[0],
    R"({"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD",)"
    R"("ETH/USD"],"depth": 25,"snapshot":true},"req_id":)"
      + id_at(0) + '}');
  CAF_CHECK_EQUAL(param(1, "channel"), "trade");
  CAF_CHECK_EQUAL(param(1, "symbol"), R"(["BTC/USD"])");
  CAF_CHECK_EQUAL(param(1, "snapshot"), "true");
  CAF_CHECK_EQUAL(param(2, "depth"), "100");
  CAF_CHECK_EQUAL(param(3, "channel"), "instrument");
  CAF_CHECK(!find_member(find_member(sent[3], "params").text, "symbol"));
}

CAF_TEST(a subscription is given up with its arguments but no snapshot) {
  add({{.name = "book:BTC/USD",
        .arguments = R"({"depth":25,"snapshot":false})"}});
  CAF_CHECK_EQUAL(param(0, "snapshot"), "false");
  grant(0, "book", "BTC/USD");
  std::vector<std::string_view> names{"book:BTC/USD"};
  take(uut.unsubscribe(1, names, now));
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK_EQUAL(sent[1],
                  R"({"method":"unsubscribe","params":{"channel":"book",)"
                  R"("symbol":["BTC/USD"],"depth":25},"req_id":)"
                    + id_at(1) + '}');
  grant(1, "book", "BTC/USD", "unsubscribe");
  CAF_CHECK_EQUAL(uut.protocol().subscriptions().num_channels(), 0u);
  CAF_CHECK(!uut.protocol().subscriptions().state_of("book:BTC/USD"));
}

CAF_TEST(parameters of beginnings are not repeated at the end) {
  channel_spec channel{.name = "executions",
                       .arguments = R"({"snap_orders":true,"snap_trades":true,)"
                                    R"("ratecounter":true,"token":"t"})"};
  auto text = dialect.subscription(
    {.kind = subscription_request_kind::unsubscribe, .channels = {channel}}, 7);
  CAF_CHECK_EQUAL(text.value(),
                  R"({"method":"unsubscribe","params":{"channel":)"
                  R"("executions","token":"t"},"req_id":7})");
}

CAF_TEST(names and arguments that cannot work are refused at once) {
  CAF_CHECK(!check("book:BTC/USD"));
  CAF_CHECK(!check("book:BTC/USD", R"( {"depth" : 10} )"));
  CAF_CHECK(!check("instrument"));
  CAF_CHECK(!check("executions", R"({"token":"t"})"));
  for (auto name : {"", "book", "book:", "instrument:BTC/USD", "heartbeat",
                    "status", "executions:BTC/USD"})
    CAF_CHECK_EQUAL(check(name).code, ec::invalid_config);
  for (auto arguments : {"5", "[]", "{", R"({"depth":})", R"({"symbol":["X"]})",
                         R"({"\u0063hannel":"trade"})", R"({"a":1}{})"})
    CAF_CHECK_EQUAL(check("book:BTC/USD", arguments).code, ec::invalid_config);
}

CAF_TEST(calls carry their parameters and an id) {
  CAF_CHECK_EQUAL(dialect.call("ping", "", 7).value(),
                  R"({"method":"ping","req_id":7})");
  auto text = dialect.call("add_order", R"({"symbol":"X"})", 8).value();
  CAF_CHECK_EQUAL(
    text, R"({"method":"add_order","params":{"symbol":"X"},"req_id":8})");
  CAF_CHECK(dialect.id_in(text) == 8);
  CAF_CHECK(!dialect.id_in(R"({"method":"ping"})"));
}

CAF_TEST(requests keep to a pace) {
  for (int i = 0; i < 40; ++i) {
    auto symbol = "X" + std::to_string(i) + "/USD";
    add({{.name = "trade:" + symbol}});
    if (sent.size() == static_cast<size_t>(i) + 1)
      grant(sent.size() - 1, "trade", symbol);
  }
  CAF_CHECK_EQUAL(sent.size(), 10u);
  take(wake());
  CAF_CHECK_EQUAL(sent.size(), 11u);
  CAF_CHECK_EQUAL(elements_of(param(10, "symbol")).value().size(), 30u);
}

// -- answers ------------------------------------------------------------------

CAF_TEST(each symbol of a request is answered by itself) {
  subscribe(1, {"trade:BTC/USD", "trade:FOO/BAR", "trade:ETH/USD"});
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  CAF_CHECK(grant(0, "trade", "BTC/USD") == inbound_kind::answer);
  CAF_CHECK_EQUAL(to_text(out), "report:trade:BTC/USD=granted");
  refuse_symbol(0, "Currency pair not supported FOO/BAR", "FOO/BAR");
  CAF_CHECK_EQUAL(to_text(out), "report:trade:FOO/BAR=rejected");
  CAF_CHECK(!uut.protocol().subscriptions().restored());
  grant(0, "trade", "ETH/USD");
  CAF_CHECK_EQUAL(to_text(out), "report:trade:ETH/USD=granted");
  CAF_CHECK(uut.protocol().subscriptions().restored());
  CAF_CHECK(uut.state() == client_state::ready);
  CAF_CHECK_EQUAL(sent.size(), 1u);
}

CAF_TEST(a refusal tells the words of the venue) {
  subscribe(1, {"book:FOO/BAR"});
  refuse_symbol(0, "Currency pair not supported FOO/BAR", "FOO/BAR");
  auto report = find<action::report>(out);
  CAF_REQUIRE(report != nullptr);
  CAF_CHECK_EQUAL(report->outcomes.at(0).reason.detail,
                  "Currency pair not supported FOO/BAR");
}

CAF_TEST(a request that is refused as a whole is halved) {
  subscribe(1, {"trade:A/USD", "trade:B/USD"});
  peer(R"({"error":"Currency pair not in ISO 4217-A3 format",)"
       R"("method":"subscribe","success":false,"time_in":"t","req_id":)"
       + id_at(0) + '}');
  CAF_REQUIRE_EQUAL(sent.size(), 3u);
  CAF_CHECK_EQUAL(param(1, "symbol"), R"(["A/USD"])");
  CAF_CHECK_EQUAL(param(2, "symbol"), R"(["B/USD"])");
}

CAF_TEST(what the venue has already is granted) {
  subscribe(1, {"trade:A/USD", "trade:B/USD"});
  refuse_symbol(0, "Already subscribed", "B/USD");
  CAF_CHECK_EQUAL(to_text(out), "report:trade:B/USD=granted");
}

CAF_TEST(a channel that the venue does not know is given up by that) {
  subscribe(1, {"trade:A/USD"});
  grant(0, "trade", "A/USD");
  std::vector<std::string_view> names{"trade:A/USD"};
  take(uut.unsubscribe(1, names, now));
  refuse_symbol(1, "Subscription Not Found", "A/USD", "unsubscribe");
  CAF_CHECK(!uut.protocol().subscriptions().state_of("trade:A/USD"));
  // Nothing is lost by a refusal that nobody waits for.
  subscribe(1, {"trade:A/USD"});
  grant(2, "trade", "A/USD");
  refuse_symbol(1, "Subscription Not Found", "A/USD", "unsubscribe");
  CAF_CHECK(uut.protocol().subscriptions().state_of("trade:A/USD")
            == channel_state::confirmed);
}

CAF_TEST(a venue that is busy is asked again for those symbols only) {
  subscribe(1, {"trade:A/USD", "trade:B/USD"});
  grant(0, "trade", "A/USD");
  refuse_symbol(0, "Exceeded msg rate", "B/USD");
  CAF_CHECK_EQUAL(sent.size(), 1u);
  while (sent.size() == 1u && uut.wake_at())
    take(wake());
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK_EQUAL(param(1, "symbol"), R"(["B/USD"])");
  grant(1, "trade", "B/USD");
  CAF_CHECK(uut.protocol().subscriptions().restored());
}

CAF_TEST(a reason that is not documented is not the end at once) {
  subscribe(1, {"trade:A/USD"});
  refuse_symbol(0, "Out of memes", "A/USD");
  CAF_CHECK(!says(out, "rejected"));
  CAF_CHECK(uut.protocol().subscriptions().state_of("trade:A/USD").has_value());
}

CAF_TEST(an answer to nobody changes nothing) {
  subscribe(1, {"trade:A/USD"});
  grant(0, "trade", "A/USD");
  CAF_CHECK(grant(0, "trade", "A/USD") == inbound_kind::data);
  CAF_CHECK(refuse_symbol(0, "Currency pair not supported", "A/USD")
            == inbound_kind::data);
  CAF_CHECK(peer(R"({"error":"Malformed request","method":"error",)"
                 R"("success":false})")
            == inbound_kind::data);
  CAF_CHECK(uut.protocol().subscriptions().state_of("trade:A/USD")
            == channel_state::confirmed);
}

CAF_TEST(a channel that the venue ends is asked for again) {
  subscribe(1, {"trade:A/USD"});
  grant(0, "trade", "A/USD");
  peer(R"({"method":"unsubscribe","success":true,)"
       R"("result":{"channel":"trade","symbol":"A/USD"}})");
  CAF_CHECK_EQUAL(to_text(out), "report:trade:A/USD=lost");
  take(wake());
  CAF_CHECK_EQUAL(sent.size(), 2u);
}

CAF_TEST(errors mean what the documentation says) {
  auto error = [this](const std::string& text) {
    return meaning_of(R"({"method":"add_order","req_id":7,"success":false,)"
                      R"("error":")"
                      + text + R"("})");
  };
  using enum answer_meaning;
  CAF_CHECK(error("EOrder:Insufficient funds") == refused);
  CAF_CHECK(error("EOrder:Rate limit exceeded") == try_later);
  for (auto text : {"EService:Unavailable", "EService:Busy"}) {
    // Nobody knows whether there is an order, but that there is no channel.
    CAF_CHECK(error(text) == unknown);
    CAF_CHECK(meaning_of(R"({"method":"subscribe","req_id":7,"success":false,)"
                         R"("error":")"
                         + std::string{text} + R"("})")
              == try_later);
  }
  CAF_CHECK(error("EService:Deadline elapsed") == refused);
  CAF_CHECK(error("EGeneral:Internal error") == unknown);
  CAF_CHECK(error("EService:Timeout") == unknown);
  CAF_CHECK(error("") == unknown);
  auto verdict = dialect.judge(
    dialect.read(R"({"method":"add_order","req_id":7,"success":false,)"
                 R"("error":"EGeneral:Permission denied"})"));
  CAF_CHECK(verdict.is_permanent());
  CAF_CHECK_EQUAL(verdict.refusal.message, "EGeneral:Permission denied");
}

CAF_TEST(only what says so is a success) {
  auto answer = [this](const std::string& members) {
    return meaning_of(R"({"method":"add_order","req_id":7)" + members + '}');
  };
  using enum answer_meaning;
  CAF_CHECK(answer(R"(,"success":true,"result":{"order_id":"O"})") == answered);
  CAF_CHECK(answer(R"(,"success":true,"error":null,"result":{})") == answered);
  CAF_CHECK(answer(R"(,"result":{})") == answered);
  CAF_CHECK(answer("") == unknown);
  CAF_CHECK(answer(R"(,"success":"true","result":{})") == unknown);
  CAF_CHECK(answer(R"(,"success":false)") == unknown);
  CAF_CHECK(answer(R"(,"success":true,"error":"EOrder:?","result":{})")
            == unknown);
  CAF_CHECK(answer(R"(,"success":true,"error":7,"result":{})") == unknown);
  CAF_CHECK(meaning_of(R"({"method":"pong","req_id":7})") == answered);
}

// -- other messages -----------------------------------------------------------

CAF_TEST(data is told apart by channel and symbol) {
  auto channel_of = [this](const std::string& text) {
    auto message = dialect.read(text);
    CAF_CHECK(message.kind == inbound_kind::data);
    return std::string{message.channel};
  };
  CAF_CHECK_EQUAL(
    channel_of(R"({"channel":"book","type":"update","data":[{"bids":[{"x":1}],)"
               R"("symbol":"BTC/USD"}]})"),
    "book:BTC/USD");
  CAF_CHECK_EQUAL(channel_of(
                    R"({"data":[{"s\u0079mbol":"BTC\/USD"}],"type":"update",)"
                    R"("channel":"tr\u0061de"})"),
                  "trade:BTC/USD");
  CAF_CHECK_EQUAL(channel_of(R"({"channel":"instrument","type":"update",)"
                             R"("data":{"pairs":[{"symbol":"BTC/USD"}]}})"),
                  "instrument");
  CAF_CHECK_EQUAL(channel_of(R"({"channel":"executions","type":"update",)"
                             R"("data":[{"symbol":"BTC/USD"}]})"),
                  "executions");
  for (auto data :
       {"[]", "{}", "7", "[7]", "[{}]", R"([{"symbol":7}])", "[[]]"})
    CAF_CHECK_EQUAL(channel_of(R"({"channel":"book","type":"update","data":)"
                               + std::string{data} + '}'),
                    "book");
  CAF_CHECK(dialect.read("{").kind == inbound_kind::malformed);
  CAF_CHECK(dialect.read(R"({"channel":"book","channel":"trade"})").kind
            == inbound_kind::malformed);
}

CAF_TEST(data reaches its subscribers and a snapshot ends a renewal) {
  auto book = [this](const std::string& type) {
    return peer(R"({"channel":"book","type":")" + type
                + R"(","data":[{"symbol":"BTC/USD"}]})");
  };
  subscribe(1, {"book:BTC/USD"});
  grant(0, "book", "BTC/USD");
  std::vector<std::string_view> names{"book:BTC/USD"};
  take(uut.renew(names, now));
  grant(1, "book", "BTC/USD", "unsubscribe");
  grant(2, "book", "BTC/USD");
  auto is_renewing = [this] {
    return uut.protocol().subscriptions().channels().front().is_renewing;
  };
  CAF_CHECK(book("update") == inbound_kind::data);
  CAF_CHECK(is_renewing());
  book("snapshot");
  CAF_CHECK(!is_renewing());
}

CAF_TEST(signs of life are heartbeats) {
  CAF_CHECK(dialect.read(R"({"channel":"heartbeat"})").kind
            == inbound_kind::heartbeat);
  CAF_CHECK_EQUAL(dialect.ping(), R"({"method":"ping"})");
  CAF_CHECK(
    dialect.read(R"({"method":"pong","time_in":"t","time_out":"t"})").kind
    == inbound_kind::heartbeat);
  CAF_CHECK(dialect.read(R"({"method":"pong","req_id":7})").kind
            == inbound_kind::answer);
}

CAF_TEST(the state of the venue is told unless all is well) {
  auto status = [](const std::string& state) {
    return R"({"channel":"status","type":"update","data":[{"version":"2.0.8",)"
           R"("system":")"
           + state + R"(","api_version":"v2","connection_id":7}]})";
  };
  auto notices = [this] {
    size_t result = 0;
    for (auto& x : out)
      if (auto* told = std::get_if<action::notify>(&x))
        result += told->event.kind == event_kind::venue_notice;
    return result;
  };
  CAF_CHECK(peer(status("online")) == inbound_kind::data);
  CAF_CHECK_EQUAL(notices(), 0u);
  CAF_CHECK(peer(status("maintenance")) == inbound_kind::notice);
  CAF_CHECK_EQUAL(notices(), 1u);
  peer(status("maintenance"));
  CAF_CHECK_EQUAL(notices(), 0u);
  peer(status("cancel_only"));
  CAF_CHECK_EQUAL(notices(), 1u);
  for (auto data : {"[]", "7", "[7]", "[{}]"})
    CAF_CHECK(peer(R"({"channel":"status","data":)" + std::string{data} + '}')
              == inbound_kind::data);
}

CAF_TEST_FIXTURE_SCOPE_END()
