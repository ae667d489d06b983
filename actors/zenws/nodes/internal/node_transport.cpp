// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/internal/node_transport.hpp"

#include "zenws/nodes/internal/node_stream.hpp"
#include "zenws/nodes/internal/peer_guard.hpp"

#include <caf/io/basp/header.hpp>
#include <caf/io/basp/version.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor_impl.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/doorman_impl.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <list>
#include <memory>
#include <utility>

#include <sys/epoll.h>
#include <unistd.h>

namespace zenws {

namespace {

namespace io = caf::io;
namespace net = caf::io::network;

// -- connections --------------------------------------------------------------

class guarded_connection;

// Connections of one port that have not introduced themselves, the oldest
// first. All of this happens in the thread of the middleman.
using unauthenticated_list = std::list<guarded_connection*>;

// A connection whose bytes pass a guard on their way to CAF.
class guarded_connection : public io::scribe {
public:
  guarded_connection(net::native_socket fd, connection_side side,
                     size_t max_message_bytes)
    : io::scribe(net::conn_hdl_from_socket(fd)),
      guard_(side, max_message_bytes, io::basp::version) {
    // nop
  }

  ~guarded_connection() override {
    leave_unauthenticated();
  }

  void
  join_unauthenticated(std::shared_ptr<unauthenticated_list> unauthenticated) {
    unauthenticated_ = std::move(unauthenticated);
    place_ = unauthenticated_->insert(unauthenticated_->end(), this);
  }

  bool consume(caf_compat::execution_unit* unit, const void* data,
               size_t size) override {
    auto part = guard_.next();
    auto offence = guard_.admit({static_cast<const char*>(data), size});
    if (guard_.is_introduced())
      leave_unauthenticated();
    if (offence == protocol_violation::none
        && !survives(part, {static_cast<const char*>(data), size}))
      offence = protocol_violation::unreadable;
    if (offence == protocol_violation::none) {
      auto result = io::scribe::consume(unit, data, size);
      if ((part == incoming_part::header)
          != (guard_.next() == incoming_part::header))
        rd_buf().swap(other_buf_);
      return result;
    }
    if (!detached())
      write_log(parent()->system(),
                {.level = log_level::warning,
                 .component = "zenws.transport",
                 .text = "dropped a peer that violated the protocol of nodes",
                 .fields = {{"peer", addr() + ':' + std::to_string(port())},
                            {"reason", guard_.explain(offence)}}});
    detach(unit, true);
    return false;
  }

  void leave_unauthenticated() noexcept {
    if (unauthenticated_ != nullptr)
      unauthenticated_->erase(place_);
    unauthenticated_ = nullptr;
  }

  bool was_dialed() const noexcept {
    return guard_.side() == connection_side::dialed;
  }

  // Counts silence from now on: CAF 0.17 counts it from time 0 for outgoing
  // connections, and gives them up at the next of its own
  // heartbeats, however slow the network or a TLS handshake may be.
  void count_silence(caf_compat::execution_unit& unit) {
    if (detached())
      return;
    io::basp::header heartbeat{
      io::basp::message_type::heartbeat, 0, 0, 0, 0, 0};
    auto& bytes = msg().buf;
    bytes.clear();
    auto sink = caf_compat::serializer_to(unit, bytes);
    if (!caf_compat::apply(sink, heartbeat))
      invoke_mailbox_element(&unit);
  }

private:
  // Few messages have no sender: exits, answers in place of an actor that
  // ended.
  bool survives(incoming_part part, std::string_view bytes) {
    using enum incoming_part;
    auto is_routed = part == anonymous_routed_message;
    if (detached() || (part != anonymous_message && !is_routed))
      return true;
    return caf_compat::survives(static_cast<io::basp_broker&>(*parent()),
                                is_routed
                                  ? io::basp::message_type::routed_message
                                  : io::basp::message_type::direct_message,
                                bytes);
  }

  peer_guard guard_;
  // Headers and payloads have a buffer each: CAF zeroes bytes by which a buffer
  // grows.
  caf_compat::byte_buffer other_buf_;
  std::shared_ptr<unauthenticated_list> unauthenticated_;
  unauthenticated_list::iterator place_;
};

template <class Policy>
class connection : public guarded_connection {
public:
  template <class... Ts>
  connection(net::default_multiplexer& mpx, net::native_socket fd,
             connection_side side, size_t max_message_bytes, Ts&&... xs)
    : guarded_connection(fd, side, max_message_bytes),
      stream_(mpx, fd, std::forward<Ts>(xs)...) {
    // nop
  }

  void configure_read(io::receive_policy::config cfg) override {
    stream_.configure_read(cfg);
    if (!std::exchange(launched_, true)) {
      stream_.start(this);
      // TLS has to shake hands first.
      if constexpr (std::is_same_v<Policy, session_tls>)
        stream_.force_empty_write(this);
      if (was_dialed())
        stream_.backend().post([self = caf::intrusive_ptr<connection>{this}] {
          self->count_silence(self->stream_.backend());
        });
    }
  }

  void ack_writes(bool enable) override {
    stream_.ack_writes(enable);
  }

  caf_compat::byte_buffer& wr_buf() override {
    return stream_.wr_buf();
  }

  caf_compat::byte_buffer& rd_buf() override {
    return stream_.rd_buf();
  }

  void graceful_shutdown() override {
    stream_.flush(this);
    stream_.graceful_shutdown();
    detach(&stream_.backend(), false);
  }

  // What actors send in the same turn of the loop goes together.
  void flush() override {
    if (!std::exchange(flushes_, true))
      stream_.backend().post([self = caf::intrusive_ptr<connection>{this}] {
        self->flushes_ = false;
        self->stream_.write_now(self.get());
      });
  }

  std::string addr() const override {
    auto result = net::remote_addr_of_fd(stream_.fd());
    return result ? *result : std::string{};
  }

  uint16_t port() const override {
    auto result = net::remote_port_of_fd(stream_.fd());
    return result ? *result : uint16_t{0};
  }

  void add_to_loop() override {
    stream_.activate(this);
  }

  void remove_from_loop() override {
    stream_.passivate();
    // CAF releases brokers that were in its loop for a turn.
    if ((static_cast<uint32_t>(stream_.eventbf()) & EPOLLIN) == 0)
      stream_.backend().post([self = caf::intrusive_ptr<connection>{this}] {
        self->stream_.removed_from_loop(net::operation::read);
      });
  }

private:
  bool launched_ = false;
  bool flushes_ = false; // soon
  node_stream<Policy> stream_;
};

using connection_ptr = caf::intrusive_ptr<guarded_connection>;

// Closes the socket if there can be no connection.
connection_ptr make_connection(caf::actor_system& sys, net::native_socket fd,
                               connection_side side,
                               const transport_options& opts) {
  auto& mpx = static_cast<net::default_multiplexer&>(sys.middleman().backend());
  net::nonblocking(fd, true);
  net::tcp_nodelay(fd, true);
  if (!opts.tls)
    return caf::make_counted<connection<buffered_tcp>>(mpx, fd, side,
                                                       opts.max_message_bytes);
  auto session = caf::openssl::make_session(sys, fd,
                                            side == connection_side::accepted);
  if (session != nullptr)
    return caf::make_counted<connection<session_tls>>(
      mpx, fd, side, opts.max_message_bytes, std::move(session));
  ::close(fd);
  return nullptr;
}

// -- ports --------------------------------------------------------------------

class port : public net::doorman_impl {
public:
  port(net::default_multiplexer& mpx, net::native_socket fd,
       transport_options opts)
    : net::doorman_impl(mpx, fd), opts_(opts) {
    // nop
  }

  bool new_connection() override {
    if (detached())
      return false;
    auto fd = acceptor_.accepted_socket();
    auto fresh = make_connection(parent()->system(), fd,
                                 connection_side::accepted, opts_);
    if (fresh == nullptr)
      return true;
    evict_oldest();
    fresh->join_unauthenticated(unauthenticated_);
    auto hdl = fresh->hdl();
    parent()->add_scribe(std::move(fresh));
    return doorman::new_connection(&acceptor_.backend(), hdl);
  }

private:
  void evict_oldest() {
    while (unauthenticated_->size() >= opts_.max_unauthenticated) {
      connection_ptr oldest{unauthenticated_->front()};
      oldest->leave_unauthenticated();
      oldest->detach(&acceptor_.backend(), true);
    }
  }

  transport_options opts_;
  std::shared_ptr<unauthenticated_list> unauthenticated_
    = std::make_shared<unauthenticated_list>();
};

// -- dialing -----------------------------------------------------------------

// Connects without blocking for longer than is allowed, unlike CAF.
caf::expected<net::native_socket> dial(const std::string& host, uint16_t where,
                                       std::chrono::milliseconds patience) {
  namespace asio = boost::asio;
  using asio::ip::tcp;
  asio::io_context context;
  tcp::resolver resolver{context};
  boost::system::error_code failure;
  auto found = resolver.resolve(host, std::to_string(where), failure);
  if (failure)
    return make_error(error{ec::name_resolution_failed, failure.message()});
  tcp::socket socket{context};
  failure = asio::error::timed_out;
  asio::async_connect(socket, found,
                      [&](boost::system::error_code code,
                          const tcp::endpoint&) { failure = code; });
  context.run_for(patience);
  if (failure)
    return make_error(error{ec::connect_failed, failure.message()});
  auto result = socket.release(failure);
  if (failure)
    return make_error(error{ec::connect_failed, failure.message()});
  return result;
}

// -- the actor ----------------------------------------------------------------

class transport : public io::middleman_actor_impl {
public:
  transport(caf::actor_config& cfg, caf::actor broker, transport_options opts)
    : io::middleman_actor_impl(cfg, std::move(broker)), opts_(opts) {
    // nop
  }

  const char* name() const override {
    return "zenws.transport";
  }

protected:
  caf::expected<io::scribe_ptr> connect(const std::string& host,
                                        uint16_t where) override {
    auto fd = dial(host, where, opts_.connect_within);
    if (!fd)
      return std::move(fd.error());
    auto result = make_connection(system(), *fd, connection_side::dialed,
                                  opts_);
    if (result == nullptr)
      return make_error(error{ec::tls_failed, "no session"});
    return io::scribe_ptr{std::move(result)};
  }

  caf::expected<io::doorman_ptr> open(uint16_t where, const char* address,
                                      bool reuse) override {
    auto fd = net::new_tcp_acceptor_impl(where, address, reuse);
    if (!fd)
      return std::move(fd.error());
    auto& mpx
      = static_cast<net::default_multiplexer&>(system().middleman().backend());
    return io::doorman_ptr{caf::make_counted<port>(mpx, *fd, opts_)};
  }

private:
  transport_options opts_;
};

// CAF's own actor for all connections, which all nodes can reach.
void protect(caf::actor_system& sys, const caf::actor& broker) {
  sys.middleman().backend().post([broker] {
    auto* actor = caf::actor_cast<caf::abstract_actor*>(broker);
    caf_compat::log_stray_errors(static_cast<io::basp_broker&>(*actor));
  });
}

} // namespace

io::middleman_actor start_transport(caf::actor_system& sys,
                                    const transport_options& opts) {
  auto broker = sys.middleman().named_broker<io::basp_broker>(
    caf_compat::actor_name("BASP"));
  protect(sys, broker);
  return sys.spawn<transport, caf::detached + caf::hidden>(std::move(broker),
                                                           opts);
}

void stop_transport(caf::actor_system& sys,
                    const io::middleman_actor& transport) {
  caf::scoped_actor self{sys, true};
  self->send_exit(transport, caf::exit_reason::kill);
  self->wait_for(transport);
}

} // namespace zenws
