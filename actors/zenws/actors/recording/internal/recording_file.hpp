// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/recorder_options.hpp"
#include "zenws/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Returns the files of a recording that exist, the oldest first:
/// `path`.2, `path`.1, `path`.
std::vector<std::string> recording_files(const std::string& path);

/// A file that only grows, and that makes room for another one when it is full.
///
/// Blocks for as long as the disk does. Not thread-safe. Existing contents
/// stay; if they end within a line, that line is ended first. Holds a lock
/// (flock) against other processes that record to the same file.
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

  /// Writes whole lines and removes them from `lines`; after an error, those
  /// that are left were not written. Opens the file if necessary.
  error write(std::string& lines);

  void close() noexcept;

private:
  bool moved_away() const noexcept;

  error begin_line();

  error rotate();

  error write_bytes(std::string_view bytes, size_t& written);

  error failure(std::string_view text) const;

  std::string path_;
  uint64_t max_bytes_;
  uint32_t max_files_;
  int fd_ = -1;
  bool regular_ = false;
  uint64_t size_ = 0;
};

} // namespace zenws
