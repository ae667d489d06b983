// SPDX-License-Identifier: BSD-3-Clause

#include "key_pair.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <stdexcept>

namespace zenws::test_support {

namespace {

struct deleter {
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

using key_ptr = std::unique_ptr<EVP_PKEY, deleter>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void expect_success(bool done) {
  if (!done)
    throw std::runtime_error{"OpenSSL has failed"};
}

const EVP_MD* digest_of(const EVP_PKEY& key) {
  return EVP_PKEY_base_id(&key) == EVP_PKEY_RSA ? EVP_sha256() : nullptr;
}

EVP_PKEY* generate(key_kind kind) {
  switch (kind) {
    case key_kind::rsa:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", size_t{2048});
    case key_kind::elliptic_curve:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    default:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  }
}

// Returns what `write` writes.
template <class Fun>
std::string written(Fun write) {
  std::unique_ptr<BIO, deleter> out{BIO_new(BIO_s_mem())};
  expect_success(out && write(out.get()) == 1);
  char* text = nullptr;
  auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<size_t>(size)};
}

std::string private_text(EVP_PKEY* key, const std::string& passphrase) {
  return written([&](BIO* out) {
    auto* cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
    return PEM_write_bio_PKCS8PrivateKey(out, key, cipher, passphrase.data(),
                                         static_cast<int>(passphrase.size()),
                                         nullptr, nullptr);
  });
}

} // namespace

key_pair make_key_pair(key_kind kind, const std::string& passphrase) {
  key_ptr key{generate(kind)};
  expect_success(key != nullptr);
  return {private_text(key.get(), passphrase), written([&](BIO* out) {
            return PEM_write_bio_PUBKEY(out, key.get());
          })};
}

std::string sign(const std::string& private_key, std::string_view text) {
  std::unique_ptr<BIO, deleter> in{
    BIO_new_mem_buf(private_key.data(), static_cast<int>(private_key.size()))};
  key_ptr key{PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr)};
  expect_success(key != nullptr);
  std::unique_ptr<EVP_MD_CTX, deleter> context{EVP_MD_CTX_new()};
  std::string result(1024, '\0');
  auto size = result.size();
  expect_success(
    EVP_DigestSignInit(context.get(), nullptr, digest_of(*key), nullptr,
                       key.get())
      == 1
    && EVP_DigestSign(context.get(),
                      reinterpret_cast<unsigned char*>(result.data()), &size,
                      bytes_of(text), text.size())
         == 1);
  result.resize(size);
  return result;
}

bool confirms(const std::string& public_key, std::string_view text,
              std::string_view signature) {
  std::unique_ptr<BIO, deleter> in{
    BIO_new_mem_buf(public_key.data(), static_cast<int>(public_key.size()))};
  key_ptr key{PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr)};
  expect_success(key != nullptr);
  std::unique_ptr<EVP_MD_CTX, deleter> context{EVP_MD_CTX_new()};
  expect_success(EVP_DigestVerifyInit(context.get(), nullptr, digest_of(*key),
                                      nullptr, key.get())
                 == 1);
  return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                          bytes_of(text), text.size())
         == 1;
}

std::string ed25519_key(std::string_view seed) {
  key_ptr key{EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                           bytes_of(seed), seed.size())};
  expect_success(key != nullptr);
  return private_text(key.get(), {});
}

} // namespace zenws::test_support
