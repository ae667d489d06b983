// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <string>

namespace zenws {

/// Why a request of a program was not done.
struct outlet_problem {
  /// The name of an `ec`, or one of the outlet's own: see docs/outlet.md.
  std::string code{};

  std::string text{};

  /// What to do about it.
  std::string remedy{};
};

/// Returns an error of zenws with its remedy.
inline outlet_problem problem_of(const error& reason) {
  return {std::string{to_string(reason.code)}, to_string(reason),
          explain(reason).remedy};
}

/// Returns the problem of a name that there is none of.
/// @param member that has the name.
inline outlet_problem no_such(const char* member, const std::string& name) {
  return {"not_found", std::string{member} + ": there is no " + name,
          "see the gateway's file for the names"};
}

} // namespace zenws
