// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE gateway_file

#include "gateway_file_fixture.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

using namespace zenws;
using namespace zenws::test_support;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(gateway_file_tests, gateway_file_fixture)

CAF_TEST(all sections are read to the last field) {
  auto [uut, mistakes] = read(everything());
  for (auto& x : mistakes)
    CAF_MESSAGE(to_string(x, "gateway.toml"));
  CAF_CHECK(mistakes.empty());
  auto& own = uut.gateway;
  CAF_CHECK_EQUAL(own.name, "gateway-a");
  CAF_CHECK_EQUAL(own.bind, "0.0.0.0");
  CAF_CHECK_EQUAL(own.port, 4242u);
  CAF_CHECK_EQUAL(own.silence_limit, 7s);
  CAF_CHECK_EQUAL(own.max_nodes, 12u);
  CAF_CHECK_EQUAL(own.max_stream_bytes, 2048u);
  CAF_CHECK(own.allow_backpressure);
  CAF_CHECK(own.insecure_plaintext);
  CAF_REQUIRE(uut.monitor);
  CAF_CHECK_EQUAL(uut.monitor->bind, "0.0.0.0");
  CAF_CHECK_EQUAL(uut.monitor->port, 8081u);
  CAF_CHECK_EQUAL(uut.monitor->token, "a-token-for-tests");
  CAF_CHECK_EQUAL(uut.monitor->required.size(), 1u);
  CAF_CHECK_EQUAL(uut.node.heartbeat, 200ms);
  CAF_CHECK_EQUAL(uut.node.silence_limit, 7s);
  CAF_CHECK_EQUAL(uut.node.tls.cert_file, file("gateway.pem"));
  CAF_CHECK_EQUAL(uut.node.tls.key_file, file("gateway.key"));
  CAF_CHECK_EQUAL(uut.node.tls.ca_file, file("ca.pem"));
  CAF_CHECK_EQUAL(uut.io_threads, 3u);
  auto& supervision = uut.supervision;
  CAF_CHECK_EQUAL(supervision.name, "desk");
  CAF_CHECK_EQUAL(supervision.limit.max_restarts, 4u);
  CAF_CHECK_EQUAL(supervision.limit.period, 2min);
  CAF_CHECK_EQUAL(supervision.max_children, 5u);
  CAF_CHECK_EQUAL(supervision.shutdown_timeout, 9s);
  CAF_CHECK_EQUAL(supervision.restart_backoff.min, 20ms);
  CAF_CHECK_EQUAL(supervision.restart_backoff.max, 3s);
  CAF_CHECK_EQUAL(supervision.account, "main");
  auto& limits = supervision.limits;
  CAF_CHECK_EQUAL(limits.host, "the venue");
  CAF_REQUIRE(limits.rates);
  CAF_CHECK(*limits.rates
            == (std::vector<rate_limit>{
              {"own", "a", limit_scope::host, token_bucket_config{7, 2, 3s}}}));
  CAF_CHECK(limits.additional_rates
            == (std::vector<rate_limit>{{"quota", "b", limit_scope::account,
                                         rolling_window_config{8, 1h}, 1}}));
  CAF_CHECK_EQUAL(limits.costs.at("private/buy").size(), 2u);
  CAF_CHECK_EQUAL(limits.costs.at("private/buy")[1].cost, 3u);
  CAF_CHECK_EQUAL(limits.additional_costs.at("private/sell")[0].pool, "b");
  CAF_REQUIRE_EQUAL(uut.clients.size(), 2u);
  CAF_CHECK_EQUAL(uut.clients[0].spec.name, "plain");
  CAF_CHECK_EQUAL(uut.clients[1].spec.name, "venue");
}

CAF_TEST(clients are read to the last field) {
  auto uut = read(everything()).file;
  CAF_REQUIRE_EQUAL(uut.clients.size(), 2u);
  auto& [spec, api, channels, entries] = uut.clients[1];
  CAF_CHECK_EQUAL(spec.tag, "market");
  CAF_CHECK_EQUAL(spec.account, "main");
  auto& config = spec.config;
  CAF_CHECK_EQUAL(config.url, "wss://example.com/ws/api/v2");
  CAF_REQUIRE_EQUAL(config.headers.size(), 2u);
  CAF_CHECK_EQUAL(config.headers[0].name, "X-Desk");
  CAF_CHECK_EQUAL(config.headers[0].value, "one");
  CAF_CHECK_EQUAL(config.headers[1].name, "X-Key");
  CAF_CHECK_EQUAL(config.headers[1].value, "the-secret-$1");
  CAF_CHECK_EQUAL(config.handshake_timeout, 11s);
  CAF_CHECK_EQUAL(config.tls.ca_file, file("ca.pem"));
  CAF_CHECK_EQUAL(config.tls.cert_file, file("gateway.pem"));
  CAF_CHECK_EQUAL(config.tls.key_file, file("gateway.key"));
  CAF_CHECK_EQUAL(config.proxy.url, "socks5h://proxy.example:1081");
  CAF_CHECK_EQUAL(config.proxy.user, "joe");
  CAF_CHECK_EQUAL(config.proxy.password, "a-token-for-tests");
  CAF_CHECK_EQUAL(config.proxy.variable, "");
  CAF_CHECK(config.heartbeat.kind == heartbeat_kind::venue);
  CAF_CHECK_EQUAL(config.heartbeat.interval, 14s);
  CAF_CHECK_EQUAL(config.heartbeat.max_missed, 6u);
  CAF_CHECK_EQUAL(config.backoff.min, 15ms);
  CAF_CHECK_EQUAL(config.backoff.max, 16s);
  CAF_CHECK_EQUAL(config.backoff.stable_after, 17s);
  CAF_CHECK_EQUAL(config.backoff.max_attempts, 18u);
  CAF_CHECK_EQUAL(config.max_message_bytes, 1901u);
  CAF_CHECK_EQUAL(config.max_outbound_bytes, 1902u);
  auto& venue = config.venue;
  CAF_CHECK_EQUAL(venue.dialect, "deribit");
  CAF_CHECK(venue.login == login_mode::required);
  CAF_CHECK_EQUAL(venue.idle_timeout, 12s);
  CAF_CHECK_EQUAL(venue.request_timeout, 13s);
  CAF_CHECK_EQUAL(venue.max_pending_calls, 1903u);
  CAF_CHECK_EQUAL(venue.max_channels, 1904u);
  CAF_CHECK_EQUAL(config.max_reading_pause, 1905ms);
  CAF_CHECK_EQUAL(venue.max_request_bytes, 1906u);
  CAF_CHECK_EQUAL(venue.max_channels_per_request, 1907u);
  CAF_REQUIRE_EQUAL(venue.on_login.size(), 1u);
  CAF_CHECK_EQUAL(venue.on_login[0].method,
                  "private/enable_cancel_on_disconnect");
  CAF_REQUIRE_EQUAL(channels.size(), 3u);
  CAF_CHECK_EQUAL(channels[0].name, "book.BTC-PERPETUAL.raw");
  CAF_CHECK_EQUAL(channels[1].name, "trades.BTC-PERPETUAL.raw");
  CAF_CHECK(channels[1].access == channel_access::open_to_all);
  CAF_CHECK_EQUAL(channels[2].name, "user.orders.any.any.raw");
  CAF_CHECK(channels[2].access == channel_access::authenticated_only);
}

CAF_TEST(questions about market data may have an address of their own) {
  auto [uut, mistakes] = read(R"(
[clients.binance]
url = "wss://127.0.0.1:1/stream"
dialect = "binance"
[clients.binance.api]
url = "wss://127.0.0.1:1/ws-api/v3"
)");
  CAF_CHECK(mistakes.empty());
  CAF_REQUIRE_EQUAL(uut.clients.size(), 1u);
  auto& api = uut.clients[0].api;
  CAF_REQUIRE(api);
  CAF_CHECK_EQUAL(api->config.url, "wss://127.0.0.1:1/ws-api/v3");
  CAF_CHECK_EQUAL(api->config.venue.dialect, "binance");
}

CAF_TEST(desks use clients by their names) {
  auto [uut, mistakes] = read(everything() + R"(
[clients.books]
url = "wss://example.com/ws/api/v2"
dialect = "deribit"

[desks.mm]
account = "venue"
market = "books"
owner = "mm1"
journal_path = "orders.db"
when_unwatched = "cancel"

[desks.mm.instruments.BTC-PERPETUAL]
order_amount = 1000
)");
  for (auto& x : mistakes)
    CAF_MESSAGE(to_string(x, "gateway.toml"));
  CAF_CHECK(mistakes.empty());
  CAF_REQUIRE_EQUAL(uut.desks.size(), 1u);
  auto& desk = uut.desks[0];
  CAF_CHECK_EQUAL(desk.name, "mm");
  CAF_CHECK_EQUAL(desk.account, "venue");
  CAF_CHECK_EQUAL(desk.channels, "venue");
  CAF_CHECK_EQUAL(desk.market, "books");
  CAF_CHECK_EQUAL(desk.options.dialect, "deribit");
  CAF_CHECK_EQUAL(desk.options.desk.ledger.owner, "mm1");
  CAF_CHECK_EQUAL(desk.options.journal_path, "orders.db");
  CAF_CHECK(desk.options.when_unwatched == unwatched_orders::cancel);
  auto limits = desk.options.desk.instruments.at("BTC-PERPETUAL");
  CAF_CHECK(limits.order_amount == market::decimal::parse("1000"));
}

CAF_TEST(settings left out keep their defaults) {
  for (auto text : {"", "[gateway]\n", "[supervision]\n", "[clients]\n",
                    "[clients]\na = { url = \"ws://a\" }"}) {
    auto [uut, mistakes] = read(text);
    CAF_CHECK(mistakes.empty());
    gateway_file same;
    CAF_CHECK_EQUAL(uut.gateway.name, same.gateway.name);
    CAF_CHECK_EQUAL(uut.gateway.bind, "127.0.0.1");
    CAF_CHECK_EQUAL(uut.gateway.port, 0u);
    CAF_CHECK_EQUAL(uut.gateway.silence_limit, 5s);
    CAF_CHECK_EQUAL(uut.gateway.max_nodes, 1024u);
    CAF_CHECK(!uut.gateway.allow_backpressure);
    CAF_CHECK(!uut.gateway.insecure_plaintext);
    CAF_CHECK_EQUAL(uut.node.heartbeat, 1s);
    CAF_CHECK_EQUAL(uut.node.silence_limit, 5s);
    CAF_CHECK(!uut.node.tls.is_set());
    CAF_CHECK_EQUAL(uut.io_threads, 1u);
    CAF_CHECK_EQUAL(uut.supervision.name, same.supervision.name);
    CAF_CHECK_EQUAL(uut.supervision.limit.max_restarts, 10u);
    CAF_CHECK_EQUAL(uut.supervision.limit.period, 60s);
    CAF_CHECK_EQUAL(uut.supervision.max_children, 100'000u);
    for (auto& [spec, api, channels, entries] : uut.clients) {
      CAF_CHECK_EQUAL(to_string(spec.config),
                      to_string(client_config{.url = "ws://a"}));
      CAF_CHECK(spec.tag.empty());
      CAF_CHECK(spec.account.empty());
      CAF_CHECK(!spec.credentials);
      CAF_CHECK(channels.empty());
    }
  }
}

CAF_TEST(credentials come from the environment) {
  auto uut = read(everything()).file;
  CAF_REQUIRE_EQUAL(uut.clients.size(), 2u);
  CAF_CHECK(!uut.clients[0].spec.credentials);
  auto& provider = uut.clients[1].spec.credentials;
  CAF_REQUIRE(provider);
  // They are asked for when they are needed.
  set_credentials("the-new-key", "the-new-secret");
  auto found = provider();
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->key, "the-new-key");
  CAF_CHECK_EQUAL(found->secret, "the-new-secret");
}

CAF_TEST(credentials that are not in the environment are a mistake) {
  clear_credentials();
  auto mistakes = read(everything()).mistakes;
  CAF_REQUIRE_EQUAL(mistakes.size(), 2u);
  CAF_CHECK_EQUAL(mistakes[0].key, "clients.venue.headers.X-Key");
  CAF_CHECK_EQUAL(mistakes[0].message,
                  "needs the environment variable ZENWS_TEST_DESK_SECRET, "
                  "which is not set");
  CAF_CHECK_EQUAL(mistakes[1].key,
                  "clients.venue.credentials_from_environment");
  CAF_CHECK_EQUAL(mistakes[1].message, "ZENWS_TEST_DESK_KEY is not set");
}

CAF_TEST(clients without a proxy take that of the environment) {
  environment_variable proxy{"https_proxy", "http://joe:hunter2@proxy:3128"};
  environment_variable exceptions{"no_proxy", ".example.org"};
  auto proxy_of = [](const std::string& settings) {
    auto uut = read("[clients.a]\n" + settings);
    CAF_REQUIRE(uut.mistakes.empty());
    return uut.file.clients.at(0).spec.config.proxy;
  };
  auto found = proxy_of("url = \"wss://a.example\"\n");
  CAF_CHECK_EQUAL(found.url, "http://proxy:3128");
  CAF_CHECK_EQUAL(found.user, "joe");
  CAF_CHECK_EQUAL(found.password, "hunter2");
  CAF_CHECK_EQUAL(found.variable, "https_proxy");
  CAF_CHECK_EQUAL(proxy_of("url = \"wss://a.example.org\"\n").url, "");
  auto none = proxy_of("url = \"wss://a.example\"\nproxy.url = \"none\"\n");
  CAF_CHECK_EQUAL(none.url, "");
  CAF_CHECK_EQUAL(none.user, "");
  auto own = proxy_of("url = \"wss://a.example\"\n"
                      "proxy.url = \"socks5://b\"\n");
  CAF_CHECK_EQUAL(own.url, "socks5://b");
  CAF_CHECK_EQUAL(own.user, "");
}

CAF_TEST(mistakes of proxies are told at their keys without secrets) {
  auto key_of_mistake = [](const std::string& settings) {
    auto mistakes
      = read("[clients.a]\nurl = \"wss://a\"\n" + settings).mistakes;
    CAF_REQUIRE_EQUAL(mistakes.size(), 1u);
    CAF_CHECK(mistakes[0].message.find("hunter2") == std::string::npos);
    return mistakes[0].key;
  };
  CAF_CHECK_EQUAL(key_of_mistake("proxy = { user = \"joe\" }"),
                  "clients.a.proxy.url");
  CAF_CHECK_EQUAL(key_of_mistake("proxy = { url = \"socks4://b\" }"),
                  "clients.a.proxy.url");
  CAF_CHECK_EQUAL(key_of_mistake("proxy = { url = \"http://b\", user = \"joe\","
                                 " password_file = \"/nonexistent\" }"),
                  "clients.a.proxy.password_file");
  environment_variable proxy{"https_proxy", "https://joe:hunter2@proxy"};
  CAF_CHECK_EQUAL(key_of_mistake(""), "clients.a.proxy");
}

CAF_TEST(the environment names the file for the secrets of TLS) {
  auto key_log_file = [] {
    auto uut = read("[clients.a]\nurl = \"wss://127.0.0.1\"\n");
    return uut.file.clients.at(0).spec.config.tls.key_log_file;
  };
  environment_variable none{"SSLKEYLOGFILE", ""};
  CAF_CHECK_EQUAL(key_log_file(), "");
  environment_variable some{"SSLKEYLOGFILE", "/tmp/keys"};
  CAF_CHECK_EQUAL(key_log_file(), "/tmp/keys");
}

CAF_TEST(secrets come from files that only their owner may read) {
  std::ofstream{file("secret")} << "hunter2\n";
  auto text = "[clients.a]\nurl = \"ws://a\"\ndialect = \"deribit\"\n"
              "credentials = { key = \"k\", secret_file = \""
              + file("secret") + "\" }\n";
  namespace fs = std::filesystem;
  fs::permissions(file("secret"), fs::perms::owner_read);
  auto uut = read(text);
  CAF_REQUIRE(uut.mistakes.empty());
  auto found = uut.file.clients.at(0).spec.credentials();
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->key, "k");
  CAF_CHECK_EQUAL(found->secret, "hunter2");
  fs::permissions(file("secret"),
                  fs::perms::owner_read | fs::perms::others_read);
  auto mistakes = read(text).mistakes;
  CAF_REQUIRE_EQUAL(mistakes.size(), 1u);
  CAF_CHECK_EQUAL(mistakes[0].key, "clients.a.credentials");
  CAF_CHECK_EQUAL(mistakes[0].line, 4u);
  CAF_CHECK(mistakes[0].message.find("chmod") != std::string::npos);
  fs::remove(file("secret"));
  CAF_CHECK_EQUAL(read(text).mistakes.size(), 1u);
}

CAF_TEST(settings of CAF are known by name and type) {
  auto caf = read(everything()).file.caf;
  CAF_CHECK_EQUAL(caf.size(), 3u);
  system_config cfg;
  apply_caf(caf, cfg);
  CAF_CHECK_EQUAL(get_or(cfg, caf_compat::option_name("scheduler.max-threads"),
                         uint64_t{0}),
                  2u);
  CAF_CHECK_EQUAL(
    get_or(cfg, caf_compat::option_name("work-stealing.relaxed-sleep-duration"),
           caf::timespan{0}),
    100us);
}

CAF_TEST(keys may be spelled with dashes) {
  auto uut = read("[clients]\na = { url = \"ws://a\", max-channels = 7,"
                  "heartbeat = { kind = \"ping_pong\", max-missed = 4 } }\n");
  CAF_REQUIRE(uut.mistakes.empty());
  auto& config = uut.file.clients.at(0).spec.config;
  CAF_CHECK_EQUAL(config.venue.max_channels, 7u);
  CAF_CHECK_EQUAL(config.heartbeat.max_missed, 4u);
}

CAF_TEST(the file of the documentation is correct) {
  gateway_file uut;
  std::ostringstream mistakes;
  ::setenv("DERIBIT_KEY", "key", 1);
  ::setenv("DERIBIT_SECRET", "secret", 1);
  CAF_CHECK(load_config(
    ZENWS_EXAMPLES "/gateway.toml",
    [&](config_section& root) { read_gateway_file(root, uut); }, mistakes));
  CAF_CHECK_EQUAL(mistakes.str(), "");
  CAF_CHECK_EQUAL(uut.clients.size(), 1u);
}

CAF_TEST(secrets do not show in messages about a file) {
  set_credentials("hunter2", "hunter2");
  for (auto line :
       {"credentials_from_environment = \"ZENWS_TEST_DESK\"\nx = 1",
        "headers = { Key = \"hunter2\\n\" }",
        "headers = { Host = \"hunter2\" }", "headers = { Key = \"hunter2 }",
        "password = \"hunter2\"", "account = hunter2",
        "account = { key = \"hunter2\" }", "url = \"ws://me:hunter2@a\"",
        "tag = [\"hunter2\"]", "tag = \"${ZENWS_TEST_DESK_SECRET\"",
        "idle_timeout = \"${ZENWS_TEST_DESK_SECRET}\"", "tag = 12hunter2",
        "dialect = \"hunter2\"\ndialect = \"hunter2\"",
        "max_message_bytes = \"hunter2\""}) {
    auto mistakes = read(std::string{"[clients.a]\n"} + line).mistakes;
    CAF_CHECK(!mistakes.empty());
    for (auto& x : mistakes)
      CAF_CHECK(to_string(x, "file").find("hunter2") == std::string::npos);
  }
}

CAF_TEST(damaged files do no harm) {
  const auto intact = everything();
  std::mt19937_64 random{choose_seed()};
  auto below = [&](size_t n) {
    return std::uniform_int_distribution<size_t>{0, n - 1}(random);
  };
  constexpr std::string_view marks = "[]{}=,;.\"'\\<>\n -0123456789asm$";
  size_t refused = 0;
  for (size_t i = 0; i < 3000; ++i) {
    auto text = intact;
    for (auto n = 1 + below(4); n > 0; --n) {
      auto position = below(text.size());
      switch (below(4)) {
        case 0:
          text[position] = static_cast<char>(below(256));
          break;
        case 1:
          text[position] = marks[below(marks.size())];
          break;
        case 2:
          text.erase(position, 1 + below(20));
          break;
        default:
          text.insert(position, intact.substr(below(intact.size()), below(20)));
      }
    }
    auto mistakes = read(text).mistakes;
    refused += !mistakes.empty();
    for (auto& x : mistakes)
      CAF_REQUIRE(!x.message.empty());
  }
  CAF_MESSAGE(refused << " were refused");
  CAF_CHECK(refused > 1000);
}

CAF_TEST_FIXTURE_SCOPE_END()
