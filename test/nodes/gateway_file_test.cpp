#define CAF_SUITE gateway_file

#include "gateway_file/gateway_file.hpp"

#include "exchange_sim/certificate.hpp"
#include "process_kit/temporary_folder.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

using namespace zenws;
using namespace std::chrono_literals;

namespace {

using names = std::vector<std::string>;

// Every key there is, none with its default. FOLDER is where the fixture has
// its files.
constexpr std::string_view complete = R"(
; comments are allowed
[gateway]
name = "gateway-a"
bind = "0.0.0.0"
port = 4242
heartbeat = 200ms
silence-limit = 7s
io-threads = 3
max-nodes = 12
max-stream-bytes = 1234
allow-backpressure = true
insecure-plaintext = true
tls = {
  certificate = "FOLDER/gateway.pem",
  key = "FOLDER/gateway.key",
  authority = "FOLDER/ca.pem"
}

[supervision]
name = "desk"
max-restarts = 4
period = 2min
max-children = 5
shutdown-timeout = 9s
backoff-min = 20ms
backoff-max = 3s

[clients]
plain = { url = "ws://127.0.0.1:8080/ws" }
venue = {
  url = "wss://example.com/ws/api/v2",
  dialect = "deribit",
  headers = { X-Desk = "one", X-Key = "hunter2" },
  tag = "market",
  account = "main",
  credentials-from-environment = "ZENWS_TEST_DESK",
  cancel-on-disconnect = true,
  channels = ["book.BTC-PERPETUAL.raw", "trades.BTC-PERPETUAL.raw"],
  private-channels = ["user.orders.any.any.raw"],
  handshake-timeout = 11s,
  idle-timeout = 12s,
  request-timeout = 13s,
  tls = {
    authority = "FOLDER/ca.pem",
    certificate = "FOLDER/gateway.pem",
    key = "FOLDER/gateway.key"
  },
  heartbeat = { kind = "venue", interval = 14s, max-missed = 6 },
  backoff = { min = 15ms, max = 16s, stable-after = 17s, max-attempts = 18 },
  limits = {
    max-message-bytes = 1901,
    max-outbound-bytes = 1902,
    max-pending-calls = 1903,
    max-channels = 1904
  }
}
)";

struct reading {
  gateway_file file;
  std::vector<config_problem> problems;
};

reading read(const std::string& text) {
  reading result;
  std::istringstream in{text};
  result.problems = read_gateway_file(in, result.file);
  return result;
}

// Where a file is wrong.
names mistakes_in(const std::string& text) {
  names result;
  for (auto& x : read(text).problems) {
    CAF_CHECK(!x.message.empty());
    result.push_back(x.field);
  }
  std::sort(result.begin(), result.end());
  return result;
}

// One mistake in a section, and the name of what is complained about.
struct mistake {
  std::string line;
  std::string name;
};

void check(const std::string& section, const std::string& intact,
           const std::vector<mistake>& table) {
  for (auto& x : table) {
    auto found = mistakes_in('[' + section + "]\n" + intact + x.line + '\n');
    if (found != names{section + '.' + x.name})
      CAF_MESSAGE("in " << section << ": " << x.line);
    CAF_CHECK_EQUAL(found, names{section + '.' + x.name});
  }
}

void check_gateway(const std::vector<mistake>& table) {
  check("gateway", "", table);
}

void check_supervision(const std::vector<mistake>& table) {
  check("supervision", "", table);
}

void check_client(const std::vector<mistake>& table) {
  check("clients.a", "url = \"ws://a\"\n", table);
}

void check_as_a_whole(const std::vector<std::string>& texts,
                      const names& expected) {
  for (auto& x : texts) {
    auto found = mistakes_in(x);
    if (found != expected)
      CAF_MESSAGE("in " << x);
    CAF_CHECK_EQUAL(found, expected);
  }
}

struct fixture {
  fixture() {
    sim::certificate_authority ca;
    auto own = ca.issue_server({"127.0.0.1"}, sim::leaf_validity::current);
    std::ofstream{file("ca.pem")} << ca.pem();
    std::ofstream{file("gateway.pem")} << own.certificate_pem;
    std::ofstream{file("gateway.key")} << own.key_pem;
  }

  std::string file(const std::string& name) const {
    return folder.file(name);
  }

  std::string everything() const {
    std::string result{complete};
    std::string_view mark = "FOLDER";
    for (size_t i; (i = result.find(mark)) != std::string::npos;)
      result.replace(i, mark.size(), folder.path().string());
    return result;
  }

  process::temporary_folder folder;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(gateway_file_tests, fixture)

CAF_TEST(all sections are read to the last field) {
  auto [uut, problems] = read(everything());
  for (auto& x : problems)
    CAF_MESSAGE(x.field << ' ' << x.message);
  CAF_CHECK(problems.empty());
  auto& own = uut.gateway;
  CAF_CHECK_EQUAL(own.name, "gateway-a");
  CAF_CHECK_EQUAL(own.bind, "0.0.0.0");
  CAF_CHECK_EQUAL(own.port, 4242u);
  CAF_CHECK_EQUAL(own.silence_limit, 7s);
  CAF_CHECK_EQUAL(own.max_nodes, 12u);
  CAF_CHECK_EQUAL(own.max_stream_bytes, 1234u);
  CAF_CHECK(own.allow_backpressure);
  CAF_CHECK(own.insecure_plaintext);
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
  CAF_REQUIRE_EQUAL(uut.clients.size(), 2u);
  CAF_CHECK_EQUAL(uut.clients[0].spec.name, "plain");
  CAF_CHECK_EQUAL(uut.clients[1].spec.name, "venue");
}

CAF_TEST(clients are read to the last field) {
  auto uut = read(everything()).file;
  CAF_REQUIRE_EQUAL(uut.clients.size(), 2u);
  auto& [spec, channels] = uut.clients[1];
  CAF_CHECK_EQUAL(spec.tag, "market");
  CAF_CHECK_EQUAL(spec.account, "main");
  auto& config = spec.config;
  CAF_CHECK_EQUAL(config.url, "wss://example.com/ws/api/v2");
  CAF_REQUIRE_EQUAL(config.headers.size(), 2u);
  CAF_CHECK_EQUAL(config.headers[0].name, "X-Desk");
  CAF_CHECK_EQUAL(config.headers[0].value, "one");
  CAF_CHECK_EQUAL(config.headers[1].name, "X-Key");
  CAF_CHECK_EQUAL(config.headers[1].value, "hunter2");
  CAF_CHECK_EQUAL(config.handshake_timeout, 11s);
  CAF_CHECK_EQUAL(config.tls.ca_file, file("ca.pem"));
  CAF_CHECK_EQUAL(config.tls.cert_file, file("gateway.pem"));
  CAF_CHECK_EQUAL(config.tls.key_file, file("gateway.key"));
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

CAF_TEST(what is not named keeps its default) {
  for (auto text : {"", "[gateway]\n", "[supervision]\n", "[clients]\n",
                    "[clients]\na = { url = \"ws://a\" }"}) {
    auto [uut, problems] = read(text);
    CAF_CHECK(problems.empty());
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
    for (auto& [spec, channels] : uut.clients) {
      CAF_CHECK_EQUAL(to_string(spec.config),
                      to_string(client_config{.url = "ws://a"}));
      CAF_CHECK(spec.tag.empty());
      CAF_CHECK(spec.account.empty());
      CAF_CHECK(!spec.credentials);
      CAF_CHECK(channels.empty());
    }
  }
}

CAF_TEST(unknown names are mistakes) {
  check_as_a_whole({"[gate]\nname = \"a\"", "gate = 1"}, {"gate"});
  check_gateway({
    {"nam = \"a\"", "nam"},
    {"silence_limit = 5s", "silence_limit"},
    {"tls = { cert = \"a\" }", "tls.cert"},
  });
  check_supervision({{"max_restarts = 1", "max_restarts"}});
  check_client({
    {"uri = 1", "uri"},
    {"tls = { ca = \"a\" }", "tls.ca"},
    {"heartbeat = { every = 1s }", "heartbeat.every"},
    {"backoff = { factor = 2 }", "backoff.factor"},
    {"limits = { max-bytes = 1 }", "limits.max-bytes"},
  });
}

CAF_TEST(values of another type are mistakes) {
  check_as_a_whole({"gateway = 1"}, {"gateway"});
  check_as_a_whole({"[clients]\na = \"ws://a\""}, {"clients.a"});
  check_gateway({
    {"name = 1", "name"},
    {"name = 'a'", "name"},
    {"port = \"4242\"", "port"},
    {"port = 1.5", "port"},
    {"heartbeat = 1", "heartbeat"},
    {"heartbeat = \"1s\"", "heartbeat"},
    {"allow-backpressure = 1", "allow-backpressure"},
    {"insecure-plaintext = \"true\"", "insecure-plaintext"},
    {"tls = \"a\"", "tls"},
  });
  check_client({
    {"headers = [\"a\"]", "headers"},
    {"headers = { A = 1 }", "headers.A"},
    {"channels = \"a\"", "channels"},
    {"channels = [\"a\", 1]", "channels"},
    {"private-channels = { a = 1 }", "private-channels"},
    {"cancel-on-disconnect = 1", "cancel-on-disconnect"},
    {"credentials-from-environment = 'A'", "credentials-from-environment"},
    {"heartbeat = 10s", "heartbeat"},
    {"heartbeat = { kind = 1 }", "heartbeat.kind"},
    {"backoff = { min = 1 }", "backoff.min"},
  });
}

CAF_TEST(numbers have to fit) {
  check_gateway({
    {"port = -1", "port"},
    {"port = 65536", "port"},
    {"io-threads = -1", "io-threads"},
    {"max-nodes = -1", "max-nodes"},
  });
  check_supervision({{"max-restarts = -1", "max-restarts"}});
  check_client({
    {"heartbeat = { max-missed = 4294967296 }", "heartbeat.max-missed"},
    {"backoff = { max-attempts = -1 }", "backoff.max-attempts"},
    {"limits = { max-channels = -1 }", "limits.max-channels"},
  });
  CAF_CHECK(mistakes_in("[gateway]\nport = 65535").empty());
  // CAF's parser names the line.
  check_as_a_whole({"[gateway]\nmax-nodes = 9223372036854775808"}, {""});
}

CAF_TEST(values that make no sense are mistakes) {
  check_gateway({
    {"bind = \"\"", "bind"},
    {"heartbeat = 9ms", "heartbeat"},
  });
  check_client({
    {"url = \"http://a\"", "url"},
    {"url = \"\"", "url"},
    {"heartbeat = { kind = \"ping_pong\" }", "heartbeat.kind"},
    {"heartbeat = { interval = 0s }", "heartbeat.interval"},
    {"heartbeat = { interval = 1us }", "heartbeat.interval"},
    {"backoff = { min = 2s, max = 1s }", "backoff.max"},
    {"backoff = { min = -1s }", "backoff.min"},
  });
}

CAF_TEST(others reach a gateway by TLS only unless that is said) {
  check_gateway({
    {"bind = \"0.0.0.0\"", "bind"},
    {"bind = \"::\"", "bind"},
    {"bind = \"192.168.0.1\"\ninsecure-plaintext = false", "bind"},
  });
  check_as_a_whole(
    {
      "[gateway]\nbind = \"127.0.0.2\"",
      "[gateway]\nbind = \"0.0.0.0\"\ninsecure-plaintext = true",
      "[gateway]\nbind = \"0.0.0.0\"\ntls = { certificate = \""
        + file("gateway.pem") + "\", key = \"" + file("gateway.key")
        + "\", authority = \"" + file("ca.pem") + "\" }",
    },
    {});
}

CAF_TEST(text in another format is refused) {
  check_as_a_whole({"{\"gateway\": {}}", "[gateway]\nport: 1", "a b c",
                    "[gateway]\nname = \"a\nport = 1", "<gateway/>", "[]",
                    "[gateway]\nheartbeat = 1.5s",
                    "[clients]\na = { url = \"ws://a\" ]\n"},
                   {""});
}

CAF_TEST(all mistakes are named at once) {
  CAF_CHECK_EQUAL(mistakes_in(R"(
    [gateway]
    port = 65536
    bind = "0.0.0.0"
    heartbeat = 1
    colour = "red"
    [supervision]
    period = 60
    [clients]
    a = { url = "ftp://a", channels = 1, heartbeat = { kind = "never" } }
    b = 1
    c = { url = "ws://c", backoff = { min = 1 } }
    [venues]
    x = 1
  )"),
                  (names{"clients.a.channels", "clients.a.heartbeat.kind",
                         "clients.a.url", "clients.b", "clients.c.backoff.min",
                         "gateway.bind", "gateway.colour", "gateway.heartbeat",
                         "gateway.port", "supervision.period", "venues"}));
}

CAF_TEST(credentials come from the environment) {
  auto uut = read(everything()).file;
  CAF_REQUIRE_EQUAL(uut.clients.size(), 2u);
  CAF_CHECK(!uut.clients[0].spec.credentials);
  auto& provider = uut.clients[1].spec.credentials;
  CAF_REQUIRE(provider);
  // They are asked for when they are needed.
  CAF_CHECK(!provider());
  ::setenv("ZENWS_TEST_DESK_KEY", "the-key", 1);
  ::setenv("ZENWS_TEST_DESK_SECRET", "the-secret", 1);
  auto found = provider();
  ::unsetenv("ZENWS_TEST_DESK_KEY");
  ::unsetenv("ZENWS_TEST_DESK_SECRET");
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->key, "the-key");
  CAF_CHECK_EQUAL(found->secret, "the-secret");
}

CAF_TEST(secrets do not show in what is said about a file) {
  ::setenv("ZENWS_TEST_DESK_KEY", "hunter2", 1);
  ::setenv("ZENWS_TEST_DESK_SECRET", "hunter2", 1);
  for (auto line :
       {"credentials-from-environment = \"ZENWS_TEST_DESK\"\nx = 1",
        "headers = { Key = \"hunter2\\n\" }",
        "headers = { Host = \"hunter2\" }",
        "headers = { \"Key\" = \"hunter2\" }", "password = \"hunter2\"",
        "account = 'hunter2'", "account = { key = \"hunter2\" }",
        "url = \"ws://me:hunter2@a\"", "url = \"wss:/a?token=hunter2\"",
        "url = \"wss://a/ ?token=hunter2\""}) {
    auto problems
      = read(std::string{"[clients.a]\nurl = \"ws://a\"\n"} + line).problems;
    CAF_CHECK(!problems.empty());
    for (auto& x : problems)
      CAF_CHECK((x.field + x.message).find("hunter2") == std::string::npos);
  }
  ::unsetenv("ZENWS_TEST_DESK_KEY");
  ::unsetenv("ZENWS_TEST_DESK_SECRET");
}

CAF_TEST(damaged files do no harm) {
  const auto intact = everything();
  std::minstd_rand random{1};
  auto below = [&](size_t n) {
    return std::uniform_int_distribution<size_t>{0, n - 1}(random);
  };
  constexpr std::string_view marks = "[]{}=,;.\"'\\<>\n -0123456789asm";
  size_t refused = 0;
  for (size_t i = 0; i < 3000; ++i) {
    auto text = intact;
    for (auto n = 1 + below(4); n > 0; --n) {
      auto where = below(text.size());
      switch (below(4)) {
        case 0:
          text[where] = static_cast<char>(below(256));
          break;
        case 1:
          text[where] = marks[below(marks.size())];
          break;
        case 2:
          text.erase(where, 1 + below(20));
          break;
        default:
          text.insert(where, intact.substr(below(intact.size()), below(20)));
      }
    }
    auto problems = read(text).problems;
    refused += !problems.empty();
    for (auto& x : problems)
      CAF_REQUIRE(!x.message.empty());
  }
  CAF_MESSAGE(refused << " were refused");
  CAF_CHECK(refused > 1000);
}

CAF_TEST(what a check finds is named as in the file) {
  check_gateway({
    {"silence-limit = 1999ms", "silence-limit"},
    {"max-nodes = 0", "max-nodes"},
    {"max-stream-bytes = 0", "max-stream-bytes"},
    {"name = \"\"", "name"},
    {"tls = { certificate = \"a\", key = \"b\" }", "tls.authority"},
  });
  check_client({
    {"dialect = \"derybit\"", "dialect"},
    {"headers = { Host = \"a\" }", "headers.Host"},
    {"handshake-timeout = 0s", "handshake-timeout"},
    {"idle-timeout = -1s", "idle-timeout"},
    {"request-timeout = 25h", "request-timeout"},
    {"tls = { authority = \"/none\" }", "tls.authority"},
    {"tls = { key = \"" + file("gateway.key") + "\" }", "tls.certificate"},
    {"heartbeat = { max-missed = 101 }", "heartbeat.max-missed"},
    {"backoff = { stable-after = 0s }", "backoff.stable-after"},
    {"limits = { max-message-bytes = 0 }", "limits.max-message-bytes"},
    {"limits = { max-outbound-bytes = 0 }", "limits.max-outbound-bytes"},
    {"limits = { max-pending-calls = 0 }", "limits.max-pending-calls"},
    {"limits = { max-channels = 0 }", "limits.max-channels"},
  });
}

CAF_TEST(a file that ends too early is refused) {
  check_as_a_whole(
    {"[gateway", "[gateway]\nport",
     "[gateway]\nport =", "[gateway]\nname = \"a", "[gateway]\ntls = {",
     "[clients]\na = { url = \"ws://a\"",
     "[clients]\na = { url = \"ws://a\", channels = [\"x\"",
     "[clients]\na = { url = \"ws://a\" }\nb = {\n",
     // CAF's parser takes it for the end.
     std::string{"[gateway]\nport = 1\n"} + '\0' + "[clients]\na = 1\n"},
    {""});
}

CAF_TEST(what could not work is refused) {
  check_gateway({{"io-threads = 0", "io-threads"}});
  check_supervision({
    {"max-children = 0", "max-children"},
    {"period = 0s", "period"},
    {"shutdown-timeout = -1s", "shutdown-timeout"},
    {"backoff-min = 0s", "backoff-min"},
    {"backoff-min = 2s\nbackoff-max = 1s", "backoff-max"},
  });
  check_client({
    {"heartbeat = { kind = \"\" }", "heartbeat.kind"},
    {"credentials-from-environment = \"\"", "credentials-from-environment"},
  });
}

CAF_TEST_FIXTURE_SCOPE_END()
