// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/internal/outlet_listener.hpp"

#include <chrono>
#include <utility>

namespace zenws {

namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

// After an error such as too many open files.
constexpr std::chrono::milliseconds accept_pause{100};

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

outlet_listener::outlet_listener(caf::actor_config& cfg,
                                 outlet_context_ptr context,
                                 acceptor_ptr acceptor,
                                 std::shared_ptr<boost::asio::ssl::context> tls)
  : super(cfg),
    context_(std::move(context)),
    acceptor_(std::move(acceptor)),
    tls_(std::move(tls)),
    pause_(home().context()) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* outlet_listener::name() const {
  return "zenws.outlet_listener";
}

caf::behavior outlet_listener::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::on_down(*this, [this](const caf::actor_addr&, const caf::error&) {
    --connections_;
  });
  accept();
  return {
    [](detail::outlet_socket_ended) {
      // That of a connection is told by its end.
    },
  };
}

void outlet_listener::before_end() {
  // Others may keep this object for longer than the loop lives.
  acceptor_ = nullptr;
  context_ = nullptr;
  pause_.reset();
}

// -- connections --------------------------------------------------------------

void outlet_listener::accept() {
  auto self = caf::strong_actor_ptr{ctrl()};
  acceptor_->async_accept([this, self](error_code failed, tcp::socket socket) {
    io_loop::turn guard{home()};
    if (acceptor_ == nullptr)
      return;
    if (!failed) {
      serve(std::move(socket));
      return accept();
    }
    pause_->expires_after(accept_pause);
    pause_->async_wait([this, self](error_code canceled) {
      io_loop::turn inner{home()};
      if (!canceled && acceptor_ != nullptr)
        accept();
    });
  });
}

void outlet_listener::serve(tcp::socket socket) {
  auto& options = context_->options;
  if (connections_ >= options.max_connections)
    return;
  error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
  auto content = outlet_socket::make(
    home(), std::move(socket), tls_, context_->access,
    {options.max_message_bytes, options.login_within, options.silence_limit});
  auto connection = caf_compat::spawn_on<outlet_connection>(
    system(), home(), context_, std::move(content));
  caf_compat::monitor(*this, connection);
  ++connections_;
}

} // namespace zenws
