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

} // namespace zenws
