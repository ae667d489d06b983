// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/connection.hpp"
#include "zenws/connection/internal/connection_setup.hpp"
#include "zenws/connection/internal/dialer.hpp"
#include "zenws/connection/internal/fast_path.hpp"
#include "zenws/connection/internal/write_queue.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace zenws::internal {

class tls_transport;

/// The connection over a given transport.
///
/// Lifetime: every operation in flight holds a `shared_ptr`; all of them end
/// soon after the socket is closed.
template <class Transport>
class basic_connection
  : public connection,
    public frame_listener,
    public std::enable_shared_from_this<basic_connection<Transport>> {
public:
  // -- constructors, destructors, and assignment operators ------------------

  template <class... Ts>
  basic_connection(boost::asio::io_context& ctx,
                   std::shared_ptr<slab_pool> pool, const client_config& cfg,
                   dial_target target, connection_listener& listener,
                   Ts&&... transport_args)
    : listener_(&listener),
      setup_(std::make_unique<connection_setup>(std::move(target), cfg)),
      close_timeout_(cfg.close_timeout),
      max_message_(cfg.max_message_bytes),
      ws_(static_cast<frame_listener&>(*this), std::move(pool),
          path_limits{cfg.max_message_bytes, cfg.max_header_bytes}, ctx,
          std::forward<Ts>(transport_args)...),
      dialer_(std::make_shared<dialer>(ctx, transport().socket(),
                                       setup_->target.memory)),
      timer_(ctx),
      inbound_(cfg.max_message_bytes),
      outbound_(cfg.max_outbound_bytes) {
    // nop
  }

  /// Starts the attempt.
  void start(first_hop hop, std::chrono::milliseconds handshake_timeout) {
    setup_->first_hop = hop.host;
    auto deadline = std::chrono::steady_clock::now() + handshake_timeout;
    arm_deadline(deadline, [this] { on_attempt_timeout(); });
    // The listener must not be called before `dial` has returned.
    boost::asio::post(timer_.get_executor(),
                      [this, deadline, self = self(), hop = std::move(hop)] {
                        if (stage_ == stage::over)
                          return;
                        dialer_->start(
                          hop, deadline,
                          [this, self](const std::string& address) {
                            enter(address.empty() ? client_state::resolving
                                                  : client_state::connecting,
                                  address);
                          },
                          [this, self](result<endpoint_type> address) {
                            on_connected(std::move(address));
                          });
                      });
  }

  // -- implementation of connection -----------------------------------------

  ec send(message_kind kind, std::string payload) override {
    if (stage_ != stage::open)
      return ec::not_connected;
    auto idle = outbound_.empty();
    auto result = outbound_.push(kind, std::move(payload));
    if (idle && result == ec::none)
      write_next();
    return result;
  }

  void ping(std::string_view payload) override {
    if (stage_ != stage::open || pinging_)
      return;
    pinging_ = true;
    boost::beast::websocket::ping_data data{payload.data(), payload.size()};
    ws_.async_ping(data, [this, self = self()](error_code code) {
      pinging_ = false;
      if (code)
        on_write_failed(code);
    });
  }

  size_t outbound_bytes() const noexcept override {
    return outbound_.bytes();
  }

  void pause_reading() override {
    path().pause();
  }

  void resume_reading() override {
    path().resume();
  }

  uint64_t bytes_received() const noexcept override {
    return ws_.next_layer().bytes_received();
  }

  void close(uint16_t code, std::string_view reason) override {
    if (stage_ == stage::dialing) {
      boost::asio::post(timer_.get_executor(), [this, self = self()] {
        end(error{ec::client_stopped, {}});
      });
      return;
    }
    if (stage_ != stage::open)
      return;
    stage_ = stage::closing;
    close_reason_.code = code;
    close_reason_.reason.assign(reason.data(), reason.size());
    arm_close_deadline();
    if (outbound_.empty())
      begin_closing_handshake();
  }

  void abandon() override {
    listener_ = nullptr;
    end({});
  }

  // -- implementation of frame_listener ---------------------------------------

  std::shared_ptr<void> keep_alive() override {
    return self();
  }

  void on_burst(slab_ptr messages) override {
    if (listener_ != nullptr)
      listener_->on_messages(*this, std::move(messages));
  }

  bool on_refusal(std::string_view response, error_code code) override {
    auto refusal = read_refusal(response, code);
    if (refusal && *refusal == nullptr)
      return false;
    setup_->failure = refusal ? error{ec::upgrade_refused, {}, *refusal}
                              : refusal.error();
    boost::asio::post(timer_.get_executor(),
                      [this, self = self()] { fail_attempt(setup_->failure); });
    return true;
  }

  void on_peer_close(error reason) override {
    known_end_ = std::move(reason);
    // The answer to our Close frame is reported as the end of the handshake.
    if (!shaking_hands_)
      part(known_end_);
  }

  void on_teardown() override {
    draining_ = true;
    arm_close_deadline();
  }

  void on_drained() override {
    draining_ = false;
    if (stage_ == stage::lingering)
      end({});
  }

private:
  using path_type = fast_path<Transport>;

  using stream_type = boost::beast::websocket::stream<path_type, false>;

  enum class stage : uint8_t {
    dialing,
    open,
    closing,   // by `close`
    failing,   // a write has failed: reading finds the reason
    lingering, // the end is reported; the closing handshake goes on
    over,
  };

  std::shared_ptr<basic_connection> self() {
    return this->shared_from_this();
  }

  path_type& path() noexcept {
    return ws_.next_layer();
  }

  Transport& transport() noexcept {
    return path().transport();
  }

  // -- establishing -----------------------------------------------------------

  void enter(client_state phase, std::string_view address) {
    if (listener_ != nullptr)
      listener_->on_phase(*this, phase, address);
  }

  void fail_attempt(error reason) {
    if (stage_ == stage::dialing)
      end(setup_->at_address(std::move(reason)));
  }

  void on_attempt_timeout() {
    if (stage_ != stage::dialing)
      return;
    if (setup_->failure)
      fail_attempt(setup_->failure);
    else if (setup_->address.empty())
      fail_attempt(dialer_->timed_out());
    else
      fail_attempt(setup_->timed_out());
  }

  void on_connected(result<endpoint_type> address) {
    if (stage_ == stage::over)
      return;
    if (!address)
      return fail_attempt(address.error());
    setup_->address = to_text(*address);
    if (setup_->proxy.url.empty())
      return on_tunnelled({});
    setup_->step = address_step::tunnel;
    setup_->tunnel = std::make_shared<proxy_tunnel>(transport().socket(),
                                                    setup_->max_header_bytes);
    setup_->tunnel->start(
      setup_->proxy, setup_->target.url, [this, self = self()](error bad) {
        if (!bad)
          setup_->target.memory->let_through(setup_->first_hop);
        on_tunnelled(std::move(bad));
      });
  }

  void on_tunnelled(error err) {
    if (stage_ == stage::over)
      return;
    if (err)
      return fail_attempt(std::move(err));
    if constexpr (std::is_same_v<Transport, tls_transport>) {
      setup_->step = address_step::tls;
      if (auto bad = transport().prepare(setup_->target.url))
        return fail_attempt(std::move(bad));
      transport().async_handshake([this, self = self()](error_code code) {
        if (stage_ == stage::over)
          return;
        if (code)
          return fail_attempt(transport().failure(code));
        upgrade();
      });
    } else {
      upgrade();
    }
  }

  void upgrade() {
    namespace websocket = boost::beast::websocket;
    setup_->step = address_step::upgrade;
    enter(client_state::upgrading, setup_->address);
    if (stage_ == stage::over)
      return;
    ws_.read_message_max(max_message_);
    ws_.auto_fragment(false);
    ws_.set_option(
      websocket::stream_base::decorator([this](websocket::request_type& req) {
        setup_->offer.add_to(req, setup_->target.headers);
      }));
    ws_.async_handshake(setup_->response, setup_->target.url.host_header(),
                        setup_->target.url.target,
                        [this, self = self()](error_code code) {
                          on_upgraded(code);
                        });
  }

  void on_upgraded(error_code code) {
    if (stage_ == stage::over)
      return;
    if (code)
      return fail_attempt(setup_->failed(code));
    auto agreed = setup_->offer.read_answer(setup_->response);
    if (!agreed)
      return fail_attempt(agreed.error());
    setup_->target.memory->opened(setup_->first_hop, setup_->address);
    timer_.cancel();
    ws_.set_option(boost::beast::websocket::stream_base::decorator(
      [](boost::beast::websocket::request_type&) {}));
    ws_.control_callback([this](boost::beast::websocket::frame_type kind,
                                boost::beast::string_view payload) {
      using boost::beast::websocket::frame_type;
      path().emit(); // messages before it come first
      if (listener_ == nullptr)
        return;
      if (kind == frame_type::pong)
        listener_->on_pong(*this, {payload.data(), payload.size()});
      else if (kind == frame_type::ping)
        listener_->on_ping(*this);
    });
    std::unique_ptr<inflate_path> compressed;
    if (agreed->compression)
      compressed = std::make_unique<inflate_path>(
        *agreed->compression, setup_->offer.compression(), max_message_);
    setup_.reset();
    dialer_.reset();
    stage_ = stage::open;
    path().open(std::move(compressed));
    if (listener_ != nullptr)
      listener_->on_open(*this, agreed->subprotocol);
    if (stage_ == stage::open)
      read_next();
  }

  // -- reading ----------------------------------------------------------------

  // Beast always has a read pending, which waits for a frame of Beast's.
  void read_next() {
    // An idle connection keeps the memory for all that it may receive at once.
    auto limit = std::max<size_t>(256, 3 * inbound_.size());
    auto on_some = [this, self = self()](error_code code, size_t) {
      if (code)
        return on_read_failed(code);
      if (!ws_.is_message_done())
        return read_next();
      auto bytes = inbound_.cdata();
      auto added = path().add(
        {static_cast<const char*>(bytes.data()), bytes.size()},
        ws_.got_text() ? message_kind::text : message_kind::binary);
      inbound_.clear();
      if (added != ec::none)
        return fail(added);
      if (inbound_.capacity() > slab_pool::read_size)
        inbound_.shrink_to_fit();
      read_next();
    };
    ws_.async_read_some(inbound_, limit, std::move(on_some));
  }

  // For errors that Beast cannot see: it neither decompresses nor checks all
  // text.
  void fail(ec reason) {
    if (stage_ != stage::open)
      return;
    close_reason_.code = close_code_for(reason);
    begin_closing_handshake();
    part(bad_message(reason));
  }

  void on_read_failed(error_code code) {
    // The closing handshake takes the read over and gets its result.
    if (!shaking_hands_ || code != boost::asio::error::operation_aborted)
      finish(failed(code));
  }

  error failed(error_code code) const {
    return known_end_ ? known_end_ : classify_failure(code);
  }

  // -- writing ----------------------------------------------------------------

  void write_next() {
    auto& next = outbound_.front();
    ws_.text(next.kind == message_kind::text);
    path().compress(next.payload);
    ws_.async_write(boost::asio::buffer(next.payload),
                    [this, self = self()](error_code code, size_t) {
                      on_write_done(code);
                    });
  }

  void on_write_done(error_code code) {
    if (stage_ == stage::lingering || stage_ == stage::over)
      return;
    if (code)
      return on_write_failed(code);
    outbound_.pop();
    if (!outbound_.empty())
      write_next();
    else if (stage_ == stage::closing)
      begin_closing_handshake();
    if (listener_ != nullptr)
      listener_->on_written(*this);
  }

  // Unread bytes may contain the peer's Close frame, which says more than a
  // failed write.
  void on_write_failed(error_code code) {
    if (stage_ != stage::open && stage_ != stage::closing)
      return;
    stage_ = stage::failing;
    // Beast gives up writes after a failed read, which is about to be reported.
    if (code != boost::asio::error::operation_aborted)
      known_end_ = classify_failure(code);
    arm_close_deadline();
    path().resume();
  }

  // -- ending -----------------------------------------------------------------

  // Comes after all that `send` accepted.
  void begin_closing_handshake() {
    shaking_hands_ = true;
    path().retire();
    path().resume();
    ws_.async_close(close_reason_, [this, self = self()](error_code code) {
      finish(code ? failed(code) : error{});
    });
  }

  template <class F>
  void
  arm_deadline(std::chrono::steady_clock::time_point deadline, F on_timeout) {
    timer_.expires_at(deadline);
    timer_.async_wait([self = self(), on_timeout](error_code code) {
      if (!code)
        on_timeout();
    });
  }

  void arm_close_deadline() {
    if (std::exchange(close_deadline_armed_, true))
      return;
    arm_deadline(std::chrono::steady_clock::now() + close_timeout_, [this] {
      end(known_end_ ? known_end_ : error{ec::close_timeout, {}});
    });
  }

  // Beast has nothing more to do.
  void finish(error reason) {
    if (stage_ == stage::over)
      return;
    if (draining_)
      part(reason);
    else
      end(std::move(reason));
  }

  // Reports the end of the connection; Beast and the fast path do the rest.
  void part(const error& reason) {
    stage_ = stage::lingering;
    arm_close_deadline();
    tell(reason);
  }

  void end(error reason) {
    if (std::exchange(stage_, stage::over) == stage::over)
      return;
    timer_.cancel();
    if (dialer_)
      dialer_->cancel();
    if (setup_ && setup_->tunnel)
      setup_->tunnel->cancel();
    path().close();
    tell(reason);
  }

  void tell(const error& reason) {
    if (auto* listener = std::exchange(listener_, nullptr))
      listener->on_closed(*this, reason);
  }

  // -- member variables -------------------------------------------------------

  connection_listener* listener_;
  std::unique_ptr<connection_setup> setup_;
  std::chrono::milliseconds close_timeout_;
  size_t max_message_;
  stream_type ws_;
  std::shared_ptr<dialer> dialer_;
  timer_type timer_;
  boost::beast::flat_buffer inbound_;
  write_queue outbound_;
  boost::beast::websocket::close_reason close_reason_;
  error known_end_; // from the peer's Close frame or a failed write
  stage stage_ = stage::dialing;
  bool pinging_ = false;
  bool shaking_hands_ = false; // our Close frame is written, or about to be
  bool draining_ = false;      // only the peer's FIN is missing
  bool close_deadline_armed_ = false;
};

} // namespace zenws::internal
