// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE recording_index

#include "zenws/recording/recording_index.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include "recording_samples.hpp"

#include <algorithm>
#include <random>
#include <sstream>
#include <string>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto day = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31};

// Entries of one second and epoch.
std::vector<recorded_entry> second(int number, uint64_t epoch) {
  recorded_entry entry;
  entry.at = day + std::chrono::seconds{number};
  entry.epoch = epoch;
  entry.data = std::string(200, 'x');
  return {entry, entry};
}

recorded_span span_of(const std::vector<recorded_entry>& entries) {
  recorded_span result;
  for (auto& entry : entries)
    result.add(entry);
  return result;
}

recording_index index_of(const packed_sample& sample, size_t first = 0) {
  recording_index result{sample.begins[first]};
  for (auto i = first; i < sample.blocks.size(); ++i)
    result.add(sample.begins[i], span_of(sample.blocks[i]));
  return result;
}

recording_index load(const std::string& bytes) {
  std::istringstream in{bytes};
  auto result = recording_index::load(in);
  CAF_CHECK(!in.bad());
  return result;
}

packed_sample six_seconds() {
  packed_sample result;
  for (int i = 0; i < 6; ++i)
    result.add(second(i, 1 + static_cast<uint64_t>(i) / 2));
  return result;
}

} // namespace

CAF_TEST(a written index is that of the heads) {
  auto sample = six_seconds();
  auto expected = index_of(sample);
  CAF_CHECK_EQUAL(expected.stretches().size(), 6u);
  CAF_CHECK_EQUAL(expected.write().size(), expected.bytes());
  CAF_CHECK(load(sample.bytes).stretches() == expected.stretches());
  auto loaded = load(sample.bytes + expected.write());
  CAF_CHECK(loaded.stretches() == expected.stretches());
}

CAF_TEST(the indexes of all runs are one) {
  packed_sample sample;
  std::string bytes;
  recording_index all;
  for (int run = 0; run < 3; ++run) {
    recording_index own{bytes.size()};
    for (int i = 0; i < 3; ++i) {
      packed_sample next;
      next.add(second(10 * run + i, 1));
      own.add(bytes.size(), span_of(next.blocks[0]));
      all.add(bytes.size(), span_of(next.blocks[0]));
      bytes += next.bytes;
    }
    bytes += own.write();
  }
  CAF_CHECK(load(bytes).stretches() == all.stretches());
  // One of them is missing.
  CAF_CHECK(load(bytes.substr(0, bytes.size() - 1)).stretches()
            == all.stretches());
}

CAF_TEST(a damaged index is made anew) {
  auto sample = six_seconds();
  auto expected = index_of(sample);
  auto written = expected.write();
  for (size_t i = 0; i < written.size(); ++i) {
    auto damaged = written;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    if (load(sample.bytes + damaged).stretches() != expected.stretches())
      CAF_FAIL("byte " << i << " is believed");
  }
}

CAF_TEST(an index that contradicts its file is made anew) {
  auto sample = six_seconds();
  recording_index behind{sample.bytes.size() + 1000};
  behind.add(5, span_of(sample.blocks[0]));
  CAF_CHECK(load(sample.bytes + behind.write()).stretches()
            == index_of(sample).stretches());
}

CAF_TEST(a block that was cut off hides none behind it) {
  auto sample = six_seconds();
  for (auto kept = sample.begins[2] + 1; kept < sample.begins[3]; ++kept) {
    auto bytes = sample.bytes.substr(0, kept)
                 + sample.bytes.substr(sample.begins[3]);
    auto found = load(bytes).stretches();
    auto shift = sample.begins[3] - kept;
    auto begin_of = [&](size_t i) { return sample.begins[i] - shift; };
    for (size_t i : {3, 4, 5})
      if (std::ranges::count(found, begin_of(i),
                             &recording_index::stretch::begin)
          != 1)
        CAF_FAIL("block " << i << " is not found at cut " << kept);
  }
}

CAF_TEST(ranges are found by time and by epoch) {
  auto sample = six_seconds();
  auto uut = index_of(sample);
  auto& begins = sample.begins;
  using ranges = std::vector<recording_index::byte_range>;
  auto find = [&](recording_range range) {
    return uut.find(range, sample.bytes.size());
  };
  CAF_CHECK(find({}) == (ranges{{0, begins[6]}}));
  CAF_CHECK(find({.from = day + 4s}) == (ranges{{begins[4], begins[6]}}));
  CAF_CHECK(find({.to = day + 500ms}) == (ranges{{0, begins[1]}}));
  CAF_CHECK(find({.from = day + 1s, .to = day + 2s})
            == (ranges{{begins[1], begins[3]}}));
  CAF_CHECK(find({.epoch = 2}) == (ranges{{begins[2], begins[4]}}));
  CAF_CHECK(find({.from = day + 1h}).empty());
  CAF_CHECK(find({.epoch = 9}).empty());
}

CAF_TEST(an index of many blocks stays small and misses none) {
  constexpr uint64_t total = 10 * recording_index::max_stretches + 7;
  recording_index uut;
  for (uint64_t i = 0; i < total; ++i)
    uut.add(100 * i, span_of(second(static_cast<int>(i), 1)));
  CAF_CHECK_LESS(uut.stretches().size(), recording_index::max_stretches + 1);
  uint64_t entries = 0;
  for (auto& x : uut.stretches())
    entries += x.span.entries;
  CAF_CHECK_EQUAL(entries, 2 * total);
  auto at = day + std::chrono::seconds{total - 3};
  auto found = uut.find({.from = at, .to = at}, 100 * total);
  CAF_REQUIRE_EQUAL(found.size(), 1u);
  CAF_CHECK(found[0].first <= 100 * (total - 3));
  CAF_CHECK(found[0].second >= 100 * (total - 2));
}
