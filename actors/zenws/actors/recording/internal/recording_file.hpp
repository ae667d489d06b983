// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/recorder_options.hpp"
#include "zenws/error.hpp"
#include "zenws/recording/recording_block.hpp"
#include "zenws/recording/recording_index.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace zenws {

/// A file that only grows, and that makes room for another one when it is full.
///
/// Blocks for as long as the disk does. Not thread-safe. Existing contents
/// stay; if they end within a line, that line is ended first. Each run of
/// blocks ends with its index. Holds a lock (flock) against other processes
/// that record to the same file.
class recording_file {
public:
  // -- constructors, destructors, and assignment operators --------------------

  explicit recording_file(const recorder_options& options);

  recording_file(const recording_file&) = delete;

  recording_file& operator=(const recording_file&) = delete;

  ~recording_file();

  // -- writing ----------------------------------------------------------------

  /// Opens the file unless it is open and still the one of that name.
  error open();

  /// Writes all entries of a block and removes them from it; after an error,
  /// those that are left were not written. Opens the file if necessary.
  error write(recording_block& block);

  /// Returns how many bytes the system has taken so far.
  uint64_t written() const noexcept {
    return written_;
  }

  /// Closes the file, with an index if it is compressed.
  void close() noexcept;

private:
  bool moved_away() const noexcept;

  bool is_packed() const noexcept {
    return compression_ == recording_compression::zstd;
  }

  // Goes on in a file that is not new.
  error go_on();

  error begin_line();

  error write_lines(recording_block& block);

  error write_packed(recording_block& block);

  // Closes the file without an index.
  void drop() noexcept;

  error rotate();

  error write_bytes(std::string_view bytes, size_t& written);

  // Writes all or nothing.
  error write_all(std::string_view bytes);

  error failure(std::string_view text) const;

  std::string path_;
  recording_compression compression_;
  int level_;
  uint64_t max_bytes_;
  uint32_t max_files_;
  int fd_ = -1;
  bool regular_ = false;
  uint64_t size_ = 0;
  uint64_t written_ = 0;
  recording_index index_; // of the blocks since `open`
};

} // namespace zenws
