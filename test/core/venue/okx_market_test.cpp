// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE okx_market

#include "market_check.hpp"

#include "zenws/market/order_book.hpp"
#include "zenws/venue/dialect.hpp"
#include "zenws/venue/okx/okx_market.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

// -- messages -----------------------------------------------------------------

std::string message(std::string_view channel, std::string_view data,
                    std::string_view action = {},
                    std::string_view instrument = "ABC-USDT-SWAP") {
  auto result = R"({"arg":{"channel":")" + std::string{channel}
                + R"(","instId":")" + std::string{instrument} + R"("},)";
  if (!action.empty())
    result += R"("action":")" + std::string{action} + R"(",)";
  return result + R"("data":[)" + std::string{data} + "]}";
}

constexpr std::string_view snapshot_data
  = R"({"asks":[["10.50","7","0","2"],["10.6","0.30","0","1"]],)"
    R"("bids":[["10.4","12","0","3"]],"ts":"1700000000123",)"
    R"("checksum":-1654684559,"seqId":10,"prevSeqId":-1})";

const std::string snapshot = message("books", snapshot_data, "snapshot");

std::string change(std::string_view numbers, std::string_view asks = "[]",
                   std::string_view bids = "[]") {
  return message("books",
                 R"({"asks":)" + std::string{asks} + R"(,"bids":)"
                   + std::string{bids} + R"(,"ts":"1700000000456",)"
                   + std::string{numbers} + "}",
                 "update");
}

const std::string quote_text = message("bbo-tbt",
                                       R"({"asks":[["10.5","7","0","2"]],)"
                                       R"("bids":[["10.4","12","0","3"]],)"
                                       R"("ts":"1700000000123","seqId":31})");

const std::string trade_text
  = message("trades", R"({"instId":"ABC-USDT-SWAP","tradeId":"123",)"
                      R"("px":"10.45","sz":"6","side":"sell",)"
                      R"("ts":"1700000000123","count":"3","source":"0",)"
                      R"("seqId":77})");

const std::string ticker_text
  = message("tickers", R"({"instType":"SWAP","instId":"ABC-USDT-SWAP",)"
                       R"("last":"10.45","lastSz":"1","askPx":"10.5",)"
                       R"("askSz":"7","bidPx":"10.4","bidSz":"12",)"
                       R"("open24h":"9","ts":"1700000000123"})");

const std::string mark_text
  = message("mark-price", R"({"instType":"SWAP","instId":"ABC-USDT-SWAP",)"
                          R"("markPx":"10.46","ts":"1700000000200"})");

const std::string funding_text = message(
  "funding-rate", R"({"instType":"SWAP","instId":"ABC-USDT-SWAP",)"
                  R"("fundingRate":"-0.0001","nextFundingRate":"",)"
                  R"("fundingTime":"1700006400000","ts":"1700000000300"})");

const std::string interest_text = message(
  "open-interest", R"({"instType":"SWAP","instId":"ABC-USDT-SWAP","oi":"5000",)"
                   R"("oiCcy":"50","oiUsd":"500","ts":"1700000000400"})");

const std::string index_text
  = message("index-tickers",
            R"({"instId":"ABC-USDT","idxPx":"10.44","high24h":"11",)"
            R"("ts":"1700000000500"})",
            {}, "ABC-USDT");

std::string instruments(std::string_view data) {
  return R"({"arg":{"channel":"instruments","instType":"SWAP"},"data":[)"
         + std::string{data} + "]}";
}

constexpr std::string_view swap_data
  = R"({"instType":"SWAP","instId":"ABC-USDT-SWAP","uly":"ABC-USDT",)"
    R"("baseCcy":"","quoteCcy":"","settleCcy":"USDT","ctVal":"0.1",)"
    R"("ctMult":"1","ctValCcy":"ABC","ctType":"linear","stk":"",)"
    R"("expTime":"","tickSz":"0.01","lotSz":"0.1","minSz":"0.2",)"
    R"("ruleType":"normal","state":"live"})";

const std::string swap_text = instruments(swap_data);

/// Terms of the same instrument with some of them replaced.
std::string terms_with(const std::map<std::string, std::string>& replacements) {
  auto result = std::string{swap_data};
  for (auto& [name, value] : replacements) {
    auto begin = result.find('"' + name + "\":\"") + name.size() + 4;
    result.replace(begin, result.find('"', begin) - begin, value);
  }
  return instruments(result);
}

instrument_state state_of(const std::string& text) {
  return only<instrument_state>(updates_of("okx", text));
}

std::vector<std::string> names(market_protocol& uut, const market_wish& wish) {
  std::vector<std::string> result;
  for (auto& x : uut.channels(wish).value())
    result.push_back(x.name);
  return result;
}

std::string problem_of(const std::string& text) {
  return to_string(decode("okx", text).problem);
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct fixture {
  dialect_ptr venue = make_dialect("okx");
  market_protocol& uut = *venue->market();

  template <class T>
  T read(const std::string& text) {
    return only<T>(decode(*venue, text).updates);
  }

  order_book kept{uut.rules_of_books({.kind = data_kind::book})};

  book_outcome apply(const std::string& text) {
    auto message = decode(*venue, text);
    if (message.problem)
      CAF_FAIL(to_string(message.problem) << ": " << text);
    return kept.apply(message.updates[0]);
  }
};

price_level level(std::string_view price, std::string_view amount) {
  return {number(price), number(amount)};
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(okx_market_tests, fixture)

// -- books --------------------------------------------------------------------

CAF_TEST(a snapshot of a book has all levels and no message before) {
  auto updates = updates_of("okx", snapshot);
  auto book = only<book_snapshot>(updates);
  CAF_CHECK_EQUAL(book.instrument.view(), "ABC-USDT-SWAP");
  CAF_CHECK(book.time.time_since_epoch() == 1'700'000'000'123ms);
  CAF_CHECK_EQUAL(book.sequence, 10u);
  CAF_CHECK_EQUAL(book.first_sequence, 10u);
  CAF_CHECK(!book.previous);
  CAF_CHECK(book.checksum == static_cast<uint32_t>(-1654684559));
  CAF_REQUIRE_EQUAL(book.levels.size(), 3u);
  auto& ask = book.levels[0];
  CAF_CHECK(ask.side == book_side::ask);
  CAF_CHECK(ask.action == level_action::set);
  CAF_CHECK_EQUAL(ask.price, number("10.5"));
  CAF_CHECK_EQUAL(ask.price_places, 2);
  CAF_CHECK_EQUAL(book.levels[1].amount, number("0.3"));
  CAF_CHECK_EQUAL(book.levels[1].amount_places, 2);
  CAF_CHECK(book.levels[2].side == book_side::bid);
}

CAF_TEST(a change names the message before and may have no checksum) {
  for (auto none : {R"("checksum":0,)", R"("checksum":null,)", ""}) {
    auto updates = updates_of(
      "okx", change(std::string{none} + R"("seqId":15,"prevSeqId":10)",
                    R"([["10.5","0","0","0"]])"));
    auto book = only<book_change>(updates);
    CAF_CHECK(book.previous == 10u);
    CAF_CHECK_EQUAL(book.sequence, 15u);
    CAF_CHECK(!book.checksum);
    CAF_CHECK(book.levels[0].amount.is_zero());
  }
}

CAF_TEST(the numbers of a book may stand still and begin anew) {
  // The example of "Order book channel", "Sequence ID".
  using enum book_outcome;
  CAF_CHECK(apply(message("books",
                          R"({"asks":[["2","1","0","1"]],"bids":[],)"
                          R"("ts":"1700000000123","checksum":0,)"
                          R"("prevSeqId":-1,"seqId":10})",
                          "snapshot"))
            == applied);
  CAF_CHECK(
    apply(change(R"("prevSeqId":10,"seqId":15)", R"([["3","1","0","1"]])"))
    == applied);
  CAF_CHECK(apply(change(R"("prevSeqId":15,"seqId":15)")) == applied);
  CAF_CHECK(apply(change(R"("prevSeqId":15,"seqId":3)")) == applied);
  CAF_CHECK(
    apply(change(R"("prevSeqId":3,"seqId":5)", R"([["2","0","0","0"]])"))
    == applied);
  CAF_CHECK_EQUAL(kept.sequence(), 5u);
  CAF_CHECK(kept.best_ask() == level("3", "1"));
  CAF_CHECK(apply(change(R"("prevSeqId":6,"seqId":7)")) == gap);
}

CAF_TEST(a checksum is made of the digits that the venue sent) {
  // CRC-32 of 10.4:12:10.50:7:10.6:0.30, then of 10.4:12:10.6:0.30.
  using enum book_outcome;
  CAF_CHECK(apply(snapshot) == applied);
  CAF_CHECK(apply(change(R"("checksum":-420515843,)"
                         R"("prevSeqId":10,"seqId":11)",
                         R"([["10.50","0","0","0"]])"))
            == applied);
  CAF_CHECK(apply(change(R"("checksum":1,"prevSeqId":11,"seqId":12)"))
            == inconsistent);
}

CAF_TEST(a checksum covers small and large numbers) {
  // CRC-32 of 0.00000012:1500000:0.000000130:2000000000000.0000.
  CAF_CHECK(apply(message("books",
                          R"({"bids":[["0.00000012","1500000","0","1"]],)"
                          R"("asks":[["0.000000130","2000000000000.0000",)"
                          R"("0","1"]],"ts":"1700000000123",)"
                          R"("checksum":-1727757790,"prevSeqId":-1,)"
                          R"("seqId":10})",
                          "snapshot"))
            == book_outcome::applied);
}

CAF_TEST(all messages of a small book are snapshots) {
  auto updates = updates_of(
    "okx", message("books5", R"({"asks":[["10.5","7","0","2"]],"bids":[],)"
                             R"("instId":"ABC-USDT-SWAP",)"
                             R"("ts":"1700000000123","seqId":8})"));
  auto small = only<book_snapshot>(updates);
  CAF_CHECK_EQUAL(small.instrument.view(), "ABC-USDT-SWAP");
  CAF_CHECK_EQUAL(small.sequence, 8u);
  CAF_CHECK_EQUAL(small.levels.size(), 1u);
}

CAF_TEST(a book that cannot be trusted is an error that names the member) {
  auto check = [](const std::string& text, std::string_view member) {
    auto problem = problem_of(text);
    if (!mentions(problem, member))
      CAF_FAIL(problem << " for " << text);
  };
  check(change(R"("seqId":5)"), "prevSeqId");
  check(change(R"("prevSeqId":5)"), "seqId");
  check(change(R"("seqId":5,"prevSeqId":-1)"), "prevSeqId");
  check(change(R"("seqId":5,"prevSeqId":-2)"), "prevSeqId");
  check(change(R"("seqId":-5,"prevSeqId":4)"), "seqId");
  check(change(R"("seqId":5,"prevSeqId":4,"checksum":4294967296)"), "checksum");
  check(change(R"("seqId":5,"prevSeqId":4)", R"([["1","-2","0","1"]])"),
        "asks");
  check(change(R"("seqId":5,"prevSeqId":4)", R"([["1"]])"), "asks");
  check(message("books", R"({"asks":[],"seqId":5,"prevSeqId":-1})", "snapshot"),
        "bids");
  check(message("books", snapshot_data, "partial"), "action");
  check(R"({"arg":{"channel":"books"},"action":"snapshot","data":[)"
          + std::string{snapshot_data} + "]}",
        "instId");
  check(R"({"arg":{"channel":"books","instId":"X"},"action":"snapshot",)"
        R"("data":7})",
        "data");
}

// -- quotes and trades --------------------------------------------------------

CAF_TEST(a quote has the best prices that there are) {
  auto both = read<quote>(quote_text);
  CAF_CHECK_EQUAL(both.instrument.view(), "ABC-USDT-SWAP");
  CAF_CHECK(both.bid == level("10.4", "12"));
  CAF_CHECK(both.ask == level("10.5", "7"));
  CAF_CHECK_EQUAL(both.sequence, 31u);
  auto one
    = read<quote>(message("bbo-tbt", R"({"asks":[],"bids":[["0","1","0","1"]],)"
                                     R"("ts":"1700000000123","seqId":31})"));
  CAF_CHECK(!one.ask);
  CAF_CHECK(one.bid == level("0", "1"));
}

CAF_TEST(a trade has the numbers of all trades that it sums up) {
  auto sum = read<trade>(trade_text);
  CAF_CHECK_EQUAL(sum.instrument.view(), "ABC-USDT-SWAP");
  CAF_CHECK_EQUAL(sum.first_sequence, 121u);
  CAF_CHECK_EQUAL(sum.sequence, 123u);
  CAF_CHECK_EQUAL(sum.price, number("10.45"));
  CAF_CHECK_EQUAL(sum.amount, number("6"));
  CAF_CHECK(sum.direction == trade_direction::sell);
  CAF_CHECK(sum.kind == trade_kind::regular);
  CAF_CHECK(uut.numbering_of_trades() == trade_numbering::consecutive);
  auto single = read<trade>(
    message("trades-all", R"({"instId":"ABC-USDT-SWAP","tradeId":"124",)"
                          R"("px":"1","sz":"1","side":"buy","source":"7",)"
                          R"("ts":"1700000000123"})"));
  CAF_CHECK_EQUAL(single.first_sequence, 124u);
  CAF_CHECK(single.kind == trade_kind::other);
}

CAF_TEST(a trade that cannot be trusted is an error that names the member) {
  auto check = [](std::string_view from, std::string_view to,
                  std::string_view member) {
    auto text = trade_text;
    text.replace(text.find(from), from.size(), to);
    auto problem = problem_of(text);
    if (!mentions(problem, member))
      CAF_FAIL(problem << " for " << text);
  };
  check(R"("side":"sell")", R"("side":"both")", "side");
  check(R"("count":"3")", R"("count":"0")", "count");
  check(R"("count":"3")", R"("count":"125")", "count");
  check(R"("sz":"6")", R"("sz":"-6")", "sz");
  check(R"("px":"10.45")", R"("px":null)", "px");
  check(R"("tradeId":"123",)", "", "tradeId");
  check(R"("ts":"1700000000123")", R"("ts":"?")", "ts");
}

// -- tickers ------------------------------------------------------------------

CAF_TEST(a ticker shows what all of its channels have brought) {
  auto first = read<ticker>(ticker_text);
  CAF_CHECK(first.last_price == number("10.45"));
  CAF_CHECK(first.ask == level("10.5", "7"));
  CAF_CHECK(!first.mark_price);
  read<ticker>(mark_text);
  read<ticker>(funding_text);
  auto last = read<ticker>(interest_text);
  CAF_CHECK_EQUAL(last.instrument.view(), "ABC-USDT-SWAP");
  CAF_CHECK(last.time.time_since_epoch() == 1'700'000'000'400ms);
  CAF_CHECK(last.bid == level("10.4", "12"));
  CAF_CHECK(last.mark_price == number("10.46"));
  CAF_CHECK(last.funding_rate == number("-0.0001"));
  CAF_CHECK(last.open_interest == number("5000"));
  CAF_CHECK(!last.index_price);
}

CAF_TEST(what a channel tells no longer is gone) {
  read<ticker>(ticker_text);
  read<ticker>(mark_text);
  auto empty = read<ticker>(
    message("tickers", R"({"instId":"ABC-USDT-SWAP","last":"","askPx":"",)"
                       R"("askSz":"","bidPx":"10.4","bidSz":"0",)"
                       R"("ts":"1700000000123"})"));
  CAF_CHECK(!empty.last_price);
  CAF_CHECK(!empty.ask);
  CAF_CHECK(!empty.bid);
  CAF_CHECK(empty.mark_price == number("10.46"));
}

CAF_TEST(an index price belongs to the instruments that have this index) {
  read<ticker>(ticker_text);
  CAF_CHECK(decode(*venue, index_text).updates.empty()); // not known yet
  read<instrument_state>(swap_text);
  auto x = read<ticker>(index_text);
  CAF_CHECK_EQUAL(x.instrument.view(), "ABC-USDT-SWAP");
  CAF_CHECK(x.index_price == number("10.44"));
  CAF_CHECK(x.last_price == number("10.45"));
  CAF_CHECK(read<ticker>(mark_text).index_price == number("10.44"));
}

CAF_TEST(tickers do not outlive what brings them) {
  read<ticker>(ticker_text);
  read<ticker>(mark_text);
  venue->forget("trades:ABC-USDT-SWAP");
  CAF_CHECK(read<ticker>(funding_text).mark_price);
  venue->forget("mark-price:ABC-USDT-SWAP");
  auto x = read<ticker>(funding_text);
  CAF_CHECK(!x.mark_price);
  CAF_CHECK(x.last_price == number("10.45"));
  venue->connected();
  CAF_CHECK(!read<ticker>(funding_text).last_price);
}

CAF_TEST(a message about a ticker that is broken changes nothing) {
  read<ticker>(ticker_text);
  read<ticker>(mark_text);
  auto bad = mark_text;
  bad.replace(bad.find("10.46"), 5, "1e999");
  CAF_CHECK(decode(*venue, bad).problem);
  CAF_CHECK(
    mentions(problem_of(message("mark-price", R"({"instId":"ABC-USDT-SWAP"})")),
             "markPx"));
  CAF_CHECK(read<ticker>(funding_text).mark_price == number("10.46"));
}

CAF_TEST(tickers of any number of instruments take bounded memory) {
  for (size_t i = 0; i < okx_market::max_tickers + 10; ++i) {
    auto text = mark_text;
    auto name = "ABC-" + std::to_string(i);
    for (auto at = text.find("ABC-USDT-SWAP"); at != text.npos;
         at = text.find("ABC-USDT-SWAP"))
      text.replace(at, 13, name);
    auto told = read<ticker>(text);
    CAF_CHECK_EQUAL(told.instrument.view(), name);
  }
}

// -- instruments --------------------------------------------------------------

CAF_TEST(terms of a linear contract count contracts) {
  auto x = state_of(swap_text);
  CAF_CHECK_EQUAL(x.instrument.view(), "ABC-USDT-SWAP");
  CAF_CHECK(x.state == trading_state::open);
  CAF_CHECK(x.kind == instrument_kind::perpetual);
  CAF_CHECK(x.unit == amount_unit::contracts);
  CAF_CHECK(!x.is_inverse);
  CAF_CHECK_EQUAL(x.base.view(), "ABC");
  CAF_CHECK_EQUAL(x.settlement.view(), "USDT");
  CAF_CHECK(x.tick == number("0.01"));
  CAF_CHECK(x.lot == number("0.1"));
  CAF_CHECK(x.min_amount == number("0.2"));
  CAF_CHECK(x.contract_size == number("0.1"));
  CAF_CHECK(!x.strike);
  CAF_CHECK(x.expires == venue_time{});
  CAF_CHECK_EQUAL(x.code, 0u);
}

CAF_TEST(an instrument may have a number) {
  auto code = [](std::string_view value) {
    auto text = std::string{swap_text};
    auto name = text.find(R"("instId")");
    text.insert(name, R"("instIdCode":)" + std::string{value} + ',');
    return state_of(text).code;
  };
  CAF_CHECK_EQUAL(code("2021032601102994"), 2'021'032'601'102'994u);
  CAF_CHECK_EQUAL(code(R"("10459")"), 10'459u);
  CAF_CHECK_EQUAL(code("null"), 0u);
}

CAF_TEST(terms of an inverse contract are in the other currency) {
  auto x = state_of(terms_with({{"instType", "FUTURES"},
                                {"ctType", "inverse"},
                                {"ctVal", "100"},
                                {"ctValCcy", "USD"},
                                {"settleCcy", "ABC"},
                                {"expTime", "1700006400000"}}));
  CAF_CHECK(x.kind == instrument_kind::future);
  CAF_CHECK(x.is_inverse);
  CAF_CHECK_EQUAL(x.base.view(), "ABC");
  CAF_CHECK_EQUAL(x.quote.view(), "USD");
  CAF_CHECK(x.contract_size == number("100"));
  CAF_CHECK(x.expires.time_since_epoch() == 1'700'006'400'000ms);
}

CAF_TEST(the size of an option is its value times its multiplier) {
  auto x = state_of(terms_with({{"instType", "OPTION"},
                                {"ctType", ""},
                                {"ctVal", "1"},
                                {"ctMult", "0.01"},
                                {"settleCcy", "ABC"},
                                {"stk", "9000"}}));
  CAF_CHECK(x.kind == instrument_kind::option);
  CAF_CHECK(x.is_inverse);
  CAF_CHECK(x.contract_size == number("0.01"));
  CAF_CHECK(x.strike == number("9000"));
}

CAF_TEST(terms of a pair count its base currency) {
  auto x = state_of(terms_with({{"instType", "SPOT"},
                                {"instId", "ABC-USDT"},
                                {"uly", ""},
                                {"baseCcy", "ABC"},
                                {"quoteCcy", "USDT"},
                                {"settleCcy", ""},
                                {"ctVal", ""},
                                {"ctMult", ""},
                                {"ctValCcy", ""},
                                {"ctType", ""}}));
  CAF_CHECK(x.kind == instrument_kind::spot);
  CAF_CHECK(x.unit == amount_unit::base);
  CAF_CHECK_EQUAL(x.base.view(), "ABC");
  CAF_CHECK_EQUAL(x.quote.view(), "USDT");
  CAF_CHECK(!x.contract_size);
}

CAF_TEST(states and types that are new are unknown) {
  auto state = [](const std::string& name) {
    return state_of(terms_with({{"state", name}})).state;
  };
  CAF_CHECK(state("preopen") == trading_state::pending);
  CAF_CHECK(state("suspend") == trading_state::halted);
  CAF_CHECK(state("post_only") == trading_state::halted);
  CAF_CHECK(state("expired") == trading_state::closed);
  CAF_CHECK(state("hibernating") == trading_state::unknown);
  auto x = state_of(terms_with({{"instType", "EVENTS"}}));
  CAF_CHECK(x.kind == instrument_kind::other);
  CAF_CHECK(x.unit == amount_unit::unknown);
}

CAF_TEST(a list of instruments is as many updates) {
  auto list = updates_of(
    "okx", instruments(std::string{swap_data} + ',' + std::string{swap_data}));
  CAF_CHECK_EQUAL(list.size(), 2u);
  CAF_CHECK(updates_of("okx", instruments("")).empty());
}

// -- channels -----------------------------------------------------------------

CAF_TEST(each kind of data has its channel) {
  using list = std::vector<std::string>;
  CAF_CHECK_EQUAL(names(uut, {data_kind::trades, "X"}), list{"trades:X"});
  CAF_CHECK_EQUAL(names(uut, {data_kind::quotes, "X"}), list{"bbo-tbt:X"});
  CAF_CHECK(!uut.channels({.kind = data_kind::trades}));
  auto types = uut.channels({.kind = data_kind::instruments}).value();
  CAF_CHECK_EQUAL(types.size(), 4u);
  for (auto& x : types)
    CAF_CHECK(!venue->check(x));
}

CAF_TEST(the depth and the pace decide on the channel of a book) {
  auto check = [&](uint32_t depth, market_pace pace, std::string name,
                   sequence_rule numbering) {
    market_wish wish{data_kind::book, "X", depth, pace};
    auto channel = uut.channels(wish).value().at(0);
    CAF_CHECK_EQUAL(channel.name, name + ":X");
    CAF_CHECK_EQUAL(channel.access == channel_access::authenticated_only,
                    pace == market_pace::fastest);
    CAF_CHECK(uut.rules_of_books(wish).numbering == numbering);
  };
  using enum market_pace;
  using enum sequence_rule;
  check(0, usual, "books", chained);
  check(1, usual, "books5", unnumbered);
  check(5, usual, "books5", unnumbered);
  check(6, usual, "books", chained);
  check(0, fastest, "books-l2-tbt", chained);
  check(5, fastest, "books50-l2-tbt", chained);
  check(51, fastest, "books-l2-tbt", chained);
}

CAF_TEST(the channels of a ticker depend on the type of its instrument) {
  using list = std::vector<std::string>;
  auto of = [&](const std::string& instrument) {
    return names(uut, {data_kind::ticker, instrument});
  };
  CAF_CHECK_EQUAL(of("ABC-USDT-SWAP"),
                  (list{"tickers:ABC-USDT-SWAP", "mark-price:ABC-USDT-SWAP",
                        "open-interest:ABC-USDT-SWAP",
                        "funding-rate:ABC-USDT-SWAP"}));
  CAF_CHECK(!uut.may_be_refused("tickers:ABC-USDT-SWAP"));
  CAF_CHECK(uut.may_be_refused("mark-price:ABC-USDT-SWAP"));
  CAF_CHECK(!uut.may_be_refused("trades:ABC-USDT-SWAP"));
  decode(*venue, swap_text);
  CAF_CHECK_EQUAL(of("ABC-USDT-SWAP"),
                  (list{"tickers:ABC-USDT-SWAP", "mark-price:ABC-USDT-SWAP",
                        "open-interest:ABC-USDT-SWAP",
                        "funding-rate:ABC-USDT-SWAP",
                        "index-tickers:ABC-USDT"}));
  decode(*venue, terms_with({{"instType", "SPOT"}, {"uly", ""}}));
  CAF_CHECK_EQUAL(of("ABC-USDT-SWAP"), list{"tickers:ABC-USDT-SWAP"});
  decode(*venue, terms_with({{"instType", "FUTURES"}, {"uly", ""}}));
  CAF_CHECK_EQUAL(of("ABC-USDT-SWAP").size(), 3u);
  decode(*venue, terms_with({{"instType", "FUTURES"}, {"ruleType", "xperp"}}));
  CAF_CHECK_EQUAL(of("ABC-USDT-SWAP").size(), 5u);
}

// -- anything -----------------------------------------------------------------

CAF_TEST(other spellings mean the same and parts mean nothing) {
  for (auto& text :
       {snapshot, change(R"("seqId":5,"prevSeqId":4,"checksum":7)"),
        change(R"("prevSeqId":15,"seqId":3)", R"([["1","2","0","1"]])"),
        quote_text, trade_text, ticker_text, mark_text, funding_text,
        interest_text, index_text, swap_text}) {
    check_spellings("okx", text);
    check_nonsense("okx", text);
  }
}

CAF_TEST(data that zenws has no type for brings nothing) {
  for (auto text :
       {R"({"arg":{"channel":"candle1D","instId":"X"},"data":[["1"]]})",
        R"({"arg":{"channel":"orders","uid":"1"},"data":[{}]})",
        R"({"arg":{"channel":"books-elp","instId":"X"},"data":[{}]})",
        R"({"arg":{"channel":7},"data":[{}]})", R"({"arg":{},"data":[{}]})",
        R"({"data":[{}]})", R"([1])", "7"})
    CAF_CHECK_EQUAL(shown(decode("okx", text)), "");
}

// -- real messages ------------------------------------------------------------

CAF_TEST(samples are decoded) {
  if (auto text = sample("okx/books_snapshot.json"); !text.empty()) {
    auto updates = updates_of("okx", text);
    auto x = only<book_snapshot>(updates);
    CAF_CHECK_EQUAL(x.sequence, 123456u);
    CAF_CHECK_EQUAL(x.levels.size(), 16u);
  }
  if (auto text = sample("okx/books_update.json"); !text.empty()) {
    auto updates = updates_of("okx", text);
    CAF_CHECK(only<book_change>(updates).previous == 123456u);
  }
  if (auto text = sample("okx/bbo_tbt.json"); !text.empty())
    CAF_CHECK(only<quote>(updates_of("okx", text)).bid);
  if (auto text = sample("okx/trades.json"); !text.empty()) {
    auto x = only<trade>(updates_of("okx", text));
    CAF_CHECK_EQUAL(x.sequence, 130639474u);
    CAF_CHECK_EQUAL(x.first_sequence, 130639472u);
    CAF_CHECK(x.direction == trade_direction::buy);
  }
  if (auto text = sample("okx/tickers.json"); !text.empty()) {
    auto x = only<ticker>(updates_of("okx", text));
    CAF_CHECK(x.bid == level("8888.88", "5"));
    CAF_CHECK(x.last_price == number("9999.99"));
  }
  if (auto text = sample("okx/funding_rate.json"); !text.empty())
    CAF_CHECK(only<ticker>(updates_of("okx", text)).funding_rate
              == number("0.0001"));
  if (auto text = sample("okx/instruments.json"); !text.empty()) {
    auto x = only<instrument_state>(updates_of("okx", text));
    CAF_CHECK(x.state == trading_state::open);
    CAF_CHECK(x.kind == instrument_kind::perpetual);
    CAF_CHECK(x.contract_size == number("0.01"));
    CAF_CHECK_EQUAL(x.base.view(), "BTC");
  }
}

CAF_TEST(recorded books have their checksums and trades follow each other) {
  // Recorded in 2022, when there were checksums and no numbers.
  auto rules = uut.rules_of_books({.kind = data_kind::book});
  rules.numbering = sequence_rule::unnumbered;
  std::map<std::string, order_book> books;
  std::map<std::string, uint64_t> trades;
  size_t checksums = 0;
  for (auto& text : received_in("okx.ws")) {
    auto message = decode(*venue, text);
    if (message.problem)
      CAF_FAIL(to_string(message.problem) << ": " << text);
    for (auto& x : message.updates) {
      std::string name{instrument_of(x).view()};
      if (auto* update = book_update_of(x)) {
        checksums += update->checksum.has_value();
        auto book = books.try_emplace(name, rules).first;
        if (book->second.apply(x) != book_outcome::applied)
          CAF_FAIL("not applied: " << text);
      } else if (auto* y = std::get_if<trade>(&x)) {
        auto& last = trades[name];
        if (last != 0)
          CAF_CHECK_EQUAL(y->first_sequence, last + 1);
        last = y->sequence;
      }
    }
  }
  if (!books.empty())
    CAF_CHECK_EQUAL(checksums, 290u);
}

CAF_TEST_FIXTURE_SCOPE_END()
