// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace zenws::sim {

namespace {

bool is_tail(char c) noexcept {
  return (static_cast<uint8_t>(c) & 0xc0) == 0x80;
}

// Returns the length of the code point at the front of `in`, 0 if malformed.
size_t code_point_size(std::string_view in) noexcept {
  auto lead = static_cast<uint8_t>(in[0]);
  if (lead < 0x80)
    return 1;
  if (lead < 0xc2 || lead > 0xf4)
    return 0;
  auto size = lead < 0xe0 ? size_t{2} : lead < 0xf0 ? size_t{3} : size_t{4};
  if (in.size() < size)
    return 0;
  for (size_t i = 1; i < size; ++i)
    if (!is_tail(in[i]))
      return 0;
  auto second = static_cast<uint8_t>(in[1]);
  auto overlong = (lead == 0xe0 && second < 0xa0)
                  || (lead == 0xf0 && second < 0x90);
  auto surrogate = lead == 0xed && second > 0x9f;
  auto too_large = lead == 0xf4 && second > 0x8f;
  return overlong || surrogate || too_large ? 0 : size;
}

} // namespace

bool is_utf8(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    uint64_t word = 0;
    while (bytes.size() >= 8) {
      std::memcpy(&word, bytes.data(), 8);
      if ((word & 0x8080808080808080u) != 0)
        break;
      bytes.remove_prefix(8);
    }
    if (bytes.empty())
      break;
    auto size = code_point_size(bytes);
    if (size == 0)
      return false;
    bytes.remove_prefix(size);
  }
  return true;
}

std::string_view utf8_prefix(std::string_view text, size_t max_bytes) noexcept {
  if (text.size() <= max_bytes)
    return text;
  while (max_bytes > 0 && is_tail(text[max_bytes]))
    --max_bytes;
  return text.substr(0, max_bytes);
}

} // namespace zenws::sim
