// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <cstdint>

namespace zenws::internal {

/// Bit of the first byte: the message is compressed (RFC 7692, section 6).
constexpr char rsv1 = 0x40;

/// The ways in which a frame is read.
enum class frame_path : uint8_t {
  /// Undecided: too few bytes.
  unknown,
  /// In place: FIN, no RSV, text or binary, unmasked, minimal length encoding.
  fast,
  /// By Beast: all others, malformed ones included.
  slow,
};

/// The first bytes of a frame (RFC 6455, section 5.2).
struct frame_header {
  frame_path path = frame_path::unknown;
  bool text = false;
  uint8_t header_bytes = 0;
  uint64_t payload_bytes = 0;
};

inline uint64_t read_big_endian(const unsigned char* pos, size_t n) noexcept {
  uint64_t result = 0;
  for (size_t i = 0; i < n; ++i)
    result = (result << 8) | pos[i];
  return result;
}

/// Reads a header from `n` bytes at `ptr` as far as the fast path needs it.
[[gnu::always_inline]] inline frame_header scan_header(const char* ptr,
                                                       size_t n) noexcept {
  using enum frame_path;
  auto* pos = reinterpret_cast<const unsigned char*>(ptr);
  if (n < 2)
    return {};
  auto text = pos[0] == 0x81;
  if (!text && pos[0] != 0x82)
    return {slow, false, 0, 0};
  auto len = pos[1];
  if (len < 126)
    return {fast, text, 2, len};
  if (len == 126) {
    if (n < 4)
      return {};
    auto size = static_cast<uint64_t>(pos[2] << 8 | pos[3]);
    return {size < 126 ? slow : fast, text, 4, size};
  }
  // Masked, or larger than any slab.
  return {slow, false, 0, 0};
}

/// Follows one frame of the Beast path, byte by byte, to find its end.
class slow_frame {
public:
  /// Returns the number of the `n` bytes at `ptr` that belong to this frame and
  /// may be passed on.
  size_t take(const char* ptr, size_t n) noexcept {
    size_t taken = 0;
    while (taken < n && header_size_ < header_needed()) {
      header_[header_size_++] = static_cast<unsigned char>(ptr[taken++]);
      if (header_size_ == header_needed())
        remaining_ = payload_size();
    }
    if (header_size_ < header_needed())
      return taken;
    auto rest = remaining_ < n - taken ? static_cast<size_t>(remaining_)
                                       : n - taken;
    remaining_ -= rest;
    return taken + rest;
  }

  bool complete() const noexcept {
    return header_size_ >= 2 && header_size_ == header_needed()
           && remaining_ == 0;
  }

  /// Payload bytes that are still to come, 0 while the header is incomplete.
  uint64_t remaining() const noexcept {
    return remaining_;
  }

  bool control() const noexcept {
    return (header_[0] & 0x08) != 0;
  }

  bool fin() const noexcept {
    return (header_[0] & 0x80) != 0;
  }

private:
  size_t header_needed() const noexcept {
    if (header_size_ < 2)
      return 2;
    auto len = header_[1] & 0x7f;
    size_t extended = len == 126 ? 2 : len == 127 ? 8 : 0;
    return 2 + extended + ((header_[1] & 0x80) != 0 ? 4 : 0);
  }

  uint64_t payload_size() const noexcept {
    auto len = header_[1] & 0x7f;
    if (len == 126)
      return read_big_endian(header_ + 2, 2);
    if (len == 127)
      return read_big_endian(header_ + 2, 8);
    return static_cast<uint64_t>(len);
  }

  unsigned char header_[14] = {};
  size_t header_size_ = 0;
  uint64_t remaining_ = 0;
};

} // namespace zenws::internal
