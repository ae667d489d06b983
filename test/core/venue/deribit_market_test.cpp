// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE deribit_market

#include "zenws/venue/deribit/deribit_market.hpp"

#include "market_check.hpp"
#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <chrono>
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

const std::string grouped_text
  = message("book.X.none.10.100ms",
            R"({"timestamp":1,"instrument_name":"X","change_id":7,)"
            R"("bids":[[10.5,3]],"asks":[]})");

const std::string quote_text
  = message("quote.X", R"({"timestamp":1765541767174,"instrument_name":"X",)"
                       R"("best_bid_price":9.5,"best_bid_amount":40.0,)"
                       R"("best_ask_price":10.5,"best_ask_amount":41})");

const std::string ticker_text = message(
  "ticker.X.raw", R"({"instrument_name":"X","best_bid_price":9.5,)"
                  R"("best_bid_amount":40.0,"best_ask_price":10.5,)"
                  R"("best_ask_amount":41,"last_price":10,"timestamp":1,)"
                  R"("greeks":{"delta":0.1},"mark_price":9.9997,)"
                  R"("current_funding":-0.0001,"open_interest":77,)"
                  R"("index_price":9.999,"stats":{"volume":null}})");

const std::string state_text = message(
  "instrument.state.any.any",
  R"({"timestamp":1553080940000,"state":"created","instrument_name":"X-1"})");

// -- terms of instruments -----------------------------------------------------

constexpr std::string_view inverse_perpetual
  = R"({"instrument_name":"X-PERPETUAL","kind":"future","state":"open",)"
    R"("instrument_type":"reversed","settlement_period":"perpetual",)"
    R"("base_currency":"X","quote_currency":"USD","settlement_currency":"X",)"
    R"("tick_size":0.5,"contract_size":10.0,"min_trade_amount":10.0,)"
    R"("tick_size_steps":[{"above_price":1,"tick_size":2}],)"
    R"("expiration_timestamp":32503708800000,"creation_timestamp":1})";

constexpr std::string_view option
  = R"({"instrument_name":"X-1-C","kind":"option","state":"locked",)"
    R"("instrument_type":"reversed","settlement_period":"month",)"
    R"("base_currency":"X","quote_currency":"X","settlement_currency":"X",)"
    R"("tick_size":0.0005,"contract_size":1.0,"min_trade_amount":0.1,)"
    R"("strike":50000.0,"expiration_timestamp":1700000000000})";

constexpr std::string_view linear_future
  = R"({"instrument_name":"X_USDC-1","kind":"future","state":"settled",)"
    R"("instrument_type":"linear","settlement_period":"week",)"
    R"("contract_size":0.001,"min_trade_amount":0.001})";

// -- trades -------------------------------------------------------------------

struct member {
  std::string_view name;
  std::string_view value;
};

/// The members of a trade with one of them replaced, or left out if `value` is
/// empty.
std::string trade_with(std::string_view name, std::string_view value) {
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
  return "{" + data + "}";
}

std::string trades_with(std::string_view name, std::string_view value) {
  return message("trades.X-1.raw", "[" + trade_with(name, value) + "]");
}

const std::string trades_text = trades_with("", "");

// -- decoding -----------------------------------------------------------------

update_list decoded(std::string_view text) {
  return updates_of("deribit", text);
}

template <class T>
T only_update(std::string_view text) {
  return only<T>(decoded(text));
}

ec code_of(std::string_view text) {
  return decode("deribit", text).problem.code;
}

std::string problem_of(std::string_view text) {
  return to_string(decode("deribit", text).problem);
}

struct fixture {
  deribit_market uut;
  update_list answered;

  error read_answer(std::string_view method, std::string_view result) {
    answered.clear();
    return uut.read_answer({.method = std::string{method}}, "X-1", result,
                           answered);
  }

  instrument_state terms_of(std::string_view result) {
    if (auto problem = read_answer("public/get_instrument", result))
      CAF_FAIL(to_string(problem));
    return only<instrument_state>(answered);
  }

  channel_spec channel(data_kind kind, uint32_t depth = 0,
                       market_pace pace = market_pace::usual) {
    auto all = uut.channels(
      {.kind = kind, .instrument = "X-1", .depth = depth, .pace = pace});
    CAF_REQUIRE(all);
    CAF_REQUIRE_EQUAL(all->size(), 1u);
    return all->front();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(deribit_market_tests, fixture)

// -- books --------------------------------------------------------------------

CAF_TEST(a book change keeps the digits of the venue) {
  auto updates = decoded(change_text);
  auto book = only<book_change>(updates);
  CAF_CHECK_EQUAL(book.instrument.view(), "X-1");
  CAF_CHECK(book.time.time_since_epoch() == 1'626'993'724'318ms);
  CAF_CHECK(book.previous == 33195894164u);
  CAF_CHECK_EQUAL(book.sequence, 33195894355u);
  CAF_REQUIRE_EQUAL(book.levels.size(), 3u);
  CAF_CHECK(book.levels[0].side == book_side::bid);
  CAF_CHECK(book.levels[0].action == level_action::remove);
  CAF_CHECK_EQUAL(book.levels[0].price, number("0.0015"));
  CAF_CHECK(book.levels[1].side == book_side::ask);
  CAF_CHECK(book.levels[1].action == level_action::create);
  CAF_CHECK_EQUAL(book.levels[1].amount, number("2.6"));
  CAF_CHECK_EQUAL(book.levels[1].amount_places, 1u);
  CAF_CHECK(book.levels[2].action == level_action::change);
  CAF_CHECK_EQUAL(book.levels[2].price, number("0.0012"));
  CAF_CHECK_EQUAL(book.levels[2].amount, number("1000000000000"));
}

CAF_TEST(a snapshot has no predecessor) {
  for (auto previous : {"", R"("prev_change_id":null,)"}) {
    auto updates = decoded(
      message("book.X.raw", R"({"type":"snapshot","instrument_name":"X",)"
                              + std::string{previous}
                              + R"("change_id":7,"bids":[],"asks":[]})"));
    auto book = only<book_snapshot>(updates);
    CAF_CHECK(book.previous == std::nullopt);
    CAF_CHECK(book.levels.empty());
  }
}

CAF_TEST(a grouped book shows all there is in every message) {
  auto updates = decoded(grouped_text);
  auto book = only<book_snapshot>(updates);
  CAF_REQUIRE_EQUAL(book.levels.size(), 1u);
  CAF_CHECK(book.levels[0].action == level_action::set);
  CAF_CHECK_EQUAL(book.levels[0].amount, number("3"));
}

CAF_TEST(each change of a book names the one before) {
  CAF_CHECK(uut.rules_of_books({.kind = data_kind::book}).numbering
            == sequence_rule::chained);
}

// -- trades -------------------------------------------------------------------

CAF_TEST(trades come in lists) {
  auto x = only_update<trade>(trades_text);
  CAF_CHECK_EQUAL(x.instrument.view(), "X-1");
  CAF_CHECK(x.time.time_since_epoch() == 1'626'993'724'318ms);
  CAF_CHECK_EQUAL(x.sequence, 5u);
  CAF_CHECK(x.direction == trade_direction::sell);
  CAF_CHECK_EQUAL(x.price, number("10.5"));
  CAF_CHECK_EQUAL(x.amount, number("20"));
  x = only_update<trade>(trades_with("direction", R"("buy")"));
  CAF_CHECK(x.direction == trade_direction::buy);
  CAF_CHECK(decoded(message("trades.option.BTC.raw", "[]")).empty());
  CAF_CHECK(uut.numbering_of_trades() == trade_numbering::consecutive);
}

CAF_TEST(trades that did not come from the book are marked) {
  auto kind_with = [](std::string_view member) {
    auto text = trades_text;
    text.insert(text.find(R"("trade_seq")"), std::string{member} + ',');
    return only_update<trade>(text).kind;
  };
  CAF_CHECK(kind_with(R"("x":1)") == trade_kind::regular);
  CAF_CHECK(kind_with(R"("liquidation":"MT")") == trade_kind::liquidation);
  CAF_CHECK(kind_with(R"("block_trade_id":"BLOCK-1")") == trade_kind::block);
  CAF_CHECK(kind_with(R"("block_trade_id":null)") == trade_kind::regular);
}

CAF_TEST(names and words mean the same however they are escaped) {
  auto text = trades_with("direction", R"("se\u006cl")");
  auto replace = [&](std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
  };
  replace("trades.", R"(\u0074rades.)");
  replace("X-1", R"(\u0058-1)");
  replace(R"("price")", R"("\u0070rice")");
  replace(R"("X-1")", R"("\u0058-1")");
  auto x = only_update<trade>(text);
  CAF_CHECK(x.instrument == "X-1");
  CAF_CHECK(x.direction == trade_direction::sell);
  CAF_CHECK_EQUAL(x.price, number("10.5"));
}

// -- quotes and tickers -------------------------------------------------------

CAF_TEST(a quote tells best prices) {
  auto x = only_update<quote>(quote_text);
  CAF_CHECK(x.instrument == "X");
  CAF_CHECK(x.time.time_since_epoch() == 1'765'541'767'174ms);
  CAF_CHECK(x.bid == price_level({number("9.5"), number("40")}));
  CAF_CHECK(x.ask == price_level({number("10.5"), number("41")}));
}

CAF_TEST(a ticker tells best prices and more) {
  auto x = only_update<ticker>(ticker_text);
  CAF_CHECK(x.instrument == "X");
  CAF_CHECK(x.bid == price_level({number("9.5"), number("40")}));
  CAF_CHECK(x.ask == price_level({number("10.5"), number("41")}));
  CAF_CHECK(x.last_price == number("10"));
  CAF_CHECK(x.mark_price == number("9.9997"));
  CAF_CHECK(x.index_price == number("9.999"));
  CAF_CHECK(x.funding_rate == number("-0.0001"));
  CAF_CHECK(x.open_interest == number("77"));
}

CAF_TEST(a side without orders has no price) {
  constexpr std::string_view data
    = R"({"instrument_name":"X","best_bid_price":0.0,"best_bid_amount":0.0,)"
      R"("best_ask_price":null,"best_ask_amount":0.0,"last_price":null})";
  auto x = only_update<ticker>(message("ticker.X.raw", data));
  CAF_CHECK(x.bid == std::nullopt);
  CAF_CHECK(x.ask == std::nullopt);
  CAF_CHECK(x.last_price == std::nullopt);
  CAF_CHECK(x.mark_price == std::nullopt);
  auto y = only_update<quote>(message("quote.X", data));
  CAF_CHECK(y.bid == std::nullopt);
  CAF_CHECK(y.ask == std::nullopt);
}

// -- instruments --------------------------------------------------------------

CAF_TEST(an event of an instrument tells its state) {
  auto x = only_update<instrument_state>(state_text);
  CAF_CHECK(x.instrument == "X-1");
  CAF_CHECK(x.state == trading_state::pending);
  CAF_CHECK(x.unit == amount_unit::unknown);
  CAF_CHECK(x.time.time_since_epoch() == 1'553'080'940s);
}

CAF_TEST(states are told in few words) {
  struct row {
    std::string_view name;
    trading_state expected;
  };
  for (auto [name, expected] :
       {row{"open", trading_state::open}, row{"started", trading_state::open},
        row{"locked", trading_state::halted},
        row{"halted", trading_state::halted},
        row{"closed", trading_state::closed},
        row{"archivized", trading_state::closed},
        row{"dreaming", trading_state::unknown}}) {
    auto x = only_update<instrument_state>(message(
      "instrument.state.future.BTC",
      R"({"instrument_name":"X","state":")" + std::string{name} + R"("})"));
    CAF_CHECK(x.state == expected);
  }
}

CAF_TEST(an inverse perpetual is traded in its quote currency) {
  auto x = terms_of(inverse_perpetual);
  CAF_CHECK(x.instrument == "X-PERPETUAL");
  CAF_CHECK(x.kind == instrument_kind::perpetual);
  CAF_CHECK(x.state == trading_state::open);
  CAF_CHECK(x.unit == amount_unit::quote);
  CAF_CHECK(x.is_inverse);
  CAF_CHECK(x.base == "X");
  CAF_CHECK(x.quote == "USD");
  CAF_CHECK(x.settlement == "X");
  CAF_CHECK(x.tick == number("0.5"));
  CAF_CHECK(x.lot == number("10"));
  CAF_CHECK(x.min_amount == number("10"));
  CAF_CHECK(x.contract_size == number("10"));
  CAF_CHECK(x.expires == venue_time{});
}

CAF_TEST(other instruments are traded in their base currency) {
  auto x = terms_of(option);
  CAF_CHECK(x.kind == instrument_kind::option);
  CAF_CHECK(x.state == trading_state::halted);
  CAF_CHECK(x.unit == amount_unit::base);
  CAF_CHECK(x.strike == number("50000"));
  CAF_CHECK(x.expires.time_since_epoch() == 1'700'000'000s);
  x = terms_of(linear_future);
  CAF_CHECK(x.kind == instrument_kind::future);
  CAF_CHECK(x.state == trading_state::closed);
  CAF_CHECK(x.unit == amount_unit::base);
  CAF_CHECK(!x.is_inverse);
}

// -- channels -----------------------------------------------------------------

CAF_TEST(channels are named as the venue wants them) {
  CAF_CHECK_EQUAL(channel(data_kind::trades).name, "trades.X-1.100ms");
  CAF_CHECK_EQUAL(channel(data_kind::book).name, "book.X-1.100ms");
  CAF_CHECK_EQUAL(channel(data_kind::quotes).name, "quote.X-1");
  CAF_CHECK_EQUAL(channel(data_kind::ticker).name, "ticker.X-1.100ms");
  CAF_CHECK_EQUAL(channel(data_kind::instruments).name,
                  "instrument.state.any.any");
  CAF_CHECK(uut.channels({.kind = data_kind::book}).error().code
            == ec::not_supported);
}

CAF_TEST(a book that may be small is grouped) {
  CAF_CHECK_EQUAL(channel(data_kind::book, 1).name, "book.X-1.none.1.100ms");
  CAF_CHECK_EQUAL(channel(data_kind::book, 2).name, "book.X-1.none.10.100ms");
  CAF_CHECK_EQUAL(channel(data_kind::book, 20).name, "book.X-1.none.20.100ms");
  CAF_CHECK_EQUAL(channel(data_kind::book, 21).name, "book.X-1.100ms");
}

CAF_TEST(the fastest channels need a login) {
  for (auto kind : {data_kind::trades, data_kind::book, data_kind::ticker}) {
    auto x = channel(kind, 0, market_pace::fastest);
    CAF_CHECK(x.name.ends_with(".raw"));
    CAF_CHECK(x.access == channel_access::authenticated_only);
    CAF_CHECK(channel(kind).access != channel_access::authenticated_only);
  }
  auto x = channel(data_kind::quotes, 0, market_pace::fastest);
  CAF_CHECK_EQUAL(x.name, "quote.X-1");
  CAF_CHECK(x.access != channel_access::authenticated_only);
}

// -- questions ----------------------------------------------------------------

CAF_TEST(missing trades are asked for by their numbers) {
  auto name = instrument_name::make("X-1").value();
  auto question
    = uut.ask_trades({.instrument = name, .after = 4, .before = 8}).value();
  CAF_CHECK_EQUAL(question.method, "public/get_last_trades_by_instrument");
  CAF_CHECK_EQUAL(question.params,
                  R"({"instrument_name":"X-1","start_seq":5,"end_seq":7,)"
                  R"("count":1000,"sorting":"asc"})");
  CAF_CHECK(!question.at_api);
}

CAF_TEST(missing trades are read from an answer) {
  constexpr auto method = "public/get_last_trades_by_instrument";
  CAF_CHECK(!read_answer(method, R"({"has_more":false,"trades":[)"
                                   + trade_with("", "") + ","
                                   + trade_with("trade_seq", "6") + "]}"));
  CAF_REQUIRE_EQUAL(answered.size(), 2u);
  CAF_CHECK_EQUAL(std::get<trade>(answered[0]).sequence, 5u);
  CAF_CHECK_EQUAL(std::get<trade>(answered[1]).sequence, 6u);
  CAF_CHECK(!read_answer(method, R"({"trades":[]})"));
  CAF_CHECK(answered.empty());
  for (auto text : {"{}", "[]", "7", R"({"trades":{}})", R"({"trades":[{}]})"})
    CAF_CHECK(read_answer(method, text).code == ec::invalid_data);
}

CAF_TEST(instruments are asked for one by one or all at once) {
  auto one = uut.ask_instruments({.instrument = "X-1"}).value();
  CAF_CHECK_EQUAL(one.method, "public/get_instrument");
  CAF_CHECK_EQUAL(one.params, R"({"instrument_name":"X-1"})");
  auto all = uut.ask_instruments({}).value();
  CAF_CHECK_EQUAL(all.method, "public/get_instruments");
  CAF_CHECK_EQUAL(all.params, R"({"currency":"any"})");
  CAF_CHECK(!read_answer(all.method, '[' + std::string{option} + ','
                                       + std::string{linear_future} + ']'));
  CAF_CHECK_EQUAL(answered.size(), 2u);
  CAF_CHECK(read_answer(all.method, "{}").code == ec::invalid_data);
  CAF_CHECK(read_answer(one.method, "{}").code == ec::invalid_data);
}

CAF_TEST(the book is brought by its channel) {
  CAF_CHECK(
    uut.ask_book({.kind = data_kind::book, .instrument = "X"}).error().code
    == ec::not_supported);
}

// -- anything else ------------------------------------------------------------

CAF_TEST(other messages than market data are left alone) {
  for (const std::string& text :
       {std::string{R"({"id":1,"result":["book.X.raw"]})"},
        std::string{R"({"method":"heartbeat","params":{"type":"heartbeat"}})"},
        std::string{R"([1,2])"}, message("deribit_price_index.btc_usd", "{}"),
        message("user.orders.X.raw", "5"),
        message("user.trades.any.any.raw", "[{}]")})
    CAF_CHECK(decoded(text).empty());
}

// -- malformed data -----------------------------------------------------------

CAF_TEST(the problem names the member) {
  CAF_CHECK_EQUAL(problem_of(trades_with("price", "{}")),
                  R"(invalid_data: "price" is not a number)");
  CAF_CHECK_EQUAL(problem_of(trades_with("price", "")),
                  R"(invalid_data: "price" is missing)");
  CAF_CHECK_EQUAL(problem_of(trades_with("price", "1e300")),
                  R"(invalid_data: "price" is not a number that can be kept)");
  CAF_CHECK_EQUAL(problem_of(message("trades.X.raw", "{}")),
                  R"(invalid_data: "data" is not an array)");
}

CAF_TEST(members that are needed and missing or of a wrong type are refused) {
  for (auto name :
       {"trade_seq", "price", "instrument_name", "direction", "amount"})
    for (auto value : {"", "null", "[]", "true", R"("?\u12")", "-1.5e999"})
      CAF_CHECK(code_of(trades_with(name, value)) == ec::invalid_data);
  CAF_CHECK(code_of(trades_with("timestamp", "-1")) == ec::invalid_data);
  CAF_CHECK(code_of(trades_with("timestamp", "18446744073709551615"))
            == ec::invalid_data);
  CAF_CHECK(code_of(trades_with("trade_id", "{}")) == ec::none);
  auto long_name = '"' + std::string(64, 'x') + '"';
  CAF_CHECK(code_of(trades_with("instrument_name", long_name))
            == ec::invalid_data);
}

CAF_TEST(books of another form are refused) {
  auto book = [](std::string_view type, std::string_view bids) {
    return message("book.X.raw", R"({"type":)" + std::string{type}
                                   + R"(,"instrument_name":"X",)"
                                     R"("change_id":7,"bids":)"
                                   + std::string{bids} + R"(,"asks":[]})");
  };
  CAF_CHECK(code_of(book(R"("snapshot")", "[]")) == ec::none);
  CAF_CHECK_EQUAL(problem_of(book(R"("change")", "[]")),
                  R"(invalid_data: "prev_change_id" is missing)");
  CAF_CHECK(code_of(book(R"("gossip")", "[]")) == ec::invalid_data);
  CAF_CHECK(code_of(book("7", "[]")) == ec::invalid_data);
  for (auto bids : {"{}", "null", R"([["new",1]])", R"([["old",1,1]])", "[[]]",
                    "[[1]]", R"([["new",[],1]])", "[5]"})
    CAF_CHECK(code_of(book(R"("snapshot")", bids)) == ec::invalid_data);
  for (auto data : {"[]", "null", "5", R"("{}")", "{}"})
    CAF_CHECK(code_of(message("book.X.raw", data)) == ec::invalid_data);
  CAF_CHECK(
    code_of(R"({"method":"subscription","params":{"channel":"book.X.raw"}})")
    == ec::invalid_data);
}

// Errors beside brackets are found when members are read.
CAF_TEST(data that is not JSON is refused where it is read) {
  for (auto data : {R"([{"price" 1}])", R"([{"price":1,}])", R"([{"a":1]])",
                    R"([{"price":01}])", R"([{"a":x}])", "[{}{}]", "[,]"})
    CAF_CHECK_NOT_EQUAL(code_of(message("trades.X.raw", data)), ec::none);
}

CAF_TEST(deep nesting costs no stack) {
  constexpr size_t depth = 10'000;
  auto deep = std::string(depth, '[') + std::string(depth, ']');
  CAF_CHECK(code_of(message("book.X.raw", deep)) == ec::invalid_data);
  CAF_CHECK(code_of(trades_with("trade_id", deep)) == ec::none);
}

CAF_TEST(messages mean the same however they are spelled) {
  for (auto& x : {change_text, grouped_text, trades_text, quote_text,
                  ticker_text, state_text}) {
    check_spellings("deribit", x);
    check_nonsense("deribit", x);
  }
}

CAF_TEST(damaged messages are decoded or refused and nothing else) {
  std::mt19937_64 rng{choose_seed()};
  const std::string texts[] = {change_text, trades_text, ticker_text};
  for (int i = 0; i < 50'000; ++i) {
    auto text = texts[rng() % std::size(texts)];
    for (auto n = rng() % 4; n > 0; --n)
      text[rng() % text.size()] = R"({}[]":,\ 1e.-x)"[rng() % 14];
    auto code = code_of(text);
    CAF_REQUIRE(code == ec::none || code == ec::invalid_json
                || code == ec::invalid_data);
  }
}

CAF_TEST(damaged answers are read or refused and nothing else) {
  std::mt19937_64 rng{choose_seed()};
  for (int i = 0; i < 20'000; ++i) {
    std::string text{i % 2 == 0 ? inverse_perpetual : option};
    for (auto n = rng() % 4; n > 0; --n)
      text[rng() % text.size()] = R"({}[]":,\ 1e.-x)"[rng() % 14];
    auto code = read_answer("public/get_instrument", text).code;
    CAF_REQUIRE(code == ec::none || code == ec::invalid_json
                || code == ec::invalid_data);
  }
}

// -- real messages ------------------------------------------------------------

CAF_TEST(messages of the venue are decoded) {
  auto read = [](const std::string& name) {
    auto text = sample("deribit/" + name);
    return text.empty() ? update_list{} : decoded(text);
  };
  if (auto x = read("book_snapshot.json"); !x.empty())
    CAF_CHECK_EQUAL(only<book_snapshot>(x).levels.size(), 10u);
  if (auto x = read("book_delta.json"); !x.empty())
    CAF_CHECK(only<book_change>(x).previous == 123456789u);
  if (auto x = read("quote.json"); !x.empty())
    CAF_CHECK(only<quote>(x).ask
              == price_level({number("92288.5"), number("99470")}));
  if (auto x = read("ticker.json"); !x.empty()) {
    CAF_CHECK(only<ticker>(x).mark_price == number("92281.78"));
    CAF_CHECK(only<ticker>(x).funding_rate == number("0"));
    CAF_CHECK(only<ticker>(x).open_interest == number("1132329370"));
  }
  if (auto x = read("trades.json"); !x.empty()) {
    CAF_CHECK_EQUAL(x.size(), 2u);
    CAF_CHECK_EQUAL(std::get<trade>(x[1]).sequence, 271252855u);
  }
  for (auto name : {"chart", "error", "order_buy_response", "portfolio",
                    "subscribe_response", "test_request", "volatility_index"})
    CAF_CHECK(read(std::string{name} + ".json").empty());
}

CAF_TEST(the messages of a whole session are decoded) {
  for (auto& x : received_in("deribit.ws"))
    if (auto result = decode("deribit", x); result.problem)
      CAF_FAIL(to_string(result.problem) << ": " << x);
}

CAF_TEST_FIXTURE_SCOPE_END()
