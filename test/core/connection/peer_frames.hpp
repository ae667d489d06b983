// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace zenws::peer {

/// Larger messages must be refused.
constexpr size_t max_message = 3000;

inline std::string frame(int first_byte, std::string payload,
                         int length_bytes = -1, bool masked = false) {
  std::string result;
  result += static_cast<char>(first_byte);
  auto n = payload.size();
  auto mask_bit = masked ? 0x80 : 0;
  if (length_bytes < 0)
    length_bytes = n < 126 ? 0 : n < 65536 ? 2 : 8;
  if (length_bytes == 0)
    result += static_cast<char>(mask_bit | static_cast<int>(n));
  else
    result += static_cast<char>(mask_bit | (length_bytes == 2 ? 126 : 127));
  for (int i = length_bytes - 1; i >= 0; --i)
    result += static_cast<char>(n >> (8 * i));
  if (masked)
    result += std::string(4, '\0');
  return result + payload;
}

inline std::string text(std::string payload) {
  return frame(0x81, std::move(payload));
}

inline std::string close_frame(int code, std::string reason = {}) {
  std::string payload;
  payload += static_cast<char>(code >> 8);
  payload += static_cast<char>(code);
  return frame(0x88, payload + reason);
}

/// Makes streams of frames, most of them valid, and ways to cut them.
class frame_generator {
public:
  explicit frame_generator(uint64_t seed) : random_(seed) {
    // nop
  }

  std::string stream() {
    std::string result;
    auto n = below(12) + 1;
    for (size_t i = 0; i < n; ++i)
      result += one();
    if (chance(4))
      result.resize(below(result.size() + 1));
    return result;
  }

  std::vector<size_t> cuts() {
    std::vector<size_t> result;
    auto n = below(6);
    for (size_t i = 0; i < n; ++i)
      result.push_back(chance(2) ? below(8) + 1 : below(400) + 1);
    result.push_back(chance(3) ? 1 + below(16) : size_t{1} << 20);
    return result;
  }

private:
  size_t below(size_t n) {
    return std::uniform_int_distribution<size_t>{0, n - 1}(random_);
  }

  bool chance(size_t n) {
    return below(n) == 0;
  }

  std::string payload(size_t max) {
    static const std::vector<std::string> pieces{
      "a", "{\"x\":1}", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "z z"};
    std::string result;
    auto n = chance(8) ? max : below(40);
    while (result.size() < n)
      result += pieces[below(pieces.size())];
    if (chance(12))
      result += static_cast<char>(0x80 + below(128)); // not UTF-8
    return result;
  }

  std::string control() {
    return frame(chance(2) ? 0x89 : 0x8a, payload(125).substr(0, 125));
  }

  std::string fragmented() {
    auto whole = payload(400);
    std::string result;
    auto parts = below(4) + 2;
    for (size_t i = 0; i < parts; ++i) {
      auto n = i + 1 < parts ? below(whole.size() + 1) : whole.size();
      auto opcode = i == 0 ? (chance(2) ? 1 : 2) : 0;
      auto fin = i + 1 == parts ? 0x80 : 0;
      result += frame(fin | opcode, whole.substr(0, n));
      whole.erase(0, n);
      if (chance(3))
        result += control();
    }
    return result;
  }

  std::string one() {
    switch (below(24)) {
      default:
        return text(payload(200));
      case 0:
      case 1:
      case 2:
        return frame(0x82, payload(200));
      case 3:
      case 4:
      case 5:
        return control();
      case 6:
      case 7:
        return fragmented();
      case 8:
        return text(std::string(max_message - 5 + below(10), 'x'));
      case 9:
        return chance(3)
                 ? close_frame(900 + static_cast<int>(below(4200)), payload(20))
                 : text("");
      case 10:
        return chance(3) ? frame(static_cast<int>(below(256)), payload(50))
                         : text("b");
      case 11:
        return chance(3) ? frame(0x81, payload(60), chance(2) ? 2 : 8)
                         : text("c");
      case 12:
        return chance(4) ? frame(0x81, "masked", -1, true) : text("d");
      case 13:
        return chance(4) ? frame(0x01, "never ends") : text("e");
      case 14:
        return chance(4) ? frame(0x88, "") : frame(0x89, "");
    }
  }

  std::mt19937_64 random_;
};

} // namespace zenws::peer
