// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE node_log

#include "support/node_world.hpp"
#include "support/unit_test.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

using namespace zenws;
using namespace zenws::test_support;

CAF_TEST(a peer that violates the protocol of nodes leaves a warning) {
  gateway_world here;
  boost::asio::io_context context;
  boost::asio::ip::tcp::socket socket{context};
  socket.connect(
    {boost::asio::ip::address_v4::loopback(), here.gateway->port()});
  boost::asio::write(socket, boost::asio::buffer(std::string(32, 'x')));
  auto entry = here.entries->wait_for("violated the protocol");
  CAF_REQUIRE(entry);
  CAF_CHECK(entry->level == log_level::warning);
  CAF_CHECK_EQUAL(entry->component, "zenws.transport");
  CAF_CHECK(field_of(*entry, "peer").starts_with("127.0.0.1:"));
  CAF_CHECK(!field_of(*entry, "reason").empty());
}

CAF_TEST(a gateway that is found and lost leaves entries) {
  auto here = std::make_unique<gateway_world>();
  auto port = here->gateway->port();
  subscriber_world there{port, {.node = "desk"}};
  auto found = there.entries->wait_for("found the gateway");
  CAF_REQUIRE(found);
  CAF_CHECK(found->level == log_level::info);
  here = nullptr;
  auto lost = there.entries->wait_for("lost the gateway");
  CAF_REQUIRE(lost);
  CAF_CHECK(lost->level == log_level::warning);
  CAF_CHECK_EQUAL(lost->component, "zenws.gateway_connector");
  CAF_CHECK_EQUAL(field_of(*lost, "node"), "desk");
  CAF_CHECK_EQUAL(field_of(*lost, "port"), std::to_string(port));
}
