// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/okx/okx_argument.hpp"

#include "zenws/json/internal/json_cursor.hpp"

#include <algorithm>

namespace zenws {

std::optional<okx_argument> okx_argument::parse(std::string_view json) {
  internal::json_cursor in{json};
  if (in.peek() != json_kind::object)
    return std::nullopt;
  okx_argument result;
  json_value name;
  for (in.enter_object(); in.next_member(name);) {
    auto key = name.kind == json_kind::string ? name.string() : std::nullopt;
    auto value = in.value();
    if (!key || *key == "extraParams" || *key == "uid")
      continue;
    result.members_[*key] = value.string().value_or(std::string{value.text});
  }
  if (!in.finish() || result.channel().empty())
    return std::nullopt;
  return result;
}

std::string_view okx_argument::channel() const {
  return value_of("channel");
}

std::string_view okx_argument::instrument() const {
  return value_of("instId");
}

bool okx_argument::is_plain() const {
  return size() == (instrument().empty() ? 1u : 2u);
}

bool okx_argument::covers(const okx_argument& of_venue) const {
  return std::ranges::all_of(members_, [&](auto& member) {
    auto i = of_venue.members_.find(member.first);
    return i != of_venue.members_.end() && i->second == member.second;
  });
}

std::string_view okx_argument::value_of(std::string_view name) const {
  auto i = members_.find(name);
  return i != members_.end() ? std::string_view{i->second} : std::string_view{};
}

} // namespace zenws
