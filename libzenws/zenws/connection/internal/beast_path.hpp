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

/// Beast's lane: takes every byte that is not taken in place, as far as Beast
/// asks for it, and knows where its frames and messages end.
class beast_path {
public:
  // -- properties -------------------------------------------------------------

  /// Whether Beast asks for bytes.
  bool asks() const noexcept {
    return read_.waiting();
  }

  /// How many it asks for.
  size_t wanted() const noexcept {
    return read_.buffer().size();
  }

  /// Whether the next byte begins a frame.
  bool between_frames() const noexcept {
    return !frame_;
  }

  /// Whether the next frame may go another way: none of this lane's is under
  /// way, nor a message in fragments.
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

  /// Ends what Beast asks for without a byte, if it asks.
  void fail(error_code why) {
    if (asks())
      read_.complete(why, 0);
  }

  /// Passes bytes on and runs Beast.
  /// @pre `asks()` and `bytes.size() <= wanted()`
  void give(std::string_view bytes) {
    read_.give(bytes.data(), bytes.size());
  }

  /// Passes on what is buffered of a frame, which may begin here.
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

  /// Where the rest of a large payload goes without a detour; empty if it
  /// cannot.
  boost::asio::mutable_buffer direct() const noexcept {
    if (!frame_ || !asks())
      return {};
    auto n = std::min<uint64_t>(wanted(), frame_->remaining());
    return boost::asio::buffer(read_.buffer(), static_cast<size_t>(n));
  }

  /// `n` bytes lie where `direct` has said.
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
