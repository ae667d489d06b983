// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/json/internal/json_scan.hpp"

#include <atomic>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#  include <immintrin.h>
#endif

namespace zenws::internal {

namespace {

constexpr size_t block_size = 64;

constexpr size_t not_here = block_size;

// A block of text, of which the first bytes may belong to something else.
struct block_view {
  const char* bytes;
  size_t skipped = 0;
};

// Follows the nesting of one container from block to block.
class nesting {
public:
  // Returns where in the block the container ends, or `not_here`. Both count
  // from the first byte that was not skipped.
  // @param bits without those skipped.
  // @param quoted has the bits from each quote to the one before the next.
  size_t feed(block_view block, const json_block& bits,
              uint64_t quoted) noexcept {
    if (bits.backslashes == 0 && !escape_) [[likely]]
      return feed(bits, quoted);
    return feed_bytes(block);
  }

private:
  size_t feed(const json_block& bits, uint64_t quoted) noexcept {
    auto inside = quoted ^ (in_string_ ? ~uint64_t{0} : 0);
    in_string_ = (inside >> 63) != 0;
    auto opening = bits.opening & ~inside;
    auto closing = bits.closing & ~inside;
    size_t closed = 0;
    for (auto left = closing; left != 0; left &= left - 1) {
      auto before = (left - 1) & ~left; // all below the lowest one
      if (depth_ + count(opening & before) == ++closed)
        return static_cast<size_t>(std::countr_zero(left));
    }
    depth_ += count(opening) - closed;
    return not_here;
  }

  static size_t count(uint64_t bits) noexcept {
    return static_cast<size_t>(std::popcount(bits));
  }

  // The slow way, for blocks with escapes.
  size_t feed_bytes(block_view block) noexcept {
    for (auto i = block.skipped; i < block_size; ++i)
      if (feed_byte(block.bytes[i]))
        return i - block.skipped;
    return not_here;
  }

  bool feed_byte(char c) noexcept {
    if (escape_) {
      escape_ = false;
    } else if (in_string_) {
      escape_ = c == '\\';
      in_string_ = c != '"';
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '[' || c == '{') {
      ++depth_;
    } else if (c == ']' || c == '}') {
      return --depth_ == 0;
    }
    return false;
  }

  size_t depth_ = 0;
  bool in_string_ = false;
  bool escape_ = false;
};

// Removes the bits of skipped bytes.
json_block without(size_t skipped, json_block bits) noexcept {
  return {.quotes = bits.quotes >> skipped,
          .backslashes = bits.backslashes >> skipped,
          .opening = bits.opening >> skipped,
          .closing = bits.closing >> skipped};
}

// Returns a word whose bit n tells whether an odd number of the bits 0 to n
// are set: from quotes, it makes the strings between them.
uint64_t prefix_xor(uint64_t bits) noexcept {
  for (unsigned shift = 1; shift < 64; shift *= 2)
    bits ^= bits << shift;
  return bits;
}

size_t feed_portably(nesting& state, block_view block) noexcept {
  auto bits = without(block.skipped, load_json_block(block.bytes));
  return state.feed(block, bits, prefix_xor(bits.quotes));
}

#if defined(__x86_64__)

#  define ZENWS_AVX2 [[gnu::target("avx2,bmi,pclmul,popcnt")]]

ZENWS_AVX2 inline uint64_t equal_bits(__m256i low, __m256i high,
                                      char c) noexcept {
  auto wanted = _mm256_set1_epi8(c);
  auto low_bits = _mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
  auto high_bits = _mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted));
  return static_cast<uint32_t>(low_bits)
         | (uint64_t{static_cast<uint32_t>(high_bits)} << 32);
}

ZENWS_AVX2 inline size_t feed_avx2(nesting& state, block_view block) noexcept {
  auto at = reinterpret_cast<const __m256i*>(block.bytes);
  auto low = _mm256_loadu_si256(at);
  auto high = _mm256_loadu_si256(at + 1);
  // Brackets and braces differ in this one bit only.
  auto bit = _mm256_set1_epi8(0x20);
  auto folded_low = _mm256_or_si256(low, bit);
  auto folded_high = _mm256_or_si256(high, bit);
  auto bits = without(block.skipped,
                      {.quotes = equal_bits(low, high, '"'),
                       .backslashes = equal_bits(low, high, '\\'),
                       .opening = equal_bits(folded_low, folded_high, '{'),
                       .closing = equal_bits(folded_low, folded_high, '}')});
  // A product without carries, by ones only, is `prefix_xor`.
  auto quotes = _mm_set_epi64x(0, static_cast<long long>(bits.quotes));
  auto product = _mm_clmulepi64_si128(quotes, _mm_set1_epi8(-1), 0);
  return state.feed(block, bits,
                    static_cast<uint64_t>(_mm_cvtsi128_si64(product)));
}

#endif

// The bytes at the end of a short text, filled up: those behind it belong to
// others, or do not exist.
struct last_block {
  char bytes[block_size];

  last_block(const char* pos, const char* end) noexcept {
    std::memset(bytes, ' ', block_size);
    std::memcpy(bytes, pos, static_cast<size_t>(end - pos));
  }
};

// To be part of a function for one kind of processor, like `Feed`.
template <size_t (*Feed)(nesting&, block_view) noexcept>
[[gnu::always_inline]] inline const char*
find_end(const char* pos, const char* end) noexcept {
  nesting state;
  auto first = pos;
  for (; end - pos >= static_cast<std::ptrdiff_t>(block_size);
       pos += block_size)
    if (auto found = Feed(state, {pos}); found != not_here)
      return pos + found + 1;
  if (pos == end)
    return nullptr;
  auto found = not_here;
  if (pos != first)
    found = Feed(state, {end - block_size,
                         block_size - static_cast<size_t>(end - pos)});
  else
    found = Feed(state, {last_block{pos, end}.bytes});
  return found != not_here ? pos + found + 1 : nullptr;
}

#if defined(__x86_64__)

ZENWS_AVX2 const char* find_end_by_avx2(const char* pos,
                                        const char* end) noexcept {
  return find_end<feed_avx2>(pos, end);
}

#  undef ZENWS_AVX2

bool has_avx2() noexcept {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")
         && __builtin_cpu_supports("pclmul")
         && __builtin_cpu_supports("popcnt");
}

#endif

using finder = const char* (*) (const char*, const char*) noexcept;

finder fastest_finder() noexcept {
#if defined(__x86_64__)
  if (has_avx2())
    return find_end_by_avx2;
#endif
  return portable_container_end;
}

const char* choose_finder(const char* pos, const char* end) noexcept;

// Of this processor, known from the first call on.
constinit std::atomic<finder> chosen_finder{choose_finder};

const char* choose_finder(const char* pos, const char* end) noexcept {
  auto fastest = fastest_finder();
  chosen_finder.store(fastest, std::memory_order_relaxed);
  return fastest(pos, end);
}

} // namespace

const char* portable_container_end(const char* pos, const char* end) noexcept {
  return find_end<feed_portably>(pos, end);
}

const char* find_container_end(const char* pos, const char* end) noexcept {
  return chosen_finder.load(std::memory_order_relaxed)(pos, end);
}

} // namespace zenws::internal
