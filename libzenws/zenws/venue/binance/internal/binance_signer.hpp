// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/venue/credentials.hpp"
#include "zenws/venue/internal/private_key.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace zenws::internal {

/// Signs requests of Binance's WebSocket API (web-socket-api.md, "Request
/// security"): by HMAC with SHA-256, or, if the secret is a private key in PEM,
/// by Ed25519 or RSA.
class binance_signer {
public:
  /// @returns `ec::login_failed` if a private key cannot be used.
  static result<binance_signer> make(const credentials& account);

  /// Returns whether the venue takes this kind of key for `session.logon`, so
  /// that no other request needs a signature ("Session Authentication").
  bool logs_on() const noexcept;

  /// Returns parameters with the key and a signature: of all of them, sorted by
  /// name.
  /// @param params a flat object of JSON.
  /// @returns `ec::invalid_message` if it is none.
  result<std::string> sign(std::string_view params) const;

private:
  binance_signer() = default;

  result<std::string> signature_of(std::string_view payload) const;

  std::string key_;
  std::string secret_;                     // of HMAC
  std::optional<private_key> private_key_; // of other kinds
};

} // namespace zenws::internal
