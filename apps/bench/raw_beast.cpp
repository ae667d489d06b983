// SPDX-License-Identifier: BSD-3-Clause

#include "raw_beast.hpp"

#include "message_checker.hpp"
#include "meter.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <chrono>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

namespace zenws::bench {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = boost::asio::ssl;

using boost::system::error_code;
using tcp = asio::ip::tcp;
using tcp_stream
  = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;
using tls_stream = ssl::stream<tcp_stream>;

constexpr auto host = "127.0.0.1";

std::string_view text_of(const beast::flat_buffer& bytes) noexcept {
  auto data = bytes.cdata();
  return {static_cast<const char*>(data.data()), data.size()};
}

void check(error_code ec) {
  if (ec)
    throw boost::system::system_error{ec};
}

// A WebSocket connection over `Next`.
template <class Next>
class link {
public:
  link(const server_address& where, const std::string& target)
    : tls_(ssl::context::tls_client), stream_(make_stream()) {
    auto& socket = beast::get_lowest_layer(stream_);
    socket.connect({asio::ip::make_address(host), where.port});
    socket.set_option(tcp::no_delay{true});
    if constexpr (std::is_same_v<Next, tls_stream>) {
      tls_.load_verify_file(where.ca_file);
      stream_.next_layer().set_verify_mode(ssl::verify_peer);
      stream_.next_layer().set_verify_callback(
        ssl::host_name_verification{host});
      stream_.next_layer().handshake(ssl::stream_base::client);
    }
    stream_.handshake(host, target);
    stream_.text(true);
  }

  auto& stream() noexcept {
    return stream_;
  }

  void run() {
    context_.run();
  }

private:
  beast::websocket::stream<Next> make_stream() {
    if constexpr (std::is_same_v<Next, tls_stream>)
      return beast::websocket::stream<Next>{context_, tls_};
    else
      return beast::websocket::stream<Next>{context_};
  }

  asio::io_context context_{1};
  ssl::context tls_;
  beast::websocket::stream<Next> stream_;
};

// Reads one message after the other.
template <class Next>
class flood_reader {
public:
  flood_reader(const server_address& where, const flood_order& order)
    : link_(where, flood_target(order)), received_(order.count, order.size) {
    // nop
  }

  sample run_async() {
    read();
    link_.run();
    return result();
  }

  sample run_sync() {
    while (!received_.complete()) {
      link_.stream().read(buffer_);
      take();
    }
    return result();
  }

private:
  void read() {
    link_.stream().async_read(buffer_, [this](error_code ec, size_t) {
      check(ec);
      take();
      if (!received_.complete())
        read();
    });
  }

  void take() {
    if (received_.count() == 0)
      meter_.start();
    received_.take(text_of(buffer_));
    buffer_.consume(buffer_.size());
    if (received_.complete())
      meter_.stop();
  }

  sample result() const {
    received_.finish();
    return meter_.per_message(received_.count());
  }

  link<Next> link_;
  message_checker received_;
  beast::flat_buffer buffer_;
  meter meter_;
};

// Sends a message when the last one has come back.
template <class Next>
class round_tripper {
public:
  round_tripper(const server_address& where, size_t warm_up, size_t count,
                size_t size)
    : link_(where, "/echo"), payload_(size, 'x'), warm_up_(warm_up) {
    left_ = warm_up + count;
    result_.reserve(left_);
  }

  std::vector<double> run() {
    send();
    link_.run();
    result_.erase(result_.begin(),
                  result_.begin() + static_cast<std::ptrdiff_t>(warm_up_));
    return std::move(result_);
  }

private:
  using clock = std::chrono::steady_clock;

  void send() {
    sent_at_ = clock::now();
    link_.stream().async_write(asio::buffer(payload_),
                               [this](error_code ec, size_t) {
                                 check(ec);
                                 receive();
                               });
  }

  void receive() {
    link_.stream().async_read(buffer_, [this](error_code ec, size_t) {
      check(ec);
      std::chrono::duration<double, std::micro> took = clock::now() - sent_at_;
      result_.push_back(took.count());
      buffer_.consume(buffer_.size());
      if (--left_ > 0)
        send();
    });
  }

  link<Next> link_;
  std::string payload_;
  beast::flat_buffer buffer_;
  size_t warm_up_;
  size_t left_;
  clock::time_point sent_at_;
  std::vector<double> result_;
};

} // namespace

sample beast_async_flood(const server_address& where,
                         const flood_order& order) {
  if (where.below == transport::tls)
    return flood_reader<tls_stream>{where, order}.run_async();
  return flood_reader<tcp_stream>{where, order}.run_async();
}

sample beast_sync_flood(const server_address& where, const flood_order& order) {
  if (where.below == transport::tls)
    return flood_reader<tls_stream>{where, order}.run_sync();
  return flood_reader<tcp_stream>{where, order}.run_sync();
}

std::vector<double> beast_round_trips(const server_address& where,
                                      size_t warm_up, size_t count,
                                      size_t size) {
  if (where.below == transport::tls)
    return round_tripper<tls_stream>{where, warm_up, count, size}.run();
  return round_tripper<tcp_stream>{where, warm_up, count, size}.run();
}

void send_command(const server_address& where, const std::string& json) {
  auto protocol = [&](auto& stream) {
    beast::flat_buffer answer;
    stream.write(asio::buffer(json));
    stream.read(answer);
    if (text_of(answer) != R"({"ok":true})")
      throw std::runtime_error{"the server refuses " + json};
  };
  if (where.below == transport::tls)
    protocol(link<tls_stream>{where, "/control"}.stream());
  else
    protocol(link<tcp_stream>{where, "/control"}.stream());
}

} // namespace zenws::bench
