// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE answer

#include "zenws/venue/answer.hpp"

#include "zenws/demanded_wait.hpp"
#include "zenws/session/send_outcome.hpp"
#include "zenws/venue/dialect.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;

namespace {

using enum answer_meaning;

/// Reads an answer as a dialect does, and judges it.
answer_verdict judged(std::string_view venue, const std::string& text) {
  auto uut = make_dialect(venue);
  auto message = uut->read(text);
  CAF_REQUIRE(message.kind == inbound_kind::answer);
  return uut->judge(message);
}

std::string deribit_error(int code) {
  return R"({"jsonrpc":"2.0","id":7,"error":{"code":)" + std::to_string(code)
         + R"(,"message":"m"},"usIn":1,"usOut":2,"usDiff":1,"testnet":false})";
}

std::string binance_error(int status, int code) {
  return R"({"id":7,"status":)" + std::to_string(status)
         + R"(,"error":{"code":)" + std::to_string(code)
         + R"(,"msg":"m"},"rateLimits":[]})";
}

std::string okx_answer(const std::string& code, const std::string& rows) {
  return R"({"id":"7","op":"batch-orders","code":")" + code
         + R"(","msg":"","data":[)" + rows
         + R"(],"inTime":"1695190491421339","outTime":"1695190491423240"})";
}

std::string okx_row(const std::string& code) {
  return R"({"clOrdId":"a","ordId":"","tag":"","sCode":")" + code
         + R"(","sMsg":"m"})";
}

send_outcome outcome_of(const answer_verdict& verdict) {
  return zenws::outcome_of(to_error(verdict).code);
}

} // namespace

// Orders that the venue had executed were reported as rejected (Binance -1006
// and -1007, Deribit 13028), and sent again.
CAF_TEST(an error of the inside of a venue is no proof that nothing happened) {
  for (auto& text : {binance_error(400, -1007), binance_error(400, -1006),
                     binance_error(503, -1001), binance_error(504, -1007),
                     binance_error(500, -2010), binance_error(400, -1000)})
    CAF_CHECK(judged("binance", text).meaning == unknown);
  for (auto code : {13028, 11094, 13888, 10001, 99'999})
    CAF_CHECK(judged("deribit", deribit_error(code)).meaning == unknown);
  for (auto code :
       {"50004", "50001", "50013", "50026", "51054", "51149", "99999"})
    CAF_CHECK(judged("okx", okx_answer("1", okx_row(code))).meaning == unknown);
  CAF_CHECK(outcome_of(judged("deribit", deribit_error(13028)))
            == send_outcome::unknown);
}

CAF_TEST(a refusal that the venue documents is one) {
  for (auto& text : {binance_error(400, -2010), binance_error(400, -1013),
                     binance_error(400, -1121), binance_error(400, -4003)})
    CAF_CHECK(judged("binance", text).meaning == refused);
  for (auto code : {10009, 10004, 11044, 13009, -32602})
    CAF_CHECK(judged("deribit", deribit_error(code)).meaning == refused);
  for (auto code : {"51008", "51016", "51400", "50037"})
    CAF_CHECK(judged("okx", okx_answer("1", okx_row(code))).meaning == refused);
  CAF_CHECK(outcome_of(judged("deribit", deribit_error(10009)))
            == send_outcome::refused);
}

CAF_TEST(a venue that is busy did nothing) {
  for (auto& text : {binance_error(429, -1003), binance_error(503, -1008),
                     binance_error(418, -9999), binance_error(403, -9999)})
    CAF_CHECK(judged("binance", text).meaning == try_later);
  for (auto code : {10028, 10040, 10041, 10047, 11051})
    CAF_CHECK(judged("deribit", deribit_error(code)).meaning == try_later);
  for (auto code : {"50011", "50061"})
    CAF_CHECK(judged("okx", okx_answer("1", okx_row(code))).meaning
              == try_later);
  CAF_CHECK(outcome_of(judged("deribit", deribit_error(11051)))
            == send_outcome::try_later);
}

// -- several parts ------------------------------------------------------------

CAF_TEST(each order of a batch has an outcome of its own) {
  auto mixed = judged("okx",
                      okx_answer("2", okx_row("0") + ',' + okx_row("51008")));
  CAF_CHECK(mixed.meaning == unknown);
  CAF_CHECK(to_error(mixed).code == ec::partly_done);
  CAF_CHECK(outcome_of(mixed) == send_outcome::unknown);
  CAF_REQUIRE_EQUAL(mixed.refusal.parts.size(), 2u);
  CAF_CHECK(mixed.refusal.parts[0].meaning == answered);
  CAF_CHECK(mixed.refusal.parts[1].meaning == refused);
  CAF_CHECK_EQUAL(mixed.refusal.parts[1].code, 51008);
  auto all = judged("okx", okx_answer("0", okx_row("0") + ',' + okx_row("0")));
  CAF_CHECK(all.meaning == answered);
  CAF_CHECK_EQUAL(all.parts.size(), 2u);
  // The rows tell, not the whole.
  CAF_CHECK(judged("okx", okx_answer("0", okx_row("51008"))).meaning
            == refused);
  CAF_CHECK(to_error(judged("okx", okx_answer("2", okx_row("0") + ','
                                                     + okx_row("50004"))))
              .code
            == ec::outcome_unknown);
}

CAF_TEST(the halves of a cancel and replace are told apart) {
  auto partly = judged(
    "binance",
    R"({"id":7,"status":409,"error":{"code":-2021,"msg":"Order cancel-replace )"
    R"(partially failed.","data":{"cancelResult":"SUCCESS","newOrderResult":)"
    R"("FAILURE","cancelResponse":{"symbol":"BTCUSDT"},"newOrderResponse":)"
    R"({"code":-2010,"msg":"insufficient balance"}}},"rateLimits":[]})");
  CAF_CHECK(to_error(partly).code == ec::partly_done);
  CAF_REQUIRE_EQUAL(partly.parts.size(), 2u);
  CAF_CHECK(partly.parts[0].meaning == answered);
  CAF_CHECK(partly.parts[1].meaning == refused);
  // The same code means something else for futures.
  CAF_CHECK(judged("binance", binance_error(400, -2021)).meaning == refused);
}

// -- unreadable answers -------------------------------------------------------

CAF_TEST(an answer that cannot be read is never a success) {
  for (auto code : {"0", "1"})
    CAF_CHECK(judged("okx", okx_answer(code, "")).meaning == unknown);
  CAF_CHECK(judged("deribit", R"({"jsonrpc":"2.0","id":7,"error":{}})").meaning
            == unknown);
  envelope neither;
  neither.root = {json_kind::object, false, R"({"id":7,"rest":"x"})"};
  auto odd = judge_answer(neither, {});
  CAF_CHECK(odd.meaning == unknown);
  CAF_CHECK(odd.refusal.message.find(R"("rest":"x")") != std::string::npos);
}

CAF_TEST(both forms of errors of streams are read) {
  for (
    auto text :
    {R"({"error":{"code":2,"msg":"Invalid request: invalid stream"},"id":7})",
     R"({"code":2,"msg":"Invalid request: invalid stream","id":7})"}) {
    auto verdict = judged("binance", text);
    CAF_CHECK(verdict.meaning == refused);
    CAF_CHECK(verdict.subject == refusal_subject::channels);
    CAF_CHECK_EQUAL(verdict.refusal.code, 2);
  }
}

// -- demands ------------------------------------------------------------------

CAF_TEST(a demand to be left alone is found in any form) {
  std::chrono::system_clock::time_point now{1'618'228'600s};
  auto wait = [now](std::string_view text) { return demanded_wait(text, now); };
  CAF_CHECK(wait(R"({"code":-1003,"msg":"Way too much request weight used; IP )"
                 R"(banned until 1618228675371. Please use the websocket"})")
            == 75'371ms);
  CAF_CHECK(wait(R"({"serverTime":1618228600000,"retryAfter":1618228660000})")
            == 60s);
  CAF_CHECK(wait(R"({"retry_after": 2.5})") == 3s);
  CAF_CHECK(wait(R"({"wait":3})") == 3s);
  CAF_CHECK(wait("Too many requests, retry after 30 seconds") == 30s);
  CAF_CHECK(wait("try again in 5 minutes") == 5min);
  CAF_CHECK(wait("retry after 250 ms") == 250ms);
  CAF_CHECK(wait("banned until 1618228500") == std::nullopt); // over
  // The year 4762, which is no number of nanoseconds.
  CAF_CHECK(wait("retry_after 88111111111111").value_or(0ms) > 24h * 365'000);
  for (auto nothing :
       {"", "retry after", "wait", R"({"wait":"a while"})",
        "banned until tomorrow", "retry after 99999999999999999999"})
    CAF_CHECK(wait(nothing) == std::nullopt);
}

CAF_TEST(errors caused by the clock name it) {
  auto verdict = judged("binance", binance_error(400, -1021));
  CAF_CHECK(to_error(verdict).detail.find("clock") != std::string::npos);
}
