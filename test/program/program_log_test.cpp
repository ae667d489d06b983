// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE program_log

#include "program/program_log.hpp"

#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"
#include "zenws/json/json_value.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

using namespace zenws;
using namespace std::chrono_literals;
using test_support::temporary_folder;

namespace {

using strings = std::vector<std::string>;

constexpr std::chrono::system_clock::time_point some_time{
  std::chrono::milliseconds{1'700'000'000'042}};

struct fixture {
  program_log_ptr open(log_options opts) {
    if (opts.file.empty())
      opts.file = path;
    auto result = program_log::open(opts, [this] {
      return std::chrono::steady_clock::time_point{now.load()};
    });
    CAF_REQUIRE(result);
    return *result;
  }

  strings lines(const std::string& file) {
    strings result;
    std::ifstream in{file};
    for (std::string line; std::getline(in, line);)
      result.push_back(line);
    return result;
  }

  strings lines() {
    return lines(path);
  }

  temporary_folder folder;
  std::string path = folder.file("x.log");
  std::atomic<std::chrono::steady_clock::duration> now{1h};
};

log_entry example(const std::string& text = "is restarted") {
  return {.level = log_level::warning,
          .component = "zenws.supervisor",
          .client = "feed",
          .text = text,
          .fields = {{"restarts", "3"}},
          .time = some_time};
}

log_entry entry_of(log_level level, const std::string& component,
                   const std::string& text) {
  return {.level = level, .component = component, .text = text};
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(program_log_tests, fixture)

CAF_TEST(text is the line of the library) {
  open({.format = log_format::text})->write(example());
  CAF_CHECK(lines()
            == strings({"2023-11-14T22:13:20.042Z warning zenws.supervisor: "
                        "is restarted client=feed restarts=3"}));
}

CAF_TEST(a file has text unless told otherwise) {
  open({})->write(example());
  CAF_CHECK(lines() == strings({to_line(example())}));
}

CAF_TEST(journal lines begin with the priority and leave the time out) {
  auto uut = open({.format = log_format::journal});
  for (auto level : {log_level::info, log_level::warning, log_level::error})
    uut->write(entry_of(level, "c", "t"));
  uut = nullptr;
  CAF_CHECK(lines() == strings({"<6>c: t", "<4>c: t", "<3>c: t"}));
}

CAF_TEST(lines of JSON have all that an entry has) {
  open({.format = log_format::json})->write(example("says \"no\\\xff\""));
  auto all = lines();
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  CAF_CHECK_EQUAL(all[0],
                  R"({"time":"2023-11-14T22:13:20.042Z","level":"warning",)"
                  R"("component":"zenws.supervisor","client":"feed",)"
                  R"("text":"says \"no\\?\"","fields":{"restarts":"3"}})");
  CAF_CHECK_EQUAL(find_member(all[0], "text").string().value_or(""),
                  "says \"no\\?\"");
}

CAF_TEST(entries below the level of their component are left out) {
  auto uut = open({.level = log_level::warning,
                   .levels = {{"zenws.nodes", log_level::info},
                              {"zenws.nodes.relay", log_level::error}}});
  for (auto component : {"zenws", "zenws.nodes", "zenws.nodes.relay"})
    for (auto level : {log_level::info, log_level::warning, log_level::error})
      uut->write(entry_of(level, component, "t"));
  uut = nullptr;
  CAF_CHECK_EQUAL(lines().size(), 2u + 3 + 1);
}

CAF_TEST(a file is rotated and the oldest one removed) {
  constexpr size_t size = 64 * 1024;
  auto uut = open({.max_size = size, .max_files = 3, .rate = 0});
  const std::string text(1000, 'x');
  for (auto i = 0; i < 1000; ++i)
    uut->write(entry_of(log_level::info, "c", text));
  uut = nullptr;
  size_t files = 0;
  for (auto& x : std::filesystem::directory_iterator{folder.path()}) {
    ++files;
    CAF_CHECK(x.file_size() <= size);
  }
  CAF_CHECK_EQUAL(files, 3u);
  CAF_CHECK(std::filesystem::exists(folder.file("x.1.log")));
  CAF_CHECK(std::filesystem::exists(folder.file("x.2.log")));
}

CAF_TEST(entries beyond the rate are told with their number) {
  auto uut = open({.rate = 2});
  for (auto i = 0; i < 5; ++i)
    uut->write(entry_of(log_level::info, "c", "t"));
  now = now.load() + log_limiter::window;
  uut->write(entry_of(log_level::info, "c", "t"));
  uut = nullptr;
  auto all = lines();
  CAF_REQUIRE_EQUAL(all.size(), 4u);
  CAF_CHECK(all[2].find("3 more like this were left out: t left_out=3")
            != std::string::npos);
}

CAF_TEST(entries that were left out are told by themselves) {
  auto uut = open({.rate = 1});
  for (auto i = 0; i < 5; ++i)
    uut->write(entry_of(log_level::info, "c", "t"));
  now = now.load() + log_limiter::window;
  while (lines().size() < 2)
    std::this_thread::yield();
  CAF_CHECK(lines().back().find("left_out=4") != std::string::npos);
}

CAF_TEST(nothing is lost when many threads log) {
  constexpr size_t threads = 4;
  constexpr size_t entries = 5000;
  auto uut = open({.rate = 0});
  auto sink = uut->sink();
  uut = nullptr;
  std::vector<std::thread> running;
  for (size_t i = 0; i < threads; ++i)
    running.emplace_back([&] {
      for (size_t j = 0; j < entries; ++j)
        write_entry(sink, entry_of(log_level::info, "c", "t"));
    });
  for (auto& x : running)
    x.join();
  sink = nullptr;
  size_t written = 0;
  size_t told = 0;
  for (auto& x : lines())
    if (auto pos = x.find("left_out="); pos != std::string::npos)
      told += std::stoul(x.substr(pos + 9));
    else
      ++written;
  CAF_MESSAGE(written << " written, " << told << " told as left out");
  CAF_CHECK_EQUAL(written + told, threads * entries);
}

CAF_TEST(a reader that stands still holds up nobody and loses nothing untold) {
  CAF_REQUIRE_EQUAL(mkfifo(path.c_str(), 0600), 0);
  // Both ends: opening the other one waits for neither.
  auto reader = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  CAF_REQUIRE(reader >= 0);
  auto uut = open({.rate = 0});
  constexpr size_t entries = 4 * log_output::max_waiting;
  for (size_t i = 0; i < entries; ++i)
    uut->write(entry_of(log_level::info, "c", "some text"));
  std::string text;
  std::thread ending{[&] {
    uut = nullptr;
    [[maybe_unused]] auto count = ::write(reader, "\n!", 2);
  }};
  while (text.find("\n!") == std::string::npos) {
    char buffer[4096];
    auto count = ::read(reader, buffer, sizeof(buffer));
    CAF_REQUIRE(count > 0);
    text.append(buffer, static_cast<size_t>(count));
  }
  ending.join();
  ::close(reader);
  size_t written = 0;
  size_t told = 0;
  for (size_t pos = 0; (pos = text.find("some text", pos)) != text.npos; ++pos)
    ++written;
  for (size_t pos = 0; (pos = text.find("left_out=", pos)) != text.npos; ++pos)
    told += std::stoul(text.substr(pos + 9));
  CAF_CHECK(told > 0);
  CAF_CHECK_EQUAL(written + told, entries);
}

CAF_TEST(a file that fails says how many entries are missing) {
  std::filesystem::create_symlink("/dev/full", path);
  auto uut = open({});
  std::filesystem::remove(path);
  // It is opened anew a second after the first failure.
  for (auto age : {0ms, 500ms, 1000ms}) {
    auto entry = example();
    entry.time += age;
    uut->write(entry);
  }
  uut = nullptr;
  auto all = lines();
  CAF_REQUIRE_EQUAL(all.size(), 2u);
  CAF_CHECK(all[0].find("2 entries could not be written") != std::string::npos);
  CAF_CHECK(all[1].starts_with("2023-11-14T22:13:21.042Z"));
}

CAF_TEST(settings change while entries are written) {
  auto uut = open({.level = log_level::error});
  uut->write(example());
  auto other = folder.file("y.log");
  CAF_CHECK(!uut->change({.format = log_format::journal, .file = other}));
  uut->write(example());
  uut = nullptr;
  CAF_CHECK(lines().empty());
  CAF_CHECK_EQUAL(lines(other).size(), 1u);
}

CAF_TEST(a change opens the file anew) {
  auto uut = open({});
  uut->write(example("a"));
  CAF_CHECK(!uut->change({.file = path})); // everything is written by now
  std::filesystem::rename(path, folder.file("moved"));
  CAF_CHECK(!uut->change({.file = path}));
  uut->write(example("b"));
  uut = nullptr;
  CAF_CHECK_EQUAL(lines(folder.file("moved")).size(), 1u);
  CAF_CHECK_EQUAL(lines().size(), 1u);
}

CAF_TEST(a change that cannot be changes nothing) {
  auto uut = open({});
  auto problem = uut->change(
    {.level = log_level::error, .file = folder.file("x.log/y.log")});
  CAF_CHECK(problem.code == ec::invalid_config);
  CAF_CHECK(problem.detail.find("x.log/y.log") != std::string::npos);
  uut->write(example());
  uut = nullptr;
  CAF_CHECK_EQUAL(lines().size(), 1u);
}

CAF_TEST(a log that cannot be opened is refused) {
  std::ofstream{path} << "a file";
  auto uut = program_log::open({.file = path + "/y.log"});
  CAF_REQUIRE(!uut);
  CAF_CHECK(uut.error().code == ec::invalid_config);
}

CAF_TEST_FIXTURE_SCOPE_END()
