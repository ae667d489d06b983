// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE tool_doctor

#include "tool_run.hpp"

#include "support/raw_peer.hpp"
#include "support/unit_test.hpp"

#include "zenws/sim/server.hpp"

#include <ctime>
#include <map>
#include <memory>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct diagnosis {
  int status = 0;
  std::map<std::string, boost::json::object> findings{};

  /// Returns the outcome of a check, "" if it was not made.
  std::string outcome_of(const std::string& check) const {
    auto i = findings.find(check);
    return i != findings.end() ? text_in(i->second, "outcome") : "";
  }

  std::string text_of(const std::string& check) const {
    auto i = findings.find(check);
    return i != findings.end() ? text_in(i->second, "text") : "";
  }

  std::string remedy_of(const std::string& check) const {
    auto i = findings.find(check);
    return i != findings.end() && i->second.contains("remedy")
             ? text_in(i->second, "remedy")
             : "";
  }
};

struct doctor_fixture : tool_home {
  diagnosis examine(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"doctor", "--json"});
    auto found = run(std::move(arguments));
    diagnosis result{found.status};
    for (auto& x : objects_of(found.out))
      result.findings[text_in(x, "check")] = x;
    return result;
  }

  std::unique_ptr<sim::server> start(sim::server_config cfg = {}) const {
    auto result = std::make_unique<sim::server>(std::move(cfg));
    if (auto problem = result->start())
      CAF_FAIL(*problem);
    return result;
  }

  std::unique_ptr<sim::server>
  start_secured(std::vector<std::string> names,
                sim::leaf_validity validity = sim::leaf_validity::current) {
    sim::server_config cfg{.transport = sim::transport::tls};
    cfg.tls.names = std::move(names);
    cfg.tls.validity = validity;
    auto result = start(std::move(cfg));
    authority = write("ca.pem", result->ca_pem());
    return result;
  }

  std::string authority;
};

// Returns an upgrade that is refused, with the time of a clock.
std::string refusal_at(std::time_t moment) {
  std::tm parts{};
  gmtime_r(&moment, &parts);
  char text[64];
  std::strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return std::string{"HTTP/1.1 403 Forbidden\r\nDate: "} + text
         + "\r\nContent-Length: 0\r\n\r\n";
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(tool_doctor_tests, doctor_fixture)

CAF_TEST(without a target the machine is checked) {
  auto found = examine({});
  for (auto* check : {"files", "processors", "scheduler", "clock"})
    CAF_CHECK(found.outcome_of(check) != "");
  CAF_CHECK_EQUAL(found.outcome_of("dns"), "");
}

CAF_TEST(a good server passes all steps) {
  auto server = start();
  auto found = examine({server->url("/echo")});
  CAF_CHECK_EQUAL(found.status, 0);
  for (auto* check : {"dns", "tcp", "upgrade", "client"})
    CAF_CHECK_EQUAL(found.outcome_of(check), "ok");
  CAF_CHECK_EQUAL(found.outcome_of("tls"), "");
  auto text = run({"doctor", server->url("/echo")});
  CAF_CHECK_EQUAL(text.status, 0);
  CAF_CHECK(contains(text.out, "  ok  client"));
}

CAF_TEST(a good server with TLS passes all steps) {
  auto server = start_secured({"localhost", "127.0.0.1"});
  auto found = examine({server->url("/echo"), "--ca", authority});
  CAF_CHECK_EQUAL(found.status, 0);
  CAF_CHECK(contains(found.text_of("tls"), "TLSv1."));
  CAF_CHECK(found.outcome_of("certificate") != "problem");
  CAF_CHECK(contains(found.text_of("certificate"), "days"));
  CAF_CHECK_EQUAL(found.outcome_of("client"), "ok");
}

CAF_TEST(a refused port is told at the step where it happens) {
  auto found = examine({"ws://127.0.0.1:1/"});
  CAF_CHECK_EQUAL(found.status, 1);
  CAF_CHECK_EQUAL(found.outcome_of("dns"), "ok");
  CAF_CHECK_EQUAL(found.outcome_of("tcp"), "problem");
  CAF_CHECK(contains(found.remedy_of("tcp"), "nothing listens there"));
  CAF_CHECK_EQUAL(found.outcome_of("upgrade"), "");
}

CAF_TEST(a name that does not resolve is told) {
  auto found = examine({"ws://no-such-host.invalid/"});
  CAF_CHECK_EQUAL(found.status, 1);
  CAF_CHECK_EQUAL(found.outcome_of("dns"), "problem");
  CAF_CHECK(contains(found.text_of("dns"), "no-such-host.invalid"));
  CAF_CHECK_EQUAL(found.outcome_of("tcp"), "");
}

CAF_TEST(a certificate of an unknown authority is told) {
  auto server = start_secured({"localhost", "127.0.0.1"});
  auto found = examine({server->url("/echo")});
  CAF_CHECK_EQUAL(found.status, 1);
  CAF_CHECK_EQUAL(found.outcome_of("certificate"), "problem");
  CAF_CHECK(contains(found.remedy_of("certificate"), "--ca"));
  CAF_CHECK_EQUAL(found.outcome_of("upgrade"), "");
}

CAF_TEST(a certificate for another name is told) {
  auto server = start_secured({"other.example"});
  auto found = examine({server->url("/echo"), "--ca", authority});
  CAF_CHECK_EQUAL(found.status, 1);
  CAF_CHECK_EQUAL(found.outcome_of("certificate"), "problem");
  CAF_CHECK(
    contains(found.remedy_of("certificate"), "it is not for 127.0.0.1"));
}

CAF_TEST(a certificate that has expired is told) {
  auto server = start_secured({"127.0.0.1"}, sim::leaf_validity::expired);
  auto found = examine({server->url("/echo"), "--ca", authority});
  CAF_CHECK_EQUAL(found.status, 1);
  CAF_CHECK_EQUAL(found.outcome_of("certificate"), "problem");
  CAF_CHECK(contains(found.text_of("certificate"), "expired"));
}

CAF_TEST(a refused upgrade is told with its status) {
  raw_peer peer{[](auto&) { return refusal_at(std::time(nullptr)); }};
  auto found = examine({peer.url()});
  CAF_CHECK_EQUAL(found.status, 1);
  CAF_CHECK_EQUAL(found.outcome_of("upgrade"), "problem");
  CAF_CHECK(contains(found.text_of("upgrade"), "403"));
  CAF_CHECK(found.outcome_of("skew") != "problem");
  CAF_CHECK_EQUAL(found.outcome_of("client"), "");
}

CAF_TEST(a clock that is wrong is told with its direction) {
  raw_peer later{[](auto&) { return refusal_at(std::time(nullptr) + 3600); }};
  auto behind = examine({later.url()});
  CAF_CHECK_EQUAL(behind.outcome_of("skew"), "problem");
  CAF_CHECK(contains(behind.text_of("skew"), "behind"));
  raw_peer earlier{[](auto&) { return refusal_at(std::time(nullptr) - 3600); }};
  auto ahead = examine({earlier.url()});
  CAF_CHECK_EQUAL(ahead.outcome_of("skew"), "problem");
  CAF_CHECK(contains(ahead.text_of("skew"), "ahead of"));
}

CAF_TEST(a proxy that refuses is told) {
  auto server = start();
  raw_peer proxy{[](auto&) {
    return std::string{"HTTP/1.1 407 Proxy Authentication Required\r\n"
                       "Content-Length: 0\r\n\r\n"};
  }};
  auto url = proxy.url();
  auto found = examine(
    {server->url("/echo"), "--proxy", "http" + url.substr(2, url.size() - 3)});
  CAF_CHECK_EQUAL(found.status, 1);
  CAF_CHECK_EQUAL(found.outcome_of("proxy"), "problem");
  CAF_CHECK(contains(found.text_of("proxy"), "407"));
}

CAF_TEST(targets that cannot be are errors of the command line) {
  auto venue = run({"doctor", "derebit"});
  CAF_CHECK_EQUAL(venue.status, 2);
  CAF_CHECK(contains(venue.err, "did you mean deribit?"));
  CAF_CHECK_EQUAL(run({"doctor", "http://example.org"}).status, 2);
}

CAF_TEST_FIXTURE_SCOPE_END()
