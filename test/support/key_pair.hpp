// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zenws::test_support {

enum class key_kind : uint8_t { ed25519, rsa, elliptic_curve };

/// A fresh pair of keys, in PEM.
struct key_pair {
  std::string private_key{};
  std::string public_key{};
};

/// @param passphrase to encrypt the private key by; empty for none.
/// @throws std::runtime_error if OpenSSL fails.
key_pair make_key_pair(key_kind kind, const std::string& passphrase = {});

/// Returns the bytes of a signature.
std::string sign(const std::string& private_key, std::string_view text);

/// Returns whether a public key confirms the bytes of a signature. RSA is with
/// SHA-256.
bool confirms(const std::string& public_key, std::string_view text,
              std::string_view signature);

/// Returns an Ed25519 key in PEM.
/// @param seed its 32 bytes.
std::string ed25519_key(std::string_view seed);

} // namespace zenws::test_support
