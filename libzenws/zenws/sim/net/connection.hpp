// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/fault.hpp"
#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/net/deflate.hpp"
#include "zenws/sim/net/endpoint.hpp"
#include "zenws/sim/net/frame.hpp"
#include "zenws/sim/net/handshake.hpp"
#include "zenws/sim/net/route.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zenws::sim {

class connection;
class journal;

/// The server as its connections see it.
class connection_owner {
public:
  virtual boost::asio::io_context::executor_type executor() noexcept = 0;

  virtual const server_config& config() const noexcept = 0;

  virtual journal& log() noexcept = 0;

  /// Returns the route of an upgrade, or its refusal.
  virtual std::variant<route, http_refusal>
  judge(const upgrade_request& request) = 0;

  /// Creates the endpoint for the route of `client`.
  virtual std::unique_ptr<endpoint> make_endpoint(connection& client) = 0;

  /// Runs a command of `/control` and returns the answer.
  virtual std::string execute(std::string_view command) = 0;

  /// Called when the upgrade of `client` is answered.
  virtual void opened(connection& client) = 0;

  /// Called when the end of an opened connection begins.
  virtual void closed(connection& client) = 0;

  virtual void record(const connection& client, const message& received) = 0;

  /// Called at the end of `client`.
  virtual void remove(connection& client) = 0;

protected:
  ~connection_owner() = default;
};

/// A timer without type erasure.
using loop_timer = boost::asio::basic_waitable_timer<
  std::chrono::steady_clock,
  boost::asio::wait_traits<std::chrono::steady_clock>,
  boost::asio::io_context::executor_type>;

/// One client: everything but the transport, which a derived class adds.
///
/// Lives on the loop's thread. It is kept alive by its pending operations
/// and by the venue's list.
class connection : public std::enable_shared_from_this<connection> {
public:
  /// Encoded frames, shared by all connections that send them.
  using shared_bytes = std::shared_ptr<const std::string>;

  connection(connection_owner& owner, uint64_t id, std::string host);

  virtual ~connection();

  // -- properties -------------------------------------------------------------

  uint64_t id() const noexcept {
    return id_;
  }

  const route& where() const noexcept {
    return where_;
  }

  /// Returns whether the upgrade is done and no close handshake has begun.
  bool is_open() const noexcept {
    return phase_ == phase::open;
  }

  bool is_stalled() const noexcept {
    return stalled_;
  }

  /// Returns the handler of an open connection, else null.
  endpoint* server() noexcept {
    return is_open() ? endpoint_.get() : nullptr;
  }

  /// Returns the address of the client.
  const std::string& host() const noexcept {
    return host_;
  }

  /// Returns whether `send` of a message compresses it.
  bool compresses() const noexcept {
    return deflate_ != nullptr;
  }

  // -- transitions ------------------------------------------------------------

  /// Begins with the first byte of the client.
  virtual void start() = 0;

  void send(opcode op, std::string_view payload);

  /// Sends the first `size` bytes of `frames`.
  void send(shared_bytes frames, size_t size);

  void send(shared_bytes frames);

  /// Sends a text after the next text that is sent.
  void send_after_next(std::string text);

  /// Begins a close handshake.
  void close(std::optional<uint16_t> code, std::string_view reason);

  /// Ends the connection without a Close frame.
  void drop(disconnect mode);

  /// Does the same once all that was sent is with the kernel.
  void drop_when_written(disconnect mode);

  /// Makes the endpoint announce the end, and drops the connection after
  /// `notice`, without a Close frame.
  void cut_after(std::chrono::milliseconds notice);

  void stall();

  void resume();

  void mute_pings();

  void unmute_pings();

protected:
  // -- called by the transport ------------------------------------------------

  /// Starts the clock of the handshake.
  void expect_upgrade();

  void start_reading();

  void on_bytes(std::string_view bytes);

  void on_written();

  /// The client is gone, or so is the transport.
  void on_end();

  // -- implemented by the transport -------------------------------------------

  virtual void do_read() = 0;

  virtual void do_write(std::string_view bytes) = 0;

  /// Sends the client the end of the stream.
  virtual void do_shutdown() = 0;

  virtual void do_close(disconnect mode) noexcept = 0;

private:
  enum class phase : uint8_t { upgrading, open, closing, finishing, ended };

  struct chunk {
    shared_bytes bytes;
    size_t size;
  };

  void read_request(std::string_view bytes);
  void answer_request(const upgrade_request& request);
  void run_command(const upgrade_request& request);
  void answer_and_finish(std::string response);
  void refuse(const http_refusal& refusal);
  void process();
  void handle(const message& received);
  void handle_close(std::string_view payload);
  void push(shared_bytes bytes, size_t size);
  void overflow();
  void continue_reading();
  void flush();
  void begin_closing();
  void finish();
  void leave_endpoint();
  void expire_after(std::chrono::milliseconds timeout);
  void on_deadline();

  connection_owner& owner_;
  uint64_t id_;
  std::string host_;
  phase phase_ = phase::upgrading;
  bool stalled_ = false;
  bool muted_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool finish_when_drained_ = false;
  bool overflowed_ = false;
  bool left_ = false;
  std::optional<disconnect> drop_when_drained_;
  std::unique_ptr<request_parser> request_;
  std::unique_ptr<deflate> deflate_;
  message_parser parser_;
  route where_;
  std::unique_ptr<endpoint> endpoint_;
  std::deque<chunk> queue_;
  size_t queued_bytes_ = 0;
  // Texts that wait for another one to go first.
  std::vector<std::string> behind_next_;
  // Buffers of the pending write.
  chunk in_flight_{nullptr, 0};
  std::string coalesced_;
  loop_timer deadline_;
};

} // namespace zenws::sim
