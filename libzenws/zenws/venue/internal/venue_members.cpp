// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/internal/venue_members.hpp"

#include "zenws/internal/utf8.hpp"
#include "zenws/json/internal/json_cursor.hpp"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <set>
#include <vector>

namespace zenws::internal {

namespace {

/// Rejects texts that are no UTF-8 once they are unescaped, and objects that
/// have a name twice.
class unique_names
  : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, unique_names> {
public:
  // Names are those of RapidJSON.

  bool StartObject() {
    open_.emplace_back();
    return true;
  }

  bool Key(const char* text, rapidjson::SizeType size, bool) {
    return valid_utf8(text, size)
           && open_.back().emplace(text, size_t{size}).second;
  }

  static bool String(const char* text, rapidjson::SizeType size, bool) {
    return valid_utf8(text, size);
  }

  bool EndObject(rapidjson::SizeType) {
    open_.pop_back();
    return true;
  }

private:
  std::vector<std::set<std::string>> open_;
};

bool is_sound_object(std::string_view text) {
  constexpr unsigned strictly = rapidjson::kParseIterativeFlag
                                | rapidjson::kParseValidateEncodingFlag;
  rapidjson::MemoryStream in{text.data(), text.size()};
  unique_names names;
  rapidjson::Reader reader;
  return json_cursor{text}.peek() == json_kind::object
         && !reader.Parse<strictly>(in, names).IsError()
         && in.Tell() == text.size(); // it ends at a NUL byte
}

/// Adds the members of an object that fulfill a condition.
template <class Predicate>
void add_members(std::string& out, std::string_view object,
                 Predicate is_wanted) {
  json_cursor in{object};
  std::string memory;
  json_value name;
  for (in.enter_object(); in.next_member(name);) {
    in.peek(); // steps over space
    auto first = in.offset();
    in.skip();
    if (!is_wanted(name.resolved(memory)))
      continue;
    out += out.size() == 1 ? "\"" : ",\"";
    out.append(name.text).append("\":").append(in.text_from(first));
  }
}

} // namespace

result<std::string> with_venue_members(result<std::string> request,
                                       std::string_view members,
                                       const member_rules& rules) {
  if (!request || members.empty())
    return request;
  if (!is_sound_object(members))
    return error{ec::invalid_config,
                 "venue_members is not an object of JSON with unique names"};
  auto is_in = [](auto& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
  };
  std::string result = "{";
  add_members(result, *request, [&](std::string_view name) {
    return !is_in(rules.defaults, name) || !find_member(members, name);
  });
  add_members(result, members, [&](std::string_view name) {
    return is_in(rules.defaults, name)
           || (!is_in(rules.reserved, name) && !find_member(*request, name));
  });
  return result + '}';
}

} // namespace zenws::internal
