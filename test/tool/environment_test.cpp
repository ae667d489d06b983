// SPDX-License-Identifier: BSD-3-Clause

// What the environment says about proxies and about secrets of TLS.

#define CAF_SUITE tool_environment

#include "tool_run.hpp"

#include "support/fault_proxy.hpp"
#include "support/unit_test.hpp"

#include "zenws/sim/server.hpp"

#include <fstream>
#include <iterator>

using namespace zenws;
using namespace zenws::test_support;

namespace {

using variables = std::map<std::string, std::string>;

/// A server, and a proxy that is needed to find it.
struct environment_fixture : tool_home {
  environment_fixture() {
    if (auto problem = server.start())
      CAF_FAIL(*problem);
    target = "ws://exchange.invalid:" + std::to_string(server.port()) + "/echo";
  }

  tool_result run_with(variables environment,
                       std::vector<std::string> arguments) const {
    return run({.arguments = std::move(arguments),
                .environment = std::move(environment)});
  }

  /// The RFC 7617 example in section 2 is what the proxy wants.
  variables credentials(const std::string& user_info) const {
    return {{"http_proxy", "http://" + user_info + "@" + proxy.authority()}};
  }

  sim::server server;
  fault_proxy proxy{{.tunnel = http_tunnel{
                       .authorization = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}}};
  std::string target;
};

std::string content_of_file(const std::string& path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(tool_environment_tests, environment_fixture)

CAF_TEST(connections go through the proxy that a variable names) {
  auto environment = credentials("Aladdin:open%20sesame");
  auto result = run_with(environment,
                         {"connect", target, "-x", "hello", "-c", "1"});
  CAF_CHECK_EQUAL(result.status, 0);
  CAF_CHECK_EQUAL(result.out, "hello\n");
  CAF_CHECK_EQUAL(proxy.requests().size(), 1u);
  environment["no_proxy"] = ".invalid";
  result = run_with(environment, {"connect", target, "-x", "hello"});
  CAF_CHECK_EQUAL(result.status, 1);
  CAF_CHECK_EQUAL(proxy.requests().size(), 1u);
}

CAF_TEST(the command line overrides the environment) {
  variables environment{{"all_proxy", "nonsense://"}};
  auto direct = run_with(environment, {"connect", server.url("/echo"), "-x",
                                       "hello", "-c", "1", "--proxy", "none"});
  CAF_CHECK_EQUAL(direct.status, 0);
  auto other = run_with(environment, {"doctor", "--json", target, "--proxy",
                                      "http://" + proxy.authority()});
  CAF_CHECK(
    contains(other.out, "http://" + proxy.authority() + ": proxy_auth"));
}

CAF_TEST(the doctor tells the proxy and its variable but no password) {
  auto good = run_with(credentials("Aladdin:open%20sesame"),
                       {"doctor", target});
  CAF_CHECK_EQUAL(good.status, 0);
  CAF_CHECK(contains(good.out, "http://" + proxy.authority()
                                 + " (http_proxy) opens a tunnel to "
                                   "exchange.invalid:"));
  auto bad = run_with(credentials("Aladdin:close-sesame"),
                      {"doctor", target, "--verbose"});
  CAF_CHECK_EQUAL(bad.status, 1);
  CAF_CHECK(contains(bad.out, "(http_proxy): proxy_auth_required"));
  for (auto* x : {&good, &bad})
    CAF_CHECK(!contains(x->out + x->err, "sesame"));
}

CAF_TEST(a variable that names no proxy is told without its password) {
  auto result = run_with({{"http_proxy", "https://joe:sesame@proxy"}},
                         {"connect", target});
  CAF_CHECK_EQUAL(result.status, 2);
  CAF_CHECK(contains(result.err, "the environment variable http_proxy: the "
                                 "proxy's URL must begin with http://"));
  CAF_CHECK(!contains(result.err, "sesame"));
}

CAF_TEST(secrets of TLS are written to the file of a variable with a warning) {
  sim::server_config cfg{.transport = sim::transport::tls};
  cfg.tls.names = {"127.0.0.1"};
  sim::server secured{cfg};
  CAF_REQUIRE(!secured.start());
  std::vector<std::string> arguments{
    "connect", secured.url("/echo"),
    "--ca",    write("ca.pem", secured.ca_pem()),
    "-x",      "hello",
    "-c",      "1"};
  auto keys = write("keys", "");
  auto result = run_with({{"SSLKEYLOGFILE", keys}}, arguments);
  CAF_CHECK_EQUAL(result.status, 0);
  CAF_CHECK_EQUAL(result.out, "hello\n");
  CAF_CHECK(contains(result.err, "everyone who reads " + keys));
  CAF_CHECK(contains(content_of_file(keys), "CLIENT_TRAFFIC_SECRET_0 "));
  auto refused = run_with({{"SSLKEYLOGFILE", keys + "/none"}}, arguments);
  CAF_CHECK_EQUAL(refused.status, 2);
  CAF_CHECK(contains(refused.err, "cannot open tls.key_log_file"));
  CAF_CHECK(contains(refused.err, "SSLKEYLOGFILE"));
}

CAF_TEST_FIXTURE_SCOPE_END()
