// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Reads the values of requests of programs.

#include "zenws/json/json_value.hpp"
#include "zenws/market/data_kind.hpp"
#include "zenws/market/decimal.hpp"
#include "zenws/market/short_text.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace zenws::request_values {

// Each returns whether the value is of the right kind.

inline bool read(const json_value& from, std::string& to) {
  auto text = from.string();
  if (text)
    to = std::move(*text);
  return text.has_value();
}

inline bool read(const json_value& from, bool& to) {
  to = from.text == "true";
  return from.kind == json_kind::boolean;
}

template <std::integral T>
bool read(const json_value& from, T& to) {
  auto value = from.integer();
  if (!value || !std::in_range<T>(*value) || *value < 0)
    return false;
  to = static_cast<T>(*value);
  return true;
}

// A number, or a text with one, which programs need not round.
inline bool read(const json_value& from, market::decimal& to) {
  auto text = from.kind == json_kind::number ? std::string{from.text}
                                             : from.string().value_or("");
  auto value = market::decimal::parse(text);
  to = value.value_or(market::decimal{});
  return value.has_value();
}

template <size_t Size>
bool read(const json_value& from, market::short_text<Size>& to) {
  auto text = from.string();
  auto value = text ? market::short_text<Size>::make(*text) : std::nullopt;
  to = value.value_or(market::short_text<Size>{});
  return value && !value->empty();
}

inline bool read(const json_value& from, std::vector<std::string>& to) {
  auto elements = elements_of(from.text);
  if (from.kind != json_kind::array || !elements)
    return false;
  to.resize(elements->size());
  for (size_t i = 0; i < to.size(); ++i)
    if (!read((*elements)[i], to[i]))
      return false;
  return true;
}

template <class T>
bool read(const json_value& from, std::optional<T>& to) {
  return read(from, to.emplace());
}

// Reads one of the values by the name that `to_string` gives it.
template <class Enum>
bool read_one_of(const json_value& from, std::initializer_list<Enum> values,
                 Enum& to) {
  auto found = std::ranges::find_if(values, [&](auto x) {
    return from.is(to_string(x));
  });
  if (found != values.end())
    to = *found;
  return found != values.end();
}

inline bool read_kinds(const json_value& from, market::data_kinds& to) {
  auto elements = elements_of(from.text);
  if (from.kind != json_kind::array || !elements)
    return false;
  for (auto& x : *elements) {
    market::data_kind kind;
    if (!read_one_of(x,
                     {market::data_kind::trades, market::data_kind::book,
                      market::data_kind::quotes, market::data_kind::ticker,
                      market::data_kind::instruments},
                     kind))
      return false;
    to.insert(kind);
  }
  return !to.empty();
}

} // namespace zenws::request_values
