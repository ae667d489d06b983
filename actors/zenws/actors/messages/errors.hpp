// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Errors of zenws in CAF's type.

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/session/send_outcome.hpp"

#include <caf/error.hpp>

#include <string>

namespace zenws {

/// Returns the code of an error of zenws, `ec::none` for any other one.
inline ec code_of(const caf::error& reason) {
  return caf_compat::code_of(reason);
}

/// Returns the outcome of a request that failed by `reason`. Errors that are
/// none of zenws, such as CAF's own time-out, leave it `unknown`.
inline send_outcome outcome_of(const caf::error& reason) {
  return outcome_of(code_of(reason));
}

/// Returns an error as text for logs, such as "zenws.not_connected: detail".
inline std::string to_text(const caf::error& reason) {
  return caf_compat::to_text(reason);
}

} // namespace zenws
