// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/http_session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <exception>
#include <utility>

namespace zenws::monitoring {

namespace {

constexpr std::chrono::seconds linger_time{1};

// What a peer may have sent behind a request that was refused.
constexpr size_t max_discarded = 1024 * 1024;

// Returns the answer to a request that cannot be read, nothing if the
// connection has ended.
std::optional<http_response>
refusal_of(const boost::system::error_code& failed) {
  if (failed == http::error::header_limit)
    return error_response(http::status::request_header_fields_too_large,
                          "the header is too large");
  if (failed == http::error::body_limit)
    return error_response(http::status::payload_too_large,
                          "the body is too large");
  if (failed == http::error::end_of_stream
      || failed.category()
           != http::make_error_code(http::error::end_of_stream).category())
    return std::nullopt;
  return error_response(http::status::bad_request,
                        "this is no request of HTTP: " + failed.message());
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

http_session::http_session(boost::asio::ip::tcp::socket socket,
                           const http_limits& limits, http_handler handler)
  : stream_(std::move(socket)), limits_(limits), handler_(std::move(handler)) {
  // nop
}

// -- requests and answers -----------------------------------------------------

void http_session::start() {
  error_code ignored;
  stream_.socket().set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
  read_request();
}

void http_session::read_request() {
  parser_.emplace();
  parser_->header_limit(limits_.max_header_bytes);
  parser_->body_limit(limits_.max_body_bytes);
  stream_.expires_after(limits_.patience);
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](error_code failed, size_t) {
                     self->on_request(failed);
                   });
}

void http_session::on_request(error_code failed) {
  if (closed_)
    return;
  if (!failed) {
    request_ = parser_->release();
    return handle_request();
  }
  if (auto refusal = refusal_of(failed))
    refuse(std::move(*refusal));
  else
    close();
}

void http_session::handle_request() {
  try {
    handler_(shared_from_this());
  } catch (const std::exception& problem) {
    answer(error_response(http::status::internal_server_error, problem.what()));
  }
}

void http_session::answer(http_response response) {
  if (closed_ || writing_)
    return;
  response_ = std::move(response);
  write_response(request_.keep_alive());
}

void http_session::refuse(http_response response) {
  request_ = {};
  response_ = std::move(response);
  write_response(false);
}

void http_session::write_response(bool keep_alive) {
  writing_ = true;
  response_.keep_alive(keep_alive);
  response_.prepare_payload();
  if (request_.method() == http::verb::head)
    response_.body().clear();
  stream_.expires_after(limits_.patience);
  http::async_write(stream_, response_,
                    [self = shared_from_this(), keep_alive](error_code failed,
                                                            size_t) {
                      self->writing_ = false;
                      if (self->closed_)
                        return;
                      if (failed)
                        self->close();
                      else if (keep_alive)
                        self->read_request();
                      else
                        self->linger();
                    });
}

void http_session::linger() {
  error_code failed;
  stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send,
                            failed);
  if (failed)
    return close();
  stream_.expires_after(linger_time);
  discard_input();
}

void http_session::discard_input() {
  stream_.async_read_some(boost::asio::buffer(discarded_),
                          [self = shared_from_this()](error_code failed,
                                                      size_t size) {
                            if (self->closed_)
                              return;
                            self->num_discarded_ += size;
                            if (failed || self->num_discarded_ > max_discarded)
                              self->close();
                            else
                              self->discard_input();
                          });
}

void http_session::close() {
  closed_ = true;
  written_ = nullptr;
  stream_.close();
}

// -- streams ------------------------------------------------------------------

void http_session::begin_stream(std::string_view content_type,
                                std::function<void()> written) {
  auto header = make_response(http::status::ok, content_type, {});
  header.keep_alive(false);
  std::string text = "HTTP/1.1 200 OK\r\n";
  for (auto& field : header) {
    text += field.name_string();
    text += ": ";
    text += field.value();
    text += "\r\n";
  }
  written_ = std::move(written);
  // The end of the peer; it has nothing to say until then.
  stream_.expires_never();
  discard_input();
  send(text + "\r\n");
}

void http_session::send(std::string part) {
  writing_ = true;
  part_ = std::move(part);
  stream_.expires_after(limits_.patience);
  boost::asio::async_write(stream_, boost::asio::buffer(part_),
                           [self = shared_from_this()](error_code failed,
                                                       size_t) {
                             self->writing_ = false;
                             self->part_ = {};
                             if (self->closed_)
                               return;
                             if (failed)
                               return self->close();
                             // It may end the stream, and itself.
                             if (auto written = self->written_)
                               written();
                           });
}

} // namespace zenws::monitoring
