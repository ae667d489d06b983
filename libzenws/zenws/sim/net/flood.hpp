// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/net/route.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace zenws::sim {

/// Many equal frames in one buffer, encoded once, so that a flood costs the
/// simulator nothing but the write.
class flood_buffer {
public:
  flood_buffer(opcode kind, size_t payload_size);

  /// The frames, at least one and about 256 KiB of them.
  const std::shared_ptr<const std::string>& bytes() const noexcept {
    return bytes_;
  }

  size_t frame_size() const noexcept {
    return frame_size_;
  }

  uint64_t frames() const noexcept {
    return bytes_->size() / frame_size_;
  }

private:
  size_t frame_size_;
  std::shared_ptr<const std::string> bytes_;
};

/// Returns a payload of exactly `size` bytes that looks like market data.
/// It is a JSON text where `size` leaves room for one.
std::string flood_payload(size_t size);

} // namespace zenws::sim
