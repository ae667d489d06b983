// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/internal/private_key.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <climits>
#include <cstring>
#include <optional>
#include <utility>

namespace zenws::internal {

namespace {

struct openssl_deleter {
  void operator()(BIO* x) const noexcept {
    BIO_free(x);
  }

  void operator()(EVP_PKEY* x) const noexcept {
    EVP_PKEY_free(x);
  }

  void operator()(EVP_MD_CTX* x) const noexcept {
    EVP_MD_CTX_free(x);
  }
};

template <class T>
using openssl_ptr = std::unique_ptr<T, openssl_deleter>;

// Without a callback, OpenSSL would ask at the terminal.
int copy_passphrase(char* to, int capacity, int, void* passphrase) {
  auto& text = *static_cast<const std::string*>(passphrase);
  if (text.empty() || text.size() > static_cast<size_t>(capacity))
    return -1;
  std::memcpy(to, text.data(), text.size());
  return static_cast<int>(text.size());
}

std::optional<private_key_kind> kind_of(const EVP_PKEY* key) noexcept {
  switch (EVP_PKEY_base_id(key)) {
    case EVP_PKEY_ED25519:
      return private_key_kind::ed25519;
    case EVP_PKEY_RSA:
      return private_key_kind::rsa;
    default:
      return std::nullopt;
  }
}

// What OpenSSL has to say might quote the key.
error unusable(const char* reason) {
  ERR_clear_error();
  return {ec::login_failed, reason};
}

} // namespace

struct private_key::content {
  openssl_ptr<EVP_PKEY> value;
};

// -- constructors, destructors, and assignment operators ----------------------

private_key::private_key(std::unique_ptr<content> key,
                         private_key_kind kind) noexcept
  : key_(std::move(key)), kind_(kind) {
  // nop
}

private_key::private_key(private_key&&) noexcept = default;

private_key& private_key::operator=(private_key&&) noexcept = default;

private_key::~private_key() = default;

result<private_key> private_key::read(const std::string& pem,
                                      const std::string& passphrase) {
  if (pem.size() > INT_MAX)
    return unusable("the private key is too large");
  openssl_ptr<BIO> in{
    BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  auto secret = passphrase; // OpenSSL wants a pointer to what may change
  openssl_ptr<EVP_PKEY> key{
    in ? PEM_read_bio_PrivateKey(in.get(), nullptr, copy_passphrase, &secret)
       : nullptr};
  if (!key)
    return unusable("the private key cannot be read");
  auto kind = kind_of(key.get());
  if (!kind)
    return unusable("the private key is neither Ed25519 nor RSA");
  auto held = std::make_unique<content>();
  held->value = std::move(key);
  return private_key{std::move(held), *kind};
}

// -- properties ---------------------------------------------------------------

result<std::string> private_key::sign(std::string_view text) const {
  openssl_ptr<EVP_MD_CTX> context{EVP_MD_CTX_new()};
  auto* digest = kind_ == private_key_kind::rsa ? EVP_sha256() : nullptr;
  auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  size_t size = 0;
  std::string result;
  auto is_signed = [&](unsigned char* to) {
    return EVP_DigestSign(context.get(), to, &size, bytes, text.size()) == 1;
  };
  if (!context
      || EVP_DigestSignInit(context.get(), nullptr, digest, nullptr,
                            key_->value.get())
           != 1
      || !is_signed(nullptr))
    return unusable("the private key cannot sign");
  result.resize(size);
  if (!is_signed(reinterpret_cast<unsigned char*>(result.data())))
    return unusable("the private key cannot sign");
  result.resize(size);
  return result;
}

bool is_pem(std::string_view secret) noexcept {
  auto first = secret.find_first_not_of(" \t\r\n");
  return first != secret.npos
         && secret.substr(first).starts_with("-----BEGIN ");
}

} // namespace zenws::internal
