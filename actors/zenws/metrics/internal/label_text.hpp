// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <string>
#include <string_view>

namespace zenws::internal {

/// Returns a name as the value of a label: at most 128 bytes of UTF-8. Bytes
/// that are none become question marks; characters that the text format
/// escapes stay as they are.
std::string label_text(std::string_view name);

} // namespace zenws::internal
