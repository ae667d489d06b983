#pragma once

#include "zenws/error.hpp"
#include "zenws/internal/deflate_codec.hpp"
#include "zenws/internal/frame_walk.hpp"
#include "zenws/internal/receive_buffer.hpp"
#include "zenws/internal/written_frames.hpp"
#include "zenws/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::internal {

/// What a lane needs in addition where client and server agreed on compression.
///
/// Whole compressed frames are decompressed at once. All others go to Beast in
/// disguise, as binary messages without a reserved bit, and are decompressed
/// when Beast has put the fragments together. So Beast remains the judge of
/// frames without knowing of compression.
class compressed_lane {
public:
  // -- constructors, destructors, and assignment operators --------------------

  compressed_lane(const deflate_terms& terms, const compression_config& cfg,
                  size_t max_message_bytes);

  // -- reading ----------------------------------------------------------------

  /// Makes messages of the frames in front, compressed or not.
  /// @pre `!from.empty()`
  walk_end walk(receive_buffer& from, size_t max_payload);

  /// Prepares the frame in front, the first of a message, for Beast.
  /// @pre `!from.empty()`
  void disguise(receive_buffer& from);

  /// Undoes that with the message that Beast made of it.
  /// @returns what is wrong with it, if anything: `protocol_error`,
  ///          `message_too_big` or `invalid_utf8`.
  ec restore(std::string_view& payload, message_kind& kind);

  // -- writing ----------------------------------------------------------------

  /// Compresses a message that is to be written next, if that is worthwhile.
  void compress(std::string& payload);

  written_frames& written() noexcept {
    return written_;
  }

private:
  std::optional<walk_end> take(receive_buffer& from, size_t max_payload);

  ec decompress(std::string_view payload, message_kind kind);

  inflater inflater_;
  deflater deflater_;
  size_t min_outbound_;
  written_frames written_;
  std::optional<message_kind> disguised_; // of the message that Beast has
  ec failure_ = ec::none;                 // ends all reading
};

} // namespace zenws::internal
