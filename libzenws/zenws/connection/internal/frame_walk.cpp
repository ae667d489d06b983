// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/frame_walk.hpp"

#include "zenws/connection/internal/frame_header.hpp"
#include "zenws/internal/utf8.hpp"

namespace zenws::internal {

walk_result walk_frames(const char* data, size_t size, size_t max_payload,
                        slab& into) noexcept {
  size_t used = 0;
  while (used < size) {
    auto* frame = data + used;
    auto head = scan_header(frame, size - used);
    if (head.path == frame_path::unknown)
      return {walk_end::incomplete, used};
    if (head.path == frame_path::slow || head.payload_bytes > max_payload)
      return {walk_end::not_ours, used};
    auto payload_bytes = static_cast<size_t>(head.payload_bytes);
    auto* payload = frame + head.header_bytes;
    if (payload_bytes > size - used - head.header_bytes)
      return {walk_end::incomplete, used};
    if (head.text && !valid_utf8(payload, payload_bytes))
      return {walk_end::not_ours, used};
    if (into.index_full())
      return {walk_end::index_full, used};
    into.add(payload, payload_bytes,
             head.text ? message_kind::text : message_kind::binary);
    used += head.header_bytes + payload_bytes;
  }
  return {walk_end::incomplete, used};
}

} // namespace zenws::internal
