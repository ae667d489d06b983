// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/handshake.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <openssl/evp.h>

namespace zenws::sim {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr uint32_t max_head_bytes = 64 * 1024;
constexpr uint64_t max_body_bytes = 64 * 1024;

bool lists(std::optional<std::string_view> header, std::string_view token) {
  if (!header)
    return false;
  http::token_list tokens{beast::string_view{header->data(), header->size()}};
  return tokens.exists(beast::string_view{token.data(), token.size()});
}

std::string base64(const unsigned char* bytes, size_t n) {
  std::string result(4 * ((n + 2) / 3) + 1, '\0');
  auto* out = reinterpret_cast<unsigned char*>(result.data());
  auto written = EVP_EncodeBlock(out, bytes, static_cast<int>(n));
  result.resize(static_cast<size_t>(written));
  return result;
}

// RFC 6455, section 4.2.2.
std::string accept_key(std::string_view key) {
  std::string text{key};
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
  return base64(digest, size);
}

} // namespace

// -- request ------------------------------------------------------------------

std::optional<std::string_view>
upgrade_request::header(std::string_view name) const noexcept {
  for (auto& [key, value] : headers)
    if (beast::iequals(beast::string_view{key.data(), key.size()},
                       beast::string_view{name.data(), name.size()}))
      return value;
  return std::nullopt;
}

struct request_parser::impl {
  http::request_parser<http::string_body> parser;
  std::string input;
};

request_parser::request_parser() : impl_(std::make_unique<impl>()) {
  impl_->parser.header_limit(max_head_bytes);
  impl_->parser.body_limit(max_body_bytes);
  impl_->parser.eager(true);
}

request_parser::~request_parser() {
  // nop
}

request_parser::state request_parser::feed(std::string_view bytes) {
  auto& [parser, input] = *impl_;
  input += bytes;
  beast::error_code ec;
  auto used = parser.put(boost::asio::buffer(input), ec);
  input.erase(0, used);
  if (ec && ec != http::error::need_more)
    return state::malformed;
  return parser.is_done() ? state::complete : state::incomplete;
}

upgrade_request request_parser::take_request() {
  const auto& request = impl_->parser.get();
  upgrade_request result;
  result.target = std::string{request.target()};
  result.method = std::string{request.method_string()};
  result.body = request.body();
  for (auto& field : request)
    result.headers.emplace_back(std::string{field.name_string()},
                                std::string{field.value()});
  return result;
}

std::string_view request_parser::rest() const noexcept {
  return impl_->input;
}

std::optional<http_refusal> check_upgrade(const upgrade_request& request) {
  auto needs_upgrade
    = http_refusal{426,
                   {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}},
                   "this is a WebSocket server\n"};
  if (!lists(request.header("Upgrade"), "websocket")
      || !lists(request.header("Connection"), "upgrade")
      || request.header("Sec-WebSocket-Version") != "13")
    return needs_upgrade;
  auto key = request.header("Sec-WebSocket-Key");
  if (!key || key->size() != 24 || !request.header("Host"))
    return http_refusal{400, {}, "Host or Sec-WebSocket-Key is missing\n"};
  return std::nullopt;
}

// -- responses ----------------------------------------------------------------

std::string accept_response(const upgrade_request& request,
                            std::string_view extensions) {
  std::string result = "HTTP/1.1 101 Switching Protocols\r\n"
                       "Upgrade: websocket\r\n"
                       "Connection: Upgrade\r\n"
                       "Server: exchange-sim\r\n"
                       "Sec-WebSocket-Accept: ";
  result += accept_key(*request.header("Sec-WebSocket-Key"));
  if (auto offered = request.header("Sec-WebSocket-Protocol")) {
    result += "\r\nSec-WebSocket-Protocol: ";
    result += offered->substr(0, offered->find_first_of(", "));
  }
  if (!extensions.empty()) {
    result += "\r\nSec-WebSocket-Extensions: ";
    result += extensions;
  }
  return result += "\r\n\r\n";
}

std::string json_response(std::string_view text) {
  return refusal_response(
    {200, {{"Content-Type", "application/json"}}, std::string{text} + '\n'});
}

std::string refusal_response(const http_refusal& refusal) {
  auto reason = http::obsolete_reason(http::int_to_status(refusal.status));
  auto result = "HTTP/1.1 " + std::to_string(refusal.status) + ' '
                + std::string{reason} + "\r\n";
  for (auto& [name, value] : refusal.headers)
    result.append(name).append(": ").append(value).append("\r\n");
  result += "Server: exchange-sim\r\nConnection: close\r\nContent-Length: "
            + std::to_string(refusal.body.size()) + "\r\n\r\n";
  return result += refusal.body;
}

} // namespace zenws::sim
