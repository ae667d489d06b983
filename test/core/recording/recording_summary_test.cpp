// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE recording_summary

#include "zenws/recording/recording_summary.hpp"

#include "zenws/events.hpp"

#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include "recording_samples.hpp"

#include <fstream>
#include <string>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto begin_of_day
  = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31};

struct fixture {
  temporary_folder folder;
  std::string path = folder.file("client.jsonl");
  std::string lines;

  void add(std::chrono::microseconds after, recorded_direction direction,
           recorded_type type, uint64_t sequence, std::string_view data,
           uint64_t epoch = 1) {
    append_line(lines, {begin_of_day + after, direction, type, epoch, sequence},
                data);
  }

  void receive(std::chrono::microseconds after, uint64_t sequence,
               std::string_view data = "{}", uint64_t epoch = 1) {
    add(after, recorded_direction::in, recorded_type::text, sequence, data,
        epoch);
  }

  void tell(std::chrono::microseconds after, const client_event& event) {
    add(after, recorded_direction::in, recorded_type::event,
        event.next_sequence, event_to_json(event), event.epoch);
  }

  recording_summary summary(summary_options options = {}) {
    std::ofstream{path, std::ios::binary} << lines;
    recording_source source{{path}};
    auto result = summarize(source, options);
    CAF_REQUIRE(result);
    return *result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(recording_summary_tests, fixture)

CAF_TEST(entries are counted by kind) {
  receive(0s, 1, "abc");
  receive(1s, 2, "de");
  add(2s, recorded_direction::in, recorded_type::binary, 3, "\xff");
  add(2s, recorded_direction::out, recorded_type::text, 4, "x");
  add(2s, recorded_direction::in, recorded_type::close, 4, "{}");
  tell(4s, {.client = "feed", .epoch = 1, .next_sequence = 4});
  auto result = summary();
  CAF_CHECK_EQUAL(result.received, 3u);
  CAF_CHECK_EQUAL(result.received_bytes, 6u);
  CAF_CHECK_EQUAL(result.sent, 1u);
  CAF_CHECK_EQUAL(result.control_frames, 1u);
  CAF_CHECK_EQUAL(result.events, 1u);
  CAF_CHECK_EQUAL(result.clients, std::vector<std::string>{"feed"});
  CAF_CHECK(result.span.earliest == begin_of_day);
  CAF_CHECK(result.span.latest == begin_of_day + 4s);
  CAF_CHECK_EQUAL(result.mean_rate(), 0.75);
  CAF_CHECK_EQUAL(result.dialect, "raw");
  CAF_CHECK(!result.is_damaged());
}

CAF_TEST(numbers that are missing are gaps) {
  receive(0s, 1);
  receive(1s, 2);
  receive(2s, 5);
  receive(3s, 6, "{}", 2);
  receive(4s, 17, "{}", 2);
  receive(5s, 1, "{}", 1); // another run
  auto result = summary();
  CAF_CHECK_EQUAL(result.num_gaps, 2u);
  CAF_CHECK_EQUAL(result.missing, 12u);
  CAF_REQUIRE_EQUAL(result.gaps.size(), 2u);
  CAF_CHECK_EQUAL(result.gaps[0].after, 2u);
  CAF_CHECK_EQUAL(result.gaps[0].missing, 2u);
  CAF_CHECK(result.gaps[0].at == begin_of_day + 2s);
  CAF_CHECK_EQUAL(result.gaps[1].epoch, 2u);
  CAF_CHECK_EQUAL(result.num_epochs, 3u);
}

CAF_TEST(a connection tells why it ended) {
  tell(0s, {.state = client_state::connecting, .next_sequence = 1});
  receive(0s, 1);
  tell(1s, {.state = client_state::backing_off,
            .client = "feed",
            .epoch = 1,
            .reason = error{ec::heartbeat_lost, "5 s"},
            .next_sequence = 2});
  receive(60s, 2, "{}", 2);
  auto result = summary();
  CAF_REQUIRE_EQUAL(result.epochs.size(), 2u);
  CAF_CHECK_EQUAL(result.epochs[0].end, "heartbeat_lost: 5 s");
  CAF_CHECK_EQUAL(result.epochs[0].messages, 1u);
  CAF_CHECK_EQUAL(result.epochs[1].end, "");
  // An outage is no silence of a connection.
  CAF_CHECK_EQUAL(result.num_silences, 0u);
}

CAF_TEST(the longest silences are told) {
  auto at = 0s;
  for (int i = 1; i <= 40; ++i) {
    receive(at, static_cast<uint64_t>(i));
    at += std::chrono::seconds{i};
  }
  auto result = summary({.min_silence = 5s});
  CAF_CHECK_EQUAL(result.num_silences, 35u);
  CAF_REQUIRE_EQUAL(result.silences.size(), recording_summary::max_silences);
  CAF_CHECK(result.silences[0].length == 39s);
  CAF_CHECK(result.silences.back().length == 20s);
}

CAF_TEST(what the recorder left out is told) {
  tell(0s, {.kind = event_kind::messages_dropped,
            .epoch = 1,
            .dropped_messages = 7,
            .next_sequence = 1});
  CAF_CHECK_EQUAL(summary().left_out, 7u);
}

CAF_TEST(the busiest second is found) {
  receive(1s, 1);
  for (uint64_t i = 0; i < 5; ++i)
    receive(2s + i * 100ms, 2 + i);
  receive(3s, 7);
  auto result = summary();
  CAF_CHECK_EQUAL(result.peak_rate, 5u);
  CAF_CHECK(result.peak_at == begin_of_day + 2s);
}

CAF_TEST(latencies are those of pings and calls and of the venue) {
  add(0ms, recorded_direction::out, recorded_type::ping, 1, "");
  add(30ms, recorded_direction::in, recorded_type::pong, 1, "");
  add(40ms, recorded_direction::out, recorded_type::text, 1,
      R"({"jsonrpc":"2.0","id":7,"method":"public/test","params":{}})");
  receive(60ms, 1, R"({"jsonrpc":"2.0","id":7,"result":{}})");
  auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(
                        begin_of_day.time_since_epoch())
                        .count();
  receive(1250ms, 2,
          R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":)"
          R"("trades.BTC-PERPETUAL.100ms","data":[{"trade_seq":1,"timestamp":)"
            + std::to_string(milliseconds + 1200)
            + R"(,"price":1.5,"amount":10.0,"direction":"buy",)"
              R"("trade_id":"1","instrument_name":"BTC-PERPETUAL",)"
              R"("tick_direction":0,"mark_price":1,"index_price":1}]}})");
  auto result = summary();
  CAF_CHECK_EQUAL(result.dialect, "deribit");
  CAF_CHECK_EQUAL(result.round_trips.count, 1u);
  CAF_CHECK(result.round_trips.max == 30ms);
  CAF_CHECK_EQUAL(result.calls.count, 1u);
  CAF_CHECK(result.calls.max == 20ms);
  CAF_CHECK_EQUAL(result.market_data.count, 1u);
  CAF_CHECK(result.market_data.max == 50ms);
  CAF_CHECK_EQUAL(result.market_data_ahead, 0u);
}

CAF_TEST(damage shows and does not hide the rest) {
  receive(0s, 1);
  lines += "?\n";
  add(1s, recorded_direction::in, recorded_type::event, 1, "{}");
  receive(2s, 2);
  lines += "{\"ts\":";
  auto result = summary();
  CAF_CHECK(result.is_damaged());
  CAF_CHECK_EQUAL(result.received, 2u);
  CAF_CHECK_EQUAL(result.account.corrupt, 2u);
  CAF_CHECK(result.account.torn);
  auto text = describe(result);
  CAF_CHECK(text.find("2 parts that cannot be read; the end is cut off")
            != std::string::npos);
  auto json = to_json(result);
  CAF_CHECK(json.find(R"("damaged":true,"corrupt":2,"torn":true)")
            != std::string::npos);
}

CAF_TEST(an empty recording has a summary) {
  auto result = summary();
  CAF_CHECK_EQUAL(result.received, 0u);
  CAF_CHECK_EQUAL(result.mean_rate(), 0.0);
  CAF_CHECK(!describe(result).empty());
  CAF_CHECK(to_json(result).find(R"("entries":0)") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
