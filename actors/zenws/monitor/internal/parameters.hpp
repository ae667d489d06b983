// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/monitor/internal/client_rows.hpp"
#include "zenws/monitor/internal/command.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace zenws::monitoring {

/// The parameters of a request, without their escapes.
using parameters = std::map<std::string, std::string, std::less<>>;

/// What a request is for.
struct request_target {
  std::string path;
  parameters values;
};

/// Takes the target of a request apart, such as "/clients.json?from=10".
/// @returns `ec::invalid_data` if it is no path with a query.
result<request_target> parse_target(std::string_view text);

/// Returns a parameter, empty if it is not given.
std::string text_of(const parameters& from, std::string_view name);

/// Returns a number, `fallback` if it is not given.
/// @returns `ec::invalid_data` naming the parameter.
result<uint64_t> number_of(const parameters& from, std::string_view name,
                           uint64_t fallback);

/// Reads `from`, `count`, `sort`, `order` and `filter`.
/// @returns `ec::invalid_data` naming the parameter.
result<row_query> read_row_query(const parameters& from);

/// Reads the body of a request for an action.
/// @returns `ec::invalid_data` naming the member.
result<command> read_command(std::string_view json);

} // namespace zenws::monitoring
