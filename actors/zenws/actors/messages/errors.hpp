#pragma once

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/session/send_outcome.hpp"

#include <caf/error.hpp>

#include <string>

/// What an error of CAF's type says about zenws.
namespace zenws {

/// Returns the code of an error of zenws, `ec::none` for any other one.
inline ec code_of(const caf::error& what) {
  return caf_compat::code_of(what);
}

/// Returns what is known about a request that failed by `what`. Errors that are
/// none of zenws, such as CAF's own time-out, leave it `unknown`.
inline send_outcome outcome_of(const caf::error& what) {
  return outcome_of(code_of(what));
}

/// Returns an error as text for logs, such as "zenws.not_connected: why".
inline std::string to_text(const caf::error& what) {
  return caf_compat::to_text(what);
}

} // namespace zenws
