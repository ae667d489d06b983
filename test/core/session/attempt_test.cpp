// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE attempt

#include "core/connection/connection_fixture.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::internal;
using namespace zenws::peer;

namespace {

const std::string first_ip = "127.0.0.1";

const std::string second_ip = "127.0.0.2";

/// An address that swallows connection requests: its queue of connections is
/// full.
struct black_hole {
  explicit black_hole(asio::io_context& ctx) : acceptor(ctx) {
    endpoint_type where{asio::ip::make_address(first_ip), 0};
    acceptor.open(where.protocol());
    acceptor.bind(where);
    acceptor.listen(0);
    while (crowd_grows(ctx)) {
      // nop
    }
  }

  bool crowd_grows(asio::io_context& ctx) {
    auto connected = std::make_shared<bool>(false);
    client_fleet.emplace_back(ctx).async_connect(
      address(), [connected](error_code code) { *connected = !code; });
    ctx.restart();
    while (!*connected && ctx.run_one_for(200ms) > 0) {
      // nop
    }
    return *connected;
  }

  endpoint_type address() const {
    return acceptor.local_endpoint();
  }

  asio::ip::tcp::acceptor acceptor;
  std::list<asio::ip::tcp::socket> client_fleet;
};

struct fixture : connection_fixture {
  /// A peer at another address with the same port.
  tcp_peer at_second_ip(uint16_t port,
                        tcp_peer::answer_fun answer = accepting()) {
    return {ctx, std::move(answer), second_ip, port};
  }

  error error_with_answer(const std::string& bytes) {
    tcp_peer peer{ctx, answering(bytes)};
    dial({peer.address()});
    auto result = end();
    auto prefix = to_text(peer.address()) + ": ";
    CAF_CHECK(result.detail.starts_with(prefix));
    result.detail.erase(0, prefix.size());
    return result;
  }
};

std::string text_at(const std::string& ip, uint16_t port) {
  return ip + ":" + std::to_string(port);
}

endpoint_type at(const std::string& ip, uint16_t port) {
  return {asio::ip::make_address(ip), port};
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(attempt_tests, fixture)

// -- addresses ----------------------------------------------------------------

CAF_TEST(phases tell the address that is tried) {
  tcp_peer peer{ctx, accepting()};
  auto where = to_text(peer.address());
  dial({peer.address()});
  CAF_REQUIRE(run_until_open());
  CAF_CHECK_EQUAL(log.lines,
                  (std::vector<std::string>{"connecting " + where,
                                            "upgrading " + where, "open"}));
}

CAF_TEST(an address that refuses is followed by the next at once) {
  tcp_peer good{ctx, accepting(), second_ip};
  dial({at(first_ip, good.port()), good.address()});
  CAF_REQUIRE(run_until_open());
  CAF_CHECK_EQUAL(log.tried(), text_at(first_ip, good.port()) + " "
                                 + to_text(good.address()) + " ");
}

CAF_TEST(an error names all addresses that were tried) {
  uint16_t port = tcp_peer{ctx, accepting(), second_ip}.port();
  dial({at(first_ip, port), at(second_ip, port)});
  CAF_CHECK_EQUAL(to_string(end()), "connect_failed: " + text_at(first_ip, port)
                                      + ": Connection refused; "
                                      + text_at(second_ip, port)
                                      + ": Connection refused");
}

CAF_TEST(an address that swallows packets holds the others up only once) {
  black_hole hole{ctx};
  auto good = at_second_ip(hole.address().port());
  dial({hole.address(), good.address()});
  CAF_REQUIRE(run_until_open());
  CAF_CHECK_EQUAL(log.tried(), to_text(hole.address()) + " "
                                 + to_text(good.address()) + " ");
  // A reconnect begins at the address that worked.
  dial({hole.address(), good.address()});
  CAF_REQUIRE(run_until_open());
  CAF_CHECK_EQUAL(log.tried(), to_text(good.address()) + " ");
}

CAF_TEST(silence of TCP until the deadline is told with the addresses) {
  black_hole hole{ctx};
  cfg.handshake_timeout = 50ms;
  dial({hole.address()});
  CAF_CHECK_EQUAL(to_string(end()),
                  "handshake_timeout: " + to_text(hole.address())
                    + ": no answer");
}

CAF_TEST(
  an address that accepts and hangs is not where the next attempt begins) {
  for (auto scheme : {"ws", "wss"}) {
    tcp_peer hanging{ctx, answering()};
    auto good = at_second_ip(hanging.port());
    memory = std::make_shared<address_memory>();
    cfg.handshake_timeout = 300ms;
    dial({hanging.address(), good.address()}, scheme);
    auto reason = end();
    CAF_CHECK_EQUAL(reason.code, ec::handshake_timeout);
    CAF_CHECK_EQUAL(reason.detail,
                    to_text(hanging.address())
                      + ": accepted the connection, then the "
                      + (scheme == std::string{"ws"}
                           ? "upgrade was not answered"
                           : "TLS handshake did not come to its end"));
    cfg.handshake_timeout = 10s;
    dial({hanging.address(), good.address()}, scheme);
    CAF_REQUIRE(run_until([&] { return good.count() > 0; }));
    CAF_CHECK_EQUAL(log.tried(), to_text(good.address()) + " ");
    CAF_CHECK_EQUAL(hanging.count(), 1u);
  }
}

CAF_TEST(an address whose upgrade fails is not where the next attempt begins) {
  for (auto answer : {"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
                      "HTTP/1.1 101 OK\r\n\r\n", "SSH-2.0-x\r\n"}) {
    tcp_peer bad{ctx, answering(answer)};
    auto good = at_second_ip(bad.port());
    memory = std::make_shared<address_memory>();
    dial({bad.address(), good.address()});
    CAF_CHECK(end().detail.starts_with(to_text(bad.address())));
    dial({bad.address(), good.address()});
    CAF_CHECK(run_until_open());
    CAF_CHECK_EQUAL(log.tried(), to_text(good.address()) + " ");
  }
}

CAF_TEST(a refusal of the venue says nothing against the address) {
  for (auto status : {"401", "403", "418", "429"}) {
    tcp_peer venue{ctx, answering("HTTP/1.1 " + std::string{status}
                                  + " No\r\nContent-Length: 0\r\n\r\n")};
    auto other = at_second_ip(venue.port());
    memory = std::make_shared<address_memory>();
    for (int i = 0; i < 2; ++i) {
      dial({venue.address(), other.address()});
      CAF_CHECK_EQUAL(to_string(end()),
                      "upgrade_refused: " + to_text(venue.address()) + " (HTTP "
                        + status + " No)");
    }
    CAF_CHECK_EQUAL(other.count(), 0u);
  }
}

CAF_TEST(a proxy that says nothing is named) {
  tcp_peer proxy{ctx, answering()};
  cfg.proxy.url = "http://proxy.invalid:3128";
  cfg.handshake_timeout = 300ms;
  dial({proxy.address()});
  CAF_CHECK_EQUAL(to_string(end()),
                  "handshake_timeout: " + to_text(proxy.address())
                    + ": accepted the connection, then the proxy opened no "
                      "tunnel");
}

CAF_TEST(a proxy that let a client through does not end it by asking again) {
  const std::string asks = "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
  auto answer = asks;
  tcp_peer proxy{ctx, [&](const std::string&) { return answer; }};
  cfg.proxy.url = "http://proxy.invalid:3128";
  dial({proxy.address()});
  CAF_CHECK_EQUAL(end().code, ec::proxy_auth_required);
  answer = "HTTP/1.1 200 OK\r\n\r\n"
           "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
  dial({proxy.address()});
  CAF_CHECK_EQUAL(end().code, ec::upgrade_refused);
  answer = asks;
  dial({proxy.address()});
  auto reason = end();
  CAF_CHECK_EQUAL(reason.code, ec::proxy_failed);
  CAF_CHECK(class_of(reason) == error_class::transient);
  CAF_CHECK(to_string(reason).find("HTTP 407") != std::string::npos);
}

// -- status lines -------------------------------------------------------------

CAF_TEST(status lines of all kinds accept an upgrade) {
  for (auto line : {"HTTP/1.1 101 null", "HTTP/1.1 101 ", "HTTP/1.1 101",
                    "HTTP/1.1 101 Web Socket Protocol Handshake"}) {
    tcp_peer peer{
      ctx, [=](const std::string& request) {
        auto key = response_to(request, {});
        key = key.substr(key.find("Sec-WebSocket-Accept: ") + 22);
        return line
               + std::string{"\r\nupgrade: WebSocket\r\nconnection: "
                             "keep-alive, upgrade\r\n"
                             "sec-websocket-accept: "}
               + key + text("same segment");
      }};
    dial({peer.address()});
    CAF_CHECK(run_until([this] { return log.has("message same segment"); }));
  }
}

CAF_TEST(an answer that is no HTTP is quoted and given no status) {
  auto reason = error_with_answer("SSH-2.0-OpenSSH_9.6\r\n");
  CAF_CHECK_EQUAL(to_string(reason), "upgrade_invalid: the answer is not HTTP: "
                                     "\"SSH-2.0-OpenSSH_9.6\"");
  reason = error_with_answer("HTTP/1.1 1o1 x\r\n\r\n");
  CAF_CHECK_EQUAL(to_string(reason), "upgrade_invalid: the answer is not HTTP: "
                                     "\"HTTP/1.1 1o1 x\"");
}

CAF_TEST(a refusal without a reason keeps its status and gets no reason) {
  tcp_peer peer{ctx, answering("HTTP/1.1 503\r\nContent-Length: 2\r\n\r\nno")};
  dial({peer.address()});
  CAF_CHECK_EQUAL(to_string(end()),
                  "upgrade_refused: " + to_text(peer.address())
                    + " (HTTP 503)");
}

CAF_TEST_FIXTURE_SCOPE_END()
