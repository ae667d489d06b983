// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/parameters.hpp"

#include "zenws/json/json_value.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace zenws::monitoring {

namespace {

error wrong(std::string_view name, std::string_view expected) {
  return {ec::invalid_data,
          std::string{name} + ": must be " + std::string{expected}};
}

std::optional<row_key> key_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, row_key>, 6> keys{{
    {"name", row_key::name},
    {"state", row_key::state},
    {"messages", row_key::messages},
    {"rate", row_key::rate},
    {"restarts", row_key::restarts},
    {"round_trip", row_key::round_trip},
  }};
  for (auto& [known, key] : keys)
    if (known == name)
      return key;
  return std::nullopt;
}

std::optional<verb> verb_of(std::string_view name) {
  for (auto x : {verb::restart, verb::stop, verb::start, verb::renew,
                 verb::halt, verb::resume})
    if (to_string(x) == name)
      return x;
  return std::nullopt;
}

// Returns a string of a JSON object, empty if there is none.
result<std::string> member(std::string_view json, std::string_view name) {
  constexpr size_t max_size = 256;
  auto found = find_member(json, name);
  if (!found)
    return std::string{};
  auto text = found.string();
  if (!text || text->size() > max_size)
    return wrong(name, "a string of 256 bytes at most");
  return std::move(*text);
}

} // namespace

result<request_target> parse_target(std::string_view text) {
  auto url = boost::urls::parse_origin_form(text);
  if (!url)
    return error{ec::invalid_data, "the target is no path"};
  request_target result{.path = url->path(), .values{}};
  for (auto x : url->params())
    result.values.insert_or_assign(x.key, x.value);
  return result;
}

std::string text_of(const parameters& from, std::string_view name) {
  auto i = from.find(name);
  return i != from.end() ? i->second : std::string{};
}

result<uint64_t> number_of(const parameters& from, std::string_view name,
                           uint64_t fallback) {
  auto i = from.find(name);
  if (i == from.end())
    return fallback;
  auto* end = i->second.data() + i->second.size();
  uint64_t value = 0;
  auto [rest, failed] = std::from_chars(i->second.data(), end, value);
  if (failed != std::errc{} || rest != end)
    return wrong(name, "a whole number");
  return value;
}

result<row_query> read_row_query(const parameters& from) {
  row_query result;
  auto first = number_of(from, "from", 0);
  if (!first)
    return first.error();
  result.from = *first;
  auto count = number_of(from, "count", result.count);
  if (!count)
    return count.error();
  if (*count > row_query::max_count)
    return wrong("count", "500 at most");
  result.count = *count;
  if (auto name = text_of(from, "sort"); !name.empty()) {
    auto key = key_of(name);
    if (!key)
      return wrong("sort", "name, state, messages, rate or restarts");
    result.key = *key;
  }
  if (auto order = text_of(from, "order"); !order.empty()) {
    if (order != "asc" && order != "desc")
      return wrong("order", "asc or desc");
    result.descending = order == "desc";
  }
  result.filter = text_of(from, "filter");
  return result;
}

result<command> read_command(std::string_view json) {
  auto name = member(json, "action");
  if (!name)
    return name.error();
  auto action = verb_of(*name);
  if (!action)
    return wrong("action", "restart, stop, start, renew, halt or resume");
  std::string_view object = is_for_desks(*action) ? "desk" : "client";
  auto target = member(json, object);
  if (target && target->empty())
    return wrong(object, "a name");
  auto channel = member(json, "channel");
  auto reason = member(json, "reason");
  for (auto* x : {&target, &channel, &reason})
    if (!*x)
      return x->error();
  return command{*action, std::move(*target), std::move(*channel),
                 std::move(*reason)};
}

} // namespace zenws::monitoring
