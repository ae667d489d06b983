#pragma once

#include "zenws/error.hpp"
#include "zenws/internal/tcp_transport.hpp"
#include "zenws/url.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/wait_traits.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace zenws::internal {

using timer_type = boost::asio::basic_waitable_timer<
  std::chrono::steady_clock,
  boost::asio::wait_traits<std::chrono::steady_clock>, executor_type>;

/// Finds the addresses of a host and connects a socket to the first that
/// answers. Each address gets an equal share of the time that is left, so that
/// one that swallows packets does not keep the others from being tried.
class dialler : public std::enable_shared_from_this<dialler> {
public:
  enum class phase : uint8_t { resolving, connecting };

  using phase_handler = std::function<void(phase)>;

  using done_handler = std::function<void(error)>;

  dialler(boost::asio::io_context& ctx, socket_type& socket);

  /// Starts; `on_done` is called once, unless `cancel` came first.
  void start(const host_and_port& to,
             std::chrono::steady_clock::time_point deadline,
             phase_handler on_phase, done_handler on_done);

  /// Forgets the handlers and the socket.
  void cancel();

private:
  using resolver_type
    = boost::asio::ip::basic_resolver<boost::asio::ip::tcp, executor_type>;

  using endpoint_type = boost::asio::ip::tcp::endpoint;

  void resolve(const host_and_port& to);

  void try_next(error_code last);

  void connected(error_code ec);

  void done(error reason);

  socket_type* socket_;
  resolver_type resolver_;
  timer_type timer_;
  std::chrono::steady_clock::time_point deadline_;
  std::vector<endpoint_type> endpoints_;
  size_t next_ = 0;
  bool timed_out_ = false;
  phase_handler on_phase_;
  done_handler on_done_;
};

} // namespace zenws::internal
