#pragma once

#include "zenws/error.hpp"

#include <string>

namespace zenws {

/// What a venue knows an account by. Has no text form on purpose: credentials
/// are never logged, recorded or shown.
struct credentials {
  /// API key, or client id.
  std::string key{};

  /// What signs or proves; never leaves the process if the venue wants a
  /// signature.
  std::string secret{};

  /// A second secret that some venues ask for (OKX).
  std::string passphrase{};

  /// Narrows what the login may do, in the venue's own words; may be empty.
  std::string scope{};
};

/// Reads `<prefix>_KEY`, `<prefix>_SECRET` and, if they are set,
/// `<prefix>_PASSPHRASE` and `<prefix>_SCOPE` from the environment.
/// @returns `ec::provider_failed` naming a variable that is missing.
result<credentials> credentials_from_environment(const std::string& prefix);

} // namespace zenws
