// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_deribit

#include "zenws/venue/deribit/deribit_market.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <random>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

std::string message(std::string_view channel, std::string_view data) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")"
         + std::string{channel} + R"(","data":)" + std::string{data} + "}}";
}

const std::string change_text = message(
  "book.X-1.raw", R"({"type":"change","timestamp":1626993724318,)"
                  R"("prev_change_id":33195894164,"instrument_name":"X-1",)"
                  R"("change_id":33195894355,"bids":[["delete",0.0015,0.0]],)"
                  R"("asks":[["new",0.001,2.6],["change",12e-4,1e12]]})");

/// A trade with one member replaced, or left out if `value` is empty.
std::string trade_with(std::string_view name, std::string_view value) {
  struct member {
    std::string_view name;
    std::string_view value;
  };
  std::string data;
  for (const auto& [n, v] :
       {member{"trade_seq", "5"}, member{"trade_id", R"("77")"},
        member{"timestamp", "1626993724318"}, member{"price", "10.5"},
        member{"instrument_name", R"("X-1")"}, member{"direction", R"("sell")"},
        member{"amount", "20.0"}}) {
    auto text = n == name ? value : v;
    if (!text.empty())
      data += (data.empty() ? "\"" : ",\"") + std::string{n}
              + "\":" + std::string{text};
  }
  return message("trades.X-1.raw", "[{" + data + "}]");
}

struct fixture {
  update uut;

  error decode(const std::string& text) {
    auto scanned = scan(text, layouts::deribit);
    if (!scanned)
      return scanned.error();
    return deribit::decode(*scanned, uut);
  }

  content kind_of(const std::string& text) {
    if (auto problem = decode(text))
      CAF_FAIL(to_string(problem) << ": " << text);
    return uut.kind;
  }

  std::string problem_of(const std::string& text) {
    return to_string(decode(text));
  }
};

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(market_deribit_tests, fixture)

// -- books --------------------------------------------------------------------

CAF_TEST(a book change keeps the digits of the venue) {
  CAF_REQUIRE(kind_of(change_text) == content::book);
  const auto& book = uut.book;
  CAF_CHECK_EQUAL(book.instrument.view(), "X-1");
  CAF_CHECK(book.time.time_since_epoch() == 1'626'993'724'318ms);
  CAF_CHECK(book.kind == update_kind::change);
  CAF_CHECK(book.prev_change_id == 33195894164u);
  CAF_CHECK_EQUAL(book.change_id, 33195894355u);
  CAF_REQUIRE_EQUAL(book.levels.size(), 3u);
  CAF_CHECK(book.levels[0].side == book_side::bid);
  CAF_CHECK(book.levels[0].action == level_action::remove);
  CAF_CHECK_EQUAL(book.levels[0].price, number("0.0015"));
  CAF_CHECK(book.levels[1].side == book_side::ask);
  CAF_CHECK(book.levels[1].action == level_action::create);
  CAF_CHECK_EQUAL(book.levels[1].amount, number("2.6"));
  CAF_CHECK(book.levels[2].action == level_action::change);
  CAF_CHECK_EQUAL(book.levels[2].price, number("0.0012"));
  CAF_CHECK_EQUAL(book.levels[2].amount, number("1000000000000"));
}

CAF_TEST(a snapshot has no predecessor) {
  kind_of(change_text);
  kind_of(message("book.X.raw", R"({"type":"snapshot","instrument_name":"X",)"
                                R"("change_id":7,"bids":[],"asks":[]})"));
  CAF_CHECK(uut.book.kind == update_kind::snapshot);
  CAF_CHECK(uut.book.prev_change_id == std::nullopt);
  CAF_CHECK(uut.book.levels.empty());
}

CAF_TEST(a grouped book shows all there is in every message) {
  kind_of(message("book.X.none.10.100ms",
                  R"({"timestamp":1,"instrument_name":"X","change_id":7,)"
                  R"("bids":[[10.5,3]],"asks":[]})"));
  CAF_CHECK(uut.book.kind == update_kind::snapshot);
  CAF_REQUIRE_EQUAL(uut.book.levels.size(), 1u);
  CAF_CHECK(uut.book.levels[0].action == level_action::set);
  CAF_CHECK_EQUAL(uut.book.levels[0].amount, number("3"));
}

// -- trades -------------------------------------------------------------------

CAF_TEST(trades come in lists) {
  CAF_REQUIRE(kind_of(trade_with("", "")) == content::trades);
  CAF_REQUIRE_EQUAL(uut.trades.size(), 1u);
  const auto& trade = uut.trades[0];
  CAF_CHECK_EQUAL(trade.instrument.view(), "X-1");
  CAF_CHECK(trade.time.time_since_epoch() == 1'626'993'724'318ms);
  CAF_CHECK_EQUAL(trade.sequence, 5u);
  CAF_CHECK(trade.direction == trade_direction::sell);
  CAF_CHECK_EQUAL(trade.price, number("10.5"));
  CAF_CHECK_EQUAL(trade.amount, number("20"));
  kind_of(trade_with("direction", R"("buy")"));
  CAF_CHECK(uut.trades[0].direction == trade_direction::buy);
  kind_of(message("trades.option.BTC.raw", "[]"));
  CAF_CHECK(uut.trades.empty());
}

CAF_TEST(trades that did not come from the book are marked) {
  auto kind_with = [this](std::string_view member) {
    auto text = trade_with("", "");
    text.insert(text.find(R"("trade_seq")"), std::string{member} + ',');
    kind_of(text);
    return std::string{to_string(uut.trades.at(0).kind)};
  };
  CAF_CHECK_EQUAL(kind_with(R"("x":1)"), "regular");
  CAF_CHECK_EQUAL(kind_with(R"("liquidation":"MT")"), "liquidation");
  CAF_CHECK_EQUAL(kind_with(R"("block_trade_id":"BLOCK-1")"), "block");
  CAF_CHECK_EQUAL(kind_with(R"("block_trade_id":null)"), "regular");
}

CAF_TEST(names and words mean the same however they are escaped) {
  auto text = trade_with("direction", R"("se\u006cl")");
  auto replace = [&](std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
  };
  replace("trades.", R"(\u0074rades.)");
  replace("X-1", R"(\u0058-1)");
  replace(R"("price")", R"("\u0070rice")");
  replace(R"("X-1")", R"("\u0058-1")");
  CAF_REQUIRE(kind_of(text) == content::trades);
  CAF_CHECK(uut.trades[0].instrument == "X-1");
  CAF_CHECK(uut.trades[0].direction == trade_direction::sell);
  CAF_CHECK_EQUAL(uut.trades[0].price, number("10.5"));
}

// -- tickers ------------------------------------------------------------------

CAF_TEST(a ticker tells best prices and more) {
  CAF_REQUIRE(
    kind_of(message("ticker.X.raw",
                    R"({"instrument_name":"X","best_bid_price":9.5,)"
                    R"("best_bid_amount":40.0,"best_ask_price":10.5,)"
                    R"("best_ask_amount":41,"last_price":10,"timestamp":1,)"
                    R"("greeks":{"delta":0.1},"mark_price":9.9997,)"
                    R"("index_price":9.999,"stats":{"volume":null}})"))
    == content::ticker);
  CAF_CHECK(uut.ticker.instrument == "X");
  CAF_CHECK(uut.ticker.best_bid == number("9.5"));
  CAF_CHECK(uut.ticker.best_bid_amount == number("40"));
  CAF_CHECK(uut.ticker.best_ask == number("10.5"));
  CAF_CHECK(uut.ticker.best_ask_amount == number("41"));
  CAF_CHECK(uut.ticker.last_price == number("10"));
  CAF_CHECK(uut.ticker.mark_price == number("9.9997"));
  CAF_CHECK(uut.ticker.index_price == number("9.999"));
}

CAF_TEST(a ticker has no price for a side without orders) {
  kind_of(message("ticker.X.raw",
                  R"({"instrument_name":"X","best_bid_price":0.0,)"
                  R"("best_ask_price":null,"last_price":null})"));
  CAF_CHECK(uut.ticker.best_bid == std::nullopt);
  CAF_CHECK(uut.ticker.best_ask == std::nullopt);
  CAF_CHECK(uut.ticker.last_price == std::nullopt);
  CAF_CHECK(uut.ticker.mark_price == std::nullopt);
}

// -- anything else ------------------------------------------------------------

CAF_TEST(other messages than market data are left alone) {
  for (const std::string& text :
       {std::string{R"({"id":1,"result":["book.X.raw"]})"},
        std::string{R"({"method":"heartbeat","params":{"type":"heartbeat"}})"},
        std::string{R"([1,2])"}, message("deribit_price_index.btc_usd", "{}"),
        message("user.orders.X.raw", "5"),
        message("user.trades.any.any.raw", "[{}]")})
    CAF_CHECK(kind_of(text) == content::none);
}

CAF_TEST(an update that was used before shows nothing of that) {
  kind_of(change_text);
  kind_of(trade_with("", ""));
  auto capacity = uut.book.levels.capacity();
  auto memory = uut.book.levels.data();
  kind_of(change_text);
  CAF_CHECK_EQUAL(uut.book.levels.size(), 3u);
  CAF_CHECK_EQUAL(uut.book.levels.capacity(), capacity);
  CAF_CHECK(uut.book.levels.data() == memory);
}

// -- malformed data -----------------------------------------------------------

CAF_TEST(the problem names the member) {
  CAF_CHECK_EQUAL(problem_of(trade_with("price", "{}")),
                  R"(invalid_data: "price" is not a number)");
  CAF_CHECK_EQUAL(problem_of(trade_with("price", "")),
                  R"(invalid_data: "price" is missing)");
  CAF_CHECK_EQUAL(problem_of(trade_with("price", "1e300")),
                  R"(invalid_data: "price" is not a number that can be kept)");
  CAF_CHECK_EQUAL(problem_of(message("trades.X.raw", "{}")),
                  R"(invalid_data: "data" is not an array)");
}

CAF_TEST(members that are needed and missing or of a wrong type are refused) {
  for (auto name :
       {"trade_seq", "price", "instrument_name", "direction", "amount"})
    for (auto value : {"", "null", "[]", "true", R"("?\u12")", "-1.5e999"})
      CAF_CHECK(decode(trade_with(name, value)).code == ec::invalid_data);
  CAF_CHECK(decode(trade_with("timestamp", "-1")).code == ec::invalid_data);
  CAF_CHECK(decode(trade_with("timestamp", "18446744073709551615")).code
            == ec::invalid_data);
  CAF_CHECK(decode(trade_with("trade_id", "{}")).code == ec::none);
  auto long_name = '"' + std::string(64, 'x') + '"';
  CAF_CHECK(decode(trade_with("instrument_name", long_name)).code
            == ec::invalid_data);
}

CAF_TEST(books of another form are refused) {
  auto book = [](std::string_view type, std::string_view bids) {
    return message("book.X.raw", R"({"type":)" + std::string{type}
                                   + R"(,"instrument_name":"X",)"
                                     R"("change_id":7,"bids":)"
                                   + std::string{bids} + R"(,"asks":[]})");
  };
  CAF_CHECK(decode(book(R"("snapshot")", "[]")).code == ec::none);
  CAF_CHECK_EQUAL(problem_of(book(R"("change")", "[]")),
                  R"(invalid_data: "prev_change_id" is missing)");
  CAF_CHECK(decode(book(R"("gossip")", "[]")).code == ec::invalid_data);
  CAF_CHECK(decode(book("7", "[]")).code == ec::invalid_data);
  for (auto bids : {"{}", "null", R"([["new",1]])", R"([["old",1,1]])", "[[]]",
                    "[[1]]", R"([["new",[],1]])", "[5]"})
    CAF_CHECK(decode(book(R"("snapshot")", bids)).code == ec::invalid_data);
  for (auto data : {"[]", "null", "5", R"("{}")", "{}"})
    CAF_CHECK(decode(message("book.X.raw", data)).code == ec::invalid_data);
  CAF_CHECK(
    decode(R"({"method":"subscription","params":{"channel":"book.X.raw"}})")
      .code
    == ec::invalid_data);
}

// Errors beside brackets are found when members are read.
CAF_TEST(data that is not JSON is refused where it is read) {
  for (auto data : {R"([{"price" 1}])", R"([{"price":1,}])", R"([{"a":1]])",
                    R"([{"price":01}])", R"([{"a":x}])", "[{}{}]", "[,]"})
    CAF_CHECK_NOT_EQUAL(decode(message("trades.X.raw", data)).code, ec::none);
}

CAF_TEST(deep nesting costs no stack) {
  constexpr size_t depth = 10'000;
  auto deep = std::string(depth, '[') + std::string(depth, ']');
  CAF_CHECK(decode(message("book.X.raw", deep)).code == ec::invalid_data);
  CAF_CHECK(decode(trade_with("trade_id", deep)).code == ec::none);
}

CAF_TEST(damaged messages are decoded or refused and nothing else) {
  std::mt19937_64 rng{choose_seed()};
  for (int i = 0; i < 50'000; ++i) {
    auto text = i % 2 == 0 ? change_text : trade_with("", "");
    for (auto n = rng() % 4; n > 0; --n)
      text[rng() % text.size()] = R"({}[]":,\ 1e.-x)"[rng() % 14];
    auto code = decode(text).code;
    CAF_REQUIRE(code == ec::none || code == ec::invalid_json
                || code == ec::invalid_data);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
