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
  // 32 bytes a step, which compilers turn into two vector registers.
  uint64_t bits[4] = {};
  size_t i = 0;
  for (; i + 32 <= size; i += 32) {
    uint64_t words[4];
    std::memcpy(words, data + i, 32);
    for (size_t k = 0; k < 4; ++k)
      bits[k] |= words[k];
  }
  for (; i + 8 <= size; i += 8) {
    uint64_t word;
    std::memcpy(&word, data + i, 8);
    bits[0] |= word;
  }
  for (; i < size; ++i)
    bits[1] |= static_cast<unsigned char>(data[i]);
  auto all = bits[0] | bits[1] | bits[2] | bits[3];
  return (all & 0x8080808080808080u) == 0 || valid_multibyte_utf8(data, size);
}

} // namespace zenws::internal
