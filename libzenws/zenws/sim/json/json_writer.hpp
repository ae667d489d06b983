// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// JSON that venues send. Shares no code with zenws::core on purpose: the
/// simulator is an independent peer, and a mistake of one side shows.

#include "zenws/sim/config/fault.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace zenws::sim {

/// Writes JSON text member by member.
class json_writer {
public:
  // -- structure --------------------------------------------------------------

  json_writer& begin_object() {
    writer_.StartObject();
    return *this;
  }

  void end_object() {
    writer_.EndObject();
  }

  json_writer& begin_array() {
    writer_.StartArray();
    return *this;
  }

  void end_array() {
    writer_.EndArray();
  }

  json_writer& key(std::string_view name) {
    writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    return *this;
  }

  // -- values -----------------------------------------------------------------

  void value(std::string_view x) {
    writer_.String(x.data(), static_cast<rapidjson::SizeType>(x.size()));
  }

  void value(const char* x) {
    value(std::string_view{x});
  }

  void value(double x) {
    writer_.Double(x);
  }

  void value(int64_t x) {
    writer_.Int64(x);
  }

  void value(uint64_t x) {
    writer_.Uint64(x);
  }

  void value(bool x) {
    writer_.Bool(x);
  }

  /// Writes a parsed document or a part of one.
  template <class Json>
  void copy(const Json& x) {
    x.Accept(writer_);
  }

  /// Writes a JSON text as it is.
  void raw(std::string_view text) {
    writer_.RawValue(text.data(), text.size(), rapidjson::kObjectType);
  }

  template <class T>
  void member(std::string_view name, const T& x) {
    key(name);
    value(x);
  }

  void member(std::string_view name, const std::string& x) {
    key(name);
    value(std::string_view{x});
  }

  /// Returns the text so far.
  std::string text() const {
    return {buffer_.GetString(), buffer_.GetSize()};
  }

private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

/// Returns a text of wrong shape as it is, or truncated.
inline std::string broken(std::string text, breakage mode) {
  if (mode == breakage::truncated)
    text.resize(text.size() / 2);
  return text;
}

} // namespace zenws::sim
