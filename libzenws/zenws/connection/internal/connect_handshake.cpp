// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/connect_handshake.hpp"

#include "zenws/connection/internal/status_line.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <chrono>

namespace zenws::internal {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::string_view end_of_header = "\r\n\r\n";

std::string base64(std::string_view text) {
  std::string result(4 * ((text.size() + 2) / 3) + 1, '\0');
  auto* to = reinterpret_cast<unsigned char*>(result.data());
  auto* from = reinterpret_cast<const unsigned char*>(text.data());
  auto size = EVP_EncodeBlock(to, from, static_cast<int>(text.size()));
  result.resize(static_cast<size_t>(size));
  return result;
}

error failed(std::string reason) {
  return {.code = ec::proxy_failed, .detail = std::move(reason)};
}

bool is_interim(std::string_view header) {
  constexpr std::string_view version = "HTTP/1.1 ";
  return header.starts_with(version) && header[version.size()] == '1'
         && !header.substr(version.size()).starts_with("101");
}

template <class Response>
error refused(const Response& response, std::string_view header) {
  auto refusal = std::make_shared<upgrade_refusal>();
  refusal->status = response.result_int();
  refusal->received_at = std::chrono::system_clock::now();
  refusal->reason = std::string{read_reason(header)};
  for (auto& x : response)
    refusal->headers.push_back(
      {std::string{x.name_string()}, std::string{x.value()}});
  auto code = refusal->status == 407 ? ec::proxy_auth_required
                                     : ec::proxy_failed;
  return error{.code = code, .refusal = std::move(refusal)};
}

} // namespace

std::string connect_request(const proxy_config& proxy, const url& target) {
  auto host = target.authority();
  auto result = "CONNECT " + host + " HTTP/1.1\r\nHost: " + host + "\r\n";
  if (!proxy.user.empty())
    result += "Proxy-Authorization: Basic "
              + base64(proxy.user + ':' + proxy.password) + "\r\n";
  return result + "\r\n";
}

error read_connect_response(std::string_view header) {
  http::response_parser<http::empty_body> parser;
  parser.skip(true); // an answer to CONNECT has no body
  auto readable = with_complete_status_line(header);
  boost::system::error_code code;
  parser.put(asio::buffer(readable), code);
  if (!parser.is_header_done())
    return failed(describe_no_response(header));
  auto& response = parser.get();
  if (http::to_status_class(response.result())
      != http::status_class::successful)
    return refused(response, header);
  return {};
}

connect_handshake::connect_handshake(const proxy_config& proxy,
                                     const url& target, size_t max_header_bytes)
  : proxy_handshake(connect_request(proxy, target)),
    max_header_bytes_(max_header_bytes) {
  // nop
}

result<size_t> connect_handshake::read(std::string_view bytes) {
  auto old_size = header_.size();
  header_ += bytes.substr(0, max_header_bytes_ - skipped_bytes_ - old_size);
  auto end = header_.find(end_of_header,
                          old_size - std::min(old_size, size_t{3}));
  if (end == std::string::npos) {
    if (!may_be_response(header_))
      return failed(describe_no_response(header_));
    if (header_.size() + skipped_bytes_ >= max_header_bytes_)
      return failed("the header of the answer is too large");
    return header_.size() - old_size;
  }
  header_.resize(end + end_of_header.size());
  auto taken = header_.size() - old_size;
  if (auto problem = on_header())
    return problem;
  return taken;
}

error connect_handshake::on_header() {
  if (is_interim(header_)) {
    skipped_bytes_ += header_.size();
    header_.clear();
    return {};
  }
  if (auto problem = read_connect_response(header_))
    return problem;
  open();
  return {};
}

} // namespace zenws::internal
