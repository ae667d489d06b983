// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/okx/internal/okx_checksum.hpp"

#include "zenws/market/order_book.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <zlib.h>

namespace zenws::internal {

namespace {

/// CRC-32 of a text that is never held as a whole.
class okx_text_checksum {
public:
  void add(std::string_view text) noexcept {
    while (!text.empty()) {
      if (size_ == sizeof(buffer_))
        flush();
      auto part = text.substr(0, sizeof(buffer_) - size_);
      std::ranges::copy(part, buffer_ + size_);
      size_ += part.size();
      text.remove_prefix(part.size());
    }
  }

  void add_zeros(size_t count) noexcept {
    for (; count > 0; --count)
      add("0");
  }

  /// Adds a number with the digits behind the point that the venue sent.
  void add(market::decimal x, size_t places) noexcept;

  void add(const market::order_book::level& x) noexcept {
    if (!is_first_)
      add(":");
    is_first_ = false;
    add(x.price, x.price_places);
    add(":");
    add(x.amount, x.amount_places);
  }

  uint32_t result() noexcept {
    flush();
    return static_cast<uint32_t>(sum_);
  }

private:
  void flush() noexcept {
    sum_ = crc32(sum_, reinterpret_cast<const Bytef*>(buffer_),
                 static_cast<uInt>(size_));
    size_ = 0;
  }

  uLong sum_ = crc32(0, nullptr, 0);
  char buffer_[512];
  size_t size_ = 0;
  bool is_first_ = true;
};

void okx_text_checksum::add(market::decimal x, size_t places) noexcept {
  char memory[24];
  auto end = std::to_chars(memory, memory + sizeof(memory), x.mantissa()).ptr;
  std::string_view digits{memory, static_cast<size_t>(end - memory)};
  if (digits.starts_with('-')) {
    add("-");
    digits.remove_prefix(1);
  }
  auto behind = static_cast<size_t>(std::max(-x.exponent(), 0));
  if (digits.size() > behind) {
    add(digits.substr(0, digits.size() - behind));
    digits.remove_prefix(digits.size() - behind);
  } else {
    add("0");
  }
  add_zeros(static_cast<size_t>(std::max(x.exponent(), 0)));
  if (behind == 0 && places == 0)
    return;
  add(".");
  add_zeros(behind - digits.size());
  add(digits);
  add_zeros(places - std::min(places, behind));
}

} // namespace

uint32_t okx_checksum(const market::order_book& book) {
  constexpr size_t checked_levels = 25;
  okx_text_checksum result;
  for (size_t i = 0; i < checked_levels; ++i)
    for (auto side : {market::book_side::bid, market::book_side::ask})
      if (i < book.depth(side))
        result.add(book.at(side, i));
  return result.result();
}

} // namespace zenws::internal
