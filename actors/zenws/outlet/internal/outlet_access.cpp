// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/internal/outlet_access.hpp"

#include <boost/beast/websocket/rfc6455.hpp>

namespace zenws {

namespace {

namespace http = boost::beast::http;

std::string_view field_of(const outlet_upgrade& request, http::field name) {
  auto value = request[name];
  return {value.data(), value.size()};
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

outlet_access::outlet_access(const outlet_options& options)
  : site_(options.bind), tokens_(options.tokens) {
  // nop
}

// -- checks -------------------------------------------------------------------

std::variant<outlet_identity, upgrade_denial>
outlet_access::admit(const outlet_upgrade& request) const {
  auto host = field_of(request, http::field::host);
  if (!site_.is_for_us(host))
    return upgrade_denial{http::status::misdirected_request,
                          "this is not the host you asked for"};
  if (!internal::is_own_page(field_of(request, http::field::origin), host))
    return upgrade_denial{http::status::forbidden,
                          "pages of other sites have no access"};
  if (!boost::beast::websocket::is_upgrade(request))
    return upgrade_denial{http::status::upgrade_required,
                          "this is a WebSocket server"};
  auto credentials = field_of(request, http::field::authorization);
  if (credentials.empty())
    return outlet_identity{.rights{.read = tokens_.empty()}};
  auto token = internal::bearer_token(credentials);
  auto owner = token ? owner_of(*token) : std::nullopt;
  if (!owner)
    return upgrade_denial{http::status::unauthorized, "wrong token"};
  return *owner;
}

std::optional<outlet_identity>
outlet_access::owner_of(std::string_view token) const {
  std::optional<outlet_identity> result;
  for (auto& x : tokens_)
    if (internal::is_same_secret(token, x.secret))
      result = {x.name, x.rights};
  return result;
}

} // namespace zenws
