// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/tls_context.hpp"

#include <boost/asio/buffer.hpp>

namespace zenws::sim {

namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

std::string load_files(ssl::context& ctx, const tls_config& cfg) {
  error_code ec;
  ctx.use_certificate_chain_file(cfg.cert_file, ec);
  if (ec)
    return "cert: cannot use " + cfg.cert_file + ": " + ec.message();
  ctx.use_private_key_file(cfg.key_file, ssl::context::pem, ec);
  if (ec)
    return "key: cannot use " + cfg.key_file + ": " + ec.message();
  return {};
}

std::string use_generated(ssl::context& ctx, const credentials& leaf) {
  error_code ec;
  ctx.use_certificate_chain(boost::asio::buffer(leaf.certificate_pem), ec);
  if (!ec)
    ctx.use_private_key(boost::asio::buffer(leaf.key_pem), ssl::context::pem,
                        ec);
  return ec ? "cannot use the generated certificate: " + ec.message()
            : std::string{};
}

std::string demand_client_certificate(ssl::context& ctx,
                                      const std::string& ca_pem) {
  error_code ec;
  ctx.add_certificate_authority(boost::asio::buffer(ca_pem), ec);
  if (!ec)
    ctx.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert,
                        ec);
  return ec ? "cannot verify clients: " + ec.message() : std::string{};
}

} // namespace

std::variant<ssl::context, std::string>
make_tls_context(const tls_config& cfg, const certificate_authority& ca) {
  if (cfg.cert_file.empty() != cfg.key_file.empty())
    return std::string{"cert and key belong together"};
  ssl::context result{ssl::context::tls_server};
  auto* native = result.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  // Idle connections give their record buffers back.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION);
  if (cfg.resumption == tls_resumption::refused)
    SSL_CTX_set_options(native, SSL_OP_NO_TICKET);
  // Sessions of clients with certificates need a context.
  static constexpr unsigned char context[] = "zenws.sim";
  SSL_CTX_set_session_id_context(native, context, sizeof(context) - 1);
  auto error = cfg.cert_file.empty()
                 ? use_generated(result,
                                 ca.issue_server(cfg.names, cfg.validity))
                 : load_files(result, cfg);
  if (error.empty() && cfg.clients == client_certificate::required)
    error = demand_client_certificate(result, ca.pem());
  if (!error.empty())
    return error;
  return result;
}

} // namespace zenws::sim
