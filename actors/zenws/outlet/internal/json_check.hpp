// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace zenws {

/// Checks that a text is one value of JSON and nothing else (RFC 8259), down to
/// its last byte: what other programs may be given to read. Needs no stack,
/// however deep it nests.
/// @returns the position of the first byte that is wrong, nothing if none is.
std::optional<size_t> find_json_fault(std::string_view text);

} // namespace zenws
