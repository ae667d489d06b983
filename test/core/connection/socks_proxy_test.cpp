// SPDX-License-Identifier: BSD-3-Clause

// Connections through SOCKS proxies: one that answers as a test wants, and
// microsocks.

#define CAF_SUITE socks_proxy

#include "answering_peer.hpp"

#include "support/program.hpp"
#include "support/unit_test.hpp"

#include <filesystem>
#include <optional>

using namespace zenws;
using namespace zenws::internal;
using namespace zenws::peer;
using namespace std::literals;
using test_support::program;

namespace {

const auto chooses_none = "\5\0"s;
const auto chooses_login = "\5\2"s;
const auto accepts = "\5\0\0\1\0\0\0\0\0\0"s;

struct socks_fixture : connection_fixture {
  /// Starts an attempt through a proxy at this address.
  void dial_through(const endpoint_type& proxy, const std::string& target) {
    if (uut)
      uut->abandon();
    log = {};
    auto parsed = parse_url(target).value();
    first_hop hop{{"proxy.invalid", proxy.port()}, {proxy}};
    uut = dial_tcp(ctx, slabs, cfg, {parsed, {}, memory}, hop, log);
  }

  /// Returns the error after an attempt through a proxy with these answers,
  /// without the proxy's address.
  std::string end_with(std::vector<std::string> answers,
                       peer_ending ending = peer_ending::silence) {
    answering_peer proxy{ctx, std::move(answers), ending};
    dial_through(proxy.address(), "ws://exchange.invalid/");
    auto text = to_string(end());
    CAF_CHECK(text.find("sesame") == std::string::npos);
    auto address = to_text(proxy.address()) + ": ";
    auto pos = text.find(address);
    CAF_REQUIRE(pos != std::string::npos);
    return text.erase(pos, address.size());
  }

  /// Returns whether a connection through the proxy is opened in the end.
  /// Attempts are repeated while nothing listens there yet.
  bool opens_through(const endpoint_type& proxy, const std::string& target) {
    do
      dial_through(proxy, target);
    while (run_until([this] { return log.has("open") || log.end; })
           && !log.has("open") && log.end->code == ec::connect_failed);
    return log.has("open");
  }
};

/// The program microsocks, which ends with this object.
class microsocks {
public:
  explicit microsocks(asio::io_context& ctx,
                      std::vector<std::string> options = {})
    : reservation_(ctx) {
    // Nobody else gets the port before the program has it.
    endpoint_type where{asio::ip::make_address("127.0.0.1"), 0};
    reservation_.open(where.protocol());
    reservation_.set_option(asio::socket_base::reuse_address{true});
    reservation_.bind(where);
    options.insert(options.end(),
                   {"-i", "127.0.0.1", "-p", std::to_string(address().port())});
    running_.emplace(path, options);
  }

  /// Returns whether it is installed; says so if not.
  static bool is_installed() {
    if (std::filesystem::exists(path))
      return true;
    CAF_MESSAGE("skipped: the package microsocks is not installed");
    return false;
  }

  endpoint_type address() const {
    return reservation_.local_endpoint();
  }

private:
  static constexpr auto path = "/usr/bin/microsocks";

  asio::ip::tcp::socket reservation_;
  std::optional<program> running_;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(socks_proxy_tests, socks_fixture)

// -- a proxy that answers as a test wants -------------------------------------

CAF_TEST(a tunnel carries the upgrade and what comes with its answer) {
  cfg.proxy.url = "socks5h://proxy.invalid";
  answering_peer proxy{ctx,
                       {chooses_none, accepts
                                        + "HTTP/1.1 403 No\r\n"
                                          "Content-Length: 0\r\n"
                                          "\r\n"}};
  dial_through(proxy.address(), "ws://exchange.invalid/");
  auto reason = end();
  CAF_CHECK_EQUAL(reason.code, ec::upgrade_refused);
  CAF_REQUIRE_EQUAL(proxy.received().size(), 3u);
  CAF_CHECK(proxy.received()[0] == "\5\1\0"s);
  CAF_CHECK(proxy.received()[1] == "\5\1\0\3\20exchange.invalid\0\120"s);
  CAF_CHECK(proxy.received()[2].starts_with("GET / HTTP/1.1\r\n"));
}

CAF_TEST(this machine resolves the name if the scheme says so) {
  cfg.proxy.url = "socks5://proxy.invalid";
  answering_peer proxy{ctx, {chooses_none, "\5\2"s}};
  dial_through(proxy.address(), "ws://localhost:8080/");
  CAF_CHECK_EQUAL(end().code, ec::proxy_failed);
  CAF_REQUIRE_EQUAL(proxy.received().size(), 2u);
  CAF_CHECK(proxy.received()[1] == "\5\1\0\1\177\0\0\1\37\220"s);
  dial_through(proxy.address(), "ws://exchange.invalid/");
  CAF_CHECK_EQUAL(end().code, ec::name_resolution_failed);
}

CAF_TEST(credentials are sent when they are asked for and never told) {
  cfg.proxy = {"socks5h://proxy.invalid", "joe", "sesame"};
  answering_peer proxy{ctx, {chooses_login, "\1\1"s}};
  dial_through(proxy.address(), "ws://exchange.invalid/");
  auto reason = end();
  CAF_CHECK_EQUAL(reason.code, ec::proxy_auth_required);
  CAF_CHECK(to_string(reason).find("sesame") == std::string::npos);
  CAF_CHECK(to_string(reason).find("joe") == std::string::npos);
  CAF_REQUIRE_EQUAL(proxy.received().size(), 2u);
  CAF_CHECK(proxy.received()[0] == "\5\2\0\2"s);
  CAF_CHECK(proxy.received()[1] == "\1\3joe\6sesame"s);
}

CAF_TEST(refusals are told by their meaning) {
  cfg.proxy.url = "socks5h://proxy.invalid";
  CAF_CHECK_EQUAL(end_with({chooses_none, "\5\4\0\1\0\0\0\0\0\0"s}),
                  "proxy_failed: the SOCKS proxy answers: host unreachable "
                  "(reply 4)");
  // As some proxies do.
  CAF_CHECK_EQUAL(end_with({chooses_none, "\5\5"s}, peer_ending::end_of_file),
                  "proxy_failed: the SOCKS proxy answers: connection refused "
                  "(reply 5)");
  CAF_CHECK_EQUAL(end_with({"\5\377"s}),
                  "proxy_auth_required: the SOCKS proxy wants credentials");
  cfg.proxy.user = "joe";
  cfg.proxy.password = "sesame";
  CAF_CHECK_EQUAL(end_with({"\5\377"s}),
                  "proxy_auth_required: the SOCKS proxy takes neither user and "
                  "password nor connections without");
  CAF_CHECK_EQUAL(end_with({chooses_login, "\1\2"s}),
                  "proxy_auth_required: the SOCKS proxy refuses user and "
                  "password (status 2)");
}

CAF_TEST(what is not SOCKS 5 is told from it) {
  cfg.proxy.url = "socks5h://proxy.invalid";
  CAF_CHECK_EQUAL(end_with({"\4\132"s}),
                  "proxy_failed: the answer is not SOCKS 5: it begins with "
                  "byte 4");
  CAF_CHECK_EQUAL(end_with({"HTTP/1.1 400 Bad Request\r\n\r\n"}),
                  "proxy_failed: the answer is not SOCKS 5: it begins with "
                  "byte 72, as HTTP does");
}

CAF_TEST(answers that are cut are lost connections) {
  cfg.proxy.url = "socks5h://proxy.invalid";
  for (auto& answers :
       std::vector<std::vector<std::string>>{{""},
                                             {"\5"s},
                                             {chooses_none, ""},
                                             {chooses_none, "\5"s},
                                             {chooses_none, "\5\0\0\1\0"s},
                                             {chooses_none, "\5\0\0\3\377x"s}})
    CAF_CHECK(end_with(answers, peer_ending::end_of_file)
                .starts_with("connection_lost: before the proxy had "
                             "answered: "));
}

CAF_TEST(silence and half an answer run into the deadline) {
  cfg.proxy.url = "socks5h://proxy.invalid";
  cfg.handshake_timeout = 200ms;
  for (auto& answers : std::vector<std::vector<std::string>>{
         {}, {"\5"s}, {chooses_none}, {chooses_none, "\5\0\0\1"s}})
    CAF_CHECK_EQUAL(end_with(answers),
                    "handshake_timeout: accepted the connection, then the "
                    "proxy opened no tunnel");
}

// -- microsocks ---------------------------------------------------------------

CAF_TEST(an independent proxy opens tunnels to names and addresses) {
  if (!microsocks::is_installed())
    return;
  microsocks proxy{ctx};
  tcp_peer server{ctx, accepting(text("hello"))};
  auto port = std::to_string(server.port());
  for (auto scheme : {"socks5", "socks5h"})
    for (auto host : {"localhost", "127.0.0.1"}) {
      cfg.proxy.url = scheme + "://proxy.invalid"s;
      CAF_CHECK(
        opens_through(proxy.address(), "ws://"s + host + ':' + port + '/'));
      CAF_CHECK(run_until([this] { return log.has("message hello"); }));
    }
  CAF_CHECK_EQUAL(server.count(), 4u);
}

CAF_TEST(an independent proxy wants user and password) {
  if (!microsocks::is_installed())
    return;
  microsocks proxy{ctx, {"-u", "joe", "-P", "open sesame"}};
  tcp_peer server{ctx, accepting()};
  auto target = "ws://localhost:" + std::to_string(server.port()) + '/';
  cfg.proxy = {"socks5h://proxy.invalid", "joe", "open sesame"};
  CAF_CHECK(opens_through(proxy.address(), target));
  memory = std::make_shared<address_memory>();
  cfg.proxy.password = "close sesame";
  dial_through(proxy.address(), target);
  auto reason = end();
  CAF_CHECK_EQUAL(reason.code, ec::proxy_auth_required);
  CAF_CHECK(to_string(reason).find("sesame") == std::string::npos);
  cfg.proxy.user.clear();
  cfg.proxy.password.clear();
  dial_through(proxy.address(), target);
  CAF_CHECK_EQUAL(end().code, ec::proxy_auth_required);
  CAF_CHECK_EQUAL(server.count(), 1u);
}

CAF_TEST(an independent proxy tells why it opens no tunnel) {
  if (!microsocks::is_installed())
    return;
  microsocks proxy{ctx};
  cfg.proxy.url = "socks5h://proxy.invalid";
  CAF_CHECK(!opens_through(proxy.address(), "ws://127.0.0.1:1/"));
  CAF_REQUIRE(log.end);
  CAF_CHECK_EQUAL(log.end->code, ec::proxy_failed);
  CAF_CHECK(log.end->detail.ends_with("connection refused (reply 5)"));
}

CAF_TEST_FIXTURE_SCOPE_END()
