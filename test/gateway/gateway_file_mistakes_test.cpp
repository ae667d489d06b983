#define CAF_SUITE gateway_file_mistakes

#include "gateway_file_fixture.hpp"

#include "support/unit_test.hpp"

#include <algorithm>

using namespace zenws;
using namespace zenws::test_support;

namespace {

using names = std::vector<std::string>;

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

} // namespace

CAF_TEST_FIXTURE_SCOPE(gateway_file_mistakes_tests, gateway_file_fixture)

CAF_TEST(unknown names are mistakes) {
  check_as_a_whole({"[gate]\nname = \"a\"", "gate = 1"}, {"gate"});
  check_gateway({
    {"nam = \"a\"", "nam"},
    {"tls = { cert = \"a\" }", "tls.cert"},
  });
  check_supervision({{"max_restarts = 1", "max_restarts"}});
  check_client({
    {"uri = 1", "uri"},
    {"tls = { ca = \"a\" }", "tls.ca"},
    {"heartbeat = { every = 1s }", "heartbeat.every"},
    {"backoff = { factor = 2 }", "backoff.factor"},
    {"max-bytes = 1", "max-bytes"},
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
  check_supervision({{"limit = { max-restarts = -1 }", "limit.max-restarts"}});
  check_client({
    {"heartbeat = { max-missed = 4294967296 }", "heartbeat.max-missed"},
    {"backoff = { max-attempts = -1 }", "backoff.max-attempts"},
    {"max-channels = -1", "max-channels"},
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
    {"heartbeat = { kind = \"ping-pong\" }", "heartbeat.kind"},
    {"heartbeat = { interval = -1s }", "heartbeat.interval"},
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
      "[gateway]\nbind = \"0.0.0.0\"\ntls = { cert-file = \""
        + file("gateway.pem") + "\", key-file = \"" + file("gateway.key")
        + "\", ca-file = \"" + file("ca.pem") + "\" }",
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

CAF_TEST(what a check finds is named as in the file) {
  check_gateway({
    {"silence-limit = 1999ms", "silence-limit"},
    {"max-nodes = 0", "max-nodes"},
    {"max-stream-bytes = 0", "max-stream-bytes"},
    {"name = \"\"", "name"},
    {"tls = { cert-file = \"a\", key-file = \"b\" }", "tls.ca-file"},
  });
  check_client({
    {"dialect = \"derybit\"", "dialect"},
    {"headers = { Host = \"a\" }", "headers.Host"},
    {"handshake-timeout = 0s", "handshake-timeout"},
    {"idle-timeout = -1s", "idle-timeout"},
    {"request-timeout = 25h", "request-timeout"},
    {"tls = { ca-file = \"/none\" }", "tls.ca-file"},
    {"tls = { key-file = \"" + file("gateway.key") + "\" }", "tls.cert-file"},
    {"heartbeat = { max-missed = 101 }", "heartbeat.max-missed"},
    {"backoff = { stable-after = 0s }", "backoff.stable-after"},
    {"max-message-bytes = 0", "max-message-bytes"},
    {"max-outbound-bytes = 0", "max-outbound-bytes"},
    {"max-pending-calls = 0", "max-pending-calls"},
    {"max-channels = 0", "max-channels"},
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
    {"limit = { period = 0s }", "limit.period"},
    {"shutdown-timeout = -1s", "shutdown-timeout"},
    {"restart-backoff = { min = 0s }", "restart-backoff.min"},
    {"restart-backoff = { min = 2s, max = 1s }", "restart-backoff.max"},
  });
  check_client({
    {"heartbeat = { kind = \"\" }", "heartbeat.kind"},
    {"credentials-from-environment = \"\"", "credentials-from-environment"},
  });
}

CAF_TEST_FIXTURE_SCOPE_END()
