// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/tls_context.hpp"

#include "zenws/delivery/slab.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

namespace zenws::internal {

namespace {

error tls_error(std::string problem) {
  char text[256] = "no reason given";
  if (auto code = ERR_get_error())
    ERR_error_string_n(code, text, sizeof(text));
  ERR_clear_error();
  return error{ec::tls_failed, std::move(problem) + ": " + text};
}

error load_roots(SSL_CTX* ctx, const tls_config& cfg) {
  if (cfg.ca_file.empty()) {
    if (SSL_CTX_set_default_verify_paths(ctx) != 1)
      return tls_error("cannot load the system's root certificates");
  } else if (SSL_CTX_load_verify_locations(ctx, cfg.ca_file.c_str(), nullptr)
             != 1) {
    return tls_error("cannot load tls.ca_file " + cfg.ca_file);
  }
  return {};
}

// Without it, OpenSSL asks for the password of a key at the terminal.
int refuse_password(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

error load_key(SSL_CTX* ctx, const std::string& file) {
  auto asked = false;
  SSL_CTX_set_default_passwd_cb(ctx, refuse_password);
  SSL_CTX_set_default_passwd_cb_userdata(ctx, &asked);
  auto loaded = SSL_CTX_use_PrivateKey_file(ctx, file.c_str(), SSL_FILETYPE_PEM)
                == 1;
  SSL_CTX_set_default_passwd_cb_userdata(ctx, nullptr);
  if (loaded)
    return {};
  auto problem = "cannot load tls.key_file " + file;
  if (asked)
    problem += ", which has a password: store the key without one";
  return tls_error(std::move(problem));
}

error load_client_certificate(SSL_CTX* ctx, const tls_config& cfg) {
  if (cfg.cert_file.empty())
    return {};
  if (SSL_CTX_use_certificate_chain_file(ctx, cfg.cert_file.c_str()) != 1)
    return tls_error("cannot load tls.cert_file " + cfg.cert_file);
  if (auto err = load_key(ctx, cfg.key_file))
    return err;
  if (SSL_CTX_check_private_key(ctx) != 1)
    return tls_error("tls.key_file does not fit tls.cert_file");
  return {};
}

error configure(SSL_CTX* ctx, const tls_config& cfg) {
  SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
  SSL_CTX_set_verify(
    ctx, cfg.verify == tls_verify::peer ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
    nullptr);
  // Many venues end the TCP connection without close_notify; frames have
  // lengths, so a cut is noticed without it.
  SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Idle connections give their buffers back.
  SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE
                          | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                          | SSL_MODE_RELEASE_BUFFERS);
  // Several records a system call.
  SSL_CTX_set_read_ahead(ctx, 1);
  SSL_CTX_set_default_read_buffer_len(ctx, slab_pool::read_size);
  // Front ends that would choose HTTP/2 must not.
  static constexpr unsigned char http1[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(ctx, http1, sizeof(http1) - 1);
  if (auto err = load_roots(ctx, cfg))
    return err;
  return load_client_certificate(ctx, cfg);
}

// -- cache --------------------------------------------------------------------

using context_ptr = std::shared_ptr<tls_context>;

// Contexts above which those without a connection go.
constexpr size_t max_unused = 8;

using file_version = std::tuple<std::string, ino_t, off_t, time_t, long>;

file_version version_of(const std::string& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0)
    return {file, 0, 0, 0, 0};
  return {file, found.st_ino, found.st_size, found.st_mtim.tv_sec,
          found.st_mtim.tv_nsec};
}

file_version version_of_roots(const std::string& file) {
  if (!file.empty())
    return version_of(file);
  auto* chosen = std::getenv(X509_get_default_cert_file_env());
  return version_of(chosen != nullptr ? chosen : X509_get_default_cert_file());
}

using cache_key
  = std::tuple<file_version, file_version, file_version, bool, std::string>;

struct cache_entry {
  std::weak_ptr<tls_context> context{};
  context_ptr kept{};
};

using context_cache = std::map<cache_key, cache_entry>;

void drop_unused(context_cache& cache) {
  if (cache.size() > max_unused)
    std::erase_if(cache, [](auto& x) {
      auto& [context, kept] = x.second;
      return context.use_count() == (kept ? 1 : 0);
    });
}

} // namespace

result<context_ptr> tls_context::get(const tls_config& cfg) {
  static std::mutex mtx;
  // Never destroyed, for OpenSSL may be gone by then.
  static auto& cache = *new context_cache;
  std::lock_guard guard{mtx};
  cache_key key{version_of_roots(cfg.ca_file), version_of(cfg.cert_file),
                version_of(cfg.key_file), cfg.verify == tls_verify::peer,
                cfg.key_log_file};
  if (auto known = cache[key].context.lock())
    return known;
  drop_unused(cache);
  std::unique_ptr<key_log> secrets;
  if (!cfg.key_log_file.empty()) {
    auto opened = key_log::open(cfg.key_log_file);
    if (!opened)
      return opened.error();
    secrets = std::move(*opened);
  }
  ERR_clear_error();
  auto fresh = std::make_shared<tls_context>(SSL_CTX_new(TLS_client_method()),
                                             std::move(secrets));
  if (fresh->native() == nullptr)
    return tls_error("cannot create a TLS context");
  if (auto err = configure(fresh->native(), cfg))
    return err;
  // Secrets are logged while there are connections.
  cache[key] = {fresh, cfg.key_log_file.empty() ? fresh : nullptr};
  return fresh;
}

tls_context::tls_context(SSL_CTX* ptr, std::unique_ptr<key_log> secrets)
  : secrets_(std::move(secrets)), ptr_(ptr) {
  if (ptr_ == nullptr)
    return;
  sessions_.attach(ptr_);
  if (secrets_)
    secrets_->attach(ptr_);
}

tls_context::~tls_context() {
  SSL_CTX_free(ptr_);
}

} // namespace zenws::internal
