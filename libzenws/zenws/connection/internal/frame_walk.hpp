// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/delivery/slab.hpp"

#include <cstddef>
#include <cstdint>

namespace zenws::internal {

/// Reason for the end of a walk over frames.
enum class walk_end : uint8_t {
  /// The rest, if any, is the beginning of a frame.
  incomplete,
  /// The next frame is not of the one shape that is taken in place: it is for
  /// Beast to handle or to refuse.
  not_ours,
  /// The slab has no room for another message.
  index_full,
};

struct walk_result {
  walk_end end;
  size_t used; // bytes of the frames that became messages
};

/// Walks over whole, unfragmented, unmasked data frames of at most
/// `max_payload` bytes each and adds them to the index of `into`, in which they
/// lie. Text must be UTF-8.
walk_result walk_frames(const char* data, size_t size, size_t max_payload,
                        slab& into) noexcept;

} // namespace zenws::internal
