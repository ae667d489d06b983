#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace zenws::internal {

/// Checks text that may have bytes above 0x7f.
bool valid_multibyte_utf8(const char* data, size_t size) noexcept;

/// Tells whether the bytes are UTF-8. Inline for what nearly all text is:
/// pure ASCII, where a call per frame would cost more than the check.
inline bool valid_utf8(const char* data, size_t size) noexcept {
  uint64_t bits = 0;
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t word;
    std::memcpy(&word, data + i, 8);
    bits |= word;
  }
  for (; i < size; ++i)
    bits |= static_cast<unsigned char>(data[i]);
  return (bits & 0x8080808080808080u) == 0 || valid_multibyte_utf8(data, size);
}

} // namespace zenws::internal
