// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE tls_transport

#include "connection_fixture.hpp"
#include "tls_handshake.hpp"

#include "support/unit_test.hpp"

#include "zenws/connection/internal/tls_transport.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <malloc.h>

#include <array>
#include <optional>

using namespace zenws;
using namespace zenws::internal;

namespace {

namespace ssl = boost::asio::ssl;

/// A transport and its peer, both on the thread of the test.
struct fixture {
  fixture() {
    certify(server_context.native_handle());
    acceptor.async_accept([this](error_code, asio::ip::tcp::socket socket) {
      server.emplace(std::move(socket), server_context);
      server->async_handshake(ssl::stream_base::server, [](error_code) {});
    });
    uut.socket().connect(acceptor.local_endpoint());
    uut.socket().non_blocking(true);
    CAF_REQUIRE(!uut.prepare(parse_url("wss://exchange.invalid/").value()));
    bool done = false;
    uut.async_handshake([&](error_code code) { done = !code; });
    run_until(done);
  }

  void run_until(const bool& done) {
    while (!done && ctx.run_one_for(20s) > 0)
      ; // nop
    CAF_REQUIRE(done);
  }

  static std::shared_ptr<tls_context> client_context() {
    tls_config cfg;
    cfg.verify = tls_verify::insecure_skip_verify;
    return tls_context::get(cfg).value();
  }

  /// Reads what there is: no data, but the tickets of sessions.
  void read_tickets() {
    bool readable = false;
    uut.async_wait_readable([&](error_code) { readable = true; });
    run_until(readable);
    std::array<char, 64> bytes;
    error_code code;
    CAF_CHECK_EQUAL(uut.read_some(bytes.data(), bytes.size(), code), 0u);
    CAF_CHECK_EQUAL(code, asio::error::would_block);
  }

  void write(std::string_view text) {
    bool done = false;
    uut.async_write_some(asio::buffer(text),
                         [&](error_code code, size_t) { done = !code; });
    run_until(done);
  }

  asio::io_context ctx{1};
  asio::executor_work_guard<executor_type> work{ctx.get_executor()};
  asio::ip::tcp::acceptor acceptor{ctx,
                                   {asio::ip::make_address("127.0.0.1"), 0}};
  ssl::context server_context{ssl::context::tls_server};
  std::optional<ssl::stream<asio::ip::tcp::socket>> server;
  tls_transport uut{ctx, client_context()};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tls_transport_tests, fixture)

// The buffer for what is written, 16 KiB, came back with the tickets, and went
// with the next message.
CAF_TEST(who has nothing to do keeps no buffers) {
  read_tickets();
  auto idle = mallinfo2().uordblks;
  write("x");
  CAF_CHECK(idle < mallinfo2().uordblks + 8 * 1024);
}

CAF_TEST_FIXTURE_SCOPE_END()
