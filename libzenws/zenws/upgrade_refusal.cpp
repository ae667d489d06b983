// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/upgrade_refusal.hpp"

#include "zenws/defaults.hpp"
#include "zenws/demanded_wait.hpp"
#include "zenws/internal/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>

namespace zenws {

namespace {

using defaults::demanded_wait_ceiling;

// A fraction counts as a whole second.
std::optional<std::chrono::seconds> parse_seconds(std::string_view text) {
  auto is_number = [](std::string_view digits) {
    return !digits.empty() && std::ranges::all_of(digits, [](char c) {
      return c >= '0' && c <= '9';
    });
  };
  auto dot = text.find('.');
  auto whole = text.substr(0, dot);
  auto has_fraction = dot != std::string_view::npos;
  if (!is_number(whole) || (has_fraction && !is_number(text.substr(dot + 1))))
    return std::nullopt;
  int64_t value = 0;
  auto last = whole.data() + whole.size();
  if (std::from_chars(whole.data(), last, value).ec != std::errc{})
    return demanded_wait_ceiling; // more than 64 bits
  return std::chrono::seconds{
    std::min(value + (has_fraction ? 1 : 0), demanded_wait_ceiling.count())};
}

// Accepts the three formats of RFC 9110, section 5.6.7.
std::optional<std::chrono::sys_seconds> parse_date(std::string_view text) {
  for (auto format : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                      "%a %b %e %H:%M:%S %Y"}) {
    // The mark tells a whole date from the beginning of one, which get_time
    // lets pass.
    std::istringstream in{std::string{text} + '$'};
    in.imbue(std::locale::classic());
    std::tm tm{};
    if (!(in >> std::get_time(&tm, format)) || in.get() != '$')
      continue;
    using namespace std::chrono;
    auto date = year{tm.tm_year + 1900} / (tm.tm_mon + 1) / tm.tm_mday;
    if (!date.ok())
      return std::nullopt;
    return sys_days{date} + hours{tm.tm_hour} + minutes{tm.tm_min}
           + seconds{tm.tm_sec};
  }
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) noexcept {
  auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace

std::optional<std::string_view>
upgrade_refusal::find(std::string_view name) const noexcept {
  for (auto& field : headers)
    if (internal::equal_names(field.name, name))
      return std::string_view{field.value};
  return std::nullopt;
}

std::optional<std::chrono::milliseconds>
upgrade_refusal::retry_after(std::chrono::system_clock::time_point now) const {
  auto by_header = retry_after_header(now);
  auto is_known = now != std::chrono::system_clock::time_point{};
  auto by_body = is_known ? demanded_wait(body, now) : std::nullopt;
  if (!by_header || !by_body)
    return by_header ? by_header : by_body;
  return std::min<std::chrono::milliseconds>(std::max(*by_header, *by_body),
                                             demanded_wait_ceiling);
}

std::optional<std::chrono::milliseconds> upgrade_refusal::retry_after_header(
  std::chrono::system_clock::time_point now) const {
  using std::chrono::seconds;
  auto value = find("Retry-After");
  if (!value)
    return std::nullopt;
  if (auto delay = parse_seconds(trimmed(*value)))
    return *delay;
  auto until = parse_date(trimmed(*value));
  if (!until)
    return std::nullopt;
  auto sent = find("Date") ? parse_date(trimmed(*find("Date"))) : std::nullopt;
  if (!sent && now == std::chrono::system_clock::time_point{})
    return std::nullopt;
  auto from = sent.value_or(std::chrono::floor<seconds>(now));
  return std::clamp(seconds{*until - from}, seconds{0}, demanded_wait_ceiling);
}

} // namespace zenws
