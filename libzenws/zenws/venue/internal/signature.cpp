// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/internal/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace zenws::internal {

namespace {

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

std::string hmac_sha256(std::string_view key, std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(text),
       text.size(), digest, &size);
  return {reinterpret_cast<char*>(digest), size};
}

std::string hex(std::string_view bytes) {
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

std::string base64(std::string_view bytes) {
  std::string result(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  auto n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                           bytes_of(bytes), static_cast<int>(bytes.size()));
  result.resize(static_cast<size_t>(n));
  return result;
}

std::optional<std::string> from_base64(std::string_view text) {
  auto digits = text.substr(0, text.find('='));
  auto padding = text.size() - digits.size();
  // OpenSSL tolerates blanks.
  if (text.size() % 4 != 0 || padding > 2
      || text.substr(digits.size()) != std::string_view{"=="}.substr(0, padding)
      || digits.find_first_of(" \t\r\n\v\f-") != std::string_view::npos)
    return std::nullopt;
  std::string result(text.size() / 4 * 3, '\0');
  auto n = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                           bytes_of(text), static_cast<int>(text.size()));
  if (n != static_cast<int>(result.size()))
    return std::nullopt;
  result.resize(result.size() - padding);
  return result;
}

} // namespace zenws::internal
