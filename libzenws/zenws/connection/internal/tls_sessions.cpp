// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/tls_sessions.hpp"

#include <utility>

namespace zenws::internal {

namespace {

// Where a context has its sessions, and a connection the name of its server.

int sessions_slot() {
  static const int result = SSL_CTX_get_ex_new_index(0, nullptr, nullptr,
                                                     nullptr, nullptr);
  return result;
}

int server_slot() {
  static const int result = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr,
                                                 nullptr);
  return result;
}

} // namespace

void tls_sessions::deleter::operator()(SSL_SESSION* x) const noexcept {
  SSL_SESSION_free(x);
}

tls_sessions::tls_sessions(std::function<clock::time_point()> now)
  : now_(std::move(now)) {
  // nop
}

void tls_sessions::attach(SSL_CTX* ctx) {
  SSL_CTX_set_ex_data(ctx, sessions_slot(), this);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT
                                        | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(ctx, on_new_session);
}

void tls_sessions::resume(SSL* connection, const std::string& server) {
  SSL_set_ex_data(connection, server_slot(), const_cast<std::string*>(&server));
  std::lock_guard guard{mtx_};
  auto known = by_server_.find(server);
  if (known == by_server_.end())
    return;
  if (now_() - known->second.checked_at >= max_age) {
    by_server_.erase(known);
    return;
  }
  // A session belongs to one connection, which may change it.
  session_ptr copy{SSL_SESSION_dup(known->second.session.get())};
  if (copy)
    SSL_set_session(connection, copy.get());
}

void tls_sessions::forget(const std::string& server) {
  std::lock_guard guard{mtx_};
  by_server_.erase(server);
}

// OpenSSL calls this when a session can be resumed, with TLS 1.3 for each
// ticket. The result tells that the reference was not taken.
int tls_sessions::on_new_session(SSL* connection, SSL_SESSION* session) {
  auto* self = static_cast<tls_sessions*>(
    SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), sessions_slot()));
  auto* server = static_cast<const std::string*>(
    SSL_get_ex_data(connection, server_slot()));
  if (server != nullptr)
    self->keep(connection, *server, session);
  return 0;
}

void tls_sessions::keep(SSL* connection, const std::string& server,
                        SSL_SESSION* session) {
  session_ptr copy{SSL_SESSION_dup(session)};
  if (!copy)
    return;
  std::lock_guard guard{mtx_};
  auto known = by_server_.find(server);
  auto checked_at = now_();
  if (SSL_session_reused(connection) == 1) {
    if (known == by_server_.end())
      return;
    checked_at = known->second.checked_at;
  } else if (known == by_server_.end() && by_server_.size() >= max_servers) {
    by_server_.erase(by_server_.begin());
  }
  by_server_[server] = {std::move(copy), checked_at};
}

} // namespace zenws::internal
