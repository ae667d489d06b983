// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace zenws::internal {

/// Up to 8 digits at the front of a text, read all at once.
class digit_run {
public:
  // -- constants --------------------------------------------------------------

  static constexpr size_t max_size = 8;

  // -- constructors, destructors, and assignment operators --------------------

  digit_run() = default;

  /// @pre `max_size` bytes can be read
  explicit digit_run(const char* text) noexcept {
    uint64_t bytes;
    std::memcpy(&bytes, text, sizeof(bytes));
    if constexpr (std::endian::native == std::endian::big)
      bytes = __builtin_bswap64(bytes);
    auto values = bytes ^ repeated(0x30); // digits become 0 to 9, others more
    auto others = ((values + repeated(0x76)) | values) & repeated(0x80);
    size_ = static_cast<size_t>(std::countr_zero(others)) / 8;
    // As if there were zeros before.
    digits_ = size_ == 0 ? 0 : values << (64 - 8 * size_);
  }

  // -- properties -------------------------------------------------------------

  size_t size() const noexcept {
    return size_;
  }

  uint64_t value() const noexcept {
    constexpr uint64_t mask = 0xff'0000'00ff;
    auto pairs = digits_ * 10 + (digits_ >> 8);
    auto high = (pairs & mask) * (100 + (uint64_t{1'000'000} << 32));
    auto low = ((pairs >> 16) & mask) * (1 + (uint64_t{10'000} << 32));
    return (high + low) >> 32;
  }

private:
  static constexpr uint64_t repeated(uint64_t byte) noexcept {
    return byte * 0x0101'0101'0101'0101;
  }

  uint64_t digits_ = 0;
  size_t size_ = 0;
};

} // namespace zenws::internal
