// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/internal/time_text.hpp"

#include <charconv>
#include <chrono>

namespace zenws::internal {

namespace {

using std::chrono::microseconds;

/// Takes fields of a fixed number of digits off a text. After the first that is
/// not there, `failed` stays.
class field_reader {
public:
  explicit field_reader(std::string_view text) noexcept : text_(text) {
    // nop
  }

  int number(size_t digits) noexcept {
    int result = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (!starts_with_digit()) {
        failed_ = true;
        return 0;
      }
      result = result * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
    }
    return result;
  }

  bool take(char c) noexcept {
    if (!text_.starts_with(c))
      return false;
    text_.remove_prefix(1);
    return true;
  }

  void expect(char c) noexcept {
    failed_ |= !take(c);
  }

  /// Reads the digits behind a point as microseconds.
  microseconds fraction() noexcept {
    int result = 0;
    int scale = 1'000'000;
    failed_ |= !starts_with_digit();
    for (; starts_with_digit(); text_.remove_prefix(1)) {
      scale /= 10;
      result += (text_.front() - '0') * scale;
    }
    return microseconds{result};
  }

  bool succeeded() const noexcept {
    return !failed_ && text_.empty();
  }

private:
  bool starts_with_digit() const noexcept {
    return !text_.empty() && text_.front() >= '0' && text_.front() <= '9';
  }

  std::string_view text_;
  bool failed_ = false;
};

/// Reads "Z", "+01:00", "+0100" or nothing, which is UTC.
std::chrono::minutes read_offset(field_reader& in) noexcept {
  if (in.take('Z') || in.take('z'))
    return {};
  auto is_negative = in.take('-');
  if (!is_negative && !in.take('+'))
    return {};
  auto hours = in.number(2);
  in.take(':');
  std::chrono::minutes result{hours * 60 + in.number(2)};
  return is_negative ? -result : result;
}

std::optional<market::venue_time> parse_date(std::string_view text) noexcept {
  namespace chrono = std::chrono;
  field_reader in{text};
  auto year = in.number(4);
  in.expect('-');
  auto month = in.number(2);
  in.expect('-');
  auto day = in.number(2);
  if (!in.take(' '))
    in.expect('T');
  chrono::hours hour{in.number(2)};
  in.expect(':');
  chrono::minutes minute{in.number(2)};
  in.expect(':');
  chrono::seconds second{in.number(2)};
  microseconds fraction{0};
  if (in.take('.'))
    fraction = in.fraction();
  auto offset = read_offset(in);
  chrono::year_month_day date{chrono::year{year},
                              chrono::month{static_cast<unsigned>(month)},
                              chrono::day{static_cast<unsigned>(day)}};
  // A minute may have a leap second.
  if (!in.succeeded() || !date.ok() || hour.count() > 23 || minute.count() > 59
      || second.count() > 60)
    return std::nullopt;
  return chrono::sys_days{date} + hour + minute + second + fraction - offset;
}

} // namespace

std::optional<market::venue_time> time_of(uint64_t count) noexcept {
  // As milliseconds this is the year 5138, as microseconds 1973.
  constexpr uint64_t least_microseconds = 100'000'000'000'000;
  constexpr uint64_t least_nanoseconds = least_microseconds * 1'000;
  constexpr uint64_t most = least_nanoseconds * 90;
  if (count >= most)
    return std::nullopt;
  if (count >= least_nanoseconds)
    count /= 1'000;
  else if (count < least_microseconds)
    count *= 1'000;
  return market::venue_time{microseconds{static_cast<int64_t>(count)}};
}

std::optional<market::venue_time> parse_time(std::string_view text) noexcept {
  uint64_t count = 0;
  auto last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, count);
  if (ec == std::errc{} && end == last)
    return time_of(count);
  return parse_date(text);
}

} // namespace zenws::internal
