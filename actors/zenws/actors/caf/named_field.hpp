// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <tuple>
#include <utility>

namespace zenws::caf_compat {

/// A field of a message and its name.
template <class T>
struct named_field {
  const char* name;
  T& value;
};

template <class T>
named_field<T> name_field(const char* name, T& value) {
  return {name, value};
}

/// Calls `f` with the fields of a message.
/// @param xs the name of each field and, behind it, the field.
template <class F, class... Ts>
auto with_fields(F f, Ts&... xs) {
  static_assert(sizeof...(Ts) % 2 == 0, "each field needs a name");
  auto all = std::tie(xs...);
  auto call = [&]<size_t... Is>(std::index_sequence<Is...>) {
    return f(name_field(std::get<2 * Is>(all), std::get<2 * Is + 1>(all))...);
  };
  return call(std::make_index_sequence<sizeof...(Ts) / 2>{});
}

} // namespace zenws::caf_compat
