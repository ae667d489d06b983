// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE recording

#include "zenws/recording/recording.hpp"

#include "zenws/events.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include "recording_samples.hpp"

#include <random>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto example_time
  = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + 23h + 59min + 59s
    + 1us;

constexpr auto good = R"({"ts":"2026-01-31T23:59:59.000001Z","dir":"in",)"
                      R"("type":"text","epoch":1,"seq":7,"data":"x"})";

recorded_entry example(recorded_type type, std::string data) {
  return {{example_time, recorded_direction::in, type, 1, 7}, std::move(data)};
}

// Returns a good line with `from` replaced by `to`.
std::string changed(std::string_view from, std::string_view to) {
  std::string result = good;
  auto pos = result.find(from);
  if (pos == std::string::npos)
    CAF_FAIL("nothing to change");
  return result.replace(pos, from.size(), to);
}

std::string problem_of(std::string_view line) {
  auto result = parse_line(line);
  return result ? "none" : to_string(result.error());
}

} // namespace

// -- lines --------------------------------------------------------------------

CAF_TEST(an entry is one line that people can read) {
  CAF_CHECK_EQUAL(write_line(example(recorded_type::text, "x")), good);
  CAF_CHECK_EQUAL(write_line(example(recorded_type::text, "a\n\"b\"")),
                  changed(R"("x")", R"("a\n\"b\"")"));
  auto binary = write_line(example(recorded_type::binary, "\x01\xff"));
  CAF_CHECK(binary.ends_with(R"("data":"Af8=","binary":true})"));
  auto ping = write_line(example(recorded_type::ping, "\xff"));
  CAF_CHECK(ping.ends_with(R"("data":"/w==","binary":true})"));
}

CAF_TEST(written entries can be read) {
  std::mt19937_64 random{choose_seed()};
  for (int i = 0; i < 5000; ++i) {
    auto entry = random_entry(random);
    auto line = write_line(entry);
    CAF_REQUIRE(line.find('\n') == std::string::npos);
    auto back = parse_line(line);
    if (!back || *back != entry)
      CAF_FAIL(line);
  }
}

CAF_TEST(the error of a line names the member that is wrong) {
  struct row {
    std::string line;
    std::string expected;
  };
  std::vector<row> table{
    {"", "invalid_json"},
    {"[]", "invalid_json"},
    {"{\"ts\":", "invalid_json"},
    {std::string{good} + "x", "invalid_json"},
    {changed("x\"", "\xff\""), "invalid_json: is not UTF-8"},
    {changed("\"ts\"", "\"tt\""), "invalid_data: ts"},
    {changed("01-31", "02-31"), "invalid_data: ts"},
    {changed("23:59", "24:59"), "invalid_data: ts"},
    {changed("Z", ""), "invalid_data: ts"},
    {changed("2026", "20x6"), "invalid_data: ts"},
    {changed("\"in\"", "\"inn\""), "invalid_data: dir"},
    {changed("\"in\"", "1"), "invalid_data: dir"},
    {changed("\"text\"", "\"texts\""), "invalid_data: type"},
    {changed("\"text\"", "\"binary\""), "invalid_data: binary"},
    {changed(":1,", ":-1,"), "invalid_data: epoch"},
    {changed(":7,", ":\"7\","), "invalid_data: seq"},
    {changed(":7,", ":99999999999999999999,"), "invalid_data: seq"},
    {changed("\"x\"", "{}"), "invalid_data: data"},
    {changed("\"x\"", "\"\\ud800\""), "invalid_data: data"},
    {changed("\"x\"", "\"x\",\"data\":\"y\""), "invalid_data: data"},
    {changed("\"x\"", "\"x\",\"binary\":1"), "invalid_data: binary"},
    {changed("\"x\"", "\"x\",\"binary\":true"), "invalid_data: data"},
    {changed("\"x\"", "\"A===\",\"binary\":true"), "invalid_data: data"},
    {changed("\"x\"", "\"Af8 \",\"binary\":true"), "invalid_data: data"},
  };
  for (auto& [line, expected] : table)
    if (!problem_of(line).starts_with(expected))
      CAF_ERROR(line << ": " << problem_of(line) << ", not " << expected);
  CAF_CHECK_EQUAL(problem_of(good), "none");
}

CAF_TEST(counts may be missing and other members are ignored) {
  auto uut = parse_line(changed("\"epoch\":1,\"seq\":7", "\"more\":[1,2]"));
  CAF_REQUIRE(uut);
  CAF_CHECK_EQUAL(uut->epoch, 0u);
  CAF_CHECK_EQUAL(uut->sequence, 0u);
}

// -- data ---------------------------------------------------------------------

CAF_TEST(an event survives its entry) {
  auto refusal = std::make_shared<upgrade_refusal>();
  refusal->status = 403;
  refusal->body = "secret";
  client_event uut{.kind = event_kind::restarting,
                   .state = client_state::stopped,
                   .client_id = 3,
                   .client = "a \"b\"",
                   .epoch = 4,
                   .attempt = 5,
                   .retry_in = 1500ms,
                   .reason = {.code = ec::upgrade_refused,
                              .detail = "no\n\xff",
                              .refusal = refusal,
                              .close_code = 1008},
                   .dropped_messages = 6,
                   .next_sequence = 7,
                   .detail = "x"};
  auto json = event_to_json(uut);
  CAF_CHECK(json.find("secret") == std::string::npos);
  auto back = event_from_json(json);
  CAF_REQUIRE(back);
  CAF_CHECK_EQUAL(event_to_json(*back),
                  event_to_json(*event_from_json(event_to_json(*back))));
  CAF_CHECK(back->kind == uut.kind);
  CAF_CHECK(back->state == uut.state);
  CAF_CHECK_EQUAL(back->client, uut.client);
  CAF_CHECK(back->retry_in == uut.retry_in);
  CAF_CHECK_EQUAL(back->reason.detail, "no\n?");
  CAF_CHECK_EQUAL(back->reason.refusal->status, uut.reason.refusal->status);
  CAF_CHECK_EQUAL(back->reason.close_code, 1008u);
  CAF_CHECK_EQUAL(back->dropped_messages, 6u);
  CAF_CHECK_EQUAL(back->next_sequence, 7u);
}

CAF_TEST(each kind of event survives its entry) {
  for (int i = 0; i <= static_cast<int>(event_kind::ended); ++i) {
    auto kind = static_cast<event_kind>(i);
    auto back = event_from_json(event_to_json({.kind = kind}));
    CAF_CHECK(back && back->kind == kind);
  }
}

CAF_TEST(an event that makes no sense is refused) {
  auto json = event_to_json({});
  for (auto wrong : {"", "[]", "{}", R"({"kind":"state_changed"})",
                     R"({"kind":"?","state":"ready"})"}) {
    auto uut = event_from_json(wrong);
    CAF_CHECK(!uut && uut.error().code == ec::invalid_data);
  }
  for (size_t i = 0; i < json.size(); ++i)
    CAF_CHECK(!event_from_json(json.substr(0, i)));
}

CAF_TEST(a close frame tells code and reason) {
  CAF_CHECK_EQUAL(close_to_json(1001, "a\"b"),
                  R"({"code":1001,"reason":"a\"b"})");
}
