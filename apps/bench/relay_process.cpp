// SPDX-License-Identifier: BSD-3-Clause

#include "relay_process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace zenws::bench {

namespace {

namespace asio = boost::asio;

using asio::ip::tcp;

void pass_on(tcp::socket& from, tcp::socket& to) {
  std::vector<char> bytes(256 * 1024);
  boost::system::error_code ec;
  while (!ec)
    if (auto n = from.read_some(asio::buffer(bytes), ec); !ec)
      asio::write(to, asio::buffer(bytes.data(), n), ec);
  to.shutdown(tcp::socket::shutdown_send, ec);
}

void relay(tcp::socket client, uint16_t port) {
  tcp::socket server{client.get_executor()};
  server.connect({asio::ip::address_v4::loopback(), port});
  for (auto* x : {&client, &server})
    x->set_option(tcp::no_delay{true});
  std::thread requests{[&] { pass_on(client, server); }};
  pass_on(server, client);
  requests.join();
}

} // namespace

relay_process::relay_process(const server_address& to)
  : process_(test_support::this_program(),
             {"--relay", std::to_string(to.port)}),
    address_(to) {
  auto line = process_.read_line();
  if (!line)
    throw std::runtime_error{"the relay does not start"};
  address_.port = static_cast<uint16_t>(std::stoul(*line));
}

int run_relay(int argc, char** argv) {
  if (argc != 1)
    return EXIT_FAILURE;
  auto port = static_cast<uint16_t>(std::stoul(argv[0]));
  asio::io_context ctx;
  tcp::acceptor acceptor{ctx, {asio::ip::address_v4::loopback(), 0}};
  std::cout << acceptor.local_endpoint().port() << std::endl;
  for (;;)
    relay(acceptor.accept(), port);
}

} // namespace zenws::bench
