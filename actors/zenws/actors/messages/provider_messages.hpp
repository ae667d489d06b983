// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Requests of clients to the actors that provide addresses and credentials.

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/messages/client_spec.hpp"
#include "zenws/actors/messages/inspect.hpp"
#include "zenws/venue/credentials.hpp"

#include <cstdint>
#include <string>

namespace zenws {

/// Asks where to dial; to be answered by `dial_parameters`. See
/// `client_spec::dial_actor`.
struct get_dial_parameters {
  dial_parameters configured;
  uint64_t attempt = 0; // from 1
};

/// Asks for `credentials`. See `client_spec::credentials_actor`.
struct get_credentials {};

template <class Inspector>
auto inspect(Inspector& f, dial_parameters& x) {
  if constexpr (caf_compat::is_for_people<Inspector>) {
    std::string redacted = "[redacted]";
    return caf_compat::inspect_as(f, "zenws::dial_parameters", "redacted",
                                  redacted);
  } else {
    return caf_compat::inspect_as(f, "zenws::dial_parameters", "url", x.url,
                                  "headers", x.headers);
  }
}

template <class Inspector>
auto inspect(Inspector& f, get_dial_parameters& x) {
  return caf_compat::inspect_as(f, "zenws::get_dial_parameters", "configured",
                                x.configured, "attempt", x.attempt);
}

template <class Inspector>
auto inspect(Inspector& f, get_credentials&) {
  return caf_compat::inspect_as(f, "zenws::get_credentials");
}

template <class Inspector>
auto inspect(Inspector& f, credentials& x) {
  if constexpr (caf_compat::is_for_people<Inspector>) {
    std::string redacted = "[redacted]";
    return caf_compat::inspect_as(f, "zenws::credentials", "redacted",
                                  redacted);
  } else {
    return caf_compat::inspect_as(f, "zenws::credentials", "key", x.key,
                                  "secret", x.secret, "passphrase",
                                  x.passphrase, "scope", x.scope);
  }
}

} // namespace zenws
