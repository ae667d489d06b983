// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/testing/message_matcher.hpp"

#include <rapidjson/document.h>

#include <memory>
#include <stdexcept>
#include <utility>

namespace zenws::testing {

namespace {

bool contains(const rapidjson::Value& whole, const rapidjson::Value& part) {
  if (whole.GetType() != part.GetType())
    return false;
  if (part.IsObject()) {
    for (auto& [name, value] : part.GetObject()) {
      auto i = whole.FindMember(name);
      if (i == whole.MemberEnd() || !contains(i->value, value))
        return false;
    }
    return true;
  }
  if (part.IsArray()) {
    if (whole.Size() != part.Size())
      return false;
    for (rapidjson::SizeType i = 0; i < part.Size(); ++i)
      if (!contains(whole[i], part[i]))
        return false;
    return true;
  }
  return whole == part;
}

} // namespace

message_matcher::message_matcher(std::string text)
  : matches_(
    [text = std::move(text)](std::string_view x) { return x == text; }) {
  // nop
}

message_matcher::message_matcher(const char* text)
  : message_matcher(std::string{text}) {
  // nop
}

message_matcher::message_matcher(std::regex expression)
  : matches_([expression = std::move(expression)](std::string_view x) {
      return std::regex_search(x.begin(), x.end(), expression);
    }) {
  // nop
}

message_matcher json_with(const std::string& partial) {
  auto part = std::make_shared<rapidjson::Document>();
  if (part->Parse(partial.data(), partial.size()).HasParseError())
    throw std::invalid_argument{"not JSON: " + partial};
  return [part](std::string_view message) {
    rapidjson::Document whole;
    whole.Parse(message.data(), message.size());
    return !whole.HasParseError() && contains(whole, *part);
  };
}

} // namespace zenws::testing
