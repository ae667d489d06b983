// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE venue_answers

#include "zenws/recording/internal/venue_answers.hpp"

#include "core/session/venue_fixture.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : venue_fixture {
  std::unique_ptr<internal::venue_answers> venue;
  std::vector<std::string> granted;
  std::vector<std::string> lost;
  size_t answered = 0; // requests

  void use(const std::string& dialect) {
    client_config cfg{.url = "ws://h"};
    cfg.venue.dialect = dialect;
    cfg.venue.max_channels_per_request = dialect == "hyperliquid" ? 1 : 10;
    restart(cfg);
    granted.clear();
    lost.clear();
    answered = 0;
    venue = internal::make_venue_answers(dialect);
    CAF_REQUIRE(venue);
  }

  // Keeps the outcomes of the last actions.
  void keep_outcomes() {
    for (auto& x : out)
      if (auto* report = std::get_if<action::report>(&x))
        for (auto& outcome : report->outcomes)
          (outcome.kind == outcome_kind::granted ? granted : lost)
            .push_back(outcome.channel);
  }

  // Answers requests until there are none left. Returns whether channels were
  // granted.
  bool converse() {
    auto result = false;
    while (answered < sent.size()) {
      auto answer = venue->answer(sent[answered++]);
      result = result || answer.grants;
      for (auto& message : answer.messages) {
        auto kind = peer(message);
        CAF_CHECK(kind != inbound_kind::malformed);
        CAF_CHECK(kind != inbound_kind::data);
        keep_outcomes();
      }
    }
    return result;
  }
};

const std::vector<std::pair<std::string, std::vector<std::string>>> venues{
  {"binance", {"btcusdt@trade", "btcusdt@depth@100ms"}},
  {"bybit", {"publicTrade.BTCUSDT", "orderbook.50.BTCUSDT"}},
  {"coinbase", {"market_trades:BTC-USD", "level2:BTC-USD"}},
  {"deribit", {"trades.BTC-PERPETUAL.100ms", "book.BTC-PERPETUAL.100ms"}},
  {"hyperliquid", {"trades:BTC", "l2Book:BTC"}},
  {"kraken", {"trade:BTC/USD", "trade:ETH/USD", "book:BTC/USD"}},
  {"okx", {"trades:BTC-USDT", "books:BTC-USDT"}}};

} // namespace

CAF_TEST_FIXTURE_SCOPE(venue_answers_tests, fixture)

CAF_TEST(a client of each venue becomes ready with its channels) {
  for (auto& [dialect, channels] : venues) {
    CAF_MESSAGE(dialect);
    use(dialect);
    connect();
    converse();
    CAF_CHECK(uut.state() == client_state::ready);
    CAF_CHECK(subscribe(1, channels) != 0);
    keep_outcomes();
    CAF_CHECK(converse());
    // Some wait for their turn.
    for (int i = 0; i < 20 && granted.size() < channels.size(); ++i) {
      take(wake());
      keep_outcomes();
      converse();
    }
    std::ranges::sort(granted);
    auto expected = channels;
    std::ranges::sort(expected);
    CAF_CHECK_EQUAL(granted, expected);
    CAF_CHECK(lost.empty());
  }
}

CAF_TEST(heartbeats of each venue are answered) {
  for (auto& [name, channels] : venues) {
    CAF_MESSAGE(name);
    use(name);
    auto dialect = make_dialect(name);
    dialect->connected();
    for (auto& request :
         {dialect->ping(), dialect->enable_heartbeat(std::chrono::seconds{10}),
          dialect->heartbeat_response()}) {
      if (request.empty())
        continue;
      auto answer = venue->answer(request);
      CAF_REQUIRE(!answer.messages.empty());
      auto kind = dialect->read(answer.messages[0]).kind;
      CAF_CHECK(kind == inbound_kind::heartbeat
                || (name == "coinbase" && kind == inbound_kind::answer));
    }
  }
}

CAF_TEST(other requests are refused in the words of the venue) {
  for (auto& [name, channels] : venues) {
    CAF_MESSAGE(name);
    use(name);
    connect();
    converse();
    auto dialect = make_dialect(name);
    dialect->connected();
    auto request = dialect->call("no-such-method", "{}", 7);
    if (!request)
      continue; // there are no calls
    auto answer = venue->answer(*request);
    CAF_CHECK(!answer.grants);
    CAF_REQUIRE(!answer.messages.empty());
    auto kind = dialect->read(answer.messages[0]).kind;
    CAF_CHECK(kind != inbound_kind::data);
    CAF_CHECK(kind != inbound_kind::malformed);
  }
}

CAF_TEST(hostile requests get an answer or none) {
  for (auto& [name, channels] : venues) {
    use(name);
    for (auto text : {"", "{", "[]", "null", R"({"id":{}})",
                      R"({"op":"subscribe","args":7})",
                      R"({"method":"subscribe","params":[]})",
                      R"({"type":"subscribe","product_ids":{}})"})
      for (auto& message : venue->answer(text).messages)
        CAF_CHECK(!message.empty());
  }
}

CAF_TEST(the numbers of Coinbase follow one another) {
  use("coinbase");
  auto dialect = make_dialect("coinbase");
  dialect->connected();
  auto read = [&](std::string message) {
    venue->adapt(message);
    return dialect->read(message).lost_before;
  };
  auto trades = R"({"channel":"market_trades","client_id":"",)"
                R"("timestamp":"","sequence_num":4711,"events":[]})";
  auto answer = venue->answer(
    R"({"type":"subscribe","channel":"level2","product_ids":["BTC-USD"]})");
  CAF_REQUIRE_EQUAL(answer.messages.size(), 1u);
  CAF_CHECK(!dialect->read(answer.messages[0]).lost_before);
  CAF_CHECK(!read(trades));
  CAF_CHECK(!read(trades));
}

CAF_TEST(raw has no answers) {
  CAF_CHECK(internal::make_venue_answers("raw") == nullptr);
  CAF_CHECK(!internal::has_venue_answers("raw"));
  CAF_CHECK(internal::has_venue_answers("okx"));
}

CAF_TEST_FIXTURE_SCOPE_END()
