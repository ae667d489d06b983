// SPDX-License-Identifier: BSD-3-Clause

#include "config_file/log_settings.hpp"

#include <initializer_list>

namespace zenws {

namespace {

constexpr std::initializer_list<log_level> all_log_levels
  = {log_level::info, log_level::warning, log_level::error};

// A file holds a few lines at least.
constexpr size_t min_log_file_size = 64 * 1024;

constexpr size_t most_log_files = 1000;

} // namespace

void read_log(config_section& root, log_options& to) {
  auto table = root.table("log");
  if (!table)
    return;
  table->read_choice("format", to.format,
                     {log_format::automatic, log_format::text, log_format::json,
                      log_format::journal});
  table->read_choice("level", to.level, all_log_levels);
  if (auto levels = table->table("levels"))
    for (auto& component : levels->keys())
      levels->read_choice(component, to.levels[component], all_log_levels);
  table->read("file", to.file);
  table->read_size("max_size", to.max_size);
  table->read("max_files", to.max_files);
  table->read("rate", to.rate);
  if (to.max_size < min_log_file_size)
    table->complain("max_size", "must be at least 64KiB");
  if (to.max_files == 0 || to.max_files > most_log_files)
    table->complain("max_files", "must be from 1 to 1000");
}

} // namespace zenws
