// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE json_rpc

#include "zenws/json/json_rpc.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <rapidjson/document.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

/// @param text must outlive the result.
envelope expect(std::string_view text,
                const envelope_layout& layout = layouts::json_rpc) {
  auto message = scan(text, layout);
  if (!message)
    CAF_FAIL(to_string(message.error()) << ": " << text);
  return *message;
}

bool is_malformed(std::string_view text) {
  // A copy that ends where its memory ends, for the sanitizers to see.
  std::unique_ptr<char[]> bytes{new char[text.size()]};
  text.copy(bytes.get(), text.size());
  auto message = scan({bytes.get(), text.size()}, layouts::deribit);
  return !message && message.error().code == ec::invalid_json;
}

std::string request(std::string_view method, std::string_view params,
                    int64_t id) {
  return build_request(method, params, id).value();
}

rpc_error refusal(std::string_view text) {
  return std::get<rpc_error>(parse_response(expect(text)).value());
}

std::string notification(std::string_view data) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":)"
         R"("book.X-1.raw","data":)"
         + std::string{data} + "}}";
}

const std::string book_text = notification(
  R"({"id":7,"trade_id":"8","result":9,"error":{"id":10},)"
  R"("bids":[["new",0.5,1e3]],"note":"\"id\":11}"})");

} // namespace

// -- scan ---------------------------------------------------------------------

CAF_TEST(an answer tells its id and its result) {
  auto uut = expect(R"( {"jsonrpc":"2.0","id":42,"result":["a",{"id":1}],)"
                    R"("usIn":1,"usOut":2,"testnet":false} )");
  CAF_CHECK(uut.kind() == envelope_kind::answer);
  CAF_CHECK(uut.root.kind == json_kind::object);
  CAF_CHECK(uut.root.text.starts_with('{') && uut.root.text.ends_with('}'));
  CAF_CHECK(uut.id.integer() == 42);
  CAF_CHECK_EQUAL(uut.result.text, R"(["a",{"id":1}])");
  CAF_CHECK(!uut.error);
  CAF_CHECK(!uut.method);
}

CAF_TEST(ids of market data are no ids) {
  auto uut = expect(book_text, layouts::deribit);
  CAF_CHECK(uut.kind() == envelope_kind::notification);
  CAF_CHECK(!uut.id);
  CAF_CHECK(!uut.result);
  CAF_CHECK(!uut.error);
  CAF_CHECK(uut.method.is("subscription"));
  CAF_CHECK_EQUAL(uut.channel.text, "book.X-1.raw");
  CAF_CHECK(uut.data.text.starts_with(R"({"id":7)"));
  CAF_CHECK(uut.data.text.ends_with(R"(11}"})"));
  CAF_CHECK_EQUAL(uut.params.text, R"({"channel":"book.X-1.raw","data":)"
                                     + std::string{uut.data.text} + '}');
}

CAF_TEST(an id is told apart by its kind and null from absent) {
  auto kind_of_id = [](std::string_view text) {
    return std::string{to_string(expect(text).id.kind)};
  };
  CAF_CHECK_EQUAL(kind_of_id(R"({"id":1,"result":0})"), "number");
  CAF_CHECK_EQUAL(kind_of_id(R"({"id":"1","result":0})"), "string");
  CAF_CHECK_EQUAL(kind_of_id(R"({"id":null,"result":0})"), "null");
  CAF_CHECK_EQUAL(kind_of_id(R"({"result":0})"), "absent");
  CAF_CHECK(expect(R"({"id":"\u0031","result":0})").id.is("1"));
}

CAF_TEST(the kind of a message follows from its members) {
  struct row {
    std::string_view text;
    envelope_kind kind;
  };
  std::vector<row> table{
    {R"({"id":1,"result":null})", envelope_kind::answer},
    {R"({"id":null,"error":{"code":1}})", envelope_kind::answer},
    {R"({"error":"Unknown"})", envelope_kind::answer},
    {R"({"id":1,"method":"subscribe","result":{}})", envelope_kind::answer},
    {R"({"id":1,"method":"ping"})", envelope_kind::request},
    {R"({"id":null,"method":"ping"})", envelope_kind::notification},
    {R"({"method":"heartbeat","params":{}})", envelope_kind::notification},
    {R"({"method":"x","result":1})", envelope_kind::notification},
    {R"({"id":1})", envelope_kind::other},
    {R"({})", envelope_kind::other},
    {R"([{"id":1,"result":2}])", envelope_kind::other},
    {R"("pong")", envelope_kind::other},
  };
  for (const auto& [text, kind] : table)
    CAF_CHECK_EQUAL(to_string(expect(text).kind()), to_string(kind));
}

CAF_TEST(each venue has its channel elsewhere) {
  auto eth = expect(R"({"jsonrpc":"2.0","method":"eth_subscription","params":)"
                    R"({"subscription":"0x9c","result":{"number":"0x1"}}})",
                    layouts::ethereum);
  CAF_CHECK(eth.kind() == envelope_kind::notification);
  CAF_CHECK_EQUAL(eth.channel.text, "0x9c");
  CAF_CHECK_EQUAL(eth.data.text, R"({"number":"0x1"})");
  auto binance = expect(R"({"stream":"btcusdt@trade","data":{"e":"trade"}})",
                        layouts::binance);
  CAF_CHECK(binance.kind() == envelope_kind::notification);
  CAF_CHECK_EQUAL(binance.channel.text, "btcusdt@trade");
  CAF_CHECK(!binance.event);
  auto single = expect(R"({"e":"trade","E":1,"s":"BTCUSDT","t":5})",
                       layouts::binance);
  CAF_CHECK(single.event.is("trade"));
  CAF_CHECK_EQUAL(single.instrument.text, "BTCUSDT");
  auto okx = expect(R"({"arg":{"channel":"books","instId":"BTC-USDT"},)"
                    R"("action":"update","data":[{"instId":"other"}]})",
                    layouts::okx);
  CAF_CHECK(okx.kind() == envelope_kind::notification);
  CAF_CHECK_EQUAL(okx.channel.text, "books");
  CAF_CHECK_EQUAL(okx.instrument.text, "BTC-USDT");
  CAF_CHECK_EQUAL(okx.data.text, R"([{"instId":"other"}])");
}

CAF_TEST(a layout may know several names for one value) {
  constexpr envelope_layout either{{&envelope::id, "id"},
                                   {&envelope::id, "req_id"}};
  CAF_CHECK(expect(R"({"req_id":5})", either).id.integer() == 5);
  CAF_CHECK(expect(R"({"id":6})", either).id.integer() == 6);
  CAF_CHECK(!scan(R"({"id":6,"req_id":5})", either));
}

CAF_TEST(names are recognised however they are escaped) {
  auto uut = expect(R"({"\u0069\u0064":3,"p\u0061rams":{"ch\u0061nnel":"c"},)"
                    R"("i\u0064x":4})",
                    layouts::deribit);
  CAF_CHECK(uut.id.integer() == 3);
  CAF_CHECK_EQUAL(uut.channel.text, "c");
  CAF_CHECK(is_malformed(R"({"\x":1})"));
}

CAF_TEST(members that occur twice are refused where it matters) {
  for (auto text :
       {R"({"id":1,"id":2,"result":0})", R"({"id":1,"\u0069d":1,"result":0})",
        R"({"id":1,"result":0,"result":1})",
        R"({"params":{"channel":"a"},"params":{}})",
        R"({"params":{"channel":"a","channel":"b"}})"})
    CAF_CHECK(is_malformed(text));
  CAF_CHECK(!is_malformed(R"({"id":1,"x":1,"x":2,"params":{"y":1,"y":2}})"));
}

CAF_TEST(parameters need not be an object) {
  CAF_CHECK_EQUAL(
    expect(R"({"method":"x","params":[1]})", layouts::deribit).params.text,
    "[1]");
  CAF_CHECK(expect(R"({"method":"x","params":null})", layouts::deribit)
              .params.is_null());
}

CAF_TEST(each single value of JSON has an envelope) {
  for (auto text : {"[]", "5", R"("x")", "null", " true "}) {
    auto uut = expect(text);
    CAF_CHECK(uut.root);
    CAF_CHECK(!uut.id);
  }
}

CAF_TEST(a message that was cut anywhere is malformed) {
  for (size_t size = 0; size < book_text.size(); ++size)
    CAF_CHECK(is_malformed(book_text.substr(0, size)));
}

CAF_TEST(a message that is not JSON is malformed) {
  for (auto text : {"",
                    " ",
                    "pong",
                    "{",
                    "}",
                    "{]",
                    R"({"id"})",
                    R"({"id":})",
                    R"({"id":1,})",
                    R"({,"id":1})",
                    R"({"id":1 "a":2})",
                    R"({"id":1}})",
                    R"({"id":1}{"id":2})",
                    R"({id:1})",
                    R"({"id":01})",
                    R"({"id":1x})",
                    R"({"x":nul})",
                    R"({"id":1,"x":"})",
                    "{\"id\n\":1}",
                    R"({1:2})",
                    R"({"params":{"x":[},"id":7})",
                    R"({"params":{"channel":"c",}})"})
    CAF_CHECK(is_malformed(text));
  CAF_CHECK(is_malformed(std::string(100, '\0')));
  CAF_CHECK(is_malformed("\xff\xfe"));
}

CAF_TEST(depth and length do not matter) {
  constexpr size_t depth = 10'000;
  for (std::string open : {"[", R"({"a":)"}) {
    std::string deep;
    for (size_t i = 0; i < depth; ++i)
      deep += open;
    CAF_CHECK(is_malformed(deep));
    CAF_CHECK(is_malformed(R"({"params":)" + deep));
    deep += "1" + std::string(depth, open == "[" ? ']' : '}');
    auto answer = R"({"x":)" + deep + R"(,"id":5,"result":1})";
    CAF_CHECK(expect(answer).id.integer() == 5);
    auto data = notification(deep);
    CAF_CHECK_EQUAL(expect(data, layouts::deribit).data.text, deep);
  }
  auto huge = std::string(100'000, '9');
  auto text = R"({"id":)" + huge + R"(,"result":)" + huge + '}';
  auto uut = expect(text);
  CAF_CHECK(uut.id.integer() == std::nullopt);
  CAF_CHECK_EQUAL(uut.result.text, huge);
}

CAF_TEST(bytes of invalid UTF8 pass as they are) {
  CAF_CHECK_EQUAL(expect("{\"method\":\"\xff\"}").method.text, "\xff");
}

// Texts that look like messages, with random damage. The scan
// must accept all that RapidJSON accepts, with the same result.
CAF_TEST(the scan has the same result as a full parser) {
  std::mt19937_64 rng{choose_seed()};
  auto pick = [&](const auto& from) { return from[rng() % std::size(from)]; };
  constexpr std::string_view names[]
    = {"id", "\\u0069d", "method", "params", "result", "error", "x", ""};
  constexpr std::string_view values[]
    = {"1",     "-2.5e3", "\"a\"", "\"\\\"}\"",  "null",        "true",
       "[1,2]", "{}",     "[]",    "{\"id\":3}", "[{\"id\":4}]"};
  size_t accepted = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text = "{";
    for (auto n = rng() % 4; n > 0; --n)
      text += '"' + std::string{pick(names)}
              + "\": " + std::string{pick(values)} + (n > 1 ? "," : "");
    text += '}';
    if (rng() % 3 == 0)
      text[rng() % text.size()] = R"({}[]":,\ 1)"[rng() % 10];
    rapidjson::Document doc;
    doc.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
    if (doc.HasParseError() || !doc.IsObject())
      continue;
    size_t count = 0;
    for (auto i = doc.MemberBegin(); i < doc.MemberEnd(); ++i)
      count += i->name == "id" ? 1 : 0;
    auto message = scan(text, {{&envelope::id, "id"}});
    CAF_REQUIRE_EQUAL(message.has_value(), count < 2);
    if (!message)
      continue;
    ++accepted;
    CAF_REQUIRE_EQUAL(static_cast<bool>(message->id), count == 1);
    if (count == 1 && doc["id"].IsInt64())
      CAF_REQUIRE(message->id.integer() == doc["id"].GetInt64());
  }
  CAF_CHECK(accepted > 10'000);
}

CAF_TEST(the usual begin of messages makes no difference) {
  const envelope_layout plain{
    {&envelope::id, "id"},
    {&envelope::method, "method"},
    {&envelope::params, "params"},
    {&envelope::result, "result"},
    {&envelope::error, "error"},
    {&envelope::channel, "params.channel"},
    {&envelope::data, "params.data"},
  };
  auto same = [](const json_value& x, const json_value& y) {
    return x.kind == y.kind && x.escaped == y.escaped
           && x.text.data() == y.text.data() && x.text.size() == y.text.size();
  };
  auto check = [&](const std::string& text) {
    auto x = scan(text, layouts::deribit);
    auto y = scan(text, plain);
    CAF_REQUIRE_EQUAL(x.has_value(), y.has_value());
    if (!x) {
      CAF_REQUIRE_EQUAL(to_string(x.error()), to_string(y.error()));
      return size_t{0};
    }
    for (auto value : {&envelope::root, &envelope::id, &envelope::method,
                       &envelope::params, &envelope::result, &envelope::error,
                       &envelope::channel, &envelope::data})
      CAF_REQUIRE(same((*x).*value, (*y).*value));
    return size_t{1};
  };
  auto usual = notification(R"({"id":1,"bids":[1,2]})");
  CAF_CHECK(scan(usual, layouts::deribit)->method.is("subscription"));
  check(" \n" + usual + " ");
  for (size_t n = 0; n < usual.size(); ++n)
    check(usual.substr(0, n));
  std::vector<std::string_view> additions{R"(,"id":1)",
                                          R"(,"method":"x")",
                                          R"(,"channel":"y")",
                                          R"(,"data":2)",
                                          R"(,"params":{})",
                                          "{",
                                          "}",
                                          "\"",
                                          ",",
                                          "[",
                                          "\\",
                                          " ",
                                          "7"};
  std::mt19937_64 rng{choose_seed()};
  size_t accepted = 0;
  for (int i = 0; i < 100'000; ++i) {
    auto text = usual;
    for (auto n = 1 + rng() % 2; n > 0; --n) {
      auto pos = rng() % 2 == 0 ? rng() % text.size() : text.size() - rng() % 4;
      text.replace(pos, rng() % 2, additions[rng() % additions.size()]);
    }
    accepted += check(text);
  }
  CAF_CHECK_GREATER(accepted, 5'000u);
}

// -- requests -----------------------------------------------------------------

CAF_TEST(a request has all that the specification asks for) {
  CAF_CHECK_EQUAL(request("public/test", "{}", 7),
                  R"({"jsonrpc":"2.0","id":7,"method":"public/test",)"
                  R"("params":{}})");
  CAF_CHECK_EQUAL(request("eth_syncing", {}, -1),
                  R"({"jsonrpc":"2.0","id":-1,"method":"eth_syncing"})");
  std::string notice = build_notification("x", "[1]").value();
  CAF_CHECK_EQUAL(notice, R"({"jsonrpc":"2.0","method":"x","params":[1]})");
}

CAF_TEST(a method cannot break out of its string) {
  auto text = request("a\",\"id\":9,\"b\":\"\n", "{}", 7);
  auto uut = expect(text);
  CAF_CHECK(uut.id.integer() == 7);
  CAF_CHECK(uut.method.is("a\",\"id\":9,\"b\":\"\n"));
}

CAF_TEST(a request that would not be JSON is refused) {
  for (auto params : {" ", "5", "null", R"("x")", "{", "{}}", "[", "{},"})
    CAF_CHECK(build_request("x", params, 1).error().code
              == ec::invalid_message);
  CAF_CHECK(build_request("\xff", {}, 1).error().code == ec::invalid_message);
}

// -- answers ------------------------------------------------------------------

CAF_TEST(a result is kept as it was sent) {
  auto json_of = [](std::string_view text) {
    return std::get<rpc_result>(parse_response(expect(text)).value()).json;
  };
  CAF_CHECK_EQUAL(json_of(R"({"id":1,"result":{"a":[1, 2]}})"),
                  R"({"a":[1, 2]})");
  CAF_CHECK_EQUAL(json_of(R"({"id":1,"result":"o\u006b"})"), R"("o\u006b")");
  CAF_CHECK_EQUAL(json_of(R"({"id":1,"result":null})"), "null");
  CAF_CHECK_EQUAL(json_of(R"({"id":1,"result":0,"error":null})"), "0");
}

CAF_TEST(an error keeps code and message and data) {
  auto uut = refusal(R"({"id":1,"error":{"code":-32602,"message":)"
                     R"("Invalid \"params\"","data":{"reason":"x"}}})");
  CAF_CHECK_EQUAL(uut.code, -32602);
  CAF_CHECK_EQUAL(uut.message, R"(Invalid "params")");
  CAF_CHECK_EQUAL(uut.data, R"({"reason":"x"})");
  auto message = to_error(uut);
  CAF_CHECK(message.code == ec::request_refused);
  CAF_CHECK_EQUAL(message.detail, R"(code -32602: Invalid "params")");
}

// Errors came back as successes.
CAF_TEST(an error beats a result) {
  CAF_CHECK_EQUAL(refusal(R"({"result":{},"error":{"code":5}})").code, 5);
}

CAF_TEST(errors of other forms still say something) {
  auto binance = refusal(R"({"id":1,"error":{"code":2,"msg":"Unknown"}})");
  CAF_CHECK_EQUAL(binance.code, 2);
  CAF_CHECK_EQUAL(binance.message, "Unknown");
  CAF_CHECK_EQUAL(refusal(R"({"error":"EOrder"})").message, "EOrder");
  CAF_CHECK_EQUAL(refusal(R"({"error":{"x":1}})").message, R"({"x":1})");
  CAF_CHECK_EQUAL(refusal(R"({"error":7})").message, "7");
  CAF_CHECK_EQUAL(refusal(R"({"error":{"code":"x"}})").code, 0);
}

CAF_TEST(a message without result or error is no response) {
  CAF_CHECK(parse_response(expect(R"({"id":1})")).error().code
            == ec::invalid_data);
}
