// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace zenws::internal {

/// Checks text that may have bytes above 0x7f, or is long.
bool valid_any_utf8(const char* data, size_t size) noexcept;

/// Collects the high bits of bytes, of which ASCII has none.
class high_bits {
public:
  // GCC's and Clang's vectors map to those of the processor.
  using vector [[gnu::vector_size(16)]] = uint64_t;

  /// Adds `sizeof(T)` bytes; reading them may overlap with earlier ones.
  template <class T>
  [[gnu::always_inline]] void add(const char* data) noexcept {
    T bytes;
    std::memcpy(&bytes, data, sizeof(bytes));
    if constexpr (sizeof(T) == sizeof(vector))
      wide_ |= bytes;
    else
      narrow_ |= bytes;
  }

  [[gnu::always_inline]] bool any() const noexcept {
    uint64_t halves[2];
    std::memcpy(halves, &wide_, sizeof(halves));
    return ((halves[0] | halves[1] | narrow_) & 0x8080808080808080u) != 0;
  }

private:
  vector wide_ = {};
  uint64_t narrow_ = 0;
};

/// Returns whether the bytes are UTF-8. Inline for short pure ASCII, where a
/// call per frame would cost more than the check.
[[gnu::always_inline]] inline bool valid_utf8(const char* data,
                                              size_t size) noexcept {
  constexpr size_t long_text = 1024; // where both are equally fast
  if (size >= long_text)
    return valid_any_utf8(data, size);
  constexpr size_t width = sizeof(high_bits::vector);
  high_bits even;
  high_bits odd;
  size_t i = 0;
  for (; i + 2 * width <= size; i += 2 * width) {
    even.add<high_bits::vector>(data + i);
    odd.add<high_bits::vector>(data + i + width);
  }
  if (size >= width) {
    if (i + width <= size)
      even.add<high_bits::vector>(data + i);
    odd.add<high_bits::vector>(data + size - width);
  } else {
    for (; i + 8 <= size; i += 8)
      even.add<uint64_t>(data + i);
    for (; i < size; ++i)
      odd.add<uint8_t>(data + i);
  }
  return (!even.any() && !odd.any()) || valid_any_utf8(data, size);
}

} // namespace zenws::internal
