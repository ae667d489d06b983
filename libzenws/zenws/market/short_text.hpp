// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace zenws::market {

/// A text of bounded size that is held in place: market data can be copied,
/// kept in vectors and decoded anew without any allocation.
template <size_t MaxSize>
class short_text {
public:
  static_assert(MaxSize < 256);

  // -- constants --------------------------------------------------------------

  /// In bytes.
  static constexpr size_t max_size = MaxSize;

  // -- constructors, destructors, and assignment operators --------------------

  constexpr short_text() noexcept = default;

  /// Nothing if the text is too long.
  static constexpr std::optional<short_text>
  make(std::string_view text) noexcept {
    if (text.size() > max_size)
      return std::nullopt;
    short_text result;
    result.size_ = static_cast<uint8_t>(text.size());
    std::copy(text.begin(), text.end(), result.chars_.begin());
    return result;
  }

  // -- properties -------------------------------------------------------------

  constexpr std::string_view view() const noexcept {
    return {chars_.data(), size_};
  }

  constexpr bool empty() const noexcept {
    return size_ == 0;
  }

  constexpr bool operator==(const short_text& other) const noexcept {
    return view() == other.view();
  }

  constexpr bool operator==(std::string_view other) const noexcept {
    return view() == other;
  }

  constexpr auto operator<=>(const short_text& other) const noexcept {
    return view() <=> other.view();
  }

private:
  std::array<char, max_size> chars_{};
  uint8_t size_ = 0;
};

} // namespace zenws::market

template <size_t MaxSize>
struct std::hash<zenws::market::short_text<MaxSize>> {
  size_t
  operator()(const zenws::market::short_text<MaxSize>& x) const noexcept {
    return std::hash<std::string_view>{}(x.view());
  }
};
