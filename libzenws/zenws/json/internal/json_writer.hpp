// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/internal/utf8.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace zenws::internal {

/// Writes a JSON text. The first problem is kept and returned by `take`. Not
/// thread-safe.
class json_writer {
public:
  // -- values -----------------------------------------------------------------

  json_writer& begin_object() {
    out_.StartObject();
    return *this;
  }

  json_writer& end_object() {
    out_.EndObject();
    return *this;
  }

  json_writer& begin_array() {
    out_.StartArray();
    return *this;
  }

  json_writer& end_array() {
    out_.EndArray();
    return *this;
  }

  /// Writes the name of a member, "?" if it is not UTF-8.
  json_writer& key(std::string_view name) {
    return lenient_string(name); // the same for RapidJSON
  }

  /// Writes a string.
  /// @param name of the value in an error if it is not UTF-8.
  json_writer& string(std::string_view text, std::string_view name = "a text") {
    auto size = static_cast<rapidjson::SizeType>(text.size());
    auto data = text.empty() ? "" : text.data(); // RapidJSON wants no null
    if (!out_.String(data, size))
      fail(std::string{name} + " is not UTF-8");
    return *this;
  }

  /// Writes a string of any origin, "?" if it is not UTF-8.
  json_writer& lenient_string(std::string_view text) {
    return string(valid_utf8(text.data(), text.size()) ? text : "?");
  }

  template <std::integral T>
  json_writer& number(T value) {
    if constexpr (std::is_signed_v<T>)
      out_.Int64(value);
    else
      out_.Uint64(value);
    return *this;
  }

  /// Writes a number with three decimals at most, 0 if it is not finite.
  template <std::floating_point T>
  json_writer& number(T value) {
    out_.SetMaxDecimalPlaces(3);
    out_.Double(std::isfinite(value) ? static_cast<double>(value) : 0.0);
    return *this;
  }

  json_writer& boolean(bool value) {
    out_.Bool(value);
    return *this;
  }

  json_writer& null() {
    out_.Null();
    return *this;
  }

  /// Writes a value that is JSON already.
  json_writer& raw(std::string_view json) {
    if (json.find('\0') == std::string_view::npos) {
      out_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
    } else { // RapidJSON would abort
      fail("JSON must not contain a NUL byte");
      out_.Null();
    }
    return *this;
  }

  // -- result -----------------------------------------------------------------

  /// Returns the text, or `ec::invalid_message` with the first problem.
  result<std::string> take() {
    if (failure_)
      return std::move(failure_);
    return std::string{buffer_.GetString(), buffer_.GetSize()};
  }

private:
  using buffer = rapidjson::StringBuffer;

  void fail(std::string problem) {
    if (!failure_)
      failure_ = {ec::invalid_message, std::move(problem)};
  }

  buffer buffer_;
  rapidjson::Writer<buffer, rapidjson::UTF8<>, rapidjson::UTF8<>,
                    rapidjson::CrtAllocator,
                    rapidjson::kWriteValidateEncodingFlag>
    out_{buffer_};
  error failure_;
};

/// Writes a member whose value is a bool, a number or a text of any origin.
template <class T>
void add(json_writer& out, std::string_view name, const T& value) {
  out.key(name);
  if constexpr (std::is_same_v<T, bool>)
    out.boolean(value);
  else if constexpr (std::is_arithmetic_v<T>)
    out.number(value);
  else
    out.lenient_string(value);
}

} // namespace zenws::internal
