// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/log/log.hpp"

#include <string>

namespace zenws {

/// Returns what `to_line` does without time and level.
std::string to_message(const log_entry& entry);

/// Returns an entry as an object of JSON on one line: "time", "level",
/// "component", "client" if there is one, "text", and "fields", an object of
/// strings, if there are any.
std::string to_json(const log_entry& entry);

} // namespace zenws
