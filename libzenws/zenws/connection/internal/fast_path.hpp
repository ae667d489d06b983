// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/internal/beast_path.hpp"
#include "zenws/connection/internal/close_frame.hpp"
#include "zenws/connection/internal/frame_listener.hpp"
#include "zenws/connection/internal/inflate_path.hpp"
#include "zenws/connection/internal/receive_buffer.hpp"
#include "zenws/connection/internal/tcp_transport.hpp"
#include "zenws/connection/internal/upgrade_response_filter.hpp"
#include "zenws/internal/utf8.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/role.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace zenws::internal {

struct path_limits {
  size_t max_message_bytes;
  size_t max_header_bytes;
};

/// The layer between Beast's WebSocket stream and the socket.
///
/// Reads into slabs and walks the frame headers. Whole, unfragmented data
/// frames stay where they are and become messages; every other byte is passed
/// to Beast, which keeps the protocol's hard parts and all writing. The rule
/// that holds both together: a frame takes one path only, and no frame is
/// begun before Beast, asking for the next header, has finished the last.
///
/// Beast sees a model of AsyncStream.
template <class Transport>
class fast_path {
public:
  // -- member types -----------------------------------------------------------

  using executor_type = internal::executor_type;

  // -- constructors, destructors, and assignment operators ------------------

  template <class... Ts>
  fast_path(frame_listener& owner, std::shared_ptr<slab_pool> pool,
            path_limits limits, Ts&&... transport_args)
    : owner_(owner),
      max_payload_(std::min(limits.max_message_bytes, max_payload_in_slab)),
      transport_(std::forward<Ts>(transport_args)...),
      buffer_(std::move(pool)),
      filter_(limits.max_header_bytes) {
    // nop
  }

  fast_path(const fast_path&) = delete;

  fast_path& operator=(const fast_path&) = delete;

  // -- properties -------------------------------------------------------------

  executor_type get_executor() {
    return transport_.get_executor();
  }

  Transport& transport() noexcept {
    return transport_;
  }

  /// Bytes that came since `open`.
  uint64_t bytes_received() const noexcept {
    return bytes_received_;
  }

  // -- life cycle -------------------------------------------------------------

  /// Starts reading frames, after the upgrade.
  /// @param compressed set if client and server agreed on compression.
  void open(std::unique_ptr<inflate_path> compressed = nullptr) {
    compressed_ = std::move(compressed);
    bytes_received_ = buffer_.unused().size();
    mode_ = mode::frames;
  }

  /// From now on Beast gets every frame, for the closing handshake.
  void retire() {
    retired_ = true;
  }

  void pause() {
    paused_ = true;
  }

  void resume() {
    paused_ = false;
    request_pump();
  }

  /// Closes the socket. A pending read of Beast's ends soon after.
  void close() {
    mode_ = mode::closed;
    buffer_.clear();
    transport_.close();
    request_pump();
  }

  /// Adds a message that Beast has read.
  /// @returns the error of decompressing it, if any, or `invalid_utf8`: Beast
  ///          1.81 overlooks a code point that an empty last fragment cuts.
  [[nodiscard]] ec add(std::string_view payload, message_kind kind) {
    auto result = compressed_ ? compressed_->inflate_joined(payload, kind)
                              : ec::none;
    if (result == ec::none && kind == message_kind::text
        && !valid_utf8(payload.data(), payload.size()))
      result = ec::invalid_utf8;
    if (result != ec::none) {
      emit();
      return result;
    }
    if (!buffer_.add(payload, kind)) {
      emit();
      buffer_.add(payload, kind);
    }
    return ec::none;
  }

  /// Hands over the messages found so far.
  void emit() {
    if (mode_ != mode::frames)
      return;
    if (auto messages = buffer_.take_messages())
      owner_.on_burst(std::move(messages));
  }

  /// Compresses a payload that Beast writes next, if that was agreed on and is
  /// worthwhile.
  void compress(std::string& payload) {
    if (compressed_)
      compressed_->compress(payload);
  }

  void on_written(size_t n) noexcept {
    compressed_->written().written(n);
  }

  // -- AsyncStream ------------------------------------------------------------

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    auto init = [this](auto handler, boost::asio::mutable_buffer buffer) {
      this->park(std::move(handler), buffer);
    };
    return boost::asio::async_initiate<Token, void(error_code, size_t)>(
      init, token, first_non_empty(buffers));
  }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (!compressed_) {
      transport_.async_write_some(buffers, std::forward<Handler>(handler));
      return;
    }
    write_parts parts{buffers};
    compressed_->written().begin(parts);
    transport_.async_write_some(
      parts, observed_write<fast_path, std::decay_t<Handler>>{
               this, std::forward<Handler>(handler)});
  }

  template <class Handler>
  friend void
  async_teardown(boost::beast::role_type, fast_path& path, Handler&& handler) {
    path.teardown(std::forward<Handler>(handler));
  }

  friend void beast_close_socket(fast_path& path) {
    path.close();
  }

private:
  enum class mode : uint8_t { handshake, refused, frames, teardown, closed };

  enum class outcome : uint8_t {
    starved,    // all bytes are used: read on
    beast_busy, // Beast must ask for bytes first
    index_full, // the batch is full
  };

  // Larger ones have a longer header.
  static constexpr size_t max_payload_in_slab = 65'535;

  static_assert(max_payload_in_slab + 4 <= slab_pool::read_size);

  template <class Buffers>
  static boost::asio::mutable_buffer first_non_empty(const Buffers& buffers) {
    for (auto buf : boost::beast::buffers_range_ref(buffers))
      if (buf.size() > 0)
        return buf;
    return {};
  }

  // -- Beast's side -----------------------------------------------------------

  template <class Handler>
  void park(Handler handler, boost::asio::mutable_buffer buffer) {
    beast_.park(std::move(handler), buffer, get_executor());
    request_pump();
  }

  // Beast's part ends here, so that the end can be reported. The fast path
  // waits for the peer to close TCP first, as RFC 6455, section 7.1.1 wants.
  template <class Handler>
  void teardown(Handler handler) {
    emit();
    buffer_.clear();
    if (mode_ != mode::closed) {
      mode_ = mode::teardown;
      transport_.shutdown_write();
      owner_.on_teardown();
      request_pump();
    }
    boost::asio::post(get_executor(),
                      [h = std::move(handler)]() mutable { h(error_code{}); });
  }

  // -- the pump ---------------------------------------------------------------

  void request_pump() {
    if (pumping_ || pump_posted_)
      return;
    if (waiting_ && buffer_.empty() && !read_error_)
      return;
    pump_posted_ = true;
    boost::asio::post(get_executor(), [this, alive = owner_.keep_alive()] {
      pump_posted_ = false;
      pump();
    });
  }

  void pump() {
    if (pumping_)
      return;
    pumping_ = true;
    run();
    pumping_ = false;
    if (mode_ == mode::closed)
      beast_.fail(boost::asio::error::operation_aborted);
  }

  void run() {
    size_t bytes_read = 0;
    for (;;) {
      if (mode_ == mode::closed)
        return;
      if (paused_ && mode_ == mode::frames) {
        emit(); // may end the pause
        if (paused_)
          return;
      }
      switch (advance()) {
        case outcome::beast_busy:
          return emit();
        case outcome::index_full:
          emit();
          return yield();
        case outcome::starved:
          break;
      }
      if (mode_ == mode::closed)
        continue;
      if (read_error_) {
        if (mode_ == mode::teardown)
          return owner_.on_drained();
        emit();
        return beast_.fail(read_error_);
      }
      if (waiting_)
        return emit();
      if (transport_drained_) {
        emit();
        return wait_readable();
      }
      if (bytes_read >= slab_pool::read_size) {
        emit();
        return yield();
      }
      bytes_read += read_more();
    }
  }

  // Lets other clients of the loop run.
  void yield() {
    pumping_ = false;
    request_pump();
  }

  void wait_readable() {
    if (mode_ == mode::closed || waiting_)
      return;
    waiting_ = true;
    transport_.async_wait_readable(
      [this, alive = owner_.keep_alive()](error_code ec) {
        waiting_ = false;
        if (ec)
          read_error_ = ec;
        transport_drained_ = false;
        pump();
      });
  }

  size_t read_more() {
    if (mode_ == mode::frames && buffer_.empty())
      if (auto payload = beast_.direct(); payload.size() > 0) {
        auto n = read(payload);
        if (n > 0)
          beast_.given_directly(n);
        return n;
      }
    if (!buffer_.has_room()) {
      emit();
      if (!buffer_.has_room())
        buffer_.renew();
    }
    auto n = read(buffer_.room());
    buffer_.commit(n);
    return n;
  }

  size_t read(boost::asio::mutable_buffer into) {
    error_code ec;
    auto n = transport_.read_some(static_cast<char*>(into.data()), into.size(),
                                  ec);
    bytes_received_ += n;
    transport_drained_ = transport_.drained();
    if (ec == boost::asio::error::would_block)
      transport_drained_ = true;
    else if (ec)
      read_error_ = ec;
    return n;
  }

  // -- walking ----------------------------------------------------------------

  outcome advance() {
    switch (mode_) {
      case mode::handshake:
        return advance_handshake();
      case mode::refused:
        return advance_refused();
      case mode::frames:
        return advance_frames();
      default:
        buffer_.consume(buffer_.unused().size());
        return outcome::starved;
    }
  }

  outcome advance_handshake() {
    if (filter_.header_size() == 0) {
      switch (filter_.judge(buffer_.unused())) {
        case upgrade_response_filter::verdict::incomplete:
          return outcome::starved;
        case upgrade_response_filter::verdict::too_big:
          read_error_ = boost::asio::error::message_size;
          return outcome::starved;
        case upgrade_response_filter::verdict::refusal:
          mode_ = mode::refused;
          return advance_refused();
        case upgrade_response_filter::verdict::upgrade:
          buffer_.consume(filter_.header_size());
          break;
      }
    }
    while (mode_ == mode::handshake && !filter_.done() && beast_.asks())
      beast_.give(filter_.pass(beast_.wanted()));
    // The last bytes may have made Beast open the fast path.
    return mode_ == mode::handshake ? outcome::beast_busy : advance();
  }

  outcome advance_refused() {
    auto bytes = buffer_.unused();
    auto end = bytes.size() < slab_pool::read_size
                 ? read_error_
                 : error_code{boost::asio::error::message_size};
    if (owner_.on_refusal(bytes, end))
      read_error_ = boost::asio::error::connection_refused;
    return outcome::starved;
  }

  outcome advance_frames() {
    while (mode_ == mode::frames && !buffer_.empty()) {
      if (!beast_.asks())
        return outcome::beast_busy;
      if (fast_path_is_open()) {
        switch (walk()) {
          case walk_end::incomplete:
            return outcome::starved;
          case walk_end::index_full:
            return outcome::index_full;
          case walk_end::not_ours:
            break;
        }
      }
      if (beast_.between_frames()) {
        auto close = scan_close(buffer_.unused());
        if (close == close_scan::incomplete && !read_error_)
          return outcome::starved;
        if (close == close_scan::whole && !tell_close())
          break;
      }
      if (compressed_ && beast_.between_messages())
        compressed_->hide_rsv1(buffer_);
      beast_.give_frame(buffer_);
    }
    return outcome::starved;
  }

  // The end is reported before Beast answers the Close frame in front.
  // @returns whether frames are still read
  bool tell_close() {
    emit();
    if (mode_ != mode::frames)
      return false;
    auto reason = read_close(buffer_.unused());
    // Beast 1.81 echoes all codes from 3000 on, and refuses those below 1000.
    if (has_forbidden_code(buffer_.unused()))
      buffer_.replace(2, '\0');
    owner_.on_peer_close(std::move(reason));
    return mode_ == mode::frames;
  }

  walk_end walk() {
    return compressed_ ? compressed_->walk(buffer_, max_payload_)
                       : buffer_.walk(max_payload_);
  }

  // After an error the rest goes to Beast, which judges incomplete frames.
  bool fast_path_is_open() const noexcept {
    return beast_.between_messages() && !retired_ && !read_error_;
  }

  // -- member variables -------------------------------------------------------

  frame_listener& owner_;
  size_t max_payload_; // of a frame taken in place
  Transport transport_;
  receive_buffer buffer_;
  upgrade_response_filter filter_;
  beast_path beast_;
  std::unique_ptr<inflate_path> compressed_; // null without compression
  error_code read_error_;
  uint64_t bytes_received_ = 0;

  mode mode_ = mode::handshake;
  bool retired_ = false;
  bool paused_ = false;
  bool pumping_ = false;
  bool pump_posted_ = false;
  bool waiting_ = false;
  bool transport_drained_ = false;
};

} // namespace zenws::internal
