#pragma once

#include "zenws/internal/frame_header.hpp"
#include "zenws/internal/tcp_transport.hpp"
#include "zenws/internal/utf8.hpp"
#include "zenws/slab.hpp"

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/saved_handler.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

namespace zenws::internal {

struct lane_limits {
  size_t max_message_bytes;
  size_t max_header_bytes;
};

/// Receives what a fast lane finds. All calls are made on the loop's thread.
class lane_owner {
public:
  virtual ~lane_owner() = default;

  /// Keeps the owner (and thereby the lane) alive across an operation.
  virtual std::shared_ptr<void> keep_alive() = 0;

  /// Messages in order. Never empty.
  virtual void on_burst(slab_ptr messages) = 0;

  /// The peer answered the upgrade with something else than 101; `response`
  /// grows from call to call.
  /// @returns `true` if that is enough of it.
  virtual bool on_refusal(std::string_view response, error_code ec) = 0;

  /// The closing handshake is over; all that is left is the peer's FIN.
  virtual void on_teardown() = 0;
};

/// The layer between Beast's WebSocket stream and the socket.
///
/// Reads into slabs and walks the frame headers. Whole, unfragmented data
/// frames stay where they are and become messages; every other byte is passed
/// to Beast, which keeps the protocol's hard parts and all writing. The rule
/// that holds both together: a frame goes to one lane only, and no frame is
/// begun before Beast, asking for the next header, has finished the last.
///
/// Beast sees a model of AsyncStream.
template <class Transport>
class fast_lane {
public:
  // -- member types -----------------------------------------------------------

  using executor_type = internal::executor_type;

  // -- constructors, destructors, and assignment operators ------------------

  template <class... Ts>
  fast_lane(lane_owner& owner, std::shared_ptr<slab_pool> pool,
            lane_limits limits, Ts&&... transport_args)
    : owner_(owner),
      pool_(std::move(pool)),
      limits_(limits),
      transport_(std::forward<Ts>(transport_args)...) {
    // nop
  }

  fast_lane(const fast_lane&) = delete;

  fast_lane& operator=(const fast_lane&) = delete;

  // -- properties -------------------------------------------------------------

  executor_type get_executor() {
    return transport_.get_executor();
  }

  Transport& transport() noexcept {
    return transport_;
  }

  // -- life cycle ---------------------------------------------------------------

  /// The upgrade is done: what follows are frames.
  void open() {
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
    hold(slab_ptr{});
    transport_.close();
    request_pump();
  }

  /// Adds a message that came by Beast's lane.
  /// @returns `false` if it is text but not UTF-8: Beast 1.81 does not notice
  ///          a code point that is cut by an empty last fragment.
  [[nodiscard]] bool add(std::string_view payload, message_kind kind) {
    if (kind == message_kind::text
        && !valid_utf8(payload.data(), payload.size())) {
      emit();
      return false;
    }
    if (slab_ && slab_->index_full())
      emit();
    if (!slab_)
      hold(pool_->acquire(0));
    slab_->add_detached(payload, kind);
    return true;
  }

  // -- AsyncStream --------------------------------------------------------------

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    auto init = [this](auto handler, boost::asio::mutable_buffer buffer) {
      park(std::move(handler), buffer);
    };
    return boost::asio::async_initiate<Token, void(error_code, size_t)>(
      init, token, first_non_empty(buffers));
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return transport_.async_write_some(buffers, std::forward<Token>(token));
  }

  template <class Handler>
  friend void async_teardown(boost::beast::role_type, fast_lane& lane,
                             Handler&& handler) {
    lane.teardown(std::forward<Handler>(handler));
  }

  friend void beast_close_socket(fast_lane& lane) {
    lane.close();
  }

private:
  enum class mode : uint8_t { handshake, refused, frames, teardown, closed };

  enum class outcome : uint8_t {
    starved,    // all bytes are used: read on
    beast_busy, // Beast must ask before we can go on
    index_full, // the batch is full
  };

  // A read of Beast's that waits for bytes.
  template <class Handler>
  struct parked_read {
    using allocator_type = boost::asio::associated_allocator_t<Handler>;
    using executor_type
      = boost::asio::associated_executor_t<Handler, internal::executor_type>;

    allocator_type get_allocator() const noexcept {
      return boost::asio::get_associated_allocator(handler);
    }

    executor_type get_executor() const noexcept {
      return boost::asio::get_associated_executor(handler, fallback);
    }

    void operator()() {
      handler(lane->parked_result_, lane->parked_bytes_);
    }

    // Cancelled while parked.
    void operator()(error_code reason) {
      handler(reason, 0);
    }

    Handler handler;
    fast_lane* lane;
    internal::executor_type fallback;
  };

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
    parked_buffer_ = buffer;
    parked_.emplace(
      parked_read<Handler>{std::move(handler), this, get_executor()});
    request_pump();
  }

  // Beast expects `void(error_code)` here; the byte count goes nowhere.
  template <class Handler>
  void teardown(Handler handler) {
    emit();
    hold(slab_ptr{});
    if (mode_ != mode::closed) {
      mode_ = mode::teardown;
      transport_.shutdown_write();
      owner_.on_teardown();
    }
    auto op = [h = std::move(handler)](error_code, size_t) mutable {
      h(error_code{});
    };
    park(std::move(op), {});
  }

  void complete_parked(error_code ec, size_t n) {
    parked_result_ = ec;
    parked_bytes_ = n;
    parked_.invoke();
  }

  // Copies up to `n` buffered bytes into Beast's buffer and runs Beast.
  void give(size_t n) {
    std::memcpy(parked_buffer_.data(), slab_->data() + pos_, n);
    pos_ += n;
    complete_parked({}, n);
  }

  // -- the pump ---------------------------------------------------------------

  void request_pump() {
    if (pumping_ || pump_posted_)
      return;
    if (waiting_ && pos_ == end_ && !read_error_)
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
    if (mode_ == mode::closed && parked_.has_value())
      complete_parked(boost::asio::error::operation_aborted, 0);
  }

  void run() {
    size_t bytes_read = 0;
    for (;;) {
      if (mode_ == mode::closed)
        return;
      if (paused_ && mode_ == mode::frames) {
        emit(); // which may end the pause
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
        emit();
        if (parked_.has_value())
          complete_parked(read_error_, 0);
        return;
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

  // Lets other clients of the loop have their turn.
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
    // A large payload goes straight to where Beast wants it.
    if (mode_ == mode::frames && slow_ && pos_ == end_ && parked_.has_value()
        && slow_->remaining() > 0)
      return read_for_beast();
    make_room();
    auto n = read(slab_->data() + end_, slab_->capacity() - end_);
    end_ += n;
    return n;
  }

  size_t read_for_beast() {
    auto* data = static_cast<char*>(parked_buffer_.data());
    auto wanted = std::min<uint64_t>(parked_buffer_.size(),
                                     slow_->remaining());
    auto n = read(data, static_cast<size_t>(wanted));
    if (n > 0) {
      slow_->take(data, n);
      leave_slow_frame_if_complete();
      complete_parked({}, n);
    }
    return n;
  }

  size_t read(char* data, size_t size) {
    error_code ec;
    auto n = transport_.read_some(data, size, ec);
    transport_drained_ = transport_.drained();
    if (ec == boost::asio::error::would_block)
      transport_drained_ = true;
    else if (ec)
      read_error_ = ec;
    return n;
  }

  // -- slabs --------------------------------------------------------------------

  void hold(slab_ptr fresh) {
    slab_ = std::move(fresh);
    pos_ = end_ = 0;
  }

  // Makes sure there is a slab that a read of full size can go to.
  void make_room() {
    if (slab_ && slab_->count() == 0 && pos_ == end_)
      pos_ = end_ = 0;
    if (slab_ && slab_->capacity() == slab_pool::read_size
        && end_ < slab_->capacity() && fits_in_place())
      return;
    emit();
    carry_over(slab_pool::read_size);
  }

  // Tells whether the frame at `pos_`, still incomplete, can end in this slab.
  bool fits_in_place() const noexcept {
    if (pos_ == 0 || pos_ == end_)
      return true;
    auto head = scan_header(slab_->data() + pos_, end_ - pos_);
    return head.header_bytes + head.payload_bytes
           <= slab_->capacity() - pos_;
  }

  // Moves the bytes not used yet to the front of a new slab.
  void carry_over(size_t bytes) {
    auto rest = end_ - pos_;
    auto fresh = pool_->acquire(std::max(bytes, rest));
    if (rest > 0)
      std::memcpy(fresh->data(), slab_->data() + pos_, rest);
    hold(std::move(fresh));
    end_ = rest;
  }

  // Hands over the messages found so far and keeps no more memory than the
  // bytes of an incomplete frame need.
  void emit() {
    if (!slab_ || mode_ != mode::frames)
      return;
    auto full = slab_;
    if (pos_ == end_) {
      hold(slab_ptr{});
    } else if (full->count() > 0 || full->capacity() > 4 * (end_ - pos_)) {
      carry_over(0);
    }
    if (full->count() == 0)
      return;
    full->received_at = std::chrono::system_clock::now();
    owner_.on_burst(pool_->compact(std::move(full)));
  }

  // -- walking ------------------------------------------------------------------

  outcome advance() {
    switch (mode_) {
      case mode::handshake:
        return advance_handshake();
      case mode::refused:
        return advance_refused();
      case mode::frames:
        return advance_frames();
      default:
        pos_ = end_ = 0;
        return outcome::starved;
    }
  }

  // Beast gets the whole response header or nothing, and no byte behind it.
  outcome advance_handshake() {
    if (response_end_ == 0) {
      if (!slab_)
        return outcome::starved;
      std::string_view bytes{slab_->data(), end_};
      auto i = bytes.find("\r\n\r\n");
      if (i == std::string_view::npos) {
        if (end_ >= limits_.max_header_bytes)
          read_error_ = boost::asio::error::message_size;
        return outcome::starved;
      }
      response_end_ = i + 4;
      if (response_end_ > limits_.max_header_bytes) {
        read_error_ = boost::asio::error::message_size;
        return outcome::starved;
      }
      if (!accepts_upgrade(bytes)) {
        mode_ = mode::refused;
        return advance_refused();
      }
    }
    while (mode_ == mode::handshake && pos_ < response_end_
           && parked_.has_value())
      give(std::min(response_end_ - pos_, parked_buffer_.size()));
    // The last bytes may have made Beast open the lane.
    return mode_ == mode::handshake ? outcome::beast_busy : advance();
  }

  // Whatever is not even an HTTP response is left to Beast.
  static bool accepts_upgrade(std::string_view response) noexcept {
    constexpr std::string_view version = "HTTP/1.1 ";
    return !response.starts_with(version.substr(0, 5))
           || response.size() < version.size() + 4
           || response.substr(version.size(), 4) == "101 ";
  }

  outcome advance_refused() {
    std::string_view bytes{slab_->data(), end_};
    if (end_ < slab_->capacity() && !owner_.on_refusal(bytes, read_error_))
      return outcome::starved;
    if (mode_ == mode::refused) {
      owner_.on_refusal(bytes, boost::asio::error::message_size);
      read_error_ = boost::asio::error::connection_refused;
    }
    return outcome::starved;
  }

  outcome advance_frames() {
    while (pos_ < end_) {
      if (!slow_ && lane_is_open()) {
        switch (take_fast_frame()) {
          case taken::yes:
            continue;
          case taken::incomplete:
            return outcome::starved;
          case taken::beast_busy:
            return outcome::beast_busy;
          case taken::index_full:
            return outcome::index_full;
          case taken::not_ours:
            break;
        }
      }
      if (!slow_)
        slow_.emplace();
      if (!parked_.has_value())
        return outcome::beast_busy;
      auto n = slow_->take(slab_->data() + pos_,
                           std::min(end_ - pos_, parked_buffer_.size()));
      leave_slow_frame_if_complete();
      give(n);
      if (mode_ != mode::frames)
        return outcome::starved;
    }
    return outcome::starved;
  }

  // After an error the rest goes to Beast: it knows what an incomplete frame
  // is worth.
  bool lane_is_open() const noexcept {
    return !retired_ && !in_fragments_ && !read_error_;
  }

  enum class taken : uint8_t {
    yes,
    incomplete,
    beast_busy,
    index_full,
    not_ours,
  };

  taken take_fast_frame() {
    auto* frame = slab_->data() + pos_;
    auto buffered = end_ - pos_;
    auto head = scan_header(frame, buffered);
    if (head.which == frame_header::lane::unknown)
      return taken::incomplete;
    auto size = head.header_bytes + head.payload_bytes;
    if (head.which == frame_header::lane::slow || size > slab_pool::read_size
        || head.payload_bytes > limits_.max_message_bytes)
      return taken::not_ours;
    if (buffered < size)
      return taken::incomplete;
    if (!parked_.has_value())
      return taken::beast_busy;
    auto* payload = frame + head.header_bytes;
    auto payload_size = static_cast<size_t>(head.payload_bytes);
    if (head.text && !valid_utf8(payload, payload_size))
      return taken::not_ours;
    if (slab_->index_full())
      return taken::index_full;
    slab_->add(payload, payload_size,
               head.text ? message_kind::text : message_kind::binary);
    pos_ += static_cast<size_t>(size);
    return taken::yes;
  }

  void leave_slow_frame_if_complete() {
    if (!slow_->complete())
      return;
    if (!slow_->control())
      in_fragments_ = !slow_->fin();
    slow_.reset();
  }

  // -- member variables -------------------------------------------------------

  lane_owner& owner_;
  std::shared_ptr<slab_pool> pool_;
  lane_limits limits_;
  Transport transport_;

  // Bytes [pos_, end_) of `slab_` are read but not used yet.
  slab_ptr slab_;
  size_t pos_ = 0;
  size_t end_ = 0;

  boost::beast::saved_handler parked_;
  boost::asio::mutable_buffer parked_buffer_;
  error_code parked_result_;
  size_t parked_bytes_ = 0;

  std::optional<slow_frame> slow_;
  size_t response_end_ = 0;
  error_code read_error_;

  mode mode_ = mode::handshake;
  bool in_fragments_ = false;
  bool retired_ = false;
  bool paused_ = false;
  bool pumping_ = false;
  bool pump_posted_ = false;
  bool waiting_ = false;
  bool transport_drained_ = false;
};

} // namespace zenws::internal
