// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE node_transport

#include "support/node_world.hpp"
#include "support/unit_test.hpp"

#include "zenws/nodes/internal/node_transport.hpp"

#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <future>

#include <poll.h>

using namespace zenws;
using namespace zenws::test_support;
using boost::asio::ip::tcp;

namespace {

// A node with a heartbeat that a test may have at any time.
struct fixture : node_world {
  fixture() : node_world({.heartbeat = 1h, .silence_limit = 2h}) {
    // nop
  }

  ~fixture() {
    stop_transport(sys, transport);
  }

  auto dial(uint16_t port) {
    return self->request(transport, patience, caf_compat::connect,
                         std::string{"127.0.0.1"}, port);
  }

  // Any silence is too long. CAF counts from the start of the machine, so that
  // an hour of it may not have been.
  void beat() {
    using caf::timespan;
    auto broker = sys.middleman().named_broker<caf::io::basp_broker>(
      caf_compat::actor_name("BASP"));
    caf_compat::anon_send(broker,
                          caf_compat::beat_message(sys.clock().now(),
                                                   timespan{1h}, timespan{1}));
  }

  caf::io::middleman_actor transport = start_transport(sys, {});
  boost::asio::io_context ctx;
  tcp::acceptor acceptor{ctx, {boost::asio::ip::address_v4::loopback(), 0}};
};

uint16_t unused_port() {
  boost::asio::io_context ctx;
  tcp::acceptor there{ctx, {boost::asio::ip::address_v4::loopback(), 0}};
  return there.local_endpoint().port();
}

// Returns whether the other side has closed its socket, not one direction only.
bool is_gone(tcp::socket& peer) {
  boost::system::error_code ignored;
  boost::asio::write(peer, boost::asio::buffer("?", 1), ignored);
  pollfd entry{peer.native_handle(), 0, 0};
  return poll(&entry, 1, std::chrono::milliseconds{patience}.count()) == 1;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(node_transport_tests, fixture)

// CAF never let go of one that had not even entered its loop.
CAF_TEST(a connection that is given up at once is closed) {
  std::promise<void> paused;
  std::promise<void> resume;
  sys.middleman().backend().post([&] {
    paused.set_value();
    resume.get_future().wait();
  });
  paused.get_future().wait();
  auto given_up = dial(acceptor.local_endpoint().port());
  // The transport does one thing after the other: CAF's broker has the
  // connection by now, and the heartbeat comes in the same turn.
  dial(unused_port())
    .receive([](caf::node_id&, caf::strong_actor_ptr&,
                std::set<std::string>&) { CAF_FAIL("connected to nobody"); },
             [](const caf::error&) {});
  beat();
  resume.set_value();
  std::move(given_up).receive(
    [](caf::node_id&, caf::strong_actor_ptr&, std::set<std::string>&) {
      CAF_FAIL("connected to a silent peer");
    },
    [](const caf::error& reason) { CAF_MESSAGE(caf_compat::to_text(reason)); });
  auto peer = acceptor.accept();
  std::string handshake;
  boost::system::error_code end;
  boost::asio::read(peer, boost::asio::dynamic_buffer(handshake), end);
  CAF_CHECK(is_gone(peer));
}

CAF_TEST_FIXTURE_SCOPE_END()
