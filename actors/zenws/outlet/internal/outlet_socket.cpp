// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/internal/outlet_socket.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <optional>
#include <type_traits>
#include <utility>

namespace zenws {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

using boost::system::error_code;

using plain_stream = beast::tcp_stream;
using tls_stream = beast::ssl_stream<beast::tcp_stream>;

constexpr uint32_t max_upgrade_bytes = 16 * 1024;

template <class Stream>
class basic_outlet_socket
  : public outlet_socket,
    public std::enable_shared_from_this<basic_outlet_socket<Stream>> {
public:
  template <class... Ts>
  basic_outlet_socket(io_loop& loop,
                      std::shared_ptr<const outlet_access> access,
                      const limits& bounds, Ts&&... stream)
    : loop_(loop),
      access_(std::move(access)),
      limits_(bounds),
      stream_(std::forward<Ts>(stream)...),
      deadline_(loop.context()) {
    // nop
  }

  // -- life -------------------------------------------------------------------

  void open(outlet_socket_owner& owner) override {
    owner_ = &owner;
    lowest().expires_after(limits_.open_within);
    if constexpr (std::is_same_v<Stream, tls_stream>)
      stream_.next_layer().async_handshake(
        boost::asio::ssl::stream_base::server,
        then(&basic_outlet_socket::read_upgrade));
    else
      read_upgrade();
  }

  void leave() override {
    owner_ = nullptr;
    abort();
  }

  void close(uint16_t code, std::string_view reason) override {
    if (!is_open_)
      return abort();
    if (std::exchange(is_closing_, true))
      return;
    deadline_.expires_after(close_within);
    deadline_.async_wait([self = this->shared_from_this()](error_code failed) {
      if (!failed)
        self->abort();
    });
    stream_.async_close(
      websocket::close_reason{static_cast<websocket::close_code>(code),
                              beast::string_view{reason}},
      [self = this->shared_from_this()](error_code) {
        io_loop::turn guard{self->loop_};
        self->end();
      });
  }

  // -- messages ---------------------------------------------------------------

  void receive() override {
    stream_.async_read(
      buffer_, [self = this->shared_from_this()](error_code failed, size_t) {
        io_loop::turn guard{self->loop_};
        if (failed)
          return self->end();
        auto data = self->buffer_.cdata();
        std::string text{static_cast<const char*>(data.data()), data.size()};
        self->buffer_.consume(data.size());
        if (self->owner_ != nullptr)
          self->owner_->on_message(text);
      });
  }

  void send(std::string text) override {
    text_ = std::move(text);
    stream_.async_write(boost::asio::buffer(text_),
                        [self = this->shared_from_this()](error_code failed,
                                                          size_t) {
                          io_loop::turn guard{self->loop_};
                          if (failed)
                            self->end();
                          else if (self->owner_ != nullptr)
                            self->owner_->on_sent();
                        });
  }

private:
  beast::tcp_stream& lowest() {
    return beast::get_lowest_layer(stream_);
  }

  // Returns a handler that goes on with `step`, or ends.
  auto then(void (basic_outlet_socket::*step)()) {
    return [self = this->shared_from_this(), step](error_code failed, auto...) {
      io_loop::turn guard{self->loop_};
      if (failed || self->owner_ == nullptr)
        self->end();
      else
        ((*self).*step)();
    };
  }

  // -- upgrading --------------------------------------------------------------

  void read_upgrade() {
    parser_.emplace();
    parser_->header_limit(max_upgrade_bytes);
    parser_->body_limit(0);
    http::async_read_header(stream_.next_layer(), buffer_, *parser_,
                            then(&basic_outlet_socket::upgrade));
  }

  void upgrade() {
    auto request = parser_->release();
    parser_.reset();
    auto admission = access_->admit(request);
    if (auto* denial = std::get_if<upgrade_denial>(&admission))
      return deny(*denial);
    // Frames have to wait for our answer.
    if (buffer_.size() > 0)
      return deny({http::status::bad_request, "more than an upgrade"});
    program_ = std::get<outlet_identity>(std::move(admission));
    lowest().expires_never();
    stream_.set_option(websocket::stream_base::timeout{
      limits_.open_within, limits_.silence_limit, true});
    stream_.read_message_max(limits_.max_message_bytes);
    stream_.async_accept(request, then(&basic_outlet_socket::accepted));
  }

  void accepted() {
    is_open_ = true;
    stream_.text(true);
    stream_.auto_fragment(false); // one write for each message
    owner_->on_open(program_);
  }

  void deny(const upgrade_denial& denial) {
    auto& answer = denial_.emplace(denial.status, 11);
    answer.set(http::field::content_type, "text/plain");
    answer.set(http::field::cache_control, "no-store");
    if (denial.status == http::status::unauthorized)
      answer.set(http::field::www_authenticate, "Bearer");
    if (denial.status == http::status::upgrade_required)
      answer.set(http::field::upgrade, "websocket");
    answer.keep_alive(false);
    answer.body() = std::string{denial.text} + '\n';
    answer.prepare_payload();
    http::async_write(stream_.next_layer(), answer,
                      then(&basic_outlet_socket::end));
  }

  // -- ending -----------------------------------------------------------------

  void end() {
    abort();
    if (auto* owner = std::exchange(owner_, nullptr))
      owner->on_end();
  }

  // All operations end by an error.
  void abort() {
    deadline_.cancel();
    error_code ignored;
    lowest().socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both,
                               ignored);
    lowest().close();
  }

  io_loop& loop_;
  std::shared_ptr<const outlet_access> access_;
  limits limits_;
  outlet_socket_owner* owner_ = nullptr;
  websocket::stream<Stream> stream_;
  boost::asio::steady_timer deadline_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::empty_body>> parser_;
  std::optional<http::response<http::string_body>> denial_;
  outlet_identity program_;
  std::string text_;
  bool is_open_ = false;
  bool is_closing_ = false;
};

} // namespace

outlet_socket_owner::~outlet_socket_owner() {
  // nop
}

outlet_socket::~outlet_socket() {
  // nop
}

outlet_socket_ptr
outlet_socket::make(io_loop& loop, boost::asio::ip::tcp::socket socket,
                    const std::shared_ptr<boost::asio::ssl::context>& tls,
                    std::shared_ptr<const outlet_access> access,
                    const limits& bounds) {
  if (tls == nullptr)
    return std::make_shared<basic_outlet_socket<plain_stream>>(
      loop, std::move(access), bounds, std::move(socket));
  return std::make_shared<basic_outlet_socket<tls_stream>>(
    loop, std::move(access), bounds, std::move(socket), *tls);
}

} // namespace zenws
