// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/tls_transport.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <ctime>
#include <string>
#include <sys/socket.h>

namespace zenws::internal {

// OpenSSL's own socket BIO writes with write(2) and thus raises SIGPIPE. This
// one does not, and it saves the read that would only find an empty socket.
struct socket_bio {
  static tls_transport* self(BIO* bio) {
    return static_cast<tls_transport*>(BIO_get_data(bio));
  }

  static int read(BIO* bio, char* data, int size) {
    auto* owner = self(bio);
    BIO_clear_retry_flags(bio);
    if (owner->socket_drained_) {
      BIO_set_retry_read(bio);
      return -1;
    }
    auto wanted = static_cast<size_t>(size);
    auto n = ::recv(owner->socket_.native_handle(), data, wanted, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
      BIO_set_retry_read(bio);
    if (n != 0 && n < size)
      owner->socket_drained_ = true;
    return static_cast<int>(n);
  }

  static int write(BIO* bio, const char* data, int size) {
    BIO_clear_retry_flags(bio);
    auto n = ::send(self(bio)->socket_.native_handle(), data,
                    static_cast<size_t>(size), MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
      BIO_set_retry_write(bio);
    return static_cast<int>(n);
  }

  static long ctrl(BIO*, int cmd, long, void*) {
    return cmd == BIO_CTRL_FLUSH ? 1 : 0;
  }

  static BIO_METHOD* method() {
    static BIO_METHOD* result = [] {
      auto* x = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK,
                             "zenws socket");
      BIO_meth_set_read(x, read);
      BIO_meth_set_write(x, write);
      BIO_meth_set_ctrl(x, ctrl);
      return x;
    }();
    return result;
  }
};

namespace {

bool is_cured_by_time(long verdict) noexcept {
  switch (verdict) {
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_HAS_EXPIRED:
      return true;
    default:
      return false;
  }
}

std::string date_of(const ASN1_TIME* time) {
  std::tm tm{};
  if (ASN1_TIME_to_tm(time, &tm) != 1)
    return "?";
  char text[32];
  return {text, std::strftime(text, sizeof(text), "%Y-%m-%d %H:%M UTC", &tm)};
}

// Describes the validity of the first certificate of a chain that is not valid
// now.
std::string validity_of(const STACK_OF(X509) * chain) {
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    auto* x = sk_X509_value(chain, i);
    auto* from = X509_get0_notBefore(x);
    auto* to = X509_get0_notAfter(x);
    if (X509_cmp_current_time(from) > 0 || X509_cmp_current_time(to) < 0)
      return " (valid from " + date_of(from) + " to " + date_of(to) + ")";
  }
  return {};
}

} // namespace

tls_transport::tls_transport(boost::asio::io_context& ctx,
                             std::shared_ptr<tls_context> tls)
  : socket_(ctx), context_(std::move(tls)), ssl_(SSL_new(context_->native())) {
  auto* bio = BIO_new(socket_bio::method());
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_, bio, bio);
  SSL_set_connect_state(ssl_);
}

tls_transport::~tls_transport() {
  SSL_free(ssl_);
}

// -- handshake ----------------------------------------------------------------

error tls_transport::prepare(const url& target) {
  auto name = target.host.c_str();
  auto* param = SSL_get0_param(ssl_);
  // An address is checked as such and never sent as SNI (RFC 6066, section 3).
  auto ok = target.is_ip_literal()
              ? X509_VERIFY_PARAM_set1_ip_asc(param, name) == 1
              : SSL_set1_host(ssl_, name) == 1
                  && SSL_set_tlsext_host_name(ssl_, name) == 1;
  if (!ok)
    return error{ec::tls_failed, "cannot check for the name " + target.host};
  server_ = target.host_header();
  context_->sessions().resume(ssl_, server_);
  return {};
}

tls_transport::step tls_transport::try_handshake() {
  ERR_clear_error();
  auto result = result_of(SSL_do_handshake(ssl_));
  if (result.ec)
    context_->sessions().forget(server_);
  return result;
}

error tls_transport::failure(error_code code) const {
  auto verdict = SSL_get_verify_result(ssl_);
  if (verdict == X509_V_OK)
    return error{ec::tls_failed, code.message()};
  std::string detail = X509_verify_cert_error_string(verdict);
  if (!is_cured_by_time(verdict))
    return error{ec::certificate_rejected, std::move(detail)};
  return error{ec::certificate_outdated,
               detail + validity_of(SSL_get0_verified_chain(ssl_))};
}

// -- bytes --------------------------------------------------------------------

size_t tls_transport::read_some(char* data, size_t size, error_code& ec) {
  ERR_clear_error();
  size_t n = 0;
  auto ret = SSL_read_ex(ssl_, data, size, &n);
  if (ret == 1) {
    drained_ = false;
    return n;
  }
  auto res = result_of(ret);
  drained_ = true;
  // Tickets bring back the buffer for what is written, of 16 KiB.
  SSL_free_buffers(ssl_);
  ec = res.next == want::nothing ? res.ec
                                 : error_code{boost::asio::error::would_block};
  return 0;
}

tls_transport::step tls_transport::try_write(boost::asio::const_buffer data) {
  if (data.size() == 0)
    return {};
  ERR_clear_error();
  size_t n = 0;
  auto ret = SSL_write_ex(ssl_, data.data(), data.size(), &n);
  if (ret == 1)
    return {want::nothing, {}, n};
  return result_of(ret);
}

tls_transport::step tls_transport::result_of(int ret) {
  using boost::asio::error::get_ssl_category;
  if (ret == 1)
    return {};
  auto sys = errno;
  switch (SSL_get_error(ssl_, ret)) {
    case SSL_ERROR_WANT_READ:
      return {want::read, {}, 0};
    case SSL_ERROR_WANT_WRITE:
      return {want::write, {}, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {want::nothing, boost::asio::error::eof, 0};
    case SSL_ERROR_SYSCALL:
      if (sys != 0 && ERR_peek_error() == 0)
        return {want::nothing,
                error_code{sys, boost::system::system_category()}, 0};
      [[fallthrough]];
    default: {
      auto code = static_cast<int>(ERR_get_error());
      if (code == 0)
        return {want::nothing, boost::asio::error::eof, 0};
      return {want::nothing, error_code{code, get_ssl_category()}, 0};
    }
  }
}

void tls_transport::shutdown_write() {
  ERR_clear_error();
  SSL_shutdown(ssl_);
  error_code ignored;
  socket_.shutdown(socket_type::shutdown_send, ignored);
}

void tls_transport::close() {
  error_code ignored;
  socket_.close(ignored);
}

} // namespace zenws::internal
