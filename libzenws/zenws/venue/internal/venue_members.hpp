// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <span>
#include <string>
#include <string_view>

namespace zenws::internal {

/// Names that `with_venue_members` treats in another way.
struct member_rules {
  /// Members of a request that others replace.
  std::span<const std::string_view> defaults{};

  /// Names that others must not have, even if the request lacks them.
  std::span<const std::string_view> reserved{};
};

/// Adds `trading::order_request::venue_members` to a request. Those that the
/// request has already are left out.
/// @param request an object of JSON, or the problem that it has.
/// @returns `ec::invalid_config` if the members are neither empty nor an object
///          of JSON in which no name is there twice: venues differ in which one
///          counts.
result<std::string> with_venue_members(result<std::string> request,
                                       std::string_view members,
                                       const member_rules& rules = {});

} // namespace zenws::internal
