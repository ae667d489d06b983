// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE proxy

#include "authority_file.hpp"
#include "support/fault_proxy.hpp"
#include "support/raw_peer.hpp"
#include "support/unit_test.hpp"
#include "support/world.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

// Of no name server: only the proxy knows it.
const std::string name = "exchange.invalid";

struct fixture : world {
  /// Starts a client and returns the reason of its first failure.
  error reason_of_failure(client_config config) {
    auto [uut, in] = connect_collecting(*this, std::move(config));
    auto failed = in->wait_for_event([](const client_event& x) {
      return (x.state == client_state::backing_off
              || x.state == client_state::stopped)
             && x.reason;
    });
    caf::anon_send_exit(uut, caf::exit_reason::user_shutdown);
    return failed ? failed->reason : error{};
  }

  /// The same with a proxy that answers with these bytes.
  error reason_with_answer(std::string answer) {
    raw_peer peer{[=](auto&) { return answer; }};
    auto config = quick("ws://" + name + "/");
    config.proxy.url = "http" + peer.url().substr(2);
    config.handshake_timeout = 500ms;
    return reason_of_failure(config);
  }

  /// Sends a message through the proxy and checks that it comes back.
  void check_echo(client_config config) {
    auto [uut, in] = connect_collecting(*this, std::move(config));
    CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
    CAF_CHECK_EQUAL(tell(uut, send_text{"through"}), caf::none);
    CAF_CHECK(in->wait_for_text("through"));
    CAF_CHECK_EQUAL(tell(uut, close_client{}), caf::none);
  }
};

fault_proxy_options tunnel(http_tunnel opts = {}) {
  return {.tunnel = std::move(opts)};
}

std::string authority(const sim::server& server) {
  return name + ":" + std::to_string(server.port());
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(proxy_tests, fixture)

CAF_TEST(the proxy resolves the name and tunnels) {
  auto server = start_server();
  fault_proxy proxy{tunnel()};
  auto config = quick("ws://" + authority(*server) + "/echo");
  config.proxy.url = "http://" + proxy.authority();
  check_echo(config);
  auto requests = proxy.requests();
  CAF_REQUIRE_EQUAL(requests.size(), 1u);
  CAF_CHECK_EQUAL(requests[0], "CONNECT " + authority(*server)
                                 + " HTTP/1.1\r\nHost: " + authority(*server)
                                 + "\r\n\r\n");
}

CAF_TEST(an answer in pieces and interim answers are read to their end) {
  auto server = start_server();
  fault_proxy proxy{tunnel({.sends_bytewise = true})};
  auto config = quick("ws://" + authority(*server) + "/echo");
  config.proxy.url = "http://" + proxy.authority();
  check_echo(config);
}

CAF_TEST(certificates are those of the server behind the proxy) {
  auto server = start_server(
    {.transport = sim::transport::tls, .tls = {.names = {name}}});
  authority_file ca{*server};
  fault_proxy proxy{tunnel()};
  auto config = quick("wss://" + authority(*server) + "/echo");
  config.tls.ca_file = ca.path();
  config.proxy.url = "http://" + proxy.authority();
  check_echo(config);
  config.url = "wss://127.0.0.1:" + std::to_string(server->port()) + "/echo";
  CAF_CHECK_EQUAL(reason_of_failure(config).code, ec::certificate_rejected);
}

CAF_TEST(credentials open the proxy) {
  auto server = start_server();
  // The example of RFC 7617, section 2.
  fault_proxy proxy{
    tunnel({.authorization = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="})};
  auto config = quick("ws://" + authority(*server) + "/echo");
  config.proxy = {"http://" + proxy.authority(), "Aladdin", "open sesame"};
  check_echo(config);
}

CAF_TEST(credentials that a proxy refuses are not tried again) {
  fault_proxy proxy{tunnel({.authorization = "Basic other"})};
  auto config = quick("ws://" + name + "/");
  config.proxy = {"http://" + proxy.authority(), "Aladdin", "open sesame"};
  auto [uut, in] = connect_collecting(*this, config);
  auto reason = end_of(uut);
  CAF_CHECK_EQUAL(caf_compat::code_of(reason), ec::proxy_auth_required);
  CAF_CHECK_EQUAL(proxy.requests().size(), 1u);
  for (auto& x : in->events()) {
    auto text = describe(x) + caf_compat::to_text(reason);
    CAF_CHECK(text.find("sesame") == std::string::npos);
    CAF_CHECK(text.find("QWxh") == std::string::npos);
  }
}

CAF_TEST(the status tells the proxy and where it is from) {
  fault_proxy proxy{tunnel()};
  auto config = quick("ws://" + name + "/");
  config.proxy = {"http://" + proxy.authority(), "Aladdin", "open sesame",
                  "http_proxy"};
  auto uut = connect_collecting(*this, config).first;
  auto status = ask<client_status>(uut, get_status{});
  CAF_REQUIRE(status);
  CAF_CHECK_EQUAL(status->proxy,
                  "http://" + proxy.authority() + " (http_proxy)");
  auto text = to_json(*status) + describe(*status);
  CAF_CHECK(text.find("sesame") == std::string::npos);
  CAF_CHECK(text.find("Aladdin") == std::string::npos);
  CAF_CHECK_EQUAL(tell(uut, close_client{}), caf::none);
}

CAF_TEST(a client comes back through its proxy) {
  auto server = start_server();
  fault_proxy proxy{tunnel()};
  auto config = quick("ws://" + authority(*server) + "/echo");
  config.proxy.url = "http://" + proxy.authority();
  auto [uut, in] = connect_collecting(*this, config);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 1));
  server->apply(sim::fault_drop{});
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_CHECK_EQUAL(proxy.requests().size(), 2u);
}

CAF_TEST(a refusal tells status and reason) {
  fault_proxy proxy{tunnel()}; // nothing listens on port 1
  auto config = quick("ws://" + name + ":1/");
  config.proxy.url = "http://" + proxy.authority();
  auto reason = reason_of_failure(config);
  CAF_REQUIRE_EQUAL(reason.code, ec::proxy_failed);
  CAF_REQUIRE(reason.refusal != nullptr);
  CAF_CHECK_EQUAL(reason.refusal->status, 502u);
  CAF_CHECK_EQUAL(reason.refusal->reason, "Bad Gateway");
}

CAF_TEST(a proxy that is not there is a failed connection) {
  auto config = quick("ws://" + name + "/");
  config.proxy.url = "http://127.0.0.1:1";
  CAF_CHECK_EQUAL(reason_of_failure(config).code, ec::connect_failed);
}

CAF_TEST(a proxy that is none is told from one) {
  CAF_CHECK_EQUAL(reason_with_answer("SSH-2.0-x\r\n\r\n").code,
                  ec::proxy_failed);
  CAF_CHECK_EQUAL(reason_with_answer("\r\n\r\n").code, ec::proxy_failed);
  CAF_CHECK_EQUAL(reason_with_answer("HTTP/1.1 101 Switching\r\n\r\n").code,
                  ec::proxy_failed);
}

CAF_TEST(a header without end is cut off) {
  CAF_CHECK_EQUAL(
    reason_with_answer("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'))
      .code,
    ec::proxy_failed);
  std::string interim;
  for (int i = 0; i < 1000; ++i)
    interim += "HTTP/1.1 102 Processing\r\n\r\n";
  CAF_CHECK_EQUAL(reason_with_answer(interim).code, ec::proxy_failed);
}

CAF_TEST(silence and half a header run into the deadline) {
  CAF_CHECK_EQUAL(reason_with_answer("").code, ec::handshake_timeout);
  CAF_CHECK_EQUAL(reason_with_answer("HTTP/1.1 200 OK\r\nX: y").code,
                  ec::handshake_timeout);
  CAF_CHECK_EQUAL(reason_with_answer("HTTP/1.1 200 OK\r\n\r\n").code,
                  ec::handshake_timeout);
}

CAF_TEST(bytes behind the header belong to the next reader) {
  auto reason = reason_with_answer("HTTP/1.1 200 OK\r\n\r\n"
                                   "HTTP/1.1 403 Forbidden\r\n"
                                   "Content-Length: 2\r\n\r\nno");
  CAF_REQUIRE_EQUAL(reason.code, ec::upgrade_refused);
  CAF_CHECK_EQUAL(reason.refusal->body, "no");
}

CAF_TEST_FIXTURE_SCOPE_END()
