// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/json/internal/json_scan.hpp"

#include <cstring>

namespace zenws::internal {

namespace {

constexpr size_t block_size = 64;

constexpr size_t not_here = block_size;

// Returns a word whose bit n tells whether an odd number of the bits 0 to n
// are set: from quotes, it makes the strings between them.
uint64_t prefix_xor(uint64_t bits) noexcept {
  for (unsigned shift = 1; shift < 64; shift *= 2)
    bits ^= bits << shift;
  return bits;
}

// Follows the nesting of one container from block to block.
class nesting {
public:
  // Returns where in the block the container ends, or `not_here`.
  size_t feed(const char* block) noexcept {
    auto bits = load_json_block(block);
    if (bits.backslashes == 0 && !escape_) [[likely]]
      return feed(bits);
    return feed_bytes(block);
  }

private:
  size_t feed(const json_block& bits) noexcept {
    auto inside = prefix_xor(bits.quotes) ^ (in_string_ ? ~uint64_t{0} : 0);
    in_string_ = (inside >> 63) != 0;
    for (auto left = (bits.opening | bits.closing) & ~inside; left != 0;
         left &= left - 1) {
      auto pos = static_cast<size_t>(std::countr_zero(left));
      if ((bits.opening >> pos) & 1)
        ++depth_;
      else if (--depth_ == 0)
        return pos;
    }
    return not_here;
  }

  // The slow way, for blocks with escapes.
  size_t feed_bytes(const char* block) noexcept {
    for (size_t i = 0; i < block_size; ++i)
      if (feed_byte(block[i]))
        return i;
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

} // namespace

const char* find_container_end(const char* pos, const char* end) noexcept {
  nesting state;
  for (; end - pos >= static_cast<std::ptrdiff_t>(block_size);
       pos += block_size)
    if (auto found = state.feed(pos); found != not_here)
      return pos + found + 1;
  // Bytes behind the text belong to others, or do not exist.
  char block[block_size];
  std::memset(block, ' ', block_size);
  std::memcpy(block, pos, static_cast<size_t>(end - pos));
  auto found = state.feed(block);
  return found != not_here ? pos + found + 1 : nullptr;
}

} // namespace zenws::internal
