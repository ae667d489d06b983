// SPDX-License-Identifier: BSD-3-Clause

#include "program/log_options.hpp"

namespace zenws {

std::string_view to_string(log_format format) noexcept {
  switch (format) {
    case log_format::automatic:
      return "automatic";
    case log_format::text:
      return "text";
    case log_format::json:
      return "json";
    case log_format::journal:
      return "journal";
  }
  return "unknown";
}

log_level level_of(const log_options& opts, std::string_view component) {
  for (auto name = component; !name.empty();) {
    if (auto i = opts.levels.find(name); i != opts.levels.end())
      return i->second;
    auto dot = name.rfind('.');
    name = name.substr(0, dot == name.npos ? 0 : dot);
  }
  return opts.level;
}

log_options operator|(log_options opts, const log_flags& flags) {
  opts.level = flags.level.value_or(opts.level);
  opts.format = flags.format.value_or(opts.format);
  opts.file = flags.file.value_or(opts.file);
  if (flags.level)
    opts.levels.clear();
  if (flags.everything) {
    opts.level = log_level::info;
    opts.levels.clear();
    opts.rate = 0;
  }
  return opts;
}

} // namespace zenws
