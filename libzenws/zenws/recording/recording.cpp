// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/recording.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/internal/utf8.hpp"
#include "zenws/json/internal/json_cursor.hpp"
#include "zenws/venue/internal/signature.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace zenws {

namespace {

using std::chrono::system_clock;

// Returns the enumerator of a name, of those up to `last`.
template <class T>
std::optional<T> find_name(const json_value& name, T last) {
  for (size_t i = 0; i <= static_cast<size_t>(last); ++i)
    if (auto result = static_cast<T>(i); name.is(to_string(result)))
      return result;
  return std::nullopt;
}

// -- times --------------------------------------------------------------------

void append_digits(std::string& out, uint64_t value, size_t width) {
  auto first = out.size();
  out.append(width, '0');
  for (auto i = first + width; i > first && value > 0; value /= 10)
    out[--i] = static_cast<char>('0' + value % 10);
}

void append_time(std::string& out, system_clock::time_point at) {
  using namespace std::chrono;
  auto exact = floor<microseconds>(at);
  auto day = floor<days>(exact);
  year_month_day date{day};
  hh_mm_ss time{exact - day};
  auto put = [&](auto value, size_t width, char end) {
    append_digits(out, static_cast<uint64_t>(value), width);
    out += end;
  };
  put(static_cast<int>(date.year()), 4, '-');
  put(static_cast<unsigned>(date.month()), 2, '-');
  put(static_cast<unsigned>(date.day()), 2, 'T');
  put(time.hours().count(), 2, ':');
  put(time.minutes().count(), 2, ':');
  put(time.seconds().count(), 2, '.');
  put(time.subseconds().count(), 6, 'Z');
}

// Reads digits and the character behind them.
std::optional<unsigned> take_digits(std::string_view& text, size_t width,
                                    char end) {
  if (text.size() <= width || text[width] != end)
    return std::nullopt;
  unsigned result = 0;
  for (auto c : text.substr(0, width)) {
    if (c < '0' || c > '9')
      return std::nullopt;
    result = result * 10 + static_cast<unsigned>(c - '0');
  }
  text.remove_prefix(width + 1);
  return result;
}

std::optional<system_clock::time_point> parse_time(std::string_view text) {
  using namespace std::chrono;
  auto y = take_digits(text, 4, '-');
  auto m = take_digits(text, 2, '-');
  auto d = take_digits(text, 2, 'T');
  auto hour = take_digits(text, 2, ':');
  auto min = take_digits(text, 2, ':');
  auto sec = take_digits(text, 2, '.');
  auto micro = take_digits(text, 6, 'Z');
  if (!y || !m || !d || !hour || !min || !sec || !micro || !text.empty())
    return std::nullopt;
  year_month_day date{year{static_cast<int>(*y)}, month{*m}, day{*d}};
  // Beyond these years a time_point of nanoseconds overflows.
  if (!date.ok() || *y < 1700 || *y > 2200 || *hour > 23 || *min > 59
      || *sec > 59)
    return std::nullopt;
  return sys_days{date} + hours{*hour} + minutes{*min} + seconds{*sec}
         + microseconds{*micro};
}

// -- reading a line -----------------------------------------------------------

struct line_members {
  json_value ts;
  json_value dir;
  json_value type;
  json_value epoch;
  json_value seq;
  json_value data;
  json_value binary;
};

constexpr std::array<std::pair<std::string_view, json_value line_members::*>, 7>
  member_names{{
    {"ts", &line_members::ts},
    {"dir", &line_members::dir},
    {"type", &line_members::type},
    {"epoch", &line_members::epoch},
    {"seq", &line_members::seq},
    {"data", &line_members::data},
    {"binary", &line_members::binary},
  }};

error wrong(std::string_view member, std::string_view problem) {
  return {ec::invalid_data, std::string{member} + ": " + std::string{problem}};
}

result<line_members> members_of(std::string_view line) {
  internal::json_cursor in{line};
  line_members result;
  json_value key;
  for (in.enter_object(); in.next_member(key);) {
    auto value = in.value();
    for (auto& [name, member] : member_names)
      if (key.is(name)) {
        if (result.*member)
          return wrong(name, "is there twice");
        result.*member = value;
      }
  }
  if (!in.finish())
    return error{ec::invalid_json, "byte " + std::to_string(in.offset())};
  return result;
}

// A number that is 0 if it is not there.
std::optional<uint64_t> number_in(const json_value& value) {
  uint64_t result = 0;
  if (!value)
    return result;
  auto last = value.text.data() + value.text.size();
  auto [end, ec] = std::from_chars(value.text.data(), last, result);
  if (value.kind != json_kind::number || ec != std::errc{} || end != last)
    return std::nullopt;
  return result;
}

result<recorded_header> header_in(const line_members& from) {
  recorded_header result;
  auto at = parse_time(from.ts.string().value_or(""));
  if (!at)
    return wrong("ts", "is no time such as 2026-01-31T23:59:59.000001Z");
  result.at = *at;
  auto direction = find_name(from.dir, recorded_direction::out);
  if (!direction)
    return wrong("dir", "is neither in nor out");
  result.direction = *direction;
  auto type = find_name(from.type, recorded_type::event);
  if (!type)
    return wrong("type", "is none of text, binary, ping, pong, close, event");
  result.type = *type;
  auto epoch = number_in(from.epoch);
  if (!epoch)
    return wrong("epoch", "is no count");
  result.epoch = *epoch;
  auto sequence = number_in(from.seq);
  if (!sequence)
    return wrong("seq", "is no count");
  result.sequence = *sequence;
  return result;
}

result<std::string> data_in(const line_members& from, recorded_type type) {
  auto data = from.data.string();
  if (!data)
    return wrong("data", "is no string");
  if (from.binary && from.binary.kind != json_kind::boolean)
    return wrong("binary", "is neither true nor false");
  auto encoded = from.binary.text == "true";
  if (type == recorded_type::binary && !encoded)
    return wrong("binary", "is not true, but the message is");
  if (!encoded)
    return std::move(*data);
  auto bytes = internal::from_base64(*data);
  if (!bytes)
    return wrong("data", "is no base64");
  return std::move(*bytes);
}

} // namespace

// -- enums --------------------------------------------------------------------

BOOST_DESCRIBE_ENUM(recorded_direction, in, out)

std::string_view to_string(recorded_direction value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(recorded_type, text, binary, ping, pong, close, event)

static_assert(internal::describes_up_to(recorded_type::event));

std::string_view to_string(recorded_type value) noexcept {
  return internal::enum_name(value);
}

// -- times --------------------------------------------------------------------

std::string time_to_string(system_clock::time_point at) {
  std::string result;
  append_time(result, at);
  return result;
}

result<system_clock::time_point> time_from_string(std::string_view text) {
  constexpr std::string_view midnight = "0000-00-00T00:00:00.000000Z";
  constexpr size_t day_size = 10;
  std::string whole{text.ends_with('Z') ? text.substr(0, text.size() - 1)
                                        : text};
  if (whole.size() >= day_size && whole.size() < midnight.size())
    whole += midnight.substr(whole.size());
  if (auto result = parse_time(whole))
    return *result;
  return error{ec::invalid_data, "no time such as 2026-01-31T23:59:59 (UTC): "
                                   + std::string{text}};
}

// -- lines --------------------------------------------------------------------

void append_line(std::string& out, const recorded_header& entry,
                 std::string_view data) {
  out += R"({"ts":")";
  append_time(out, entry.at);
  out += R"(","dir":")";
  out += to_string(entry.direction);
  out += R"(","type":")";
  out += to_string(entry.type);
  out += R"(","epoch":)";
  out += std::to_string(entry.epoch);
  out += R"(,"seq":)";
  out += std::to_string(entry.sequence);
  out += R"(,"data":)";
  auto text = entry.type != recorded_type::binary ? quoted_json(data)
                                                  : std::nullopt;
  if (text)
    out += *text;
  else
    out += '"' + internal::base64(data) + R"(","binary":true)";
  out += "}\n";
}

std::string write_line(const recorded_entry& entry) {
  std::string result;
  append_line(result, entry, entry.data);
  result.pop_back();
  return result;
}

result<recorded_entry> parse_line(std::string_view line) {
  if (!internal::valid_utf8(line.data(), line.size()))
    return error{ec::invalid_json, "is not UTF-8"};
  auto members = members_of(line);
  if (!members)
    return members.error();
  auto head = header_in(*members);
  if (!head)
    return head.error();
  auto data = data_in(*members, head->type);
  if (!data)
    return data.error();
  return recorded_entry{*head, std::move(*data)};
}

} // namespace zenws
