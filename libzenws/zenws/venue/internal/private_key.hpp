// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace zenws::internal {

enum class private_key_kind : uint8_t { ed25519, rsa };

/// A private key for signatures: Ed25519 (RFC 8032), or RSA with SHA-256
/// (RSASSA-PKCS1-v1_5, RFC 8017, section 8.2). Has no text form.
class private_key {
public:
  // -- constructors, destructors, and assignment operators --------------------

  private_key(private_key&&) noexcept;

  private_key& operator=(private_key&&) noexcept;

  ~private_key();

  /// Reads a key as PEM has it (RFC 7468).
  /// @param passphrase of an encrypted key; nobody is asked for one.
  /// @returns `ec::login_failed` if it cannot be read or is of another kind.
  static result<private_key> read(const std::string& pem,
                                  const std::string& passphrase);

  // -- properties -------------------------------------------------------------

  private_key_kind kind() const noexcept {
    return kind_;
  }

  /// Returns the bytes of a signature.
  /// @returns `ec::login_failed` if the key cannot sign.
  result<std::string> sign(std::string_view text) const;

private:
  struct content;

  private_key(std::unique_ptr<content> key, private_key_kind kind) noexcept;

  std::unique_ptr<content> key_;
  private_key_kind kind_;
};

/// Returns whether a secret is a key in PEM.
bool is_pem(std::string_view secret) noexcept;

} // namespace zenws::internal
