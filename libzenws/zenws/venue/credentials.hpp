// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <string>

namespace zenws {

/// Identity and secrets of an account. Has no text form on purpose: credentials
/// are never logged, recorded or shown.
struct credentials {
  /// API key, or client id; empty where a token is all that is needed (Kraken).
  std::string key{};

  /// Key for signatures, or password; never leaves the process if the venue
  /// accepts signatures. The token itself where the venue wants one (Kraken).
  std::string secret{};

  /// A second secret of some venues (OKX).
  std::string passphrase{};

  /// Permissions of the login, in the venue's notation; may be empty.
  std::string scope{};
};

/// Reads `<prefix>_KEY`, `<prefix>_SECRET` and, if they are set,
/// `<prefix>_PASSPHRASE` and `<prefix>_SCOPE` from the environment.
/// @returns `ec::provider_failed` naming a variable that is missing.
result<credentials> credentials_from_environment(const std::string& prefix);

} // namespace zenws
