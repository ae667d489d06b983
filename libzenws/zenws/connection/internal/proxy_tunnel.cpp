// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/proxy_tunnel.hpp"

#include "zenws/connection/internal/status_line.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <chrono>
#include <utility>

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

error lost(error_code code) {
  return {.code = ec::connection_lost,
          .detail = "before the proxy had answered: " + code.message()};
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
  error_code code;
  parser.put(asio::buffer(readable), code);
  if (!parser.is_header_done())
    return failed(describe_no_response(header));
  auto& response = parser.get();
  if (http::to_status_class(response.result())
      != http::status_class::successful)
    return refused(response, header);
  return {};
}

proxy_tunnel::proxy_tunnel(socket_type& socket, size_t max_header_bytes)
  : socket_(&socket), max_header_bytes_(max_header_bytes) {
  // nop
}

void proxy_tunnel::start(const proxy_config& proxy, const url& target,
                         done_handler on_done) {
  on_done_ = std::move(on_done);
  request_ = connect_request(proxy, target);
  // Several writes may be needed: the owner of the socket must outlive them.
  asio::async_write(*socket_, asio::buffer(request_),
                    [self = shared_from_this(),
                     owner = on_done_](error_code code, size_t) {
                      if (code)
                        return self->done(lost(code));
                      self->wait();
                    });
}

void proxy_tunnel::cancel() {
  on_done_ = nullptr;
  socket_ = nullptr;
}

void proxy_tunnel::wait() {
  if (!on_done_)
    return;
  socket_->async_wait(socket_type::wait_read,
                      [self = shared_from_this()](error_code) {
                        // Reading reports an error, if any.
                        self->on_readable();
                      });
}

void proxy_tunnel::on_readable() {
  if (!on_done_)
    return;
  error_code code;
  if (read_header(code))
    return on_header();
  if (code && code != asio::error::would_block)
    return done(lost(code));
  if (!may_be_response(header_))
    return done(failed(describe_no_response(header_)));
  if (header_.size() + skipped_bytes_ >= max_header_bytes_)
    return done(failed("the header of the answer is too large"));
  wait();
}

bool proxy_tunnel::read_header(error_code& code) {
  auto old_size = header_.size();
  header_.resize(max_header_bytes_ - skipped_bytes_);
  asio::mutable_buffer room{header_.data() + old_size,
                            header_.size() - old_size};
  auto n = socket_->receive(room, socket_type::message_peek, code);
  header_.resize(old_size + (code ? 0 : n));
  if (code)
    return false;
  auto pos = header_.find(end_of_header,
                          old_size - std::min(old_size, size_t{3}));
  auto complete = pos != std::string::npos;
  if (complete)
    header_.resize(pos + end_of_header.size());
  // Now these bytes are taken, and only these.
  socket_->receive(asio::buffer(header_.data() + old_size,
                                header_.size() - old_size),
                   0, code);
  return complete;
}

void proxy_tunnel::on_header() {
  if (!is_interim(header_))
    return done(read_connect_response(header_));
  skipped_bytes_ += header_.size();
  header_.clear();
  // The next one may be there already, for which there is no other event.
  asio::post(socket_->get_executor(),
             [self = shared_from_this()] { self->on_readable(); });
}

void proxy_tunnel::done(error reason) {
  socket_ = nullptr;
  if (auto f = std::exchange(on_done_, nullptr))
    f(std::move(reason));
}

} // namespace zenws::internal
