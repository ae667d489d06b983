// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/recording/recording.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// A part of a recording that is no entry.
struct recording_problem {
  /// Line, counted from 1; 0 for a block, or bytes between blocks.
  uint64_t line = 0;

  /// Position in the file of the block that has the line, or of the bytes that
  /// are no block. Nothing in a file of lines.
  std::optional<uint64_t> block{};

  error reason{};
};

/// Returns the problem with its place.
std::string to_string(const recording_problem& problem);

/// Reads a file of a recording piece by piece, compressed or not, and collects
/// its problems.
///
/// Pure: the caller brings the bytes. Nothing is skipped in silence: lines that
/// are no entries and blocks that cannot be read are counted and reported; what
/// follows them is read. An end that was cut off, as by a crash, is reported by
/// `torn`. Holds one line or one block.
class recording_reader {
public:
  // -- constants --------------------------------------------------------------

  /// A longer line is no entry.
  static constexpr size_t max_line_bytes = 512 * 1024 * 1024;

  /// Number of problems kept; all are counted.
  static constexpr size_t max_problems = 100;

  /// Bytes from which the format of a file shows.
  static constexpr size_t format_bytes = 12;

  // -- formats ----------------------------------------------------------------

  /// Returns whether a file that begins like this is compressed, even if some
  /// of its bytes are damaged.
  /// @param beginning `format_bytes`, or all of a smaller file.
  static bool is_compressed(std::string_view beginning) noexcept;

  // -- constructors, destructors, and assignment operators --------------------

  recording_reader() = default;

  /// Reads a compressed file from the beginning of a block on.
  explicit recording_reader(uint64_t position)
    : format_(format::blocks), offset_(position) {
    // nop
  }

  // -- reading ----------------------------------------------------------------

  /// Adds the next bytes of the file.
  void feed(std::string_view bytes);

  /// Ends the input.
  void finish() noexcept {
    finished_ = true;
  }

  /// Returns the next entry; nothing if more bytes are needed, or at the end.
  std::optional<recorded_entry> next();

  // -- account ----------------------------------------------------------------

  /// Lines so far, a torn one included.
  uint64_t lines() const noexcept {
    return lines_;
  }

  uint64_t entries() const noexcept {
    return entries_;
  }

  /// Blocks that were read without a fault.
  uint64_t blocks() const noexcept {
    return blocks_;
  }

  /// Lines that are no entries and blocks that cannot be read, without a torn
  /// one.
  uint64_t corrupt() const noexcept {
    return corrupt_;
  }

  /// The first of them.
  const std::vector<recording_problem>& problems() const noexcept {
    return problems_;
  }

  /// Returns whether the file ended within an entry or a block.
  bool torn() const noexcept {
    return torn_;
  }

  /// Returns the place of the last entry for a report.
  recording_problem at_last_entry(error reason) const;

private:
  enum class format : uint8_t { unknown, lines, blocks };

  // Bytes that are no block and end at one that is yet to be found.
  struct hole {
    uint64_t position = 0;
    std::string reason{};
    bool at_end = false; // nothing but the end of the file is wrong
  };

  // Returns whether the format is known.
  bool find_format();

  // -- lines ------------------------------------------------------------------

  std::optional<recorded_entry> next_in_lines();

  std::optional<recorded_entry> read(std::string_view line);

  std::optional<recorded_entry> read_rest();

  // -- blocks -----------------------------------------------------------------

  std::optional<recorded_entry> next_in_blocks();

  // Makes the lines of the next block `plain_`. Returns whether there is one.
  bool open_block();

  // Reads one frame. Returns whether to go on.
  bool read_frame();

  bool skip_hole();

  void begin_hole(std::string reason, bool at_end);

  void pass(uint64_t bytes) noexcept {
    pos_ += static_cast<size_t>(bytes);
    offset_ += bytes;
  }

  void report(error problem);

  std::string buffer_;
  size_t pos_ = 0;      // of the next line or frame in the buffer
  size_t searched_ = 0; // up to here there is no end of the line
  bool overlong_ = false;
  bool finished_ = false;
  format format_ = format::unknown;

  std::string plain_; // lines of the block
  size_t plain_pos_ = 0;
  uint64_t block_line_ = 0;
  uint64_t block_ = 0;  // its position in the file
  uint64_t offset_ = 0; // of `pos_` in the file
  std::optional<hole> hole_;

  uint64_t lines_ = 0;
  uint64_t entries_ = 0;
  uint64_t blocks_ = 0;
  uint64_t corrupt_ = 0;
  std::vector<recording_problem> problems_;
  bool torn_ = false;
};

} // namespace zenws
