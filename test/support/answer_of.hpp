// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"

#include <string>
#include <utility>

namespace zenws::test_support {

/// Returns the text that answers a request, or the name of the error's code.
template <class Request>
std::string answer_of(Request& request) {
  std::string result;
  std::move(request).receive([&](std::string& x) { result = std::move(x); },
                             [&](caf::error& x) {
                               result = to_string(caf_compat::code_of(x));
                             });
  return result;
}

} // namespace zenws::test_support
