// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/recording/recording.hpp"
#include "zenws/recording/recording_index.hpp"
#include "zenws/recording/recording_range.hpp"
#include "zenws/recording/recording_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace zenws {

/// Returns the files of a recording that exist, the oldest first:
/// `path`.2, `path`.1, `path`.
std::vector<std::string> recording_files(const std::string& path);

/// What was read from the files of a recording.
struct recording_account {
  uint64_t files = 0;
  uint64_t entries = 0;

  /// Lines that are no entries and blocks that cannot be read, and the first
  /// problems, with their places.
  uint64_t corrupt = 0;
  std::vector<std::string> problems{};

  /// Set if a file ended within an entry or a block, as by a crash.
  bool torn = false;
};

/// Reads the entries of a recording, from its oldest file to its newest.
///
/// Of compressed files only those blocks are read that may have entries of the
/// range; files of lines are read as a whole. Not thread-safe. Blocks for as
/// long as the disk does.
class recording_source {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// Opens the first file.
  explicit recording_source(std::vector<std::string> files,
                            recording_range range = {});

  // -- progress ---------------------------------------------------------------

  /// Receives how many bytes of all files were read or skipped, and how many
  /// there were at the start.
  using progress_fun = std::function<void(uint64_t done, uint64_t total)>;

  /// Calls `f` whenever more was read.
  void on_progress(progress_fun f);

  // -- entries ----------------------------------------------------------------

  /// Returns the next entry, or null at the end.
  const recorded_entry* peek();

  /// Leaves the entry that `peek` showed behind.
  void pop() noexcept {
    head_.reset();
  }

  /// Counts the last entry as corrupt.
  void reject(const error& reason);

  // -- results ----------------------------------------------------------------

  /// What was read so far; whole after the last entry.
  const recording_account& account() const noexcept {
    return account_;
  }

  /// Returns `ec::recording_failed` if a file cannot be read.
  const error& failure() const noexcept {
    return failure_;
  }

private:
  // Opens the next stretch of the file, or the next file.
  bool open_next();

  bool open_file();

  bool holds_blocks();

  bool open_stretch();

  // Returns `false` if the stretch has been read.
  bool read_more();

  void tell_progress();

  void close_stretch();

  const std::string& file_name() const noexcept {
    return files_[next_file_ - 1];
  }

  void fail();

  void report(const recording_problem& problem);

  std::vector<std::string> files_;
  recording_range range_;
  size_t next_file_ = 0;
  std::ifstream in_;
  std::vector<recording_index::byte_range>
    stretches_; // the next one at the end
  std::optional<uint64_t>
    left_;               // bytes of the stretch; up to the end if nothing
  bool is_open_ = false; // a stretch
  std::vector<char> chunk_;
  recording_reader reader_;
  std::optional<recorded_entry> head_;
  recording_account account_;
  error failure_;
  progress_fun progress_;
  std::vector<uint64_t> file_bytes_; // of each file, for `progress_`
};

} // namespace zenws
