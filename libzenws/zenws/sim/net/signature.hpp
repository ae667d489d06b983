// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Signatures and base64 of logins. Shares no code with zenws::core on purpose:
/// the simulator is an independent peer, and a mistake of one side shows.

#include <string>
#include <string_view>

namespace zenws::sim {

/// Returns the 32 bytes of an HMAC-SHA256.
std::string hmac_sha256(std::string_view secret, std::string_view text);

/// Returns lower-case hexadecimal digits.
std::string to_hex(std::string_view bytes);

/// Returns base64 with padding.
std::string to_base64(std::string_view bytes);

/// Compares in a time that does not tell where the texts differ.
bool same_secret(std::string_view x, std::string_view y) noexcept;

} // namespace zenws::sim
