// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#  include <emmintrin.h>
#endif

/// The inner loops of reading JSON: where strings, numbers, arrays and objects
/// end. None reads a byte outside of the text.
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

/// Returns which of 32 bytes are equal, the first one being the lowest bit.
inline uint32_t portable_equal_bytes(const char* x, const char* y) noexcept {
  uint32_t result = 0;
  for (size_t i = 0; i < 32; ++i)
    result |= static_cast<uint32_t>(x[i] == y[i]) << i;
  return result;
}

#if defined(__SSE2__)

/// Returns which of 32 bytes are equal, the first one being the lowest bit.
inline uint32_t equal_bytes(const char* x, const char* y) noexcept {
  auto half = [=](size_t at) {
    auto left = _mm_loadu_si128(reinterpret_cast<const __m128i*>(x + at));
    auto right = _mm_loadu_si128(reinterpret_cast<const __m128i*>(y + at));
    return static_cast<uint32_t>(
      _mm_movemask_epi8(_mm_cmpeq_epi8(left, right)));
  };
  return half(0) | (half(16) << 16);
}

#else

inline uint32_t equal_bytes(const char* x, const char* y) noexcept {
  return portable_equal_bytes(x, y);
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

/// Returns the first byte that cannot be part of a number, or `end`.
inline const char* find_number_end(const char* pos, const char* end) noexcept {
#if defined(__SSE2__)
  // All that follows a number is below '+', but ',', ']' and '}'.
  for (; end - pos >= 16; pos += 16) {
    auto chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(pos));
    auto folded = _mm_or_si128(chunk, _mm_set1_epi8(0x20));
    auto stops
      = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(chunk, _mm_set1_epi8(',')),
                                  _mm_cmpeq_epi8(folded, _mm_set1_epi8('}'))),
                     _mm_cmplt_epi8(chunk, _mm_set1_epi8('+')));
    auto bits = static_cast<uint32_t>(_mm_movemask_epi8(stops));
    if (bits != 0)
      return pos + std::countr_zero(bits);
  }
#endif
  while (pos != end && *pos >= '+' && *pos != ',' && *pos != ']' && *pos != '}')
    ++pos;
  return pos;
}

/// Returns the byte behind the array or object that begins at `pos`, null if
/// the text ends before. Counts brackets outside of strings, without caring for
/// their kind; needs no stack, however deep they nest.
/// @pre `pos != end` and `*pos` is an opening bracket or brace
const char* find_container_end(const char* pos, const char* end) noexcept;

/// Same, for any processor.
const char* portable_container_end(const char* pos, const char* end) noexcept;

} // namespace zenws::internal
