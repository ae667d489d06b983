// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE kraken_sim

#include "sim_client.hpp"

#include "zenws/sim/kraken/kraken_session.hpp"
#include "zenws/sim/kraken/kraken_text.hpp"

#include "support/unit_test.hpp"

#include <boost/crc.hpp>

#include <map>
#include <set>
#include <string>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto path = "/kraken";

std::string request(const std::string& method, const std::string& channel,
                    const std::string& symbols, const std::string& more = "",
                    int id = 7) {
  auto list = symbols.empty() ? "" : R"(,"symbol":[)" + symbols + ']';
  return R"({"method":")" + method + R"(","params":{"channel":")" + channel
         + '"' + list + more + R"(},"req_id":)" + std::to_string(id) + '}';
}

std::string subscribe(const std::string& channel,
                      const std::string& symbols = R"("BTC/USD")",
                      const std::string& more = "") {
  return request("subscribe", channel, symbols, more);
}

bool is_of(const json_text& x, const std::string& channel) {
  return x.str("/channel") == channel;
}

/// A book kept from messages, as the texts that its checksum is made of. Drops
/// what is pushed beyond its depth.
class kept_book {
public:
  explicit kept_book(size_t depth) : depth_(depth) {
    // nop
  }

  void apply(const json_text& message) {
    rapidjson::Document doc; // with numbers as they were sent
    doc.Parse<rapidjson::kParseNumbersAsStringsFlag>(message.text().c_str());
    auto& book = doc["data"][0];
    apply(book["bids"], bids_, -1);
    apply(book["asks"], asks_, 1);
  }

  uint32_t checksum() const {
    boost::crc_32_type crc;
    for (auto* side : {&asks_, &bids_}) {
      auto count = 0;
      for (auto& [key, text] : *side)
        if (count++ < 10)
          crc.process_bytes(text.data(), text.size());
    }
    return crc.checksum();
  }

  size_t depth() const {
    return std::max(bids_.size(), asks_.size());
  }

private:
  // By the distance from the best price.
  using levels = std::map<double, std::string>;

  static std::string digits(std::string number) {
    std::erase(number, '.');
    return number.substr(number.find_first_not_of('0'));
  }

  void apply(const rapidjson::Value& changes, levels& out, int sign) const {
    for (auto& x : changes.GetArray()) {
      std::string price = x["price"].GetString();
      std::string amount = x["qty"].GetString();
      auto key = std::stod(price) * sign;
      if (std::stod(amount) == 0)
        out.erase(key);
      else
        out[key] = digits(price) + digits(amount);
    }
    while (out.size() > depth_)
      out.erase(std::prev(out.end()));
  }

  size_t depth_;
  levels bids_;
  levels asks_;
};

struct fixture {
  void start(const sim::kraken_config& rules) {
    server = start_server({.tick = 1ms, .kraken = rules});
  }

  /// Returns the answers of a session without a server.
  static sim::kraken_outcome handle(sim::kraken_session& uut,
                                    const std::string& text) {
    return uut.handle(text, {});
  }

  static std::string error_of(const sim::kraken_outcome& outcome) {
    return json_text{outcome.answers.at(0)}.str("/error");
  }

  sim::kraken_config cfg;
  sim::kraken_session session{cfg, 5, [](const std::string& x) {
                                return x.ends_with("/USD");
                              }};
  std::unique_ptr<sim::server> server = start_server({.tick = 1ms});
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(kraken_sim_tests, fixture)

// -- sessions -----------------------------------------------------------------

CAF_TEST(each symbol is answered by itself) {
  auto outcome = handle(session,
                        subscribe("trade", R"("BTC/USD","FOO/BAR","ETH/USD")"));
  CAF_REQUIRE_EQUAL(outcome.answers.size(), 3u);
  json_text first{outcome.answers[0]};
  CAF_CHECK_EQUAL(first.str("/method"), "subscribe");
  CAF_CHECK_EQUAL(first.num("/req_id"), 7);
  CAF_CHECK_EQUAL(first.str("/result/channel"), "trade");
  CAF_CHECK_EQUAL(first.str("/result/symbol"), "BTC/USD");
  json_text second{outcome.answers[1]};
  CAF_CHECK_EQUAL(second.str("/error"), "Currency pair not supported FOO/BAR");
  CAF_CHECK_EQUAL(second.str("/symbol"), "FOO/BAR");
  CAF_CHECK(!second.has("/result"));
  CAF_CHECK_EQUAL(outcome.subscribed.size(), 2u);
  CAF_CHECK(outcome.subscribed[0].start == sim::kraken_start::next_change);
}

CAF_TEST(a symbol has one book and its depth is one of five) {
  auto book = [&](const std::string& method, const std::string& depth) {
    return handle(session, request(method, "book", R"("BTC/USD")", depth));
  };
  CAF_CHECK_EQUAL(error_of(book("subscribe", R"(,"depth":27)")),
                  "Subscription depth not supported");
  CAF_CHECK_EQUAL(error_of(book("subscribe", R"(,"depth":"10")")),
                  "Subscription depth not supported");
  auto granted = book("subscribe", R"(,"depth":25)");
  CAF_CHECK_EQUAL(json_text{granted.answers[0]}.num("/result/depth"), 25);
  CAF_CHECK(granted.subscribed.at(0).start == sim::kraken_start::snapshot);
  CAF_CHECK_EQUAL(error_of(book("subscribe", "")), "Already subscribed");
  CAF_CHECK_EQUAL(error_of(book("unsubscribe", "")), "Subscription Not Found");
  CAF_CHECK_EQUAL(book("unsubscribe", R"(,"depth":25)").unsubscribed.size(),
                  1u);
  CAF_CHECK(session.channels().empty());
}

CAF_TEST(requests that make no sense are refused) {
  for (auto text :
       {"", "7", "[]", "{}", R"({"method":"sing"})",
        R"({"method":"subscribe","req_id":"7"})",
        R"({"method":"subscribe","params":{"channel":"book"}})",
        R"({"method":"subscribe","params":{"channel":"book","symbol":"X"}})",
        R"({"method":"subscribe","params":{"channel":"book","symbol":[]}})",
        R"({"method":"subscribe","params":{"channel":"book","symbol":[7]}})"})
    CAF_CHECK_EQUAL(error_of(handle(session, text)), "Malformed request");
  CAF_CHECK_EQUAL(error_of(handle(session, subscribe("gossip"))),
                  "Subscription name invalid");
}

CAF_TEST(pings are answered and too many messages refused) {
  auto pong = json_text{
    handle(session, R"({"method":"ping","req_id":3})").answers.at(0)};
  CAF_CHECK_EQUAL(pong.str("/method"), "pong");
  CAF_CHECK_EQUAL(pong.num("/req_id"), 3);
  CAF_CHECK_EQUAL(pong.str("/time_in"), "1970-01-01T00:00:00.000000Z");
  for (size_t i = 1; i < cfg.max_requests; ++i)
    handle(session, R"({"method":"ping"})");
  CAF_CHECK_EQUAL(error_of(handle(session, R"({"method":"ping"})")),
                  "Exceeded msg rate");
}

CAF_TEST(a connection with channels is never idle) {
  session.heard({});
  CAF_CHECK(session.idle_at().has_value());
  handle(session, subscribe("instrument", ""));
  CAF_CHECK(!session.idle_at());
}

CAF_TEST(times and names are as the venue writes them) {
  CAF_CHECK_EQUAL(sim::kraken_time(1'714'979'289'123'456us),
                  "2024-05-06T07:08:09.123456Z");
  CAF_CHECK_EQUAL(sim::kraken_symbol("BTC-PERPETUAL"), "BTC/USD");
  CAF_CHECK_EQUAL(sim::kraken_symbol("SOL_USDC-PERPETUAL"), "SOL/USDC");
}

// -- connections --------------------------------------------------------------

CAF_TEST(a connection begins with the state of the venue) {
  sim_client uut{*server, path};
  auto status = uut.receive();
  CAF_REQUIRE(status);
  CAF_CHECK(is_of(*status, "status"));
  CAF_CHECK_EQUAL(status->str("/data/0/system"), "online");
}

CAF_TEST(books of any depth agree with their checksums) {
  for (size_t depth : {10u, 25u, 100u}) {
    sim_client uut{*server, path};
    uut.send(subscribe("book", R"("BTC/USD")",
                       R"(,"depth":)" + std::to_string(depth)));
    kept_book book{depth};
    std::set<std::string> types;
    for (int i = 0; i < 300; ++i) {
      auto next
        = uut.await([](const json_text& x) { return is_of(x, "book"); });
      CAF_REQUIRE(next);
      types.insert((i == 0 ? "first " : "") + next->str("/type"));
      CAF_CHECK_EQUAL(next->str("/data/0/symbol"), "BTC/USD");
      book.apply(*next);
      CAF_REQUIRE_EQUAL(next->num("/data/0/checksum"), book.checksum());
      CAF_REQUIRE(book.depth() <= depth);
    }
    CAF_CHECK_EQUAL(types, (std::set<std::string>{"first snapshot", "update"}));
  }
}

CAF_TEST(a gap shows by the checksum) {
  sim_client uut{*server, path};
  uut.send(subscribe("book"));
  kept_book book{10};
  auto agrees = [&](const json_text& x) {
    if (!is_of(x, "book"))
      return false;
    book.apply(x);
    return x.num("/data/0/checksum") == book.checksum();
  };
  CAF_CHECK(uut.await(agrees));
  server->apply(sim::fault_gap{5});
  CAF_CHECK(uut.await(
    [&](const json_text& x) { return is_of(x, "book") && !agrees(x); }));
}

CAF_TEST(trades are numbered and begin with those before) {
  sim_client early{*server, path};
  early.send(subscribe("trade", R"("BTC/USD")", R"(,"snapshot":true)"));
  auto is_trade = [](const json_text& x) { return is_of(x, "trade"); };
  auto first = early.await(is_trade);
  CAF_REQUIRE(first);
  CAF_CHECK_EQUAL(first->str("/type"), "snapshot");
  CAF_CHECK_EQUAL(first->size("/data"), 0u);
  int64_t last = 0;
  for (int i = 0; i < 60; ++i) {
    auto next = early.await(is_trade);
    CAF_REQUIRE(next);
    CAF_CHECK_EQUAL(next->str("/type"), "update");
    auto id = next->num("/data/0/trade_id");
    CAF_CHECK(last == 0 || id == last + 1);
    last = id;
  }
  sim_client late{*server, path};
  late.send(subscribe("trade", R"("BTC/USD")", R"(,"snapshot":true)"));
  first = late.await(is_trade);
  CAF_REQUIRE(first);
  CAF_CHECK_EQUAL(first->size("/data"), 50u);
  auto next = late.await(is_trade);
  CAF_REQUIRE(next);
  CAF_CHECK_EQUAL(next->num("/data/0/trade_id"),
                  first->num("/data/49/trade_id") + 1);
}

CAF_TEST(tickers tell trades or the best prices as well) {
  auto changes_of = [this](const std::string& trigger) {
    sim_client uut{*server, path};
    uut.send(subscribe("ticker", R"("BTC/USD")",
                       R"(,"event_trigger":")" + trigger + '"'));
    double volume = -1;
    auto with_trade = 0;
    auto without = 0;
    while (with_trade + without < 50) {
      auto next = uut.await([](const json_text& x) {
        return is_of(x, "ticker") && x.str("/type") == "update";
      });
      CAF_REQUIRE(next);
      CAF_CHECK(next->real("/data/0/bid") < next->real("/data/0/ask"));
      auto traded = next->real("/data/0/volume");
      ++(traded > volume ? with_trade : without);
      volume = traded;
    }
    return without;
  };
  CAF_CHECK_EQUAL(changes_of("trades"), 0);
  CAF_CHECK(changes_of("bbo") > 0);
}

CAF_TEST(instruments are told at once) {
  sim_client uut{*server, path};
  uut.send(subscribe("instrument", ""));
  auto first
    = uut.await([](const json_text& x) { return is_of(x, "instrument"); });
  CAF_REQUIRE(first);
  CAF_CHECK_EQUAL(first->str("/type"), "snapshot");
  CAF_CHECK_EQUAL(first->size("/data/pairs"), 2u);
  CAF_CHECK_EQUAL(first->str("/data/pairs/0/symbol"), "BTC/USD");
  CAF_CHECK_EQUAL(first->str("/data/pairs/0/quote"), "USD");
  CAF_CHECK_EQUAL(first->real("/data/pairs/0/price_increment"), 0.5);
}

CAF_TEST(heartbeats come after a subscription) {
  start({.heartbeat_interval = 20ms, .idle_timeout = 100ms});
  sim_client uut{*server, path};
  uut.send(subscribe("instrument", ""));
  for (int i = 0; i < 10; ++i)
    CAF_CHECK(
      uut.await([](const json_text& x) { return is_of(x, "heartbeat"); }));
}

CAF_TEST(a connection without activity is closed) {
  start({.idle_timeout = 100ms});
  sim_client uut{*server, path};
  CAF_CHECK_EQUAL(uut.end(), 1000);
}

CAF_TEST(channels can be taken away) {
  sim_client uut{*server, path};
  uut.send(subscribe("book"));
  CAF_REQUIRE(uut.await([](const json_text& x) { return is_of(x, "book"); }));
  server->apply(sim::fault_revoke{.channel = "book:BTC/USD",
                                  .words = sim::revocation::unsubscribed});
  auto told = uut.await(
    [](const json_text& x) { return x.str("/method") == "unsubscribe"; });
  CAF_REQUIRE(told);
  CAF_CHECK_EQUAL(told->str("/result/symbol"), "BTC/USD");
  CAF_CHECK(!told->has("/req_id"));
}

CAF_TEST_FIXTURE_SCOPE_END()
