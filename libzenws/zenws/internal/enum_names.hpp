// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <boost/describe/enum.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/mp11/algorithm.hpp>

#include <cstddef>
#include <string_view>

namespace zenws::internal {

/// Returns the name of an enumerator, "unknown" for any other value.
/// @pre `Enum` is described by `BOOST_DESCRIBE_ENUM` in the same source file.
template <class Enum>
std::string_view enum_name(Enum value) noexcept {
  return boost::describe::enum_to_string(value, "unknown");
}

/// Checks that all enumerators up to the last one are described.
template <class Enum>
constexpr bool describes_up_to(Enum last) noexcept {
  using all = boost::describe::describe_enumerators<Enum>;
  return boost::mp11::mp_size<all>::value == static_cast<size_t>(last) + 1;
}

} // namespace zenws::internal
