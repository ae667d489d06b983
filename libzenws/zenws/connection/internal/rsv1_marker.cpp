// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/rsv1_marker.hpp"

#include "zenws/connection/internal/frame_header.hpp"

namespace zenws::internal {

void write_parts::replace_first_byte(const char* other) noexcept {
  auto& first = parts_[0];
  if (first.size() > 1) {
    for (auto i = count_; i > 0; --i)
      parts_[i] = parts_[i - 1];
    ++count_;
    parts_[1] += 1;
  }
  first = value_type{other, 1};
}

void rsv1_marker::begin(write_parts& parts) noexcept {
  if (left_ > 0 || parts.empty())
    return;
  // Beast puts a header into one buffer.
  auto first = *parts.begin();
  auto* bytes = static_cast<const char*>(first.data());
  slow_frame frame;
  auto seen = frame.take(bytes, first.size());
  left_ = seen + frame.remaining();
  if (!marking_ || frame.control())
    return;
  marking_ = false;
  first_byte_ = static_cast<char>(bytes[0] | rsv1);
  parts.replace_first_byte(&first_byte_);
}

} // namespace zenws::internal
