// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#  include <emmintrin.h>
#endif

/// The two inner loops of reading JSON: the end of a string, the end of an
/// array or object end. Neither reads a byte outside of the text.
namespace zenws::internal {

/// The characters that nesting depends on in 64 bytes, the first byte being the
/// lowest bit.
struct json_block {
  uint64_t quotes = 0;
  uint64_t backslashes = 0;
  uint64_t opening = 0;
  uint64_t closing = 0;

  bool operator==(const json_block&) const noexcept = default;
};

/// Looks at 64 bytes, one by one.
inline json_block portable_json_block(const char* bytes) noexcept {
  json_block result;
  for (size_t i = 0; i < 64; ++i) {
    auto c = bytes[i];
    auto bit = [i](bool x) { return static_cast<uint64_t>(x) << i; };
    result.quotes |= bit(c == '"');
    result.backslashes |= bit(c == '\\');
    result.opening |= bit(c == '[' || c == '{');
    result.closing |= bit(c == ']' || c == '}');
  }
  return result;
}

#if defined(__SSE2__)

/// Looks at 64 bytes.
inline json_block load_json_block(const char* bytes) noexcept {
  json_block result;
  for (size_t i = 0; i < 64; i += 16) {
    auto chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i));
    // Brackets and braces differ in this one bit only.
    auto folded = _mm_or_si128(chunk, _mm_set1_epi8(0x20));
    auto where = [i](__m128i vec, char c) {
      auto equal = _mm_cmpeq_epi8(vec, _mm_set1_epi8(c));
      auto bits = static_cast<uint32_t>(_mm_movemask_epi8(equal));
      return static_cast<uint64_t>(bits) << i;
    };
    result.quotes |= where(chunk, '"');
    result.backslashes |= where(chunk, '\\');
    result.opening |= where(folded, '{');
    result.closing |= where(folded, '}');
  }
  return result;
}

#else

inline json_block load_json_block(const char* bytes) noexcept {
  return portable_json_block(bytes);
}

#endif

/// Returns the first quote, backslash or control character, or `end`.
inline const char* find_string_stop(const char* pos, const char* end) noexcept {
#if defined(__SSE2__)
  for (; end - pos >= 16; pos += 16) {
    auto chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(pos));
    auto last_control = _mm_set1_epi8(0x1f);
    auto stops = _mm_or_si128(
      _mm_or_si128(_mm_cmpeq_epi8(chunk, _mm_set1_epi8('"')),
                   _mm_cmpeq_epi8(chunk, _mm_set1_epi8('\\'))),
      _mm_cmpeq_epi8(_mm_max_epu8(chunk, last_control), last_control));
    auto bits = static_cast<uint32_t>(_mm_movemask_epi8(stops));
    if (bits != 0)
      return pos + std::countr_zero(bits);
  }
#endif
  while (pos != end && *pos != '"' && *pos != '\\'
         && static_cast<unsigned char>(*pos) >= 0x20)
    ++pos;
  return pos;
}

/// Returns the byte behind the array or object that begins at `pos`, null if
/// the text ends before. Counts brackets outside of strings, without caring for
/// their kind; needs no stack, however deep they nest.
/// @pre `pos != end` and `*pos` is an opening bracket or brace
const char* find_container_end(const char* pos, const char* end) noexcept;

} // namespace zenws::internal
