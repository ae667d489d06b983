// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/internal/outlet_access.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <array>

namespace zenws {

namespace {

namespace http = boost::beast::http;

using token_digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

// Digests are of one size: comparing them shows nothing about that of a token.
token_digest digest_of_token(std::string_view text) {
  token_digest result{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         result.data());
  return result;
}

std::string_view field_of(const outlet_upgrade& request, http::field name) {
  auto value = request[name];
  return {value.data(), value.size()};
}

// Returns a Host without its port.
std::string_view host_name(std::string_view host) {
  auto end = host.starts_with('[') ? host.find(']') : std::string_view::npos;
  auto colon = host.find(':', end == std::string_view::npos ? 0 : end);
  return host.substr(0, colon);
}

// The scheme may be that of a proxy.
bool is_page_of(std::string_view origin, std::string_view host) {
  auto scheme = origin.find("://");
  return scheme != std::string_view::npos && origin.substr(scheme + 3) == host;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

outlet_access::outlet_access(const outlet_options& options)
  : bind_(options.bind),
    is_local_(boost::asio::ip::make_address(bind_).is_loopback()),
    tokens_(options.tokens) {
  // nop
}

// -- checks -------------------------------------------------------------------

bool outlet_access::is_for_us(std::string_view host) const {
  auto name = host_name(host);
  if (!is_local_)
    return !name.empty();
  return name == "localhost" || name == "127.0.0.1" || name == "[::1]"
         || name == bind_;
}

std::variant<outlet_identity, upgrade_denial>
outlet_access::admit(const outlet_upgrade& request) const {
  auto host = field_of(request, http::field::host);
  if (!is_for_us(host))
    return upgrade_denial{http::status::misdirected_request,
                          "this is not the host you asked for"};
  auto origin = field_of(request, http::field::origin);
  if (!origin.empty() && !is_page_of(origin, host))
    return upgrade_denial{http::status::forbidden,
                          "pages of other sites have no access"};
  if (!boost::beast::websocket::is_upgrade(request))
    return upgrade_denial{http::status::upgrade_required,
                          "this is a WebSocket server"};
  constexpr std::string_view scheme = "Bearer ";
  auto credentials = field_of(request, http::field::authorization);
  if (credentials.empty())
    return outlet_identity{.rights{.read = tokens_.empty()}};
  auto owner = credentials.starts_with(scheme)
                 ? owner_of(credentials.substr(scheme.size()))
                 : std::nullopt;
  if (!owner)
    return upgrade_denial{http::status::unauthorized, "wrong token"};
  return *owner;
}

std::optional<outlet_identity>
outlet_access::owner_of(std::string_view token) const {
  std::optional<outlet_identity> result;
  auto given = digest_of_token(token);
  for (auto& x : tokens_) {
    auto known = digest_of_token(x.secret);
    if (CRYPTO_memcmp(given.data(), known.data(), given.size()) == 0)
      result = {x.name, x.rights};
  }
  return result;
}

} // namespace zenws
