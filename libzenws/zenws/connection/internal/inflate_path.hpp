// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/internal/deflate_codec.hpp"
#include "zenws/connection/internal/frame_walk.hpp"
#include "zenws/connection/internal/receive_buffer.hpp"
#include "zenws/connection/internal/rsv1_marker.hpp"
#include "zenws/error.hpp"
#include "zenws/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::internal {

/// Addition to the fast path where client and server agreed on compression.
///
/// Whole compressed frames are decompressed at once. All others go to Beast as
/// binary messages without a reserved bit (`hide_rsv1`), and are decompressed
/// once Beast has put the fragments together (`inflate_joined`). So Beast
/// checks all frames without knowing of compression.
class inflate_path {
public:
  // -- constructors, destructors, and assignment operators --------------------

  inflate_path(const deflate_terms& terms, const compression_config& cfg,
               size_t max_message_bytes);

  // -- reading ----------------------------------------------------------------

  /// Makes messages of the frames in front, compressed or not.
  /// @pre `!from.empty()`
  walk_end walk(receive_buffer& from, size_t max_payload);

  /// Prepares the frame in front, the first of a message, for Beast.
  /// @pre `!from.empty()`
  void hide_rsv1(receive_buffer& from);

  /// Decompresses the message that Beast made of such frames.
  /// @returns the error of the message, if any: `protocol_error`,
  ///          `message_too_big` or `invalid_utf8`.
  ec inflate_joined(std::string_view& payload, message_kind& kind);

  // -- writing ----------------------------------------------------------------

  /// Compresses a message that is written next, if that is worthwhile.
  void compress(std::string& payload);

  rsv1_marker& written() noexcept {
    return written_;
  }

private:
  std::optional<walk_end> take(receive_buffer& from, size_t max_payload);

  ec decompress(std::string_view payload, message_kind kind);

  inflater inflater_;
  deflater deflater_;
  size_t min_outbound_;
  rsv1_marker written_;
  std::optional<message_kind> hidden_kind_; // of the message that Beast has
  ec failure_ = ec::none;                   // ends all reading
};

} // namespace zenws::internal
