// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/kraken/internal/kraken_checksum.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace zenws::internal {

namespace {

using market::book_side;
using market::decimal;

constexpr size_t checked_levels = 10;

class digits_checksum {
public:
  /// Adds the digits of a number as the venue wrote them, with so many of them
  /// behind the point.
  void add(decimal value, uint8_t places) {
    std::array<char, 20 + decimal::max_exponent + UINT8_MAX> text;
    auto [end, ec] = std::to_chars(text.data(), text.data() + text.size(),
                                   value.mantissa());
    // The zeros at the end, which a `decimal` does not keep.
    auto zeros = std::max(value.exponent() + places, 0);
    end = std::fill_n(end, value.is_zero() ? 0 : zeros, '0');
    value_ = crc32(value_, reinterpret_cast<const Bytef*>(text.data()),
                   static_cast<uInt>(end - text.data()));
  }

  uint32_t value() const noexcept {
    return static_cast<uint32_t>(value_);
  }

private:
  uLong value_ = crc32(0, nullptr, 0);
};

} // namespace

uint32_t kraken_checksum(const market::order_book& book) {
  digits_checksum result;
  for (auto side : {book_side::ask, book_side::bid}) {
    auto count = std::min(book.depth(side), checked_levels);
    for (size_t i = 0; i < count; ++i) {
      auto level = book.at(side, i);
      result.add(level.price, level.price_places);
      result.add(level.amount, level.amount_places);
    }
  }
  return result.value();
}

} // namespace zenws::internal
