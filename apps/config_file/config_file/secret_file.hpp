// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <string>

namespace zenws {

/// Reads a secret from a file, without the line break at its end.
/// @returns `ec::provider_failed` if the file cannot be read, is empty, or may
///          be read or written by all users of the machine.
result<std::string> read_secret(const std::string& path);

} // namespace zenws
