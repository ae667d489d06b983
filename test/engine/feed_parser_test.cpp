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

using namespace zenws;
using namespace zenws::engine;
using namespace zenws::market;

namespace {

/// The market data of the last text.
update last_data;

/// Returns the code of what is wrong with a text.
ec fault_of(std::string_view text) {
  auto what = parse_feed(text, last_data);
  auto* problem = std::get_if<error>(&what);
  return problem ? problem->code : ec::none;
}

std::string data(std::string_view channel, std::string_view content) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")"
         + std::string{channel} + R"(","data":)" + std::string{content} + "}}";
}

/// @param text must outlive the result.
template <class T>
T expect(std::string_view text) {
  auto what = parse_feed(text, last_data);
  auto* result = std::get_if<T>(&what);
  if (!result)
    CAF_FAIL("unexpected meaning of: " << text);
  return std::move(*result);
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

CAF_TEST(market data comes with its channel) {
  CAF_CHECK_EQUAL(expect<market_data>(change_text).channel, "book.X-1.raw");
  CAF_CHECK(last_data.kind == content::book);
  CAF_CHECK(last_data.book.instrument == "X-1");
  CAF_CHECK_EQUAL(last_data.book.levels.size(), 2u);
  auto trades = data("trades.X.raw", "[]");
  CAF_CHECK_EQUAL(expect<market_data>(trades).channel, "trades.X.raw");
  CAF_CHECK(last_data.kind == content::trades);
  auto quote = data("ticker.X.raw", R"({"instrument_name":"X"})");
  CAF_CHECK_EQUAL(expect<market_data>(quote).channel, "ticker.X.raw");
  CAF_CHECK(last_data.kind == content::ticker);
}

CAF_TEST(answers are told apart) {
  auto names = expect<channels_answer>(R"({"id":3,"result":["a","b"]})");
  CAF_CHECK_EQUAL(names.id, 3u);
  CAF_CHECK_EQUAL(names.channels, (std::vector<std::string>{"a", "b"}));
  CAF_CHECK_EQUAL(expect<plain_answer>(R"({"id":4,"result":"ok"})").id, 4u);
  auto no = expect<refusal>(
    R"({"id":5,"error":{"code":-32602,"message":"Invalid params"}})");
  CAF_CHECK_EQUAL(no.id.value_or(0), 5u);
  CAF_CHECK_EQUAL(no.why.code, -32602);
  CAF_CHECK_EQUAL(no.why.message, "Invalid params");
  CAF_CHECK(
    !expect<refusal>(R"({"id":null,"error":{"code":1,"message":""}})").id);
  CAF_CHECK(!expect<refusal>(R"({"error":{"code":1,"message":""}})").id);
  auto bare = expect<refusal>(R"({"id":1,"error":"no"})");
  CAF_CHECK_EQUAL(bare.why.message, "no");
}

CAF_TEST(life signs are told apart) {
  expect<venue_heartbeat>(
    R"({"method":"heartbeat","params":{"type":"heartbeat"}})");
  expect<test_request>(
    R"({"method":"heartbeat","params":{"type":"test_request"}})");
}

CAF_TEST(good JSON that nobody knows is unknown) {
  for (auto text :
       {R"({})", R"({"method":"gossip","params":{}})",
        R"({"id":1,"method":"gossip"})", R"({"hello":[1,2,{"a":null}]})"})
    expect<unknown_message>(text);
  auto perpetual = data("perpetual.X.raw", "{}");
  auto unknown = expect<unknown_message>(perpetual);
  CAF_CHECK_EQUAL(unknown.name, "perpetual.X.raw");
}

// -- malformed texts ----------------------------------------------------------

CAF_TEST(a text that was cut anywhere is bad JSON) {
  for (size_t size = 0; size < change_text.size(); ++size)
    CAF_CHECK_EQUAL(fault_of(change_text.substr(0, size)), ec::invalid_json);
}

CAF_TEST(deep nesting costs no stack) {
  constexpr size_t depth = 10'000;
  auto open = std::string(depth, '[');
  auto closed = open + std::string(depth, ']');
  CAF_CHECK_EQUAL(fault_of(open), ec::invalid_json);
  CAF_CHECK_EQUAL(fault_of(closed), ec::invalid_data);
  CAF_CHECK_EQUAL(fault_of(R"({"x":)" + closed + '}'), ec::none);
  CAF_CHECK_EQUAL(fault_of(data("book.X.raw", closed)), ec::invalid_data);
}

CAF_TEST(a text that is too long is not looked at) {
  CAF_CHECK_EQUAL(fault_of(std::string(max_feed_text + 1, ' ')),
                  ec::message_too_big);
}

CAF_TEST(numbers out of range are faults) {
  auto with_price = [](const std::string& price) {
    return fault_of(
      data("book.X.raw", R"({"type":"snapshot","instrument_name":"X",)"
                         R"("change_id":7,"bids":[["new",)"
                           + price + R"(,1]],"asks":[]})"));
  };
  CAF_CHECK_EQUAL(with_price("61000.5"), ec::none);
  CAF_CHECK_EQUAL(with_price("0.123456789"), ec::none);
  for (const auto& price : {std::string{"1e300"}, std::string(5'000, '9'),
                            std::string{"1e99999999999"}})
    CAF_CHECK_EQUAL(with_price(price), ec::invalid_data);
  for (auto text : {R"({"id":1e3,"result":"ok"})", R"({"id":-1,"result":"ok"})",
                    R"({"id":99999999999999999999999,"result":"ok"})"})
    CAF_CHECK_EQUAL(fault_of(text), ec::invalid_data);
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
    R"({"id":null,"result":[]})",
    R"({"result":[]})",
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
    CAF_CHECK_NOT_EQUAL(fault_of(text), ec::none);
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
    auto what = parse_feed(std::string_view{line}.substr(colon + 2), last_data);
    CAF_CHECK(!std::holds_alternative<unknown_message>(what));
    CAF_CHECK(!std::holds_alternative<error>(what));
    auto* where = std::get_if<market_data>(&what);
    if (!where || last_data.kind != content::book)
      continue;
    ++updates;
    auto& book = books[std::string{where->channel}];
    CAF_CHECK(book.apply(last_data.book) == book_outcome::applied);
  }
  CAF_CHECK(updates > 0);
}
