// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE hostile_peer

#include "support/node_world.hpp"
#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <fstream>
#include <random>

using namespace zenws;
using namespace zenws::test_support;

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// A peer at the port of a gateway that is no node.
class stranger {
public:
  explicit stranger(uint16_t port) : socket_(context_) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
  }

  void say(const std::string& bytes) {
    boost::system::error_code ignored;
    asio::write(socket_, asio::buffer(bytes), ignored);
  }

  // Reads until the gateway hangs up.
  bool is_sent_away() {
    boost::system::error_code failure;
    char buffer[4096];
    while (!failure)
      socket_.read_some(asio::buffer(buffer), failure);
    return failure == asio::error::eof
           || failure == asio::error::connection_reset;
  }

private:
  asio::io_context context_;
  tcp::socket socket_;
};

std::string basp_header(char operation, uint32_t size) {
  std::string result(32, '\0');
  result[0] = operation;
  for (size_t i = 0; i < 4; ++i)
    result[4 + i] = static_cast<char>(size >> (24 - 8 * i));
  return result;
}

size_t resident_kib() {
  std::ifstream in{"/proc/self/statm"};
  size_t total = 0;
  size_t resident = 0;
  in >> total >> resident;
  return resident * 4;
}

struct fixture : gateway_world {
  fixture() {
    auto client = ask<client_actor>(supervisor,
                                    start_client{deribit_at(*venue)});
    CAF_REQUIRE(client);
    CAF_REQUIRE(ask<uint64_t>(*client, await_ready{}));
  }

  uint16_t port() const {
    return gateway->port();
  }

  // A decent node is served as if nothing had happened.
  void check_service() {
    subscriber_world there{port()};
    auto uut = there.client("desk");
    CAF_CHECK(there.ask<rpc_result>(uut, call{.method = "public/get_time"}));
  }

  std::unique_ptr<sim::server> venue = start_server();
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hostile_peer_tests, fixture)

CAF_TEST(lengths beyond reason cost nothing) {
  check_service();
  auto before = resident_kib();
  for (char operation = 0; operation < 8; ++operation) {
    stranger uut{port()};
    uut.say(basp_header(operation, 0xfffffff0));
    CAF_CHECK(uut.is_sent_away());
  }
  CAF_CHECK(resident_kib() < before + 16 * 1024);
  check_service();
}

CAF_TEST(a handshake without content is refused) {
  for (auto operation : {'\0', '\1'}) {
    stranger uut{port()};
    uut.say(basp_header(operation, 0));
    CAF_CHECK(uut.is_sent_away());
  }
  check_service();
}

CAF_TEST(messages before a handshake are refused) {
  for (char operation = 2; operation < 7; ++operation) {
    stranger uut{port()};
    uut.say(basp_header(operation, 64) + std::string(64, 'x'));
    CAF_CHECK(uut.is_sent_away());
  }
  check_service();
}

CAF_TEST(random bytes do no harm) {
  std::mt19937_64 random{choose_seed()};
  std::uniform_int_distribution<int> byte{0, 255};
  auto noise = [&](size_t size) {
    std::string result;
    for (size_t i = 0; i < size; ++i)
      result += static_cast<char>(byte(random));
    return result;
  };
  for (size_t i = 0; i < 200; ++i) {
    stranger uut{port()};
    uut.say(noise(32 + i % 64));
    // Some of it is an operation that CAF has, with a length to wait for.
    uut.say(noise(4096));
  }
  for (size_t i = 0; i < 200; ++i) {
    stranger uut{port()};
    auto size = 1 + static_cast<uint32_t>(byte(random));
    uut.say(basp_header(1, size) + noise(size));
    for (char operation = 2; operation < 7; ++operation)
      uut.say(basp_header(operation, size) + noise(size));
  }
  check_service();
}

CAF_TEST(silent connections give way to others) {
  std::vector<std::unique_ptr<stranger>> silent;
  for (size_t i = 0; i < 500; ++i)
    silent.push_back(std::make_unique<stranger>(port()));
  CAF_CHECK(silent.front()->is_sent_away());
  check_service();
}

CAF_TEST(a node of another application cannot join) {
  venue_world there{1, [](caf::actor_system_config& to) {
                      load_nodes(to, lively());
                      caf_compat::set_option(
                        to, "middleman.app-identifiers",
                        std::vector<std::string>{"another"});
                    }};
  auto refused = connect_gateway(
    there.rt,
    {.port = port(), .connect_within = std::chrono::milliseconds{300}});
  CAF_CHECK(!refused);
  check_service();
}

CAF_TEST_FIXTURE_SCOPE_END()
