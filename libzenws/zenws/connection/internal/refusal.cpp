// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/refusal.hpp"

#include "zenws/connection/internal/status_line.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/dynamic_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <chrono>
#include <string>

namespace zenws::internal {

namespace {

namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

// A string_body would reserve as much as Content-Length says.
using body_type = http::basic_dynamic_body<boost::beast::flat_buffer>;

using parser_type = http::response_parser<body_type>;

std::shared_ptr<const upgrade_refusal> to_refusal(const parser_type& parser,
                                                  std::string_view response) {
  auto& msg = parser.get();
  auto result = std::make_shared<upgrade_refusal>();
  result->status = msg.result_int();
  result->received_at = std::chrono::system_clock::now();
  result->reason = std::string{read_reason(response)};
  for (auto& field : msg)
    result->headers.push_back(
      {std::string{field.name_string()}, std::string{field.value()}});
  auto body = msg.body().data();
  result->body.assign(static_cast<const char*>(body.data()),
                      std::min(body.size(), max_refusal_body));
  return result;
}

} // namespace

result<std::shared_ptr<const upgrade_refusal>>
read_refusal(std::string_view response, boost::system::error_code end) {
  auto unreadable = [&] {
    return error{ec::upgrade_invalid, describe_no_response(response)};
  };
  if (!may_be_response(response))
    return unreadable();
  auto readable = with_complete_status_line(response);
  parser_type parser;
  parser.eager(true);
  parser.body_limit(boost::none);
  boost::system::error_code ec;
  parser.put(boost::asio::buffer(readable), ec);
  auto broken = ec && ec != http::error::need_more;
  if (!parser.is_header_done()) {
    if (broken || end)
      return unreadable();
    return nullptr;
  }
  auto enough = parser.is_done() || end || broken
                || parser.get().body().size() >= max_refusal_body;
  return enough ? to_refusal(parser, response) : nullptr;
}

error classify_upgrade_failure(boost::system::error_code code) {
  namespace asio = boost::asio;
  if (code == asio::error::message_size || code == http::error::header_limit)
    return {ec::upgrade_invalid, "the response header is too large"};
  if (code == asio::error::eof || code == asio::error::connection_reset
      || code == http::error::end_of_stream
      || code == http::error::partial_message
      || code == asio::error::broken_pipe)
    return {ec::connection_lost, "during the upgrade: " + code.message()};
  return {ec::upgrade_invalid, code.message()};
}

error classify_failure(boost::system::error_code code) {
  if (code == websocket::error::bad_frame_payload)
    return {ec::invalid_utf8, code.message()};
  if (code == websocket::error::message_too_big
      || code == websocket::error::buffer_overflow)
    return {ec::message_too_big, code.message()};
  if (code == websocket::condition::protocol_violation)
    return {ec::protocol_error, code.message()};
  return {ec::connection_lost, code.message()};
}

error bad_message(ec code) {
  switch (code) {
    case ec::message_too_big:
      return {code, "the message is too big once decompressed"};
    case ec::invalid_utf8:
      return {code, "text that is not UTF-8"};
    default:
      return {code, "a compressed message that cannot be decompressed"};
  }
}

uint16_t close_code_for(ec code) noexcept {
  return code == ec::message_too_big ? websocket::close_code::too_big
                                     : websocket::close_code::bad_payload;
}

} // namespace zenws::internal
