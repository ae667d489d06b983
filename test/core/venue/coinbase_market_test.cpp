// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE coinbase_market

#include "zenws/venue/coinbase/coinbase_market.hpp"

#include "core/venue/market_check.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

std::string message(std::string_view channel, std::string_view events) {
  return R"({"channel":")" + std::string{channel}
         + R"(","timestamp":"2027-03-04T05:06:07.123456789Z",)"
           R"("sequence_num":4,"events":[)"
         + std::string{events} + "]}";
}

std::string level(std::string_view side, std::string_view price,
                  std::string_view amount,
                  std::string_view time = "2027-03-04T05:06:07.1Z") {
  return R"({"side":")" + std::string{side} + R"(","event_time":")"
         + std::string{time} + R"(","price_level":")" + std::string{price}
         + R"(","new_quantity":")" + std::string{amount} + R"("})";
}

std::string book(std::string_view type, const std::string& levels,
                 std::string_view product = "ETH-EUR") {
  return R"({"type":")" + std::string{type} + R"(","product_id":")"
         + std::string{product} + R"(","updates":[)" + levels + "]}";
}

std::string one_trade(std::string_view id, std::string_view side = "SELL",
                      std::string_view product = "ETH-EUR") {
  return R"({"product_id":")" + std::string{product} + R"(","trade_id":")"
         + std::string{id}
         + R"(","price":"2000.5","size":"0.25",)"
           R"("time":"2027-03-04T05:06:06.5Z","side":")"
         + std::string{side} + R"("})";
}

std::string trades(std::string_view type, const std::string& list) {
  return message("market_trades", R"({"type":")" + std::string{type}
                                    + R"(","trades":[)" + list + "]}");
}

std::string ticker_with(std::string_view members) {
  return message("ticker", R"({"type":"update","tickers":[{"type":"ticker",)"
                           R"("product_id":"ETH-EUR","price":"2000.5",)"
                           R"("volume_24_h":"7")"
                             + std::string{members} + "}]}");
}

const std::string best = R"(,"best_bid":"2000.25","best_bid_quantity":"3.50",)"
                         R"("best_ask":"2000.75","best_ask_quantity":"0.1")";

const std::string product
  = R"({"product_type":"SPOT","id":"ETH-EUR","base_currency":"ETH",)"
    R"("quote_currency":"EUR","base_increment":"0.00000001",)"
    R"("quote_increment":"0.01","display_name":"ETH/EUR","status":"online",)"
    R"("status_message":"","min_market_funds":"1"})";

const std::string products
  = message("status", R"({"type":"snapshot","products":[)" + product + "]}");

std::string problem_of(const std::string& text) {
  return to_string(decode("coinbase", text).problem);
}

auto sent_at() {
  namespace c = std::chrono;
  return c::sys_days{c::year{2027} / 3 / 4} + 5h + 6min + 7s + 123456us;
}

} // namespace

// -- books --------------------------------------------------------------------

CAF_TEST(a book begins with a snapshot of all levels) {
  auto updates = updates_of(
    "coinbase",
    message("l2_data",
            book("snapshot",
                 level("bid", "2000.10", "1.50", "1970-01-01T00:00:00Z") + ","
                   + level("offer", "2000.2", "3", "1970-01-01T00:00:00Z"))));
  auto x = only<book_snapshot>(updates);
  CAF_CHECK_EQUAL(x.instrument.view(), "ETH-EUR");
  CAF_CHECK(x.time == sent_at());
  CAF_CHECK_EQUAL(x.sequence, 0u);
  CAF_CHECK(!x.previous);
  CAF_REQUIRE_EQUAL(x.levels.size(), 2u);
  level_change bid{book_side::bid,    level_action::set, 2, 2,
                   number("2000.10"), number("1.5")};
  CAF_CHECK(x.levels[0] == bid);
  CAF_CHECK(x.levels[1].side == book_side::ask);
}

CAF_TEST(a change has new amounts and the time of the engine) {
  auto updates = updates_of(
    "coinbase",
    message("l2_data", book("update", level("offer", "2000.2", "0.00",
                                            "2027-03-04T05:06:06.9Z")
                                        + "," + level("bid", "2000.1", "2"))));
  auto x = only<book_change>(updates);
  CAF_CHECK(x.time == sent_at() - 23456us);
  CAF_REQUIRE_EQUAL(x.levels.size(), 2u);
  CAF_CHECK(x.levels[0].amount.is_zero());
  CAF_CHECK(x.levels[0].action == level_action::set);
}

CAF_TEST(a message may tell of several books) {
  auto updates = updates_of(
    "coinbase", message("l2_data", book("update", level("bid", "1", "2"), "A-B")
                                     + "," + book("snapshot", "", "C-D")));
  CAF_REQUIRE_EQUAL(updates.size(), 2u);
  CAF_CHECK(std::holds_alternative<book_change>(updates[0]));
  CAF_CHECK(std::holds_alternative<book_snapshot>(updates[1]));
  CAF_CHECK_EQUAL(instrument_of(updates[1]).view(), "C-D");
}

CAF_TEST(a book that makes no sense is refused) {
  auto of = [](std::string_view type, const std::string& levels) {
    return problem_of(message("l2_data", book(type, levels)));
  };
  auto is_about = [](const std::string& problem, std::string_view member) {
    return problem.find('"' + std::string{member} + '"') != problem.npos;
  };
  CAF_CHECK(is_about(of("other", ""), "type"));
  CAF_CHECK(is_about(of("update", level("ask", "1", "1")), "side"));
  CAF_CHECK(is_about(of("update", level("bid", "0", "1")), "price_level"));
  CAF_CHECK(is_about(of("update", level("bid", "-1", "1")), "price_level"));
  CAF_CHECK(is_about(of("update", level("bid", "1", "-1")), "new_quantity"));
  CAF_CHECK(is_about(of("update", level("bid", "1", "")), "new_quantity"));
  CAF_CHECK(is_about(of("update", R"({"side":"bid","price_level":"1"})"),
                     "new_quantity"));
  CAF_CHECK(is_about(problem_of(message("l2_data", "{}")), "type"));
  CAF_CHECK(is_about(
    problem_of(message("l2_data", R"({"type":"update","updates":[]})")),
    "product_id"));
}

// -- trades -------------------------------------------------------------------

// At a cent between bid and ask, trades at the ask had "SELL".
CAF_TEST(the side of a trade is that of the maker) {
  auto direction = [](std::string_view side) {
    return only<trade>(
             updates_of("coinbase", trades("update", one_trade("7", side))))
      .direction;
  };
  CAF_CHECK(direction("SELL") == trade_direction::buy);
  CAF_CHECK(direction("BUY") == trade_direction::sell);
  CAF_CHECK(direction("UNKNOWN_ORDER_SIDE") == trade_direction::unknown);
  CAF_CHECK(!problem_of(trades("update", one_trade("7", "sell"))).empty());
}

CAF_TEST(trades come with the latest first and are put in order) {
  auto updates = updates_of(
    "coinbase",
    trades("update", one_trade("12") + "," + one_trade("11") + ","
                       + one_trade("9", "BUY", "A-B") + "," + one_trade("10")));
  std::vector<uint64_t> numbers;
  for (auto& x : updates)
    numbers.push_back(std::get<trade>(x).sequence);
  CAF_CHECK_EQUAL(numbers, (std::vector<uint64_t>{9, 10, 11, 12}));
  auto& x = std::get<trade>(updates[1]);
  CAF_CHECK_EQUAL(x.price, number("2000.5"));
  CAF_CHECK_EQUAL(x.amount, number("0.25"));
  CAF_CHECK(x.time == sent_at() - 623456us);
  CAF_CHECK(x.kind == trade_kind::regular);
  CAF_CHECK(!x.is_late);
}

CAF_TEST(trades of a snapshot are late) {
  auto updates = updates_of(
    "coinbase", trades("snapshot", one_trade("12") + "," + one_trade("11")));
  for (auto& x : updates)
    CAF_CHECK(std::get<trade>(x).is_late);
  CAF_CHECK_EQUAL(updates.size(), 2u);
  CAF_CHECK(updates_of("coinbase", trades("snapshot", "")).empty());
}

CAF_TEST(a trade whose id is no number has none) {
  auto of = [](std::string_view id) {
    return only<trade>(updates_of("coinbase", trades("update", one_trade(id))))
      .sequence;
  };
  CAF_CHECK_EQUAL(of("5f3a-b"), 0u);
  CAF_CHECK_EQUAL(of("18446744073709551616"), 0u);
  CAF_CHECK_EQUAL(of("18446744073709551615"), 18446744073709551615u);
}

// -- tickers ------------------------------------------------------------------

CAF_TEST(a ticker brings a quote too) {
  auto updates = updates_of("coinbase", ticker_with(best));
  CAF_REQUIRE_EQUAL(updates.size(), 2u);
  auto& x = std::get<ticker>(updates[0]);
  CAF_CHECK_EQUAL(x.instrument.view(), "ETH-EUR");
  CAF_CHECK(x.time == sent_at());
  CAF_CHECK(x.last_price == number("2000.5"));
  CAF_CHECK(x.bid == (price_level{number("2000.25"), number("3.5")}));
  auto& y = std::get<quote>(updates[1]);
  CAF_CHECK_EQUAL(y.instrument.view(), "ETH-EUR");
  CAF_CHECK(y.ask == (price_level{number("2000.75"), number("0.1")}));
}

CAF_TEST(a ticker without best prices brings no quote) {
  auto x = only<ticker>(updates_of("coinbase", ticker_with("")));
  CAF_CHECK(!x.bid && !x.ask);
  auto batch = ticker_with("");
  batch.replace(batch.find("ticker"), 6, "ticker_batch");
  CAF_CHECK(only<ticker>(updates_of("coinbase", batch)).last_price
            == number("2000.5"));
}

CAF_TEST(a side without orders is nothing) {
  auto updates = updates_of(
    "coinbase", ticker_with(R"(,"best_bid":"0","best_bid_quantity":"0",)"
                            R"("best_ask":"","best_ask_quantity":null)"));
  CAF_REQUIRE_EQUAL(updates.size(), 2u);
  auto& x = std::get<quote>(updates[1]);
  CAF_CHECK(!x.bid && !x.ask);
}

// -- instruments --------------------------------------------------------------

CAF_TEST(products tell their terms) {
  auto x = only<instrument_state>(updates_of("coinbase", products));
  CAF_CHECK_EQUAL(x.instrument.view(), "ETH-EUR");
  CAF_CHECK(x.kind == instrument_kind::spot);
  CAF_CHECK(x.state == trading_state::open);
  CAF_CHECK(x.unit == amount_unit::base);
  CAF_CHECK_EQUAL(x.base.view(), "ETH");
  CAF_CHECK_EQUAL(x.quote.view(), "EUR");
  CAF_CHECK(x.tick == number("0.01"));
  CAF_CHECK(x.lot == number("0.00000001"));
  CAF_CHECK(!x.min_amount);
  CAF_CHECK(x.time == sent_at());
}

CAF_TEST(a product of an unknown state is in none) {
  auto text = products;
  text.replace(text.find("online"), 6, "asleep");
  CAF_CHECK(only<instrument_state>(updates_of("coinbase", text)).state
            == trading_state::unknown);
}

// -- other messages -----------------------------------------------------------

CAF_TEST(other channels bring nothing) {
  for (auto channel : {"candles", "heartbeats", "subscriptions", "user", "new"})
    CAF_CHECK(decode("coinbase", message(channel, "{}")).updates.empty());
}

CAF_TEST(a time that makes no sense is refused) {
  auto text = trades("update", one_trade("7"));
  text.replace(text.find("2027"), 4, "when");
  CAF_CHECK(problem_of(text).find("timestamp") != std::string::npos);
}

CAF_TEST(messages are read however they are spelled) {
  for (auto& text :
       {message("l2_data", book("snapshot", level("bid", "1.0", "2") + ","
                                              + level("offer", "1.1", "3"))),
        message("l2_data", book("update", level("offer", "1.1", "0"))),
        trades("update", one_trade("8") + "," + one_trade("7")),
        trades("snapshot", one_trade("7")), ticker_with(best), products}) {
    check_spellings("coinbase", text);
    check_nonsense("coinbase", text);
  }
}

// -- channels -----------------------------------------------------------------

CAF_TEST(each kind of data has its channel) {
  coinbase_market uut;
  auto name = [&](data_kind kind, std::string instrument) {
    auto result = uut.channels(
      {.kind = kind, .instrument = std::move(instrument), .depth = 10});
    return result ? result->at(0).name : to_string(result.error());
  };
  CAF_CHECK_EQUAL(name(data_kind::book, "A-USD"), "level2:A-USD");
  CAF_CHECK_EQUAL(name(data_kind::trades, "A-USD"), "market_trades:A-USD");
  CAF_CHECK_EQUAL(name(data_kind::quotes, "A-USD"), "ticker:A-USD");
  CAF_CHECK_EQUAL(name(data_kind::ticker, "A-USD"), "ticker:A-USD");
  CAF_CHECK_EQUAL(name(data_kind::instruments, "A-USD"), "status:A-USD");
  CAF_CHECK_EQUAL(name(data_kind::trades, "USDT-USDC"),
                  "market_trades:USDT-USDC");
  CAF_CHECK(uut.channels({.instrument = "BTC-USDC"}).error().code
            == ec::not_supported);
  CAF_CHECK(uut.channels({}).error().code == ec::not_supported);
  CAF_CHECK(uut.numbering_of_trades() == trade_numbering::consecutive);
  CAF_CHECK(uut.rules_of_books({}).numbering == sequence_rule::unnumbered);
}

// -- messages of the venue ----------------------------------------------------

CAF_TEST(real messages are read) {
  auto read = [](const char* name) {
    auto text = sample(std::string{"coinbase/"} + name);
    return text.empty() ? update_list{} : updates_of("coinbase", text);
  };
  if (auto x = read("l2_data_snapshot.json"); !x.empty())
    CAF_CHECK_EQUAL(only<book_snapshot>(x).levels.size(), 6u);
  if (auto x = read("l2_data_update.json"); !x.empty()) {
    auto levels = only<book_change>(x).levels;
    CAF_REQUIRE_EQUAL(levels.size(), 2u);
    CAF_CHECK_EQUAL(levels[0].price_places, 2u);
    CAF_CHECK_EQUAL(levels[0].amount_places, 8u);
    CAF_CHECK(levels[1].amount.is_zero());
  }
  if (auto x = read("market_trades.json"); !x.empty()) {
    CAF_REQUIRE_EQUAL(x.size(), 2u);
    CAF_CHECK_EQUAL(std::get<trade>(x[1]).sequence, 995098701u);
    CAF_CHECK(std::get<trade>(x[1]).direction == trade_direction::buy);
  }
  if (auto x = read("ticker.json"); !x.empty()) {
    CAF_REQUIRE_EQUAL(x.size(), 2u);
    CAF_CHECK(std::get<ticker>(x[0]).bid
              == (price_level{number("68900"), number("1.5")}));
  }
  for (auto name :
       {"candles.json", "heartbeats.json", "subscriptions.json", "user.json"})
    CAF_CHECK(read(name).empty());
}
