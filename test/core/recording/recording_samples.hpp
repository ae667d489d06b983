// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/recording/recording_block.hpp"
#include "zenws/recording/recording_reader.hpp"

#include "support/unit_test.hpp"

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::test_support {

inline std::vector<recorded_entry> read_all(recording_reader& uut) {
  std::vector<recorded_entry> result;
  while (auto entry = uut.next())
    result.push_back(std::move(*entry));
  return result;
}

inline recorded_entry random_entry(std::mt19937_64& random) {
  recorded_entry result;
  result.at = std::chrono::system_clock::time_point{}
              + std::chrono::microseconds{random() % 4'000'000'000'000'000};
  result.direction = static_cast<recorded_direction>(random() % 2);
  result.type = static_cast<recorded_type>(random() % 6);
  result.epoch = random() % 1000;
  result.sequence = random() >> random() % 64;
  // Control characters, ASCII and bytes that are no UTF-8.
  auto highest = random() % 2 == 0 ? 0x7fu : 0xffu;
  for (auto n = random() % 40; n > 0; --n)
    result.data += static_cast<char>(random() % (highest + 1));
  return result;
}

/// A compressed recording: the entries of each block, and its bytes.
struct packed_sample {
  std::vector<std::vector<recorded_entry>> blocks;
  std::vector<size_t> begins; // positions, that of the end included
  std::string bytes;

  void add(std::vector<recorded_entry> entries) {
    recording_block block;
    for (auto& entry : entries)
      block.append(entry, entry.data);
    auto packed = pack(block, default_zstd_level);
    CAF_REQUIRE(packed);
    if (begins.empty())
      begins.push_back(0);
    bytes += *packed;
    begins.push_back(bytes.size());
    blocks.push_back(std::move(entries));
  }

  /// All entries but those of one block.
  std::vector<recorded_entry> entries(size_t without = SIZE_MAX) const {
    std::vector<recorded_entry> result;
    for (size_t i = 0; i < blocks.size(); ++i)
      if (i != without)
        result.insert(result.end(), blocks[i].begin(), blocks[i].end());
    return result;
  }

  static packed_sample make(std::mt19937_64& random, size_t blocks,
                            size_t entries_per_block) {
    packed_sample result;
    for (size_t i = 0; i < blocks; ++i) {
      std::vector<recorded_entry> entries;
      for (size_t j = 0; j < entries_per_block; ++j)
        entries.push_back(random_entry(random));
      result.add(std::move(entries));
    }
    return result;
  }
};

} // namespace zenws::test_support
