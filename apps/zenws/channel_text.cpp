// SPDX-License-Identifier: BSD-3-Clause

#include "channel_text.hpp"

#include "program/suggestion.hpp"

#include "zenws/venue/dialect.hpp"

#include <span>
#include <vector>

namespace zenws::tool {

namespace {

using market::data_kind;
using market::data_kinds;

constexpr std::string_view separators = ".:@";

// Returns all pieces of a name that may be an instrument.
std::vector<std::string_view> pieces_of(std::string_view name) {
  std::vector<std::string_view> result{name};
  for (size_t begin = 0; begin <= name.size();) {
    auto end = std::min(name.find_first_of(separators, begin), name.size());
    if (end > begin)
      result.push_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return result;
}

} // namespace

channel_spec parse_channel(std::string_view text) {
  auto begin = std::min(text.find('{'), text.size());
  return {.name = std::string{text.substr(0, begin)},
          .arguments = std::string{text.substr(begin)}};
}

result<data_kinds> parse_kinds(std::string_view text) {
  std::vector<std::string_view> names;
  for (auto kind : data_kinds::all)
    names.push_back(to_string(kind));
  data_kinds result;
  for (size_t begin = 0; begin <= text.size();) {
    auto end = std::min(text.find(',', begin), text.size());
    auto word = text.substr(begin, end - begin);
    auto i = std::ranges::find(names, word);
    if (i == names.end())
      return error{ec::invalid_config, "there is no kind of market data \""
                                         + std::string{word} + '"'
                                         + suggestion(word, names)};
    result.insert(
      std::span{data_kinds::all}[static_cast<size_t>(i - names.begin())]);
    begin = end + 1;
  }
  return result;
}

std::string channel_suggestion(std::string_view venue, std::string_view name) {
  auto dialect = make_dialect(venue);
  if (dialect == nullptr || dialect->market() == nullptr)
    return {};
  std::vector<std::string> names;
  for (auto piece : pieces_of(name))
    for (auto kind : data_kinds::all) {
      auto channels = dialect->market()->channels({kind, std::string{piece}});
      if (!channels)
        continue;
      for (auto& channel : *channels)
        if (channel.name != name)
          names.push_back(channel.name);
    }
  std::vector<std::string_view> views{names.begin(), names.end()};
  if (auto found = suggestion(name, views); !found.empty())
    return found;
  // The name is an instrument, for which the first kind has a channel.
  return names.empty() ? std::string{}
                       : "; did you mean " + names.front() + '?';
}

} // namespace zenws::tool
