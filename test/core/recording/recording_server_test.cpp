// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE recording_server

#include "zenws/recording/recording_server.hpp"

#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include "recording_samples.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <chrono>
#include <fstream>
#include <string>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

namespace {

namespace asio = boost::asio;
using boost::beast::error_code;

// A client that knows nothing of zenws.
class peer {
public:
  explicit peer(uint16_t port) {
    asio::ip::tcp::endpoint where{asio::ip::make_address("127.0.0.1"), port};
    socket_.next_layer().connect(where);
    socket_.handshake("127.0.0.1", "/any/path", failed_);
  }

  bool is_open() const {
    return !failed_;
  }

  void send(const std::string& text) {
    socket_.write(asio::buffer(text));
  }

  // Returns the next message, the reason if there is none.
  std::string read() {
    boost::beast::flat_buffer buffer;
    socket_.read(buffer, failed_);
    return failed_ ? failed_.message()
                   : boost::beast::buffers_to_string(buffer.data());
  }

  bool got_text() const {
    return socket_.got_text();
  }

private:
  asio::io_context context_;
  boost::beast::websocket::stream<asio::ip::tcp::socket> socket_{context_};
  error_code failed_;
};

struct fixture {
  temporary_folder folder;
  std::string path = folder.file("client.jsonl");
  recorded_entry next;

  fixture() {
    next.at = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31};
    next.epoch = 1;
  }

  void add(std::string data, recorded_type type = recorded_type::text,
           recorded_direction direction = recorded_direction::in) {
    next.data = std::move(data);
    next.type = type;
    next.direction = direction;
    ++next.sequence;
    std::ofstream{path, std::ios::app | std::ios::binary} << write_line(next)
                                                          << '\n';
  }

  auto serve(recording_server_options options = {.speed = 0}) {
    options.path = path;
    auto result = recording_server::start(std::move(options));
    CAF_REQUIRE(result);
    return std::move(*result);
  }
};

constexpr auto trade
  = R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":"c",)"
    R"("data":1}})";

} // namespace

CAF_TEST_FIXTURE_SCOPE(recording_server_tests, fixture)

CAF_TEST(each connection gets all that was received) {
  add("a");
  add("sent", recorded_type::text, recorded_direction::out);
  add("\x01\xff", recorded_type::binary);
  add("", recorded_type::ping);
  add("b");
  auto uut = serve();
  CAF_CHECK_EQUAL(uut->url(), "ws://127.0.0.1:" + std::to_string(uut->port()));
  for (int i = 0; i < 3; ++i) {
    peer client{uut->port()};
    CAF_CHECK_EQUAL(client.read(), "a");
    CAF_CHECK(client.got_text());
    CAF_CHECK_EQUAL(client.read(), "\x01\xff");
    CAF_CHECK(!client.got_text());
    CAF_CHECK_EQUAL(client.read(), "b");
  }
}

CAF_TEST(a venue answers before it sends and leaves out old answers) {
  add(R"({"jsonrpc":"2.0","id":1,"result":["c"]})");
  add(
    R"({"jsonrpc":"2.0","method":"heartbeat","params":{"type":"heartbeat"}})");
  add(trade);
  auto uut = serve({.dialect = "deribit", .speed = 0});
  peer client{uut->port()};
  client.send(R"({"jsonrpc":"2.0","id":77,"method":"public/test"})");
  CAF_CHECK_EQUAL(client.read(), R"({"jsonrpc":"2.0","id":77,"result":)"
                                 R"({"version":"replay"}})");
  client.send(R"({"jsonrpc":"2.0","id":78,"method":"public/subscribe",)"
              R"("params":{"channels":["c"]}})");
  CAF_CHECK_EQUAL(client.read(), R"({"jsonrpc":"2.0","id":78,"result":["c"]})");
  CAF_CHECK_EQUAL(client.read(), trade);
  // It stays open and answers.
  client.send(R"({"jsonrpc":"2.0","id":79,"method":"public/test"})");
  CAF_CHECK_EQUAL(client.read(), R"({"jsonrpc":"2.0","id":79,"result":)"
                                 R"({"version":"replay"}})");
}

CAF_TEST(the pace is a multiple of the recorded one) {
  add("a");
  next.at += 300ms;
  add("b");
  auto uut = serve({.speed = 2});
  auto begin = std::chrono::steady_clock::now();
  peer client{uut->port()};
  CAF_CHECK_EQUAL(client.read(), "a");
  CAF_CHECK_EQUAL(client.read(), "b");
  CAF_CHECK(std::chrono::steady_clock::now() - begin >= 150ms);
}

CAF_TEST(long pauses can be cut) {
  add("a");
  next.at += std::chrono::hours{24};
  add("b");
  auto uut = serve({.max_gap = 1ms});
  peer client{uut->port()};
  CAF_CHECK_EQUAL(client.read(), "a");
  CAF_CHECK_EQUAL(client.read(), "b");
}

CAF_TEST(a part of the recording can be served) {
  add("a");
  next.at += 1h;
  add("b");
  auto uut = serve({.range = {.from = next.at}});
  peer client{uut->port()};
  CAF_CHECK_EQUAL(client.read(), "b");
}

CAF_TEST(connections are limited) {
  add("a");
  auto uut = serve({.speed = 0, .max_connections = 2});
  peer first{uut->port()};
  peer second{uut->port()};
  CAF_CHECK_EQUAL(first.read(), "a");
  CAF_CHECK_EQUAL(second.read(), "a");
  peer third{uut->port()};
  CAF_CHECK(!third.is_open());
}

CAF_TEST(what cannot be served is refused) {
  CAF_CHECK_EQUAL(validate({.path = {},
                            .dialect = "json_rpc",
                            .speed = -1,
                            .max_gap = -1ms,
                            .max_connections = 0})
                    .size(),
                  5u);
  auto missing = recording_server::start({.path = path});
  CAF_REQUIRE(!missing);
  CAF_CHECK(missing.error().code == ec::recording_failed);
  add("a");
  auto first = serve();
  auto second = recording_server::start({.path = path, .port = first->port()});
  CAF_REQUIRE(!second);
  CAF_CHECK(second.error().code == ec::connect_failed);
  auto nowhere = recording_server::start({.path = path, .host = "nowhere"});
  CAF_CHECK(!nowhere);
}

CAF_TEST_FIXTURE_SCOPE_END()
