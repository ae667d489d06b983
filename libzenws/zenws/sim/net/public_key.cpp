// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/public_key.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <memory>

namespace zenws::sim {

namespace {

struct freed_by_openssl {
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

using public_key = std::unique_ptr<EVP_PKEY, freed_by_openssl>;

public_key parse_public_key(std::string_view pem) {
  std::unique_ptr<BIO, freed_by_openssl> in{
    BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  public_key result{
    in ? PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr) : nullptr};
  ERR_clear_error();
  return result;
}

std::optional<public_key_kind> kind_of_parsed(const public_key& key) {
  switch (key ? EVP_PKEY_base_id(key.get()) : 0) {
    case EVP_PKEY_ED25519:
      return public_key_kind::ed25519;
    case EVP_PKEY_RSA:
      return public_key_kind::rsa;
    default:
      return std::nullopt;
  }
}

const unsigned char* raw_bytes(std::string_view x) noexcept {
  return reinterpret_cast<const unsigned char*>(x.data());
}

// Empty if it is no base64.
std::string decode_base64(std::string_view text) {
  auto padding = text.ends_with("==") ? 2u : text.ends_with('=') ? 1u : 0u;
  std::string result(text.size() / 4 * 3, '\0');
  auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                              raw_bytes(text), static_cast<int>(text.size()));
  if (text.size() % 4 != 0 || size != static_cast<int>(result.size()))
    return {};
  result.resize(result.size() - std::min<size_t>(padding, result.size()));
  return result;
}

} // namespace

std::optional<public_key_kind> kind_of_public_key(std::string_view pem) {
  return kind_of_parsed(parse_public_key(pem));
}

bool confirms(std::string_view public_key, std::string_view text,
              std::string_view signature) {
  auto key = parse_public_key(public_key);
  auto kind = kind_of_parsed(key);
  auto bytes = decode_base64(signature);
  if (!kind || bytes.empty())
    return false;
  std::unique_ptr<EVP_MD_CTX, freed_by_openssl> context{EVP_MD_CTX_new()};
  auto* digest = *kind == public_key_kind::rsa ? EVP_sha256() : nullptr;
  auto is_confirmed
    = EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get())
        == 1
      && EVP_DigestVerify(context.get(), raw_bytes(bytes), bytes.size(),
                          raw_bytes(text), text.size())
           == 1;
  ERR_clear_error();
  return is_confirmed;
}

} // namespace zenws::sim
