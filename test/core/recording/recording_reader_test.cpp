// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE recording_reader

#include "zenws/recording/recording_reader.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include "recording_samples.hpp"

#include "zenws/recording/internal/block_format.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto good = R"({"ts":"2026-01-31T23:59:59.000001Z","dir":"in",)"
                      R"("type":"text","epoch":1,"seq":7,"data":"x"})";

// Reads a whole file.
std::vector<recorded_entry> read_file(recording_reader& uut,
                                      std::string_view bytes) {
  uut.feed(bytes);
  uut.finish();
  return read_all(uut);
}

} // namespace

// -- lines --------------------------------------------------------------------

CAF_TEST(a recording is the same however it is cut) {
  std::string text;
  std::vector<recorded_entry> entries;
  std::mt19937_64 random{choose_seed()};
  for (int i = 0; i < 20; ++i) {
    entries.push_back(random_entry(random));
    append_line(text, entries.back(), entries.back().data);
  }
  for (size_t step : {1, 2, 7, 100, 100'000}) {
    recording_reader uut;
    std::vector<recorded_entry> got;
    for (size_t pos = 0; pos < text.size(); pos += step) {
      uut.feed(std::string_view{text}.substr(pos, step));
      for (auto& entry : read_all(uut))
        got.push_back(std::move(entry));
    }
    uut.finish();
    CAF_CHECK(read_all(uut).empty());
    CAF_CHECK(got == entries);
    CAF_CHECK_EQUAL(uut.entries(), 20u);
    CAF_CHECK_EQUAL(uut.lines(), 20u);
    CAF_CHECK_EQUAL(uut.corrupt(), 0u);
    CAF_CHECK(!uut.torn());
  }
}

CAF_TEST(corrupt lines are counted and told by their numbers) {
  recording_reader uut;
  auto line = std::string{good} + '\n';
  uut.feed(line + "garbage\n" + line + "\n" + line);
  uut.finish();
  CAF_CHECK_EQUAL(read_all(uut).size(), 3u);
  CAF_CHECK_EQUAL(uut.lines(), 5u);
  CAF_CHECK_EQUAL(uut.corrupt(), 2u);
  CAF_REQUIRE_EQUAL(uut.problems().size(), 2u);
  CAF_CHECK_EQUAL(uut.problems()[0].line, 2u);
  CAF_CHECK_EQUAL(uut.problems()[1].line, 4u);
  CAF_CHECK(uut.problems()[0].reason.code == ec::invalid_json);
  CAF_CHECK(!uut.torn());
}

CAF_TEST(problems that are too many to keep are counted) {
  recording_reader uut;
  for (int i = 0; i < 1000; ++i)
    uut.feed("?\n");
  CAF_CHECK(read_all(uut).empty());
  CAF_CHECK_EQUAL(uut.corrupt(), 1000u);
  CAF_CHECK_EQUAL(uut.problems().size(), recording_reader::max_problems);
}

CAF_TEST(a last line that was cut off is torn and not corrupt) {
  auto line = std::string{good};
  for (size_t cut = 1; cut < line.size(); ++cut) {
    recording_reader uut;
    uut.feed(line + '\n' + line.substr(0, cut));
    uut.finish();
    CAF_CHECK_EQUAL(read_all(uut).size(), 1u);
    CAF_CHECK(uut.torn());
    CAF_CHECK_EQUAL(uut.corrupt(), 0u);
    CAF_CHECK_EQUAL(uut.lines(), 2u);
  }
}

CAF_TEST(a last line that only lacks its end is whole) {
  recording_reader uut;
  uut.feed(good);
  CAF_CHECK(read_all(uut).empty());
  uut.finish();
  CAF_CHECK_EQUAL(read_all(uut).size(), 1u);
  CAF_CHECK(!uut.torn());
  CAF_CHECK(!uut.next());
}

// -- blocks -------------------------------------------------------------------

CAF_TEST(blocks are the same however they are cut) {
  std::mt19937_64 random{choose_seed()};
  auto sample = packed_sample::make(random, 5, 20);
  for (size_t step : {1, 2, 7, 100, 100'000}) {
    recording_reader uut;
    std::vector<recorded_entry> got;
    for (size_t pos = 0; pos < sample.bytes.size(); pos += step) {
      uut.feed(std::string_view{sample.bytes}.substr(pos, step));
      for (auto& entry : read_all(uut))
        got.push_back(std::move(entry));
    }
    uut.finish();
    CAF_CHECK(read_all(uut).empty());
    CAF_CHECK(got == sample.entries());
    CAF_CHECK_EQUAL(uut.entries(), 100u);
    CAF_CHECK_EQUAL(uut.blocks(), 5u);
    CAF_CHECK_EQUAL(uut.corrupt(), 0u);
    CAF_CHECK(!uut.torn());
  }
}

CAF_TEST(a file that was cut off has all blocks before the cut) {
  std::mt19937_64 random{choose_seed()};
  auto sample = packed_sample::make(random, 3, 5);
  for (size_t cut = 0; cut <= sample.bytes.size(); ++cut) {
    recording_reader uut;
    auto got = read_file(uut, std::string_view{sample.bytes}.substr(0, cut));
    auto whole = static_cast<size_t>(
      std::ranges::upper_bound(sample.begins, cut) - sample.begins.begin() - 1);
    auto expected = sample.entries();
    expected.resize(whole * 5);
    CAF_CHECK(got == expected);
    CAF_CHECK_EQUAL(uut.corrupt(), 0u);
    CAF_CHECK_EQUAL(uut.torn(), cut != sample.begins[whole]);
  }
}

CAF_TEST(a flipped bit costs its block and is told) {
  std::mt19937_64 random{choose_seed()};
  auto sample = packed_sample::make(random, 3, 3);
  for (size_t at = 0; at < sample.bytes.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      auto damaged = sample.bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      recording_reader uut;
      auto got = read_file(uut, damaged);
      auto told = uut.corrupt() + (uut.torn() ? 1 : 0);
      // A bit of the zstd format means nothing.
      if (told == 0 && got == sample.entries())
        continue;
      auto block = std::ranges::upper_bound(sample.begins, at)
                   - sample.begins.begin() - 1;
      if (got != sample.entries(static_cast<size_t>(block)))
        CAF_FAIL("bit " << bit << " of byte " << at << " costs more");
      if (told != 1)
        CAF_FAIL("bit " << bit << " of byte " << at << " is not told once");
    }
}

CAF_TEST(a recording goes on behind a block that was cut off) {
  std::mt19937_64 random{choose_seed()};
  auto sample = packed_sample::make(random, 3, 50);
  auto second = sample.begins[1];
  for (auto kept = second + 1; kept < sample.begins[2]; kept += 13) {
    auto bytes = sample.bytes.substr(0, kept)
                 + sample.bytes.substr(sample.begins[2]);
    recording_reader uut;
    CAF_CHECK(read_file(uut, bytes) == sample.entries(1));
    CAF_CHECK_EQUAL(uut.corrupt(), 1u);
    CAF_CHECK(!uut.torn());
    CAF_REQUIRE_EQUAL(uut.problems().size(), 1u);
    CAF_CHECK_EQUAL(uut.problems()[0].block.value_or(0), second);
    CAF_CHECK(to_string(uut.problems()[0])
                .starts_with("byte " + std::to_string(second) + ": "));
  }
}

CAF_TEST(a line that is wrong is told by its block) {
  packed_sample sample;
  sample.add({{{}, "a"}});
  recording_reader uut;
  uut.feed(sample.bytes);
  CAF_REQUIRE(uut.next());
  auto told = uut.at_last_entry(error{ec::invalid_data, "no event"});
  CAF_CHECK_EQUAL(to_string(told), "byte 0, line 1: invalid_data: no event");
}

CAF_TEST(sizes that nobody has memory for are refused) {
  for (uint64_t size : {uint64_t{1} << 29, uint64_t{1} << 30,
                        (uint64_t{1} << 30) + 1, uint64_t{UINT64_MAX}}) {
    internal::block_head lines{{{}, {}, 1, 1, 1}, size, 20};
    internal::block_head packed{{{}, {}, 1, 1, 1}, 20, size};
    for (auto& head : {lines, packed}) {
      recording_reader uut;
      CAF_CHECK(
        read_file(uut, write_head(head) + std::string(20, 'x')).empty());
      CAF_CHECK(uut.torn() || uut.corrupt() == 1);
    }
  }
}

CAF_TEST(an empty file has no entries) {
  recording_reader uut;
  CAF_CHECK(read_file(uut, "").empty());
  CAF_CHECK_EQUAL(uut.lines(), 0u);
  CAF_CHECK(!uut.torn());
}
