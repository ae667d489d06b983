// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "output.hpp"

#include <boost/json.hpp>

/// @file
/// Results for programs: an object of JSON a line.

namespace zenws::tool {

/// Prints an object as a line.
inline void print_json(const boost::json::object& value) {
  print_line(boost::json::serialize(value));
}

} // namespace zenws::tool
