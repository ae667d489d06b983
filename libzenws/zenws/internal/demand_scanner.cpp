// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/internal/demand_scanner.hpp"

#include "zenws/internal/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace zenws::internal {

namespace {

using std::chrono::milliseconds;

// As seconds since the epoch this is the year 2001, as a wait three decades.
constexpr uint64_t least_epoch_seconds = 1'000'000'000;

constexpr uint64_t least_epoch_milliseconds = 100'000'000'000;

constexpr uint64_t least_epoch_microseconds = 100'000'000'000'000;

constexpr std::array<std::string_view, 7> before_duration{
  "retryafter", "retry_after",  "retry-after", "retry after",
  "\"wait\"",   "try again in", "retry in",
};

constexpr std::array<std::string_view, 3> before_moment{
  "banned until",
  "blocked until",
  "try again at",
};

// Returns the unit of a number with this text behind it.
milliseconds unit_of(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(" \""), text.size()));
  if (text.starts_with("ms") || text.starts_with("milli"))
    return milliseconds{1};
  if (text.starts_with("min"))
    return std::chrono::minutes{1};
  if (text.starts_with("h"))
    return std::chrono::hours{1};
  return std::chrono::seconds{1};
}

} // namespace

demand_scanner::demand_scanner(std::string_view text, time_point now)
  : text_(to_lower(text)), now_(now) {
  // nop
}

std::optional<milliseconds> demand_scanner::scan() {
  for (auto phrase : before_duration)
    scan_for(phrase, reading::duration);
  for (auto phrase : before_moment)
    scan_for(phrase, reading::moment);
  return found_;
}

void demand_scanner::scan_for(std::string_view phrase, reading kind) {
  for (auto pos = text_.find(phrase); pos != std::string::npos;
       pos = text_.find(phrase, pos + 1))
    if (auto wait = number_at(pos + phrase.size(), kind))
      found_ = std::max(found_.value_or(milliseconds{0}), *wait);
}

std::optional<milliseconds> demand_scanner::number_at(size_t pos,
                                                      reading kind) const {
  pos = text_.find_first_not_of("\": =", pos);
  if (pos == std::string::npos || !is_digit(text_[pos]))
    return std::nullopt;
  uint64_t number = 0;
  auto last = text_.data() + text_.size();
  auto [end, failure] = std::from_chars(text_.data() + pos, last, number);
  if (failure != std::errc{})
    return std::nullopt;
  if (number >= least_epoch_seconds)
    return until(number);
  if (kind == reading::moment)
    return std::nullopt;
  if (end != last && *end == '.') // a fraction counts as a whole
    for (++number, ++end; end != last && is_digit(*end); ++end)
      ;
  std::string_view behind{end, static_cast<size_t>(last - end)};
  return unit_of(behind) * static_cast<int64_t>(number);
}

std::optional<milliseconds> demand_scanner::until(uint64_t epoch) const {
  if (epoch >= least_epoch_microseconds)
    epoch /= 1'000;
  else if (epoch < least_epoch_milliseconds)
    epoch *= 1'000;
  // In milliseconds: as nanoseconds, not all that can be written fits.
  auto now = std::chrono::floor<milliseconds>(now_.time_since_epoch());
  milliseconds due{static_cast<int64_t>(epoch)};
  return due > now ? std::optional{due - now} : std::nullopt;
}

} // namespace zenws::internal
