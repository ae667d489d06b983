// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// UTF-8 (RFC 3629). Shares no code with zenws::core on purpose: the
/// simulator is an independent peer, and a mistake of one side shows.

#include <cstddef>
#include <string_view>

namespace zenws::sim {

/// Returns whether `bytes` is well-formed UTF-8 (RFC 3629).
bool is_utf8(std::string_view bytes) noexcept;

/// Returns the longest prefix of at most `max_bytes` that cuts no code point.
std::string_view utf8_prefix(std::string_view text, size_t max_bytes) noexcept;

} // namespace zenws::sim
