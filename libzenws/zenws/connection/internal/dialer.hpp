// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/config/url.hpp"
#include "zenws/connection/address_memory.hpp"
#include "zenws/connection/internal/address_race.hpp"
#include "zenws/connection/internal/tcp_transport.hpp"
#include "zenws/error.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/wait_traits.hpp>

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace zenws::internal {

using timer_type = boost::asio::basic_waitable_timer<
  std::chrono::steady_clock,
  boost::asio::wait_traits<std::chrono::steady_clock>, executor_type>;

/// First host that a connection goes to: the proxy if there is one, else the
/// server.
struct first_hop {
  host_and_port host;

  /// Its addresses, if they are known. Otherwise they are resolved.
  std::vector<endpoint_type> addresses{};
};

/// Returns the first host of a connection. Fails with `ec::invalid_url` if the
/// proxy's URL is invalid.
result<first_hop> find_first_hop(const proxy_config& proxy, const url& target);

/// Finds the addresses of a host and connects a socket to the first that
/// accepts, as "Happy Eyeballs" (RFC 8305) does: an address that swallows
/// packets does not keep the others from being tried.
class dialer : public std::enable_shared_from_this<dialer> {
public:
  // -- member types -----------------------------------------------------------

  /// Gets the address that is tried next, or an empty text while resolving.
  using try_handler = std::function<void(const std::string& address)>;

  /// Gets the address that the socket is connected to.
  using done_handler = std::function<void(result<endpoint_type>)>;

  // -- constructors, destructors, and assignment operators --------------------

  dialer(boost::asio::io_context& ctx, socket_type& socket,
         std::shared_ptr<address_memory> memory);

  // -- life of an attempt -----------------------------------------------------

  /// Starts; `on_done` is called once, unless `cancel` came first.
  void start(first_hop to, std::chrono::steady_clock::time_point deadline,
             try_handler on_try, done_handler on_done);

  /// Returns the error for an attempt that the deadline ends here. Remembers
  /// that the addresses that were tried are silent.
  error timed_out();

  /// Forgets the handlers and the socket.
  void cancel();

private:
  using resolver_type
    = boost::asio::ip::basic_resolver<boost::asio::ip::tcp, executor_type>;

  // An attempt at one address.
  struct candidate {
    candidate(const executor_type& ex, const endpoint_type& peer)
      : socket(ex), address(peer) {
      // nop
    }

    socket_type socket;
    endpoint_type address;
    bool failed = false;
  };

  void resolve();

  void race(const std::vector<endpoint_type>& addresses);

  void try_due();

  void try_address(const endpoint_type& address);

  void on_connected(candidate& attempt, error_code code);

  void on_failed(candidate& attempt, const std::string& reason);

  void win(candidate& attempt);

  void tell(const std::string& address);

  void done(result<endpoint_type> outcome);

  socket_type* socket_;
  std::shared_ptr<address_memory> memory_;
  resolver_type resolver_;
  timer_type timer_;
  std::chrono::steady_clock::time_point deadline_;
  host_and_port host_;
  std::vector<endpoint_type> addresses_;
  std::optional<address_race> race_;
  std::list<candidate> candidates_;
  std::string failures_;
  try_handler on_try_;
  done_handler on_done_;
};

} // namespace zenws::internal
