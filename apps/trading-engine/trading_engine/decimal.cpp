#include "trading_engine/decimal.hpp"

#include <charconv>

namespace zenws::engine {

namespace {

/// Nobody writes a price this long.
constexpr size_t max_text = 64;

/// More digits never fit into 64 bits.
constexpr size_t max_digits = 19;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Takes the digits off the front of `text`.
std::string_view take_digits(std::string_view& text) {
  size_t count = 0;
  while (count < text.size() && is_digit(text[count]))
    ++count;
  auto result = text.substr(0, count);
  text.remove_prefix(count);
  return result;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c)
    return false;
  text.remove_prefix(1);
  return true;
}

/// Reads what follows an 'e'. Nothing if it makes no sense for a price.
std::optional<int> take_exponent(std::string_view& text) {
  auto negative = take(text, '-');
  if (!negative)
    take(text, '+');
  auto digits = take_digits(text);
  int result = 0;
  auto* last = digits.data() + digits.size();
  auto [end, ec] = std::from_chars(digits.data(), last, result);
  if (ec != std::errc{} || end != last || result > 100)
    return std::nullopt;
  return negative ? -result : result;
}

/// Returns the value of `digits` times 10 to the power of `exponent`.
std::optional<int64_t> scale(std::string digits, int exponent) {
  digits.erase(0, digits.find_first_not_of('0'));
  while (digits.ends_with('0')) {
    digits.pop_back();
    ++exponent;
  }
  if (digits.empty())
    return 0;
  if (exponent < 0
      || digits.size() + static_cast<size_t>(exponent) > max_digits)
    return std::nullopt;
  digits.append(static_cast<size_t>(exponent), '0');
  int64_t result = 0;
  auto* last = digits.data() + digits.size();
  auto [end, ec] = std::from_chars(digits.data(), last, result);
  return ec == std::errc{} ? std::optional{result} : std::nullopt;
}

} // namespace

std::optional<decimal> decimal::parse(std::string_view text) {
  if (text.size() > max_text)
    return std::nullopt;
  auto negative = take(text, '-');
  std::string digits{take_digits(text)};
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0'))
    return std::nullopt;
  auto exponent = places;
  if (take(text, '.')) {
    auto fraction = take_digits(text);
    if (fraction.empty())
      return std::nullopt;
    digits += fraction;
    exponent -= static_cast<int>(fraction.size());
  }
  if (take(text, 'e') || take(text, 'E')) {
    auto shift = take_exponent(text);
    if (!shift)
      return std::nullopt;
    exponent += *shift;
  }
  if (!text.empty())
    return std::nullopt;
  auto units = scale(std::move(digits), exponent);
  if (!units)
    return std::nullopt;
  return from_units(negative ? -*units : *units);
}

std::string to_string(decimal x) {
  auto magnitude = x.units() < 0 ? -static_cast<uint64_t>(x.units())
                                 : static_cast<uint64_t>(x.units());
  constexpr auto one = static_cast<uint64_t>(decimal::one);
  auto result = (x.units() < 0 ? "-" : "") + std::to_string(magnitude / one);
  if (magnitude % one == 0)
    return result;
  // The leading 1 keeps the zeros after the point.
  auto fraction = std::to_string(one + magnitude % one).substr(1);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return result + '.' + fraction;
}

} // namespace zenws::engine
