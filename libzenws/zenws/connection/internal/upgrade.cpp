// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/upgrade.hpp"

#include <boost/beast/http/field.hpp>

#include <algorithm>
#include <utility>

namespace zenws::internal {

namespace {

using boost::beast::http::field;

std::string joined(const std::vector<std::string>& xs) {
  std::string result;
  for (auto& x : xs)
    result += (result.empty() ? "" : ", ") + x;
  return result;
}

// A field that comes several times is one list.
template <class Message>
std::string whole_value(const Message& message, field name) {
  std::vector<std::string> values;
  auto [first, last] = message.equal_range(name);
  for (; first != last; ++first)
    values.emplace_back(first->value());
  return joined(values);
}

} // namespace

upgrade_offer::upgrade_offer(const client_config& cfg)
  : subprotocols_(cfg.subprotocols), compression_(cfg.compression) {
  // nop
}

void upgrade_offer::add_to(boost::beast::websocket::request_type& request,
                           const std::vector<header>& headers) const {
  for (auto& [name, value] : headers)
    request.insert(name, value);
  if (!subprotocols_.empty())
    request.set(field::sec_websocket_protocol, joined(subprotocols_));
  if (auto offer = deflate_offer(compression_); !offer.empty())
    request.set(field::sec_websocket_extensions, offer);
}

result<upgrade_agreement> upgrade_offer::read_answer(
  const boost::beast::websocket::response_type& response) const {
  upgrade_agreement result;
  result.subprotocol = std::string{response[field::sec_websocket_protocol]};
  if (!result.subprotocol.empty()
      && std::find(subprotocols_.begin(), subprotocols_.end(),
                   result.subprotocol)
           == subprotocols_.end())
    return error{ec::upgrade_invalid,
                 "the server chose a subprotocol that was not offered"};
  auto terms = read_deflate_answer(
    compression_, whole_value(response, field::sec_websocket_extensions));
  if (!terms)
    return terms.error();
  result.compression = *terms;
  return result;
}

} // namespace zenws::internal
