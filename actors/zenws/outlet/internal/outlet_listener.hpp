// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/outlet/internal/outlet_connection.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace zenws {

/// Accepts programs, and starts a connection for each of them.
class outlet_listener
  : public loop_actor<ending_actor<caf::event_based_actor>> {
public:
  // -- member types -----------------------------------------------------------

  using super = loop_actor<ending_actor<caf::event_based_actor>>;

  using acceptor_ptr = std::shared_ptr<boost::asio::ip::tcp::acceptor>;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param acceptor listens already.
  /// @param tls null for none.
  outlet_listener(caf::actor_config& cfg, outlet_context_ptr context,
                  acceptor_ptr acceptor,
                  std::shared_ptr<boost::asio::ssl::context> tls);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  caf::behavior make_behavior() override;

  void before_end() override;

private:
  void accept();

  void serve(boost::asio::ip::tcp::socket socket);

  outlet_context_ptr context_;
  acceptor_ptr acceptor_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  std::optional<boost::asio::steady_timer> pause_;
  size_t connections_ = 0;
};

} // namespace zenws
