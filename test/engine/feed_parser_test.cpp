#define CAF_SUITE feed_parser

#include "trading_engine/feed_parser.hpp"

#include "trading_engine/order_book.hpp"

#include "caf/test/unit_test.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

using namespace zenws::engine;

namespace {

/// Returns the fault's name, or "none" for a text that could be read.
std::string fault_of(std::string_view text) {
  auto what = parse_feed(text);
  auto* problem = std::get_if<feed_error>(&what);
  return std::string{problem ? to_string(problem->fault) : "none"};
}

std::string data(std::string_view channel, std::string_view content) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")"
         + std::string{channel} + R"(","data":)" + std::string{content} + "}}";
}

template <class T>
T expect(std::string_view text) {
  auto what = parse_feed(text);
  auto* result = std::get_if<T>(&what);
  if (!result)
    CAF_FAIL("unexpected meaning of: " << text);
  return std::move(*result);
}

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

/// Where recordings are; by default next to the source tree.
std::filesystem::path captures() {
  if (auto* folder = std::getenv("ZENWS_CAPTURES"))
    return folder;
  auto root = std::filesystem::path{__FILE__}.parent_path() / ".." / "..";
  return root / ".." / "shared" / "captures";
}

const std::string change_text
  = data("book.X-1.raw",
         R"({"type":"change","timestamp":1,"prev_change_id":33195894164,)"
         R"("instrument_name":"X-1","change_id":33195894355,)"
         R"("bids":[["delete",0.0015,0.0]],"asks":[["new",0.001,2.6]]})");

} // namespace

// -- meaning ------------------------------------------------------------------

CAF_TEST(a book change keeps the digits of the venue) {
  auto uut = expect<book_update>(change_text);
  CAF_CHECK_EQUAL(uut.channel, "book.X-1.raw");
  CAF_CHECK_EQUAL(uut.instrument, "X-1");
  CAF_CHECK(uut.kind == update_kind::change);
  CAF_CHECK_EQUAL(uut.prev_change_id, 33195894164u);
  CAF_CHECK_EQUAL(uut.change_id, 33195894355u);
  CAF_REQUIRE_EQUAL(uut.levels.size(), 2u);
  CAF_CHECK(uut.levels[0].side == book_side::bid);
  CAF_CHECK(uut.levels[0].action == level_action::remove);
  CAF_CHECK_EQUAL(uut.levels[0].price, number("0.0015"));
  CAF_CHECK(uut.levels[1].side == book_side::ask);
  CAF_CHECK(uut.levels[1].action == level_action::create);
  CAF_CHECK_EQUAL(uut.levels[1].amount, number("2.6"));
}

CAF_TEST(a snapshot has no predecessor) {
  auto uut = expect<book_update>(
    data("book.X.raw", R"({"type":"snapshot","instrument_name":"X",)"
                       R"("change_id":7,"bids":[],"asks":[]})"));
  CAF_CHECK(uut.kind == update_kind::snapshot);
  CAF_CHECK_EQUAL(uut.prev_change_id, 0u);
}

CAF_TEST(trades come in lists) {
  auto uut = expect<trade_list>(
    data("trades.X.raw", R"([{"trade_seq":5,"price":10.5,"amount":20.0,)"
                         R"("direction":"sell"},{"trade_seq":6,"price":11,)"
                         R"("amount":1,"direction":"buy"}])"));
  CAF_REQUIRE_EQUAL(uut.trades.size(), 2u);
  CAF_CHECK_EQUAL(uut.trades[0].sequence, 5u);
  CAF_CHECK_EQUAL(uut.trades[0].price, number("10.5"));
  CAF_CHECK(uut.trades[0].direction == trade_direction::sell);
  CAF_CHECK(uut.trades[1].direction == trade_direction::buy);
}

CAF_TEST(a ticker has no price for a side without orders) {
  auto uut = expect<ticker>(
    data("ticker.X.raw", R"({"instrument_name":"X","best_bid_price":0.0,)"
                         R"("best_ask_price":null})"));
  CAF_CHECK(!uut.best_bid);
  CAF_CHECK(!uut.best_ask);
}

CAF_TEST(answers are told apart) {
  auto names = expect<channels_answer>(R"({"id":3,"result":["a","b"]})");
  CAF_CHECK_EQUAL(names.id, 3u);
  CAF_CHECK_EQUAL(names.channels, (std::vector<std::string>{"a", "b"}));
  CAF_CHECK_EQUAL(expect<plain_answer>(R"({"id":4,"result":"ok"})").id, 4u);
  auto no = expect<refusal>(
    R"({"id":5,"error":{"code":-32602,"message":"Invalid params"}})");
  CAF_CHECK_EQUAL(no.id.value_or(0), 5u);
  CAF_CHECK_EQUAL(no.code, -32602);
  CAF_CHECK(
    !expect<refusal>(R"({"id":null,"error":{"code":1,"message":""}})").id);
}

CAF_TEST(life signs are told apart) {
  expect<venue_heartbeat>(
    R"({"method":"heartbeat","params":{"type":"heartbeat"}})");
  expect<test_request>(
    R"({"method":"heartbeat","params":{"type":"test_request"}})");
}

CAF_TEST(good JSON that nobody knows is unknown) {
  for (auto text : {R"({})", R"({"method":"gossip","params":{}})",
                    R"({"hello":[1,2,{"a":null}]})"})
    expect<unknown_message>(text);
  expect<unknown_message>(data("perpetual.X.raw", "{}"));
}

// -- malformed texts ----------------------------------------------------------

CAF_TEST(a text that was cut anywhere is bad JSON) {
  for (size_t size = 0; size < change_text.size(); ++size)
    CAF_CHECK_EQUAL(fault_of(change_text.substr(0, size)), "bad_json");
}

CAF_TEST(deep nesting costs no stack) {
  constexpr size_t depth = 10'000;
  auto open = std::string(depth, '[');
  auto closed = open + std::string(depth, ']');
  CAF_CHECK_EQUAL(fault_of(open), "bad_json");
  CAF_CHECK_EQUAL(fault_of(closed), "bad_shape");
  CAF_CHECK_EQUAL(fault_of(R"({"x":)" + closed + '}'), "none");
  CAF_CHECK_EQUAL(fault_of(data("book.X.raw", closed)), "bad_shape");
}

CAF_TEST(a text of invalid UTF8 is bad JSON) {
  for (auto bytes : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80"})
    CAF_CHECK_EQUAL(fault_of("{\"method\":\"" + std::string{bytes} + "\"}"),
                    "bad_json");
}

CAF_TEST(a text that is too long is not looked at) {
  CAF_CHECK_EQUAL(fault_of(std::string(max_feed_text + 1, ' ')), "too_big");
}

CAF_TEST(numbers out of range are faults) {
  auto with_price = [](const std::string& price) {
    return fault_of(
      data("book.X.raw", R"({"type":"snapshot","instrument_name":"X",)"
                         R"("change_id":7,"bids":[["new",)"
                           + price + R"(,1]],"asks":[]})"));
  };
  CAF_CHECK_EQUAL(with_price("61000.5"), "none");
  CAF_CHECK_EQUAL(with_price("1e300"), "bad_number");
  CAF_CHECK_EQUAL(with_price("0.123456789"), "bad_number");
  // RapidJSON itself refuses what no double can hold.
  CAF_CHECK_EQUAL(with_price(std::string(5'000, '9')), "bad_json");
  CAF_CHECK_EQUAL(with_price("1e99999999999"), "bad_json");
  CAF_CHECK_EQUAL(fault_of(R"({"id":1e3,"result":"ok"})"), "bad_number");
  CAF_CHECK_EQUAL(fault_of(R"({"id":-1,"result":"ok"})"), "bad_number");
  CAF_CHECK_EQUAL(fault_of(R"({"id":99999999999999999999999,"result":"ok"})"),
                  "bad_number");
}

CAF_TEST(members that are missing or of a wrong type are faults) {
  std::vector<std::string> table{
    "[]",
    "null",
    "5",
    R"("text")",
    R"({"method":"subscription"})",
    R"({"method":"subscription","params":[]})",
    R"({"method":"subscription","params":{"channel":"book.X.raw"}})",
    R"({"id":{},"result":[]})",
    R"({"id":1,"error":"no"})",
    data("book.X.raw", "[]"),
    data("book.X.raw", "null"),
    data("book.X.raw", R"({"type":"change","instrument_name":"X",)"
                       R"("change_id":7,"bids":[],"asks":[]})"),
    data("book.X.raw", R"({"type":"gossip","instrument_name":"X",)"
                       R"("change_id":7,"bids":[],"asks":[]})"),
    data("book.X.raw", R"({"type":"snapshot","instrument_name":"X",)"
                       R"("change_id":7,"bids":[["new",1]],"asks":[]})"),
    data("book.X.raw", R"({"type":"snapshot","instrument_name":"X",)"
                       R"("change_id":7,"bids":[["old",1,1]],"asks":[]})"),
    data("trades.X.raw", "{}"),
    data("trades.X.raw", "[5]"),
    data("ticker.X.raw", "[]"),
  };
  for (const auto& text : table)
    CAF_CHECK_NOT_EQUAL(fault_of(text), "none");
}

// -- a real session -----------------------------------------------------------

CAF_TEST(a recorded session holds nothing unknown and no gap) {
  auto path = captures() / "deribit.ws";
  std::ifstream in{path};
  if (!in.is_open()) {
    CAF_MESSAGE("skipped: there is no recording at "
                << path.string() << " (see ZENWS_CAPTURES)");
    return;
  }
  std::map<std::string, order_book> books;
  size_t updates = 0;
  for (std::string line; std::getline(in, line);) {
    auto colon = line.find(": ");
    if (colon == std::string::npos || line.starts_with("wss://"))
      continue;
    auto what = parse_feed(std::string_view{line}.substr(colon + 2));
    CAF_CHECK(!std::holds_alternative<unknown_message>(what));
    CAF_CHECK(!std::holds_alternative<feed_error>(what));
    auto* update = std::get_if<book_update>(&what);
    if (!update)
      continue;
    ++updates;
    CAF_CHECK(books[update->channel].apply(*update) == book_outcome::applied);
  }
  CAF_CHECK(updates > 0);
}
