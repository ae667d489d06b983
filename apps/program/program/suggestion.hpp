// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Returns "; did you mean …?" with the name that is most like `name`, empty if
/// none is.
std::string suggestion(std::string_view name,
                       const std::vector<std::string_view>& names);

} // namespace zenws
