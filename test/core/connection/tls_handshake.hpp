// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "support/key_pair.hpp"
#include "support/unit_test.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <string>

/// Returns a certificate for a key that nobody trusts.
inline X509* self_signed(EVP_PKEY* key) {
  auto* result = X509_new();
  X509_set_version(result, X509_VERSION_3);
  X509_gmtime_adj(X509_getm_notBefore(result), -60);
  X509_gmtime_adj(X509_getm_notAfter(result), 3600);
  X509_set_pubkey(result, key);
  CAF_REQUIRE(X509_sign(result, key, nullptr) > 0);
  return result;
}

/// Returns a certificate for a private key, both in PEM.
inline std::string certificate_of(const std::string& private_key) {
  auto* in = BIO_new_mem_buf(private_key.data(),
                             static_cast<int>(private_key.size()));
  auto* key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
  auto* certificate = self_signed(key);
  auto* out = BIO_new(BIO_s_mem());
  CAF_REQUIRE_EQUAL(PEM_write_bio_X509(out, certificate), 1);
  char* text = nullptr;
  auto size = BIO_get_mem_data(out, &text);
  std::string result(text, static_cast<size_t>(size));
  BIO_free(out);
  X509_free(certificate);
  EVP_PKEY_free(key);
  BIO_free(in);
  return result;
}

/// Gives a server a key, and a certificate that nobody trusts.
inline void certify(SSL_CTX* server) {
  auto keys = zenws::test_support::make_key_pair(
    zenws::test_support::key_kind::ed25519);
  auto* text = BIO_new_mem_buf(keys.private_key.data(),
                               static_cast<int>(keys.private_key.size()));
  auto* key = PEM_read_bio_PrivateKey(text, nullptr, nullptr, nullptr);
  auto* certificate = self_signed(key);
  CAF_REQUIRE_EQUAL(SSL_CTX_use_certificate(server, certificate), 1);
  CAF_REQUIRE_EQUAL(SSL_CTX_use_PrivateKey(server, key), 1);
  X509_free(certificate);
  EVP_PKEY_free(key);
  BIO_free(text);
}

/// Lets a client and a server shake hands without a network, and the client
/// read what the server sends on its own behalf afterwards.
inline void shake_hands(SSL* client, SSL_CTX* server_context) {
  auto* server = SSL_new(server_context);
  BIO* near = nullptr;
  BIO* far = nullptr;
  BIO_new_bio_pair(&near, 0, &far, 0);
  SSL_set_bio(client, near, near);
  SSL_set_bio(server, far, far);
  SSL_set_connect_state(client);
  SSL_set_accept_state(server);
  for (auto done = false; !done;) {
    auto client_is_done = SSL_do_handshake(client) == 1;
    done = SSL_do_handshake(server) == 1 && client_is_done;
  }
  char unused = 0;
  SSL_read(client, &unused, 1);
  // Otherwise OpenSSL takes the session for one that was cut.
  SSL_shutdown(client);
  SSL_free(server);
}
