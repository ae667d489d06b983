// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE recording_verbs

#include "zenws/recording/recording_block.hpp"
#include "zenws/recording/recording_source.hpp"

#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto patience = 60s;

/// Tells when a file of a folder is written to.
class folder_watch {
public:
  explicit folder_watch(const std::filesystem::path& folder)
    : fd_(inotify_init1(IN_CLOEXEC)) {
    CAF_REQUIRE(inotify_add_watch(fd_, folder.c_str(), IN_MODIFY) >= 0);
  }

  folder_watch(const folder_watch&) = delete;

  folder_watch& operator=(const folder_watch&) = delete;

  ~folder_watch() {
    ::close(fd_);
  }

  /// Waits for what was written since the last call, or since the beginning.
  /// @returns false if nothing was for that long.
  bool wait(std::chrono::milliseconds limit) {
    pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
    char events[4'096];
    return ::poll(&ready, 1, static_cast<int>(limit.count())) == 1
           && ::read(fd_, events, sizeof(events)) > 0;
  }

private:
  int fd_;
};

struct outcome {
  std::vector<std::string> lines;
  int status = -1;
};

outcome run(std::vector<std::string> arguments) {
  program tool{program_folder() / "zenws", std::move(arguments)};
  outcome result;
  while (auto line = tool.read_line(patience))
    result.lines.push_back(std::move(*line));
  result.status = tool.wait(patience).value_or(-1);
  return result;
}

std::string trade(uint64_t number) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":)"
         R"("trades.BTC-PERPETUAL.100ms","data":[{"trade_seq":)"
         + std::to_string(number)
         + R"(,"timestamp":1700000000123,"price":1.5,"amount":10.0,)"
           R"("direction":"buy","trade_id":"1","instrument_name":)"
           R"("BTC-PERPETUAL","tick_direction":0,"mark_price":1,)"
           R"("index_price":1}]}})";
}

struct fixture {
  temporary_folder folder;
  std::string path = folder.file("feed.jsonl.zst");
  std::string bytes;

  // A compressed recording of a block for each ten trades.
  void record(uint64_t trades) {
    recording_block block;
    auto end_block = [&] {
      auto packed = pack(block, default_zstd_level);
      CAF_REQUIRE(packed);
      bytes += *packed;
      block = {};
    };
    recorded_header head;
    head.at = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31};
    head.epoch = 1;
    for (uint64_t i = 1; i <= trades; ++i) {
      head.sequence = i;
      head.at += 1s;
      block.append(head, trade(i));
      if (i % 10 == 0)
        end_block();
    }
    if (!block.empty())
      end_block();
    write(bytes);
  }

  void write(std::string_view content) {
    std::ofstream{path, std::ios::binary} << content;
  }

  std::vector<recorded_entry> received(const std::string& name) {
    std::vector<recorded_entry> result;
    recording_source source{recording_files(name)};
    for (; auto* entry = source.peek(); source.pop())
      if (entry->direction == recorded_direction::in
          && entry->type == recorded_type::text)
        result.push_back(*entry);
    CAF_CHECK_EQUAL(source.account().corrupt, 0u);
    CAF_CHECK(!source.account().torn);
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(recording_verbs_tests, fixture)

CAF_TEST(the messages of a recording are printed as they were) {
  record(25);
  auto all = run({"replay", path, "--speed", "0"});
  CAF_CHECK_EQUAL(all.status, 0);
  CAF_REQUIRE_EQUAL(all.lines.size(), 25u);
  CAF_CHECK_EQUAL(all.lines[24], trade(25));
  auto some = run({"replay", path, "--speed", "0", "--from",
                   "2026-01-31T00:00:05", "--to", "2026-01-31T00:00:07"});
  CAF_REQUIRE_EQUAL(some.lines.size(), 3u);
  CAF_CHECK_EQUAL(some.lines[0], trade(5));
  auto none = run({"replay", path, "--speed", "0", "--epoch", "2"});
  CAF_CHECK(none.lines.empty());
  CAF_CHECK_EQUAL(none.status, 0);
  auto entries = run({"replay", path, "--speed", "0", "--json"});
  CAF_REQUIRE_EQUAL(entries.lines.size(), 25u);
  auto parsed = parse_line(entries.lines[0]);
  CAF_REQUIRE(parsed);
  CAF_CHECK_EQUAL(parsed->data, trade(1));
}

CAF_TEST(a recording is inspected and damage fails) {
  record(25);
  auto whole = run({"inspect", path, "--json"});
  CAF_CHECK_EQUAL(whole.status, 0);
  CAF_REQUIRE_EQUAL(whole.lines.size(), 1u);
  CAF_CHECK(whole.lines[0].find(R"("received":25)") != std::string::npos);
  CAF_CHECK(whole.lines[0].find(R"("dialect":"deribit")") != std::string::npos);
  CAF_CHECK(run({"inspect", path}).lines.size() > 5);
  write(bytes.substr(0, bytes.size() - 1));
  auto torn = run({"inspect", path, "--json"});
  CAF_CHECK_EQUAL(torn.status, 1);
  CAF_CHECK(torn.lines[0].find(R"("received":20)") != std::string::npos);
  CAF_CHECK(torn.lines[0].find(R"("torn":true)") != std::string::npos);
  auto flipped = bytes;
  flipped[bytes.size() / 2] ^= 1;
  write(flipped);
  CAF_CHECK_EQUAL(run({"inspect", path}).status, 1);
  CAF_CHECK_EQUAL(run({"replay", path, "--speed", "0"}).status, 1);
}

CAF_TEST(trades are exported) {
  record(3);
  auto csv = run({"export", path, "--table", "trades", "-q"});
  CAF_CHECK_EQUAL(csv.status, 0);
  CAF_REQUIRE_EQUAL(csv.lines.size(), 4u);
  CAF_CHECK(
    csv.lines[1].starts_with("2026-01-31T00:00:01.000000Z,1,1,BTC-PERPETUAL,"));
  auto json = run({"export", path, "-f", "jsonl"});
  CAF_REQUIRE_EQUAL(json.lines.size(), 3u);
  CAF_CHECK(json.lines[2].starts_with(R"({"table":"trades")"));
  auto out = folder.file("o.db");
  CAF_CHECK_EQUAL(run({"export", path, "-f", "sqlite", "-o", out}).status, 0);
  // Nothing is replaced.
  CAF_CHECK_EQUAL(run({"export", path, "-f", "sqlite", "-o", out}).status, 2);
}

CAF_TEST(command lines that make no sense are refused) {
  CAF_CHECK_EQUAL(run({"inspect", path}).status, 2);
  record(1);
  CAF_CHECK_EQUAL(run({"inspect", path, "--from", "noon"}).status, 2);
  CAF_CHECK_EQUAL(run({"inspect", path, "--dialect", "nasdaq"}).status, 2);
  CAF_CHECK_EQUAL(run({"export", path}).status, 2);
  CAF_CHECK_EQUAL(run({"export", path, "-f", "sqlite"}).status, 2);
  CAF_CHECK_EQUAL(
    run({"replay", path, "--from", "2026-02-01", "--to", "2026-01-01"}).status,
    2);
  CAF_CHECK_EQUAL(run({"record", "deribit", "trades.X.100ms"}).status, 2);
}

CAF_TEST(a recording that is served is recorded again) {
  record(50);
  program venue{program_folder() / "zenws",
                {"replay", path, "--serve", "0", "--speed", "0"}};
  auto url = venue.read_line(patience);
  CAF_REQUIRE(url);
  auto copy = folder.file("copy.jsonl.zst");
  auto result = run({"record", "deribit", "trades.BTC-PERPETUAL.100ms", "--url",
                     *url, "-o", copy, "--messages", "50", "--json"});
  CAF_CHECK_EQUAL(result.status, 0);
  CAF_REQUIRE_EQUAL(result.lines.size(), 1u);
  std::vector<std::string> got;
  for (auto& entry : received(copy))
    if (entry.data.find("\"subscription\"") != std::string::npos)
      got.push_back(entry.data);
  CAF_REQUIRE_EQUAL(got.size(), 50u);
  CAF_CHECK_EQUAL(got.front(), trade(1));
  CAF_CHECK_EQUAL(got.back(), trade(50));
  venue.signal(SIGINT);
  CAF_CHECK_EQUAL(venue.wait(patience).value_or(-1), 0);
}

CAF_TEST(a recorder that is killed leaves what it had written) {
  record(50);
  program venue{program_folder() / "zenws",
                {"replay", path, "--serve", "0", "--speed", "10"}};
  auto url = venue.read_line(patience);
  CAF_REQUIRE(url);
  auto copy = folder.file("copy.jsonl.zst");
  folder_watch written_to{folder.path()};
  program recorder{program_folder() / "zenws",
                   {"record", "deribit", "trades.BTC-PERPETUAL.100ms", "--url",
                    *url, "-o", copy}};
  // Its last block may be half-written.
  auto count = [&] {
    recording_source source{recording_files(copy)};
    uint64_t result = 0;
    for (; source.peek() != nullptr; source.pop())
      ++result;
    CAF_CHECK_EQUAL(source.account().corrupt, 0u);
    return result;
  };
  while (count() == 0)
    CAF_REQUIRE(written_to.wait(patience));
  auto written = count();
  CAF_REQUIRE(written > 0);
  recorder.signal(SIGKILL);
  CAF_CHECK(recorder.wait(patience));
  CAF_CHECK(count() >= written);
}

CAF_TEST_FIXTURE_SCOPE_END()
