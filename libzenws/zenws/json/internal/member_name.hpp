// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/json/internal/json_scan.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace zenws::internal {

/// The name of a member with its quotes and the colon, as venues write it. It
/// is compared with a text as a whole, without looking for its end.
class member_name {
public:
  // -- constants --------------------------------------------------------------

  /// Bytes that `begins` looks at.
  static constexpr std::ptrdiff_t max_size = 32;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param name needs no escapes.
  template <size_t Size>
  consteval member_name(const char (&name)[Size]) : view_(name, Size - 1) {
    static_assert(Size + 2 <= max_size, "the name is too long");
    text_[0] = '"';
    std::copy_n(name, Size - 1, text_.begin() + 1);
    text_[Size] = '"';
    text_[Size + 1] = ':';
    mask_ = static_cast<uint32_t>((uint64_t{1} << size()) - 1);
  }

  // -- properties -------------------------------------------------------------

  constexpr std::string_view view() const noexcept {
    return view_;
  }

  /// Size in a text.
  constexpr size_t size() const noexcept {
    return view_.size() + 3;
  }

  /// Returns whether a text begins with the name.
  /// @pre `max_size` bytes can be read
  bool begins(const char* text) const noexcept {
    return (equal_bytes(text, text_.data()) & mask_) == mask_;
  }

private:
  std::array<char, max_size> text_{};
  uint32_t mask_ = 0;
  std::string_view view_;
};

} // namespace zenws::internal
