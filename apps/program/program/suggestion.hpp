// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace zenws {

/// Returns the one of `names` that was probably meant by `name`: the first that
/// begins with it or is its beginning, or else the one that differs in the
/// fewest letters, a third of them at most. Nothing if there is none. '-' and
/// '_' are the same.
std::optional<std::string>
nearest_name(std::string_view name, std::span<const std::string_view> names);

/// Returns "; did you mean X?", empty if there is no such name.
std::string suggestion(std::string_view name,
                       std::span<const std::string_view> names);

} // namespace zenws
