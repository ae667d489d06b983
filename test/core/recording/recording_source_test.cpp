// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE recording_source

#include "zenws/recording/recording_source.hpp"

#include "support/seed.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include "recording_samples.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture {
  temporary_folder folder;
  std::string path = folder.file("client.jsonl");

  void write(const std::string& name, std::string_view bytes) {
    std::ofstream{name, std::ios::binary} << bytes;
  }

  std::vector<recorded_entry> read(recording_source& uut) {
    std::vector<recorded_entry> result;
    for (; auto* entry = uut.peek(); uut.pop())
      result.push_back(*entry);
    return result;
  }
};

// Entries of a client whose clock is set back now and then, and that begins
// anew sometimes.
std::vector<recorded_entry> course(std::mt19937_64& random, size_t count) {
  std::vector<recorded_entry> result;
  recorded_entry next;
  next.at = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31};
  next.epoch = 1;
  for (size_t i = 0; i < count; ++i) {
    next.at += std::chrono::milliseconds{random() % 100};
    if (random() % 50 == 0)
      next.at -= 2s;
    if (random() % 40 == 0)
      ++next.epoch;
    if (random() % 200 == 0)
      next.epoch = 1;
    ++next.sequence;
    next.data = std::string(random() % 100, 'x');
    result.push_back(next);
  }
  return result;
}

std::string lines_of(const std::vector<recorded_entry>& entries) {
  std::string result;
  for (auto& entry : entries)
    append_line(result, entry, entry.data);
  return result;
}

std::string blocks_of(const std::vector<recorded_entry>& entries) {
  packed_sample result;
  for (size_t i = 0; i < entries.size(); i += 7) {
    auto last = std::min(i + 7, entries.size());
    result.add({entries.begin() + static_cast<std::ptrdiff_t>(i),
                entries.begin() + static_cast<std::ptrdiff_t>(last)});
  }
  return result.bytes;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(recording_source_tests, fixture)

CAF_TEST(any range has the entries that it includes) {
  std::mt19937_64 random{choose_seed()};
  auto all = course(random, 500);
  auto half = all.begin() + 250;
  // The older file is compressed, the newer one is not, and the other way.
  std::vector<recorded_entry> first{all.begin(), half};
  std::vector<recorded_entry> second{half, all.end()};
  for (auto is_first_packed : {true, false}) {
    write(path + ".1", is_first_packed ? blocks_of(first) : lines_of(first));
    write(path, is_first_packed ? lines_of(second) : blocks_of(second));
    for (int i = 0; i < 50; ++i) {
      recording_range range;
      if (random() % 2 == 0)
        range.from = all[random() % all.size()].at;
      if (random() % 2 == 0)
        range.to = all[random() % all.size()].at;
      if (random() % 2 == 0)
        range.epoch = random() % 8;
      std::vector<recorded_entry> expected;
      for (auto& entry : all)
        if (range.includes(entry))
          expected.push_back(entry);
      recording_source uut{recording_files(path), range};
      CAF_CHECK(read(uut) == expected);
      CAF_CHECK(!uut.failure());
      CAF_CHECK_EQUAL(uut.account().corrupt, 0u);
      CAF_CHECK_EQUAL(uut.account().files, 2u);
    }
  }
}

CAF_TEST(blocks outside the range are not read) {
  std::mt19937_64 random{choose_seed()};
  packed_sample sample;
  for (int i = 0; i < 10; ++i) {
    auto entries = course(random, 5);
    for (auto& entry : entries) {
      entry.at += std::chrono::hours{i};
      entry.epoch = 1;
    }
    sample.add(std::move(entries));
  }
  write(path, sample.bytes);
  auto from = sample.blocks[4].front().at - 30min;
  recording_source uut{{path}, {.from = from, .to = from + 1h}};
  CAF_CHECK(read(uut) == sample.blocks[4]);
  CAF_CHECK_EQUAL(uut.account().entries, 5u);
}

CAF_TEST(the account names files and places) {
  std::mt19937_64 random{choose_seed()};
  write(path + ".1", "?\n");
  auto sample = packed_sample::make(random, 2, 5);
  write(path, sample.bytes.substr(0, sample.bytes.size() - 1));
  recording_source uut{recording_files(path)};
  CAF_CHECK(read(uut) == sample.blocks[0]);
  CAF_CHECK_EQUAL(uut.account().corrupt, 1u);
  CAF_CHECK(uut.account().torn);
  CAF_REQUIRE_EQUAL(uut.account().problems.size(), 1u);
  CAF_CHECK(uut.account().problems[0].starts_with(path + ".1: line 1: "));
}

CAF_TEST(files that cannot be read are told) {
  for (auto range : {recording_range{}, recording_range{.epoch = 1}}) {
    recording_source missing{{path}, range};
    CAF_CHECK(missing.peek() == nullptr);
    CAF_CHECK(missing.failure().code == ec::recording_failed);
    recording_source none{{folder.path().string()}, range};
    CAF_CHECK(none.peek() == nullptr);
    CAF_CHECK(none.failure().code == ec::recording_failed);
  }
}

CAF_TEST(an empty file has no entries) {
  write(path, "");
  for (auto range : {recording_range{}, recording_range{.epoch = 1}}) {
    recording_source uut{{path}, range};
    CAF_CHECK(uut.peek() == nullptr);
    CAF_CHECK(!uut.failure());
  }
}

CAF_TEST(the share that was read is told) {
  std::mt19937_64 random{choose_seed()};
  auto line = write_line(course(random, 1).front()) + '\n';
  std::string half;
  while (half.size() < 200'000)
    half += line;
  write(path + ".1", half);
  write(path, half);
  recording_source uut{recording_files(path)};
  uint64_t last = 0;
  size_t calls = 0;
  uut.on_progress([&](uint64_t done, uint64_t total) {
    CAF_CHECK_EQUAL(total, 2 * half.size());
    CAF_CHECK_GREATER(done, last);
    last = done;
    ++calls;
  });
  read(uut);
  CAF_CHECK_EQUAL(last, 2 * half.size());
  CAF_CHECK_GREATER(calls, 4u);
}

CAF_TEST_FIXTURE_SCOPE_END()
