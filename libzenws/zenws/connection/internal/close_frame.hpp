// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <cstdint>
#include <string_view>

namespace zenws::internal {

/// Result of looking for a Close frame in front of the buffer.
enum class close_scan : uint8_t {
  /// Another frame, or one that Beast refuses by its header alone.
  other,
  /// The beginning of a Close frame.
  incomplete,
  whole,
};

/// Looks for a Close frame in front of `bytes`.
close_scan scan_close(std::string_view bytes) noexcept;

/// Returns whether the Close frame in front carries a code that must not be
/// sent (RFC 6455, section 7.4).
/// @pre `scan_close(bytes) == close_scan::whole`
bool has_forbidden_code(std::string_view bytes) noexcept;

/// Returns the error for the Close frame in front: `closed_by_peer`, code 1005
/// if it has none, or `protocol_error` if it breaks RFC 6455.
/// @pre `scan_close(bytes) == close_scan::whole`
error read_close(std::string_view bytes);

} // namespace zenws::internal
