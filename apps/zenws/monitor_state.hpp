// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "text_table.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// What monitors tell, as text. Members that are missing, or of another type,
/// are empty or 0: programs may be of another version. Control characters are
/// replaced.

namespace zenws::tool {

/// Returns a member as text: a string as it is, a number, yes or no.
std::string text_in(const boost::json::value& object, std::string_view name);

int64_t number_in(const boost::json::value& object, std::string_view name);

/// Returns a member that is an array, or an empty one.
const boost::json::array& array_in(const boost::json::value& object,
                                   std::string_view name);

/// Returns a member of any type, null if there is none.
const boost::json::value& member_in(const boost::json::value& object,
                                    std::string_view name);

/// Returns a duration for people, such as "3 h 12 min".
std::string duration_text(int64_t milliseconds);

/// Returns the clients of an answer of /clients.json.
text_table client_table(const boost::json::array& clients);

/// Returns totals, desks and so on of an answer of /state.json.
std::vector<std::string> state_lines(const boost::json::value& state);

/// Returns an event as a line.
std::string event_line(const boost::json::value& event);

} // namespace zenws::tool
