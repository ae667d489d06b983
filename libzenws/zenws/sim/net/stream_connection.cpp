// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/stream_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace zenws::sim {

namespace {

namespace asio = boost::asio;

using tls_stream = asio::ssl::stream<loop_socket>;

// An idle connection holds this much; a busy one grows up to the second.
constexpr size_t min_read_buffer = 1024;
constexpr size_t max_read_buffer = 64 * 1024;

template <class Stream>
constexpr bool is_tls = std::is_same_v<Stream, tls_stream>;

// The transport of a connection.
template <class Stream>
class stream_connection final : public connection {
public:
  template <class... Args>
  stream_connection(connection_owner& owner, uint64_t id, std::string host,
                    Args&&... args)
    : connection(owner, id, std::move(host)),
      stream_(std::forward<Args>(args)...) {
    boost::system::error_code ignored;
    stream_.lowest_layer().set_option(asio::ip::tcp::no_delay{true}, ignored);
  }

  void start() override {
    expect_upgrade();
    if constexpr (is_tls<Stream>)
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = self()](auto ec) {
                                if (ec)
                                  self->on_end();
                                else
                                  self->start_reading();
                              });
    else
      start_reading();
  }

protected:
  void do_read() override {
    if (input_.size() < wanted_)
      input_ = std::string(wanted_, '\0');
    stream_.async_read_some(asio::buffer(input_),
                            [self = self()](auto ec, size_t n) {
                              self->on_read(ec, n);
                            });
  }

  void do_write(std::string_view bytes) override {
    asio::async_write(stream_, asio::buffer(bytes),
                      [self = self()](auto ec, size_t) {
                        if (ec)
                          self->on_end();
                        else
                          self->on_written();
                      });
  }

  void do_shutdown() override {
    if constexpr (is_tls<Stream>) {
      shutting_down_ = true;
      stream_.async_shutdown([self = self()](auto) {
        self->shutting_down_ = false;
        self->on_end();
      });
    } else {
      boost::system::error_code ignored;
      stream_.shutdown(asio::socket_base::shutdown_send, ignored);
    }
  }

  void do_close(disconnect mode) noexcept override {
    auto& socket = stream_.lowest_layer();
    boost::system::error_code ignored;
    if (mode == disconnect::reset)
      socket.set_option(asio::socket_base::linger{true, 0}, ignored);
    else
      socket.shutdown(asio::socket_base::shutdown_both, ignored);
    socket.close(ignored);
  }

private:
  auto self() {
    return std::static_pointer_cast<stream_connection>(shared_from_this());
  }

  void on_read(boost::system::error_code ec, size_t n) {
    if (!ec) {
      if (n == input_.size())
        wanted_ = std::min(2 * n, max_read_buffer);
      return on_bytes(std::string_view{input_}.substr(0, n));
    }
    // The end of the peer's stream must not cut off our own farewell.
    if (!shutting_down_)
      on_end();
  }

  Stream stream_;
  std::string input_;
  size_t wanted_ = min_read_buffer;
  bool shutting_down_ = false;
};

} // namespace

std::shared_ptr<connection> make_connection(connection_owner& owner,
                                            uint64_t id, loop_socket socket,
                                            asio::ssl::context* tls) {
  boost::system::error_code ec;
  auto peer = socket.remote_endpoint(ec);
  auto host = ec ? std::string{} : peer.address().to_string();
  if (tls)
    return std::make_shared<stream_connection<tls_stream>>(
      owner, id, std::move(host), std::move(socket), *tls);
  return std::make_shared<stream_connection<loop_socket>>(
    owner, id, std::move(host), std::move(socket));
}

} // namespace zenws::sim
