// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::sim {

enum class public_key_kind : uint8_t { ed25519, rsa };

/// Returns the kind of a public key in PEM, nothing if it is of none of these.
std::optional<public_key_kind> kind_of_public_key(std::string_view pem);

/// Returns whether a signature in base64 is that of a text; RSA is with
/// SHA-256.
bool confirms(std::string_view public_key, std::string_view text,
              std::string_view signature);

} // namespace zenws::sim
