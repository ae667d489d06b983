// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/recording/recording_range.hpp"

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <utility>
#include <vector>

namespace zenws {

/// Times and epochs of the blocks of a compressed recording, by their positions
/// in the file. Bounded: neighbors share a stretch if there are many.
class recording_index {
public:
  // -- member types -----------------------------------------------------------

  /// Blocks from a position up to that of the next stretch.
  struct stretch {
    uint64_t begin = 0;
    recorded_span span{};

    bool operator==(const stretch&) const = default;
  };

  /// Bytes of a file, from the first up to, but not including, the second.
  using byte_range = std::pair<uint64_t, uint64_t>;

  // -- constants --------------------------------------------------------------

  /// Half of them are left when there are more.
  static constexpr size_t max_stretches = 16 * 1024;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param begin position of what is indexed.
  explicit recording_index(uint64_t begin = 0) : begin_(begin) {
    // nop
  }

  /// Reads the index of a file. Where there is none, or a damaged one, the
  /// heads of the blocks are read instead.
  /// @param file a compressed recording; problems of reading show in its state.
  static recording_index load(std::istream& file);

  // -- properties -------------------------------------------------------------

  bool empty() const noexcept {
    return stretches_.empty();
  }

  const std::vector<stretch>& stretches() const noexcept {
    return stretches_;
  }

  /// Returns the bytes in which entries of a range may be, in order.
  /// @param file_size end of the last stretch.
  std::vector<byte_range> find(const recording_range& range,
                               uint64_t file_size) const;

  /// Size of the result of `write`.
  uint64_t bytes() const noexcept {
    return bytes_of(stretches_.size());
  }

  /// Same, with one more block.
  uint64_t bytes_with_another() const noexcept {
    return bytes_of(stretches_.size() + 1);
  }

  // -- modifiers --------------------------------------------------------------

  /// Adds a block behind all others.
  void add(uint64_t position, const recorded_span& span);

  // -- writing ----------------------------------------------------------------

  /// Returns the index as it is written behind its blocks.
  std::string write() const;

private:
  static uint64_t bytes_of(size_t stretches) noexcept;

  uint64_t begin_ = 0;
  std::vector<stretch> stretches_;
  size_t blocks_per_stretch_ = 1;
  size_t blocks_in_last_ = 0;
};

} // namespace zenws
