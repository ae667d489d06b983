// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/outlet.hpp"

#include "zenws/actors/runtime.hpp"
#include "zenws/internal/listen_at.hpp"
#include "zenws/outlet/internal/outlet_listener.hpp"

#include <boost/asio/io_context.hpp>

#include <openssl/ssl.h>

#include <utility>

namespace zenws {

namespace {

using tls_context = boost::asio::ssl::context;

caf::expected<std::shared_ptr<tls_context>> make_tls(const outlet_tls& files) {
  if (!files.is_set())
    return std::shared_ptr<tls_context>{};
  auto result = std::make_shared<tls_context>(tls_context::tls_server);
  boost::system::error_code failed;
  result->set_options(tls_context::default_workarounds | tls_context::no_tlsv1
                        | tls_context::no_tlsv1_1 | tls_context::no_sslv2
                        | tls_context::no_sslv3,
                      failed);
  if (!failed)
    result->use_certificate_chain_file(files.cert_file, failed);
  if (!failed)
    result->use_private_key_file(files.key_file, tls_context::pem, failed);
  if (!failed && !files.ca_file.empty()) {
    result->load_verify_file(files.ca_file, failed);
    if (!failed)
      result->set_verify_mode(boost::asio::ssl::verify_peer
                                | boost::asio::ssl::verify_fail_if_no_peer_cert,
                              failed);
  }
  if (failed)
    return make_error(error{ec::tls_failed, failed.message()});
  // Clients that are to be verified resume sessions of this context only.
  constexpr unsigned char id[] = "zenws.outlet";
  SSL_CTX_set_session_id_context(result->native_handle(), id, sizeof(id) - 1);
  return result;
}

} // namespace

struct outlet::parts {
  explicit parts(caf::actor_system& sys) : loop(sys) {
    // nop
  }

  std::string bind;
  bool is_secure = false;
  uint16_t port = 0;
  io_loop loop;
};

// -- constructors, destructors, and assignment operators ----------------------

caf::expected<std::unique_ptr<outlet>> start_outlet(runtime& host,
                                                    outlet_options options) {
  if (auto problems = validate(options); !problems.empty())
    return make_error(as_error(problems));
  auto tls = make_tls(options.tls);
  if (!tls)
    return std::move(tls.error());
  auto parts = std::make_unique<outlet::parts>(host.system());
  auto acceptor
    = std::make_shared<boost::asio::ip::tcp::acceptor>(parts->loop.context());
  if (auto problem = internal::listen_at(*acceptor, options.bind, options.port))
    return make_error(problem);
  parts->bind = options.bind;
  parts->is_secure = options.tls.is_set();
  parts->port = acceptor->local_endpoint().port();
  auto access = std::make_shared<const outlet_access>(options);
  auto context = std::make_shared<const outlet_context>(
    outlet_context{host, std::move(options), std::move(access)});
  caf_compat::spawn_on<outlet_listener>(host.system(), parts->loop,
                                        std::move(context), std::move(acceptor),
                                        std::move(*tls));
  return std::unique_ptr<outlet>{new outlet{std::move(parts)}};
}

outlet::outlet(std::unique_ptr<parts> content) noexcept
  : parts_(std::move(content)) {
  // nop
}

outlet::~outlet() {
  stop();
}

// -- properties ---------------------------------------------------------------

uint16_t outlet::port() const noexcept {
  return parts_->port;
}

std::string outlet::url() const {
  auto is_v6 = parts_->bind.find(':') != std::string::npos;
  return (parts_->is_secure ? "wss://" : "ws://")
         + (is_v6 ? '[' + parts_->bind + ']' : parts_->bind) + ':'
         + std::to_string(port()) + '/';
}

// -- stopping -----------------------------------------------------------------

void outlet::stop() {
  parts_->loop.end(outlet_socket::close_within + std::chrono::seconds{1});
}

} // namespace zenws
