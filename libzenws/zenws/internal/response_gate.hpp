#pragma once

#include "zenws/internal/refusal.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace zenws::internal {

/// Lets the response to an upgrade pass if Beast is to read it: the whole
/// header or nothing, and no byte behind it.
class response_gate {
public:
  enum class verdict : uint8_t { incomplete, too_big, refusal, upgrade };

  explicit response_gate(size_t max_header_bytes)
    : max_header_bytes_(max_header_bytes) {
    // nop
  }

  /// @param bytes all that came and did not pass yet.
  verdict judge(std::string_view bytes) noexcept {
    if (left_ > 0)
      return verdict::upgrade;
    auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos)
      return bytes.size() < max_header_bytes_ ? verdict::incomplete
                                              : verdict::too_big;
    if (end + 4 > max_header_bytes_)
      return verdict::too_big;
    if (!accepts_upgrade(bytes))
      return verdict::refusal;
    left_ = end + 4;
    return verdict::upgrade;
  }

  /// Bytes that may pass.
  size_t left() const noexcept {
    return left_;
  }

  /// Lets up to `n` bytes pass.
  /// @returns how many.
  size_t pass(size_t n) noexcept {
    auto result = std::min(n, left_);
    left_ -= result;
    return result;
  }

private:
  size_t max_header_bytes_;
  size_t left_ = 0;
};

} // namespace zenws::internal
