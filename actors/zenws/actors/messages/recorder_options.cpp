// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/messages/recorder_options.hpp"

namespace zenws {

namespace {

constexpr uint64_t least_bytes = 4096;

constexpr uint32_t most_files = 10'000;

constexpr size_t least_memory = 64 * 1024;

constexpr size_t most_memory = 1024u * 1024 * 1024;

} // namespace

std::vector<config_problem> validate(const recorder_options& options,
                                     const std::string& prefix) {
  using std::chrono::hours;
  using std::chrono::milliseconds;
  std::vector<config_problem> result;
  auto check = [&](bool good, const char* field, const char* message) {
    if (!good)
      result.push_back({prefix + field, message});
  };
  auto sane = [](milliseconds x) { return x > x.zero() && x <= hours{1}; };
  check(!options.path.empty() && options.path.find('\0') == std::string::npos,
        "path", "must be the path of a file");
  check(options.compression == recording_compression::none
          || best_compression() == recording_compression::zstd,
        "compression", "must be none: this build of zenws has no zstd");
  check(options.compression_level >= 1
          && options.compression_level <= max_zstd_level,
        "compression_level", "must be between 1 and 19");
  check(options.max_bytes >= least_bytes, "max_bytes", "must be at least 4096");
  check(options.max_files >= 1 && options.max_files <= most_files, "max_files",
        "must be between 1 and 10000");
  check(sane(options.flush_interval), "flush_interval",
        "must be between 1 ms and 1 h");
  check(sane(options.retry_interval), "retry_interval",
        "must be between 1 ms and 1 h");
  check(options.budget_bytes >= least_memory
          && options.budget_bytes <= most_memory,
        "budget_bytes", "must be between 64 KiB and 1 GiB");
  return result;
}

} // namespace zenws
