// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/json/json_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace zenws::sim {

bool parse_json(std::string_view text, rapidjson::Document& out) {
  out.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (!out.HasParseError())
    return true;
  out.SetObject();
  return false;
}

std::string_view text_of(const json& x) {
  return {x.GetString(), x.GetStringLength()};
}

const json* find(const json& object, const char* name) {
  if (!object.IsObject())
    return nullptr;
  auto i = object.FindMember(name);
  return i == object.MemberEnd() ? nullptr : &i->value;
}

std::string_view text_member(const json& object, const char* name) {
  auto* value = find(object, name);
  return value && value->IsString() ? text_of(*value) : std::string_view{};
}

std::optional<double> number_member(const json& object, const char* name) {
  auto* value = find(object, name);
  if (!value || !value->IsNumber() || !std::isfinite(value->GetDouble()))
    return std::nullopt;
  return value->GetDouble();
}

std::optional<double> decimal_member(const json& object, const char* name) {
  auto text = text_member(object, name);
  double result = 0;
  auto* last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, result);
  if (ec != std::errc{} || end != last)
    return std::nullopt;
  return result;
}

bool is_scalar(const json& x) noexcept {
  return !x.IsObject() && !x.IsArray();
}

bool all_strings(const json& array) {
  auto xs = array.GetArray();
  return std::all_of(xs.begin(), xs.end(),
                     [](const json& x) { return x.IsString(); });
}

} // namespace zenws::sim
