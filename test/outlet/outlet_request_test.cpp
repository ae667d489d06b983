// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE outlet.request

#include "support/unit_test.hpp"
#include "zenws/outlet/internal/outlet_request.hpp"

#include <string>

using namespace zenws;

namespace {

outlet_request good(const std::string& text) {
  auto result = read_outlet_request(text);
  if (auto* bad = std::get_if<bad_outlet_request>(&result))
    CAF_FAIL(text << ": " << bad->problem.text);
  return std::get<outlet_request>(result);
}

bad_outlet_request bad(const std::string& text) {
  auto result = read_outlet_request(text);
  CAF_REQUIRE(std::holds_alternative<bad_outlet_request>(result));
  return std::get<bad_outlet_request>(result);
}

// Returns the text of the problem of a request with these members.
std::string problem_with(const std::string& members) {
  auto result = bad("{\"id\":1," + members + "}");
  CAF_CHECK(result.id == 1);
  return result.problem.text;
}

} // namespace

CAF_TEST(a channel is named with all that its client needs) {
  auto uut = good(
    R"({"id":7,"op":"subscribe","client":"a\u00e9","channel":"x",)"
    R"("arguments":"y","private":true,"budget":1000,)"
    R"("overflow":"disconnect_subscriber"})");
  CAF_CHECK_EQUAL(uut.id, 7);
  CAF_CHECK(uut.op == outlet_op::subscribe);
  CAF_CHECK(uut.topic == outlet_topic::channel);
  CAF_CHECK_EQUAL(uut.client, "a\xc3\xa9");
  CAF_CHECK_EQUAL(uut.channel, "x");
  CAF_CHECK_EQUAL(uut.arguments, "y");
  CAF_CHECK(uut.is_private);
  CAF_CHECK(uut.budget_bytes == 1000u);
  CAF_CHECK(uut.policy == overflow_policy::disconnect_subscriber);
}

CAF_TEST(market data is named by instruments and kinds) {
  auto uut = good(
    R"({"id":0,"op":"subscribe","client":"a","instruments":["B"],)"
    R"("kinds":["trades","book"],"depth":10,"pace":"fastest"})");
  CAF_CHECK(uut.topic == outlet_topic::market);
  CAF_REQUIRE_EQUAL(uut.instruments.size(), 1u);
  CAF_CHECK_EQUAL(uut.instruments[0], "B");
  CAF_CHECK((
    uut.kinds
    == market::data_kinds{market::data_kind::trades, market::data_kind::book}));
  CAF_CHECK_EQUAL(uut.depth, 10u);
  CAF_CHECK(uut.pace == market_pace::fastest);
}

CAF_TEST(parameters of calls stay as they were written) {
  auto uut = good(R"({"params":{"x":1e400,"y":[0.1]},"op":"call","client":"a",)"
                  R"("method":"m","id":1,"answer_within_ms":5})");
  CAF_CHECK_EQUAL(uut.params, R"({"x":1e400,"y":[0.1]})");
  CAF_CHECK(uut.answer_within == std::chrono::milliseconds{5});
}

CAF_TEST(amounts and prices of orders are exact) {
  auto uut = good(R"({"id":1,"op":"order","desk":"d","instrument":"B",)"
                  R"("side":"sell","type":"limit","post_only":true,)"
                  R"("amount":"0.123456789012345678","price":1.10})");
  CAF_CHECK_EQUAL(to_string(uut.terms.amount), "0.123456789012345678");
  CAF_CHECK_EQUAL(to_string(uut.terms.price.value()), "1.1");
  CAF_CHECK(uut.terms.side == trading::order_side::sell);
  CAF_CHECK(uut.terms.post_only);
}

CAF_TEST(text that is no JSON is refused with the byte) {
  auto uut = bad(R"({"id":1,})");
  CAF_CHECK(!uut.id);
  CAF_CHECK_EQUAL(uut.problem.code, "invalid_json");
  CAF_CHECK_EQUAL(uut.problem.text, "byte 8");
  std::string with_nul = R"({"id":1,"op":"ping"})";
  with_nul += '\0';
  for (auto text : {std::string{}, std::string{"[]"}, std::string{"{} {}"},
                    std::string{"{\"id\":1,\"op\":\"\x01\"}"},
                    std::string{"{\"id\":1,\"op\":\"\xff\"}"},
                    std::string(100'000, '['), with_nul})
    CAF_CHECK_EQUAL(bad(text).problem.code, "invalid_json");
}

CAF_TEST(wrong members are named) {
  CAF_CHECK_EQUAL(bad(R"({"op":"ping"})").problem.text,
                  "id: must be a whole number from 0 to 2^53 - 1");
  CAF_CHECK_EQUAL(bad(R"({"id":-1,"op":"ping"})").problem.code, "bad_request");
  CAF_CHECK_EQUAL(bad(R"({"id":1,"op":"fly"})").problem.code, "unknown_op");
  CAF_CHECK_EQUAL(problem_with(R"("op":"ping","x":1)"),
                  "x: there is no such member");
  CAF_CHECK_EQUAL(problem_with(R"("op":"ping","client":"a")"),
                  "client: has no meaning for ping");
  CAF_CHECK_EQUAL(problem_with(R"("op":"login")"), "token: is missing");
  CAF_CHECK_EQUAL(problem_with(R"("op":"login","token":"a","token":"b")"),
                  "token: is given twice");
  CAF_CHECK_EQUAL(problem_with(R"("op":"login","token":1)"),
                  "token: must be a string");
  CAF_CHECK_EQUAL(problem_with(R"("op":"subscribe","client":"a")"),
                  "channel, instruments, events, everything, desk: give one of "
                  "these");
  CAF_CHECK_EQUAL(
    problem_with(R"("op":"subscribe","client":"a","events":true,"channel":"")"),
    "channel, instruments, events, everything, desk: give one of these");
  CAF_CHECK_EQUAL(
    problem_with(R"("op":"subscribe","client":"a","instruments":["x"])"),
    "instruments, kinds: one needs the other");
  CAF_CHECK_EQUAL(
    problem_with(
      R"("op":"subscribe","client":"a","events":true,"overflow":"backpressure")"),
    "overflow: must be drop_newest or disconnect_subscriber");
  CAF_CHECK_EQUAL(
    problem_with(
      R"("op":"subscribe","client":"a","instruments":[1],"kinds":["book"])"),
    "instruments: must be an array of strings");
  CAF_CHECK_EQUAL(
    problem_with(R"("op":"order","desk":"d","amount":"1e","side":"buy")"),
    "amount: must be a number without rounding, or a string with one");
}
