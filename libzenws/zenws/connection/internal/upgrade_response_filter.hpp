// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/internal/status_line.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace zenws::internal {

/// Passes the response to an upgrade on to Beast: the whole header or nothing,
/// and no byte behind it.
class upgrade_response_filter {
public:
  enum class verdict : uint8_t { incomplete, too_big, refusal, upgrade };

  explicit upgrade_response_filter(size_t max_header_bytes)
    : max_header_bytes_(max_header_bytes) {
    // nop
  }

  /// @param bytes all that came.
  verdict judge(std::string_view bytes) {
    if (!may_be_response(bytes))
      return verdict::refusal;
    auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos)
      return bytes.size() < max_header_bytes_ ? verdict::incomplete
                                              : verdict::too_big;
    if (end + 4 > max_header_bytes_)
      return verdict::too_big;
    if (read_status(bytes) != switching_protocols)
      return verdict::refusal;
    header_size_ = end + 4;
    header_ = with_complete_status_line(bytes.substr(0, header_size_));
    return verdict::upgrade;
  }

  /// Bytes of the header, 0 if `judge` has not returned `upgrade` yet.
  size_t header_size() const noexcept {
    return header_size_;
  }

  /// Returns whether all has been passed.
  bool done() const noexcept {
    return header_.empty();
  }

  /// Passes up to `n` bytes.
  std::string pass(size_t n) {
    auto result = header_.substr(0, n);
    header_.erase(0, n);
    if (done())
      header_.shrink_to_fit();
    return result;
  }

private:
  static constexpr unsigned switching_protocols = 101;

  size_t max_header_bytes_;
  size_t header_size_ = 0;
  std::string header_; // not passed yet
};

} // namespace zenws::internal
