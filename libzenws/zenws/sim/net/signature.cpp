// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace zenws::sim {

namespace {

const unsigned char* bytes_of(std::string_view x) noexcept {
  return reinterpret_cast<const unsigned char*>(x.data());
}

unsigned char* bytes_of(std::string& x) noexcept {
  return reinterpret_cast<unsigned char*>(x.data());
}

} // namespace

std::string hmac_sha256(std::string_view secret, std::string_view text) {
  std::string result(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (!HMAC(EVP_sha256(), bytes_of(secret), static_cast<int>(secret.size()),
            bytes_of(text), text.size(), bytes_of(result), &size))
    size = 0;
  result.resize(size);
  return result;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  result.reserve(2 * bytes.size());
  for (auto c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    result += digits[byte >> 4];
    result += digits[byte & 0x0f];
  }
  return result;
}

std::string to_base64(std::string_view bytes) {
  // OpenSSL adds a terminating zero.
  std::string result(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(bytes_of(result), bytes_of(bytes),
                  static_cast<int>(bytes.size()));
  result.pop_back();
  return result;
}

bool same_secret(std::string_view x, std::string_view y) noexcept {
  return x.size() == y.size()
         && CRYPTO_memcmp(x.data(), y.data(), x.size()) == 0;
}

} // namespace zenws::sim
