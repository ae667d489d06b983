// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zenws::internal {

/// HMAC with SHA-256 (RFC 2104), as 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);

/// Lower-case hexadecimal digits.
std::string hex(std::string_view bytes);

/// Base64 with padding (RFC 4648, section 4).
std::string base64(std::string_view bytes);

/// Reads base64 with padding; nothing if it is none.
std::optional<std::string> from_base64(std::string_view text);

} // namespace zenws::internal
