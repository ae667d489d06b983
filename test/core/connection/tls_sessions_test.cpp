// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE tls_sessions

#include "connection_fixture.hpp"
#include "tls_handshake.hpp"

#include "support/unit_test.hpp"

#include "zenws/connection/internal/tls_sessions.hpp"

#include <boost/asio/ssl/stream.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace zenws;
using namespace zenws::internal;

namespace {

namespace ssl = boost::asio::ssl;

/// Clients that share their sessions, and a server that shakes hands with them
/// without a network.
struct sessions_fixture {
  explicit sessions_fixture(int version = TLS1_3_VERSION) {
    certify(server);
    SSL_CTX_set_max_proto_version(server, version);
    uut.attach(client);
  }

  ~sessions_fixture() {
    SSL_CTX_free(client);
    SSL_CTX_free(server);
  }

  /// Returns whether a client resumed a session with the server of this name.
  bool connect(const std::string& name) {
    auto* connection = SSL_new(client);
    uut.resume(connection, name);
    shake_hands(connection, server);
    auto result = SSL_session_reused(connection) == 1;
    SSL_free(connection);
    return result;
  }

  /// Returns whether there is a session to resume.
  bool remembers(const std::string& name) {
    auto* connection = SSL_new(client);
    uut.resume(connection, name);
    auto result = SSL_get_session(connection) != nullptr;
    SSL_free(connection);
    return result;
  }

  tls_sessions::clock::time_point now{};
  SSL_CTX* server = SSL_CTX_new(TLS_server_method());
  SSL_CTX* client = SSL_CTX_new(TLS_client_method());
  tls_sessions uut{[this] { return now; }};
};

struct tls_1_2_fixture : sessions_fixture {
  tls_1_2_fixture() : sessions_fixture(TLS1_2_VERSION) {
    // nop
  }
};

/// A server that shakes hands with one connection after the other.
class tls_peer {
public:
  explicit tls_peer(asio::io_context& ctx)
    : acceptor_(ctx, {asio::ip::make_address("127.0.0.1"), 0}) {
    certify(context_.native_handle());
    accept();
  }

  endpoint_type address() const {
    return acceptor_.local_endpoint();
  }

  /// Handshakes that did without a certificate.
  size_t resumed = 0;

  /// Handshakes in all.
  size_t accepted = 0;

private:
  void accept() {
    acceptor_.async_accept([this](error_code code, asio::ip::tcp::socket peer) {
      if (code)
        return;
      stream_.emplace(std::move(peer), context_);
      stream_->async_handshake(ssl::stream_base::server, [this](error_code) {
        ++accepted;
        if (SSL_session_reused(stream_->native_handle()) == 1)
          ++resumed;
        // A client sees its tickets before it sees the refusal.
        asio::write(*stream_, asio::buffer("HTTP/1.1 503 Busy\r\n\r\n", 21));
        stream_->next_layer().close();
        accept();
      });
    });
  }

  asio::ip::tcp::acceptor acceptor_;
  ssl::context context_{ssl::context::tls_server};
  std::optional<ssl::stream<asio::ip::tcp::socket>> stream_;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tls_sessions_tests, sessions_fixture)

CAF_TEST(each connection after the first resumes the session) {
  CAF_CHECK(!connect("venue"));
  CAF_CHECK(connect("venue"));
  CAF_CHECK(connect("venue"));
}

CAF_TEST(a session is that of one server) {
  CAF_CHECK(!connect("venue"));
  CAF_CHECK(!connect("another"));
  CAF_CHECK(connect("venue"));
}

CAF_TEST(several connections resume one session) {
  connect("venue");
  CAF_CHECK(remembers("venue"));
  CAF_CHECK(remembers("venue"));
}

CAF_TEST(what was resumed is no check of the certificate) {
  connect("venue");
  now += tls_sessions::max_age / 2;
  CAF_CHECK(connect("venue"));
  now += tls_sessions::max_age / 2;
  CAF_CHECK(!connect("venue"));
  CAF_CHECK(connect("venue"));
}

CAF_TEST(a session that failed is forgotten) {
  connect("venue");
  uut.forget("venue");
  CAF_CHECK(!connect("venue"));
}

CAF_TEST(a session that is resumed while it is forgotten stays forgotten) {
  connect("venue");
  auto* connection = SSL_new(client);
  std::string name = "venue";
  uut.resume(connection, name);
  uut.forget(name);
  shake_hands(connection, server);
  CAF_CHECK_EQUAL(SSL_session_reused(connection), 1);
  SSL_free(connection);
  CAF_CHECK(!remembers("venue"));
}

CAF_TEST(the number of servers is bounded) {
  std::vector<std::string> names;
  for (size_t i = 0; i <= tls_sessions::max_servers; ++i)
    names.push_back("venue-" + std::to_string(i));
  for (auto& name : names)
    connect(name);
  auto kept = std::count_if(names.begin(), names.end(),
                            [this](auto& name) { return remembers(name); });
  CAF_CHECK_EQUAL(static_cast<size_t>(kept), tls_sessions::max_servers);
  CAF_CHECK(remembers(names.back()));
}

CAF_TEST(threads share sessions) {
  connect("venue");
  std::vector<std::thread> running;
  for (size_t i = 0; i < 4; ++i)
    running.emplace_back([this] {
      for (size_t n = 0; n < 25; ++n)
        connect("venue");
    });
  for (auto& x : running)
    x.join();
  CAF_CHECK(remembers("venue"));
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST_FIXTURE_SCOPE(tls_1_2_tests, tls_1_2_fixture)

CAF_TEST(sessions of TLS 1 dot 2 are resumed as well) {
  CAF_CHECK(!connect("venue"));
  CAF_CHECK(connect("venue"));
  now += tls_sessions::max_age;
  CAF_CHECK(!connect("venue"));
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST_FIXTURE_SCOPE(resumption_tests, connection_fixture)

CAF_TEST(attempts at the same server resume its session) {
  cfg.tls.verify = tls_verify::insecure_skip_verify;
  auto context = tls_context::get(cfg.tls); // outlives an attempt
  tls_peer server{ctx};
  for (size_t i = 0; i < 3; ++i) {
    dial({server.address()}, "wss");
    CAF_CHECK(end().code == ec::upgrade_refused);
  }
  CAF_CHECK_EQUAL(server.accepted, 3u);
  CAF_CHECK_EQUAL(server.resumed, 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
