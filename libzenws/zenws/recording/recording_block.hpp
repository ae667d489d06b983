// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/recording/recording.hpp"
#include "zenws/recording/recording_range.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace zenws {

/// Compression of a recording.
enum class recording_compression : uint8_t {
  /// Lines, as `recording.hpp` has them.
  none,
  /// Blocks of lines, each compressed by itself with zstd. Tools that read
  /// .zst files read the lines in them.
  zstd,
};

/// Returns the name of the enumerator.
std::string_view to_string(recording_compression value) noexcept;

/// Returns `zstd`, or `none` if zenws was built without it.
recording_compression best_compression() noexcept;

/// Level of zstd where a user sets none: on market data, 2 and 3 take longer
/// and save no more.
inline constexpr int default_zstd_level = 1;

/// The highest level, which is slow and takes much memory.
inline constexpr int max_zstd_level = 19;

/// Entries of a recording that are written together.
class recording_block {
public:
  // -- properties -------------------------------------------------------------

  bool empty() const noexcept {
    return lines_.empty();
  }

  /// The entries as lines.
  std::string_view lines() const noexcept {
    return lines_;
  }

  /// All entries that were ever appended.
  const recorded_span& span() const noexcept {
    return span_;
  }

  // -- modifiers --------------------------------------------------------------

  void append(const recorded_header& entry, std::string_view data);

  /// Removes whole lines from the beginning.
  void remove_prefix(size_t bytes) {
    lines_.erase(0, bytes);
  }

private:
  std::string lines_;
  recorded_span span_;
};

/// Returns a block as it is written to a compressed recording.
/// @pre not empty, and less than 4 GiB
/// @param level between 1 and `max_zstd_level`.
/// @returns `ec::not_supported` if zenws was built without zstd;
///          `ec::recording_failed` if there is not enough memory.
result<std::string> pack(const recording_block& block, int level);

} // namespace zenws
