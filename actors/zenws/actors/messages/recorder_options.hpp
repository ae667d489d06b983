// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"
#include "zenws/recording/recording_block.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace zenws {

/// Options of the recording of a client.
struct recorder_options {
  /// The file, which is created if it does not exist (readable by its owner
  /// only) and never truncated. No two clients of a runtime may share one.
  std::string path{};

  /// Compression of new files. A file of the other kind is not added to: it
  /// becomes `path`.1 at once, or is removed if `max_files` is 1.
  recording_compression compression = best_compression();

  /// Level of zstd, between 1 and 19.
  int compression_level = default_zstd_level;

  /// Beyond this size a file becomes `path`.1, which becomes `path`.2, and so
  /// on. One entry that is larger has a file to itself. A compressed file may
  /// pass it by the bytes that zstd cannot save.
  uint64_t max_bytes = 256 * 1024 * 1024;

  /// Files to keep, the current one included; older ones are removed.
  uint32_t max_files = 8;

  /// Longest time that an entry waits in memory. Each time makes a block of a
  /// compressed recording: the longer, the better clients with few messages are
  /// compressed, and the more a kill of the process loses.
  std::chrono::milliseconds flush_interval{1000};

  /// Pause before the next write after the disk has failed.
  std::chrono::milliseconds retry_interval{5000};

  /// Bytes that may wait for the disk; entries beyond are left out and
  /// counted.
  size_t budget_bytes = 16 * 1024 * 1024;

  /// Names of members of JSON whose values are not recorded, besides those that
  /// `redact` knows.
  std::vector<std::string> secret_members{};
};

/// Returns every problem, with fields below `prefix`.
std::vector<config_problem> validate(const recorder_options& options,
                                     const std::string& prefix = {});

} // namespace zenws
