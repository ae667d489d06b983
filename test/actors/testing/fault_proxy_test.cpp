// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE fault_proxy

#include "support/fault_proxy.hpp"
#include "support/unit_test.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <string>
#include <string_view>

using namespace zenws::test_support;

namespace {

namespace asio = boost::asio;

using tcp = asio::ip::tcp;

using boost::system::error_code;

// Both ends of one connection through a proxy, each with blocking operations.
struct fixture {
  fault_proxy_options to_server(fault_proxy_options opts = {}) const {
    opts.server_port = acceptor.local_endpoint().port();
    return opts;
  }

  void connect(const fault_proxy& proxy) {
    client = tcp::socket{ctx};
    client.connect({asio::ip::address_v4::loopback(), proxy.port()});
  }

  void accept() {
    server = acceptor.accept();
  }

  static void write(tcp::socket& to, std::string_view bytes) {
    asio::write(to, asio::buffer(bytes));
  }

  // Returns `n` bytes, or fewer if the connection ends.
  static std::string read(tcp::socket& from, size_t n) {
    std::string result(n, '\0');
    error_code code;
    result.resize(asio::read(from, asio::buffer(result), code));
    return result;
  }

  static std::string read_all(tcp::socket& from) {
    return read(from, 1'000'000);
  }

  asio::io_context ctx;
  tcp::acceptor acceptor{ctx, {asio::ip::address_v4::loopback(), 0}};
  tcp::socket client{ctx};
  tcp::socket server{ctx};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(fault_proxy_tests, fixture)

CAF_TEST(a proxy without faults passes bytes and their end) {
  fault_proxy uut{to_server()};
  connect(uut);
  accept();
  write(client, "request");
  CAF_CHECK_EQUAL(read(server, 7), "request");
  write(server, "answer");
  CAF_CHECK_EQUAL(read(client, 6), "answer");
  client.shutdown(tcp::socket::shutdown_send);
  CAF_CHECK_EQUAL(read_all(server), "");
  server.close();
  CAF_CHECK_EQUAL(read_all(client), "");
  CAF_CHECK_EQUAL(uut.num_accepted(), 1u);
}

CAF_TEST(a cut lets the planned bytes through and no more) {
  fault_proxy uut{to_server({.count_after = "begin"})};
  for (size_t n : {0u, 3u}) {
    uut.cut_after(n);
    connect(uut);
    accept();
    write(client, "free");
    CAF_CHECK_EQUAL(read(server, 4), "free");
    write(server, "begin");
    CAF_CHECK_EQUAL(read(client, 5), "begin");
    write(client, "counted");
    CAF_CHECK_EQUAL(read_all(server), std::string{"counted"}.substr(0, n));
    CAF_CHECK_EQUAL(read_all(client), "");
  }
  // The next connection has no plan.
  connect(uut);
  accept();
  write(server, "begin");
  read(client, 5);
  write(client, "counted");
  CAF_CHECK_EQUAL(read(server, 7), "counted");
}

CAF_TEST(an answer is lost after the server has the request) {
  fault_proxy uut{to_server()};
  uut.lose_answer();
  connect(uut);
  accept();
  write(client, "request");
  CAF_CHECK_EQUAL(read(server, 7), "request");
  write(server, "answer");
  CAF_CHECK_EQUAL(read_all(client), "");
}

CAF_TEST(damage is the same for the same seed) {
  std::string sent(10'000, 'x');
  auto pass = [&](const stream_damage& damage) {
    fault_proxy uut{to_server({.damage = damage})};
    connect(uut);
    accept();
    write(client, sent);
    client.shutdown(tcp::socket::shutdown_send);
    return read_all(server);
  };
  auto first = pass({.seed = 1, .intact = 100});
  CAF_CHECK(first != sent);
  CAF_CHECK(pass({.seed = 1, .intact = 100}) == first);
  CAF_CHECK_EQUAL(first.substr(0, 100), sent.substr(0, 100));
  CAF_CHECK(pass({.seed = 1, .intact = 100, .keeps_length = true}).size()
            == sent.size());
  CAF_CHECK(pass({.seed = 2, .intact = 100}) != first);
}

CAF_TEST(nothing arrives during a stall and all of it afterwards) {
  fault_proxy uut{to_server()};
  connect(uut);
  accept();
  write(client, "a");
  read(server, 1);
  uut.stall();
  connect(uut); // is accepted, but does not reach the server
  write(client, "b");
  acceptor.non_blocking(true);
  error_code code;
  acceptor.accept(code);
  CAF_CHECK(code == asio::error::would_block);
  acceptor.non_blocking(false);
  uut.heal();
  accept();
  CAF_CHECK_EQUAL(read(server, 1), "b");
}

CAF_TEST(a tunnel leads to the port of the request) {
  fault_proxy uut{{.tunnel = http_tunnel{.authorization = "Basic x"}}};
  auto request = "CONNECT name.invalid:"
                 + std::to_string(acceptor.local_endpoint().port())
                 + " HTTP/1.1\r\n";
  connect(uut);
  write(client, request + "\r\n");
  CAF_CHECK(read_all(client).starts_with("HTTP/1.1 407 "));
  request += "Proxy-Authorization: Basic x\r\n\r\n";
  connect(uut);
  write(client, request);
  accept();
  std::string response;
  asio::read_until(client, asio::dynamic_buffer(response), "\r\n\r\n");
  CAF_CHECK_EQUAL(response, "HTTP/1.1 200 OK\r\n\r\n");
  write(client, "request");
  CAF_CHECK_EQUAL(read(server, 7), "request");
  auto requests = uut.requests();
  CAF_REQUIRE_EQUAL(requests.size(), 2u);
  CAF_CHECK_EQUAL(requests[1], request);
}

CAF_TEST_FIXTURE_SCOPE_END()
