// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE gateway_file_mistakes

#include "gateway_file_fixture.hpp"

#include "support/unit_test.hpp"

#include <algorithm>

using namespace zenws;
using namespace zenws::test_support;

namespace {

using names = std::vector<std::string>;

// Returns the keys of the mistakes in a file.
names mistakes_in(const std::string& text) {
  names result;
  for (auto& x : read(text).mistakes) {
    CAF_CHECK(!x.message.empty());
    result.push_back(x.key);
  }
  std::sort(result.begin(), result.end());
  return result;
}

// One mistake in a section, and the name of the setting in the error.
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

void check_url(const std::vector<mistake>& table) {
  check("clients.a", "", table);
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

CAF_TEST(each limit is checked by its name) {
  CAF_CHECK_EQUAL(mistakes_in(
                    "[supervision.limits.additional_rates]\n"
                    "a = { scope = \"planet\", limit = 1, pool = \"x\" }\n"
                    "b = { limit = 0, pool = \"x\" }\n"
                    "c = { limit = 1, refill = 2, pool = \"x\" }\n"),
                  (names{"supervision.limits.additional_rates.a.scope",
                         "supervision.limits.additional_rates.b.limit",
                         "supervision.limits.additional_rates.c.refill"}));
}

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
    {"heartbeat = { every = \"1s\" }", "heartbeat.every"},
    {"backoff = { factor = 2 }", "backoff.factor"},
    {"max_bytes = 1", "max_bytes"},
  });
}

CAF_TEST(a monitor is checked) {
  check("monitor", "",
        {
          {"bind = \"0.0.0.0\"", "token"},
          {"bind = \"localhost\"", "bind"},
          {"port = 65536", "port"},
          {"token_file = \"FOLDER/none\"", "token_file"},
          {"token_from_environment = \"ZENWS_TEST_NONE\"",
           "token_from_environment"},
          {"token_from_environment = \"ZENWS_TEST_DESK_KEY\"", "token"},
          {"tokens = \"a\"", "tokens"},
        });
}

CAF_TEST(desks need what they trade with) {
  std::string clients
    = "[clients]\n"
      "plain = { url = \"ws://a\" }\n"
      "public = { url = \"ws://a\", dialect = \"deribit\" }\n"
      "other = { url = \"ws://a\", dialect = \"okx\" }\n"
      "venue = { url = \"ws://a\", dialect = \"deribit\", "
      "credentials_from_environment = \"ZENWS_TEST_DESK\" }\n";
  auto check_desk = [&](const std::string& lines, const names& expected) {
    auto found
      = mistakes_in(clients + "[desks.mm]\n" + "journal = \"off\"\n" + lines);
    if (found != expected)
      CAF_MESSAGE(lines);
    CAF_CHECK_EQUAL(found, expected);
  };
  std::string intact = "owner = \"mm1\"\ninstruments = { X = {} }\n";
  std::string account = "account = \"venue\"\n";
  check_desk(intact + account, {});
  check_desk(intact, {"desks.mm.account"});
  for (auto name : {"none", "plain", "public"})
    check_desk(intact + "account = \"" + name + "\"", {"desks.mm.account"});
  check_desk(intact + account + "market = \"none\"", {"desks.mm.market"});
  check_desk(intact + account + "market = \"other\"", {"desks.mm.market"});
  check_desk(intact + account + "channels = \"none\"", {"desks.mm.channels"});
  check_desk(account + "owner = \"mm1\"", {"desks.mm.instruments"});
  check_desk(account + "instruments = { X = {} }", {"desks.mm.owner"});
  check_desk(intact + account
               + "[desks.b]\njournal = \"off\"\ninstruments = { X = {} }\n"
                 "account = \"venue\"\nowner = \"mm2\"",
             {});
  // Keys are read in the order of the alphabet.
  check_desk(intact + account
               + "[desks.b]\njournal = \"off\"\ninstruments = { X = {} }\n"
                 "account = \"venue\"\nowner = \"mm1\"",
             {"desks.mm.owner"});
}

CAF_TEST(values of another type are mistakes) {
  check_as_a_whole({"gateway = 1"}, {"gateway"});
  check_as_a_whole({"[clients]\na = \"ws://a\""}, {"clients.a"});
  check_gateway({
    {"name = 1", "name"},
    {"port = \"4242\"", "port"},
    {"port = 1.5", "port"},
    {"heartbeat = 1", "heartbeat"},
    {"heartbeat = \"1\"", "heartbeat"},
    {"heartbeat = \"1.5s\"", "heartbeat"},
    {"max_stream_bytes = \"1MB\"", "max_stream_bytes"},
    {"max_stream_bytes = \"-1B\"", "max_stream_bytes"},
    {"allow_backpressure = 1", "allow_backpressure"},
    {"insecure_plaintext = \"true\"", "insecure_plaintext"},
    {"tls = \"a\"", "tls"},
  });
  check_client({
    {"headers = [\"a\"]", "headers"},
    {"headers = { A = 1 }", "headers.A"},
    {"channels = \"a\"", "channels"},
    {"channels = [\"a\", 1]", "channels"},
    {"private_channels = { a = 1 }", "private_channels"},
    {"cancel_on_disconnect = 1", "cancel_on_disconnect"},
    {"credentials_from_environment = 'A'", "credentials_from_environment"},
    {"heartbeat = \"10s\"", "heartbeat"},
    {"heartbeat = { kind = 1 }", "heartbeat.kind"},
    {"backoff = { min = 1 }", "backoff.min"},
  });
}

CAF_TEST(numbers have to fit) {
  check_gateway({
    {"port = -1", "port"},
    {"port = 65536", "port"},
    {"io_threads = -1", "io_threads"},
    {"max_nodes = -1", "max_nodes"},
  });
  check_supervision({{"limit = { max_restarts = -1 }", "limit.max_restarts"}});
  check_client({
    {"heartbeat = { max_missed = 4294967296 }", "heartbeat.max_missed"},
    {"backoff = { max_attempts = -1 }", "backoff.max_attempts"},
    {"max_channels = -1", "max_channels"},
  });
  CAF_CHECK(mistakes_in("[gateway]\nport = 65535").empty());
  check_as_a_whole({"[gateway]\nmax_nodes = 9223372036854775808"}, {""});
}

CAF_TEST(values that make no sense are mistakes) {
  check_gateway({
    {"bind = \"\"", "bind"},
    {"heartbeat = \"9ms\"", "heartbeat"},
  });
  check_url({{"url = \"http://a\"", "url"}, {"url = \"\"", "url"}});
  check_client({
    {"heartbeat = { kind = \"ping-pong\" }", "heartbeat.kind"},
    {"heartbeat = { interval = \"-1s\" }", "heartbeat.interval"},
    {"heartbeat = { interval = \"1us\" }", "heartbeat.interval"},
    {"backoff = { min = \"2s\", max = \"1s\" }", "backoff.max"},
    {"backoff = { min = \"-1s\" }", "backoff.min"},
  });
}

CAF_TEST(others reach a gateway by TLS only unless that is said) {
  check_gateway({
    {"bind = \"0.0.0.0\"", "bind"},
    {"bind = \"::\"", "bind"},
    {"bind = \"192.168.0.1\"\ninsecure_plaintext = false", "bind"},
  });
  check_as_a_whole(
    {
      "[gateway]\nbind = \"127.0.0.2\"",
      "[gateway]\nbind = \"0.0.0.0\"\ninsecure_plaintext = true",
      "[gateway]\nbind = \"0.0.0.0\"\ntls = { cert_file = \""
        + file("gateway.pem") + "\", key_file = \"" + file("gateway.key")
        + "\", ca_file = \"" + file("ca.pem") + "\" }",
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

CAF_TEST(a mistake is reported with its place and the probable name) {
  names found;
  for (auto& x : read("[gateway]\n"
                      "portt = 1\n"
                      "  max-node = 2\n"
                      "name = \"${ZENWS_TEST_NONE}\"\n"
                      "[clients.a]\n"
                      "url = \"ws://a\"\n"
                      "heartbeat = { kind = \"ping-pog\" }\n"
                      "[clients.a.tls]\n"
                      "ca = \"x\"\n"
                      "color = \"red\"\n")
                   .mistakes)
    found.push_back(to_string(x, "f"));
  auto missing_variable
    = "f:4:1: gateway.name: needs the environment variable ZENWS_TEST_NONE, "
      "which is not set";
  auto unknown_kind
    = "f:7:15: clients.a.heartbeat.kind: must be automatic, none, ping_pong or "
      "venue; did you mean ping_pong?";
  CAF_CHECK_EQUAL(
    found,
    (names{"f:2:1: gateway.portt: unknown key; did you mean port?",
           "f:3:3: gateway.max-node: unknown key; did you mean max_nodes?",
           missing_variable, unknown_kind,
           "f:9:1: clients.a.tls.ca: unknown key; did you mean ca_file?",
           "f:10:1: clients.a.tls.color: unknown key"}));
  CAF_CHECK_EQUAL(
    to_string(read("a = [1,\n2").mistakes.at(0), "f").substr(0, 5), "f:2:2");
}

CAF_TEST(keys of CAF are checked as well) {
  check("caf.scheduler", "",
        {{"polic = \"sharing\"", "polic"},
         {"max-threads = \"many\"", "max-threads"}});
  check_as_a_whole({"[caf.schedule]\n"}, {"caf.schedule"});
}

CAF_TEST(credentials are complete and given once) {
  check_client({
    {"credentials = { key = \"a\" }", "credentials"},
    {"credentials = { key = \"a\", secret_file = \"/none\" }", "credentials"},
  });
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

CAF_TEST(problems found by a check are named as in the file) {
  check_gateway({
    {"silence_limit = \"1999ms\"", "silence_limit"},
    {"max_nodes = 0", "max_nodes"},
    {"max_stream_bytes = 0", "max_stream_bytes"},
    {"name = \"\"", "name"},
    {"tls = { cert_file = \"a\", key_file = \"b\" }", "tls.ca_file"},
  });
  check_client({
    {"dialect = \"derybit\"", "dialect"},
    {"headers = { Host = \"a\" }", "headers.Host"},
    {"handshake_timeout = \"0s\"", "handshake_timeout"},
    {"idle_timeout = \"-1s\"", "idle_timeout"},
    {"request_timeout = \"25h\"", "request_timeout"},
    {"tls = { ca_file = \"/none\" }", "tls.ca_file"},
    {"tls = { key_file = \"" + file("gateway.key") + "\" }", "tls.cert_file"},
    {"heartbeat = { max_missed = 101 }", "heartbeat.max_missed"},
    {"backoff = { stable_after = \"0s\" }", "backoff.stable_after"},
    {"max_message_bytes = 0", "max_message_bytes"},
    {"max_outbound_bytes = 0", "max_outbound_bytes"},
    {"max_pending_calls = 0", "max_pending_calls"},
    {"max_channels = 0", "max_channels"},
  });
}

CAF_TEST(a file that ends too early is refused) {
  check_as_a_whole(
    {"[gateway", "[gateway]\nport",
     "[gateway]\nport =", "[gateway]\nname = \"a", "[gateway]\ntls = {",
     "[clients]\na = { url = \"ws://a\"",
     "[clients]\na = { url = \"ws://a\", channels = [\"x\"",
     "[clients]\na = { url = \"ws://a\" }\nb = {\n",
     std::string{"[gateway]\nport = 1\n"} + '\0' + "[clients]\na = 1\n"},
    {""});
}

CAF_TEST(settings that could not work are refused) {
  check_gateway({{"io_threads = 0", "io_threads"}});
  check_supervision({
    {"max_children = 0", "max_children"},
    {"limit = { period = \"0s\" }", "limit.period"},
    {"shutdown_timeout = \"-1s\"", "shutdown_timeout"},
    {"restart_backoff = { min = \"0s\" }", "restart_backoff.min"},
    {"restart_backoff = { min = \"2s\", max = \"1s\" }", "restart_backoff.max"},
  });
  check_client({
    {"heartbeat = { kind = \"\" }", "heartbeat.kind"},
    {"credentials_from_environment = \"\"", "credentials_from_environment"},
  });
}

CAF_TEST_FIXTURE_SCOPE_END()
