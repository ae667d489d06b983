// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/internal/site_guard.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <array>
#include <utility>

namespace zenws::internal {

namespace {

using secret_digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

// Digests are of one size: comparing them shows nothing about that of a secret.
secret_digest digest_of_secret(std::string_view text) {
  secret_digest result{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         result.data());
  return result;
}

std::string_view without_port(std::string_view host) {
  auto end = host.starts_with('[') ? host.find(']') : std::string_view::npos;
  auto colon = host.find(':', end == std::string_view::npos ? 0 : end);
  return host.substr(0, colon);
}

} // namespace

site_guard::site_guard(std::string bind)
  : bind_(std::move(bind)),
    is_local_(boost::asio::ip::make_address(bind_).is_loopback()) {
  // nop
}

bool site_guard::is_for_us(std::string_view host) const {
  auto name = without_port(host);
  if (!is_local_)
    return !name.empty();
  return name == "localhost" || name == "127.0.0.1" || name == "[::1]"
         || name == bind_;
}

bool is_own_page(std::string_view origin, std::string_view host) {
  if (origin.empty())
    return true;
  auto scheme = origin.find("://");
  return scheme != std::string_view::npos && origin.substr(scheme + 3) == host;
}

std::optional<std::string_view> bearer_token(std::string_view authorization) {
  constexpr std::string_view scheme = "Bearer ";
  if (!boost::beast::iequals(authorization.substr(0, scheme.size()), scheme))
    return std::nullopt;
  return authorization.substr(scheme.size());
}

bool is_same_secret(std::string_view x, std::string_view y) {
  auto a = digest_of_secret(x);
  auto b = digest_of_secret(y);
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace zenws::internal
