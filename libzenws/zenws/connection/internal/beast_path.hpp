// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/internal/frame_header.hpp"
#include "zenws/connection/internal/pending_read.hpp"
#include "zenws/connection/internal/receive_buffer.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace zenws::internal {

/// The path of all bytes that are not read in place: passes them to Beast as it
/// asks for them, and finds the ends of frames and messages.
class beast_path {
public:
  // -- properties -------------------------------------------------------------

  /// Returns whether Beast asks for bytes.
  bool asks() const noexcept {
    return read_.waiting();
  }

  /// Returns the number of bytes that it asks for.
  size_t wanted() const noexcept {
    return read_.buffer().size();
  }

  /// Returns whether the next byte begins a frame.
  bool between_frames() const noexcept {
    return !frame_;
  }

  /// Returns whether the next frame may take the fast path: neither a frame nor
  /// a message in fragments is under way here.
  bool between_messages() const noexcept {
    return !frame_ && !in_fragments_;
  }

  // -- Beast's reads ----------------------------------------------------------

  /// @pre `!asks()`
  template <class Handler>
  void park(Handler handler, boost::asio::mutable_buffer buffer,
            executor_type fallback) {
    read_.park(std::move(handler), buffer, std::move(fallback));
  }

  /// Ends Beast's pending read, if any, without a byte.
  void fail(error_code reason) {
    if (asks())
      read_.complete(reason, 0);
  }

  /// Passes bytes on and runs Beast.
  /// @pre `asks()` and `bytes.size() <= wanted()`
  void give(std::string_view bytes) {
    read_.give(bytes.data(), bytes.size());
  }

  /// Passes on the buffered bytes of a frame, which may begin here.
  /// @pre `asks()`
  void give_frame(receive_buffer& from) {
    if (!frame_)
      frame_.emplace();
    auto bytes = from.unused();
    auto n = frame_->take(bytes.data(), std::min(bytes.size(), wanted()));
    leave_frame_if_complete();
    from.consume(n);
    give(bytes.substr(0, n));
  }

  /// Returns the buffer of Beast into which the rest of a large payload may be
  /// read directly, or an empty one.
  boost::asio::mutable_buffer direct() const noexcept {
    if (!frame_ || !asks())
      return {};
    auto n = std::min<uint64_t>(wanted(), frame_->remaining());
    return boost::asio::buffer(read_.buffer(), static_cast<size_t>(n));
  }

  /// Reports that `n` bytes were read into `direct()`.
  void given_directly(size_t n) {
    frame_->take(static_cast<char*>(read_.buffer().data()), n);
    leave_frame_if_complete();
    read_.complete({}, n);
  }

private:
  void leave_frame_if_complete() {
    if (!frame_->complete())
      return;
    if (!frame_->control())
      in_fragments_ = !frame_->fin();
    frame_.reset();
  }

  pending_read read_;
  std::optional<slow_frame> frame_;
  bool in_fragments_ = false;
};

} // namespace zenws::internal
