// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE monitor.access_rules

#include "support/unit_test.hpp"
#include "zenws/monitor/internal/access_rules.hpp"

#include <string>

using namespace zenws::monitoring;
using namespace std::chrono_literals;

namespace {

const std::string token = "a-token-for-tests";

access_rules::clock::time_point start() {
  return access_rules::clock::time_point{} + 1h;
}

http_request with(http::field name, std::string_view value) {
  http_request result;
  result.set(name, value);
  return result;
}

// Returns the request of a browser that has got this cookie.
http_request with_cookie(const std::string& header) {
  auto cookie = header.substr(0, header.find(';'));
  return with(http::field::cookie, "a=b; " + cookie + "; c=d");
}

} // namespace

CAF_TEST(on the loopback only local names are right) {
  access_rules uut{"", "127.0.0.1", 80};
  auto is_for_us = [&](std::string_view host) {
    return uut.is_for_us(with(http::field::host, host));
  };
  CAF_CHECK(is_for_us("localhost"));
  CAF_CHECK(is_for_us("localhost:80"));
  CAF_CHECK(is_for_us("127.0.0.1:8080"));
  CAF_CHECK(is_for_us("[::1]:80"));
  CAF_CHECK(!is_for_us("attacker.example:80"));
  CAF_CHECK(!is_for_us("localhost.attacker.example"));
  CAF_CHECK(!is_for_us("127.0.0.1.attacker.example"));
  CAF_CHECK(!is_for_us("[::1].attacker.example"));
  CAF_CHECK(!is_for_us(""));
  CAF_CHECK(!uut.is_for_us({}));
}

CAF_TEST(elsewhere any name is right but none) {
  access_rules uut{token, "0.0.0.0", 80};
  CAF_CHECK(uut.is_for_us(with(http::field::host, "desk.example")));
  CAF_CHECK(!uut.is_for_us({}));
}

CAF_TEST(an origin must be the host) {
  access_rules uut{"", "127.0.0.1", 80};
  auto is_from_us = [&](std::string_view origin) {
    auto request = with(http::field::host, "localhost:80");
    request.set(http::field::origin, origin);
    return uut.is_from_us(request);
  };
  CAF_CHECK(uut.is_from_us({}));
  CAF_CHECK(is_from_us("http://localhost:80"));
  CAF_CHECK(is_from_us("https://localhost:80"));
  CAF_CHECK(!is_from_us("http://localhost:81"));
  CAF_CHECK(!is_from_us("http://attacker.example"));
  CAF_CHECK(!is_from_us("null"));
}

CAF_TEST(reading is free on the loopback and acting is nowhere) {
  access_rules local{token, "::1", 80};
  access_rules open{token, "0.0.0.0", 80};
  access_rules without{"", "127.0.0.1", 80};
  auto now = start();
  CAF_CHECK(local.may_read({}, now));
  CAF_CHECK(!open.may_read({}, now));
  CAF_CHECK(!local.may_act({}, now));
  auto bearer = with(http::field::authorization, "Bearer " + token);
  CAF_CHECK(local.may_act(bearer, now));
  CAF_CHECK(open.may_read(bearer, now));
  CAF_CHECK(!without.may_act(bearer, now));
  CAF_CHECK(
    local.may_act(with(http::field::authorization, "BEARER " + token), now));
  for (auto* wrong : {"Bearer ", "Bearer a-token-for-test", "Basic x",
                      "Bearer a-token-for-tests2", "a-token-for-tests"})
    CAF_CHECK(!local.may_act(with(http::field::authorization, wrong), now));
  // No token is not an empty one.
  CAF_CHECK(!without.may_act(with(http::field::authorization, "Bearer "), now));
}

CAF_TEST(a session ends by itself) {
  access_rules uut{token, "127.0.0.1", 80};
  auto now = start();
  auto cookie = uut.begin_session(now);
  CAF_CHECK(cookie.find("; HttpOnly; SameSite=Strict;") != std::string::npos);
  CAF_CHECK(uut.may_act(with_cookie(cookie), now));
  CAF_CHECK(
    !uut.may_act(with_cookie(cookie), now + access_rules::session_lifetime));
  CAF_CHECK(!uut.may_act(with_cookie("zenws_monitor_80=;"), now));
  CAF_CHECK(!uut.may_act(with_cookie("zenws_monitor_80=0123;"), now));
  CAF_CHECK(uut.begin_session(now) != cookie);
}

CAF_TEST(the oldest of too many sessions ends) {
  access_rules uut{token, "127.0.0.1", 80};
  auto now = start();
  auto first = uut.begin_session(now);
  auto second = uut.begin_session(now);
  for (size_t i = 1; i < access_rules::max_sessions; ++i)
    uut.begin_session(now);
  CAF_CHECK(!uut.may_act(with_cookie(first), now));
  CAF_CHECK(uut.may_act(with_cookie(second), now));
}

CAF_TEST(wrong tokens are limited for a while) {
  using enum access_rules::login_result;
  access_rules uut{token, "127.0.0.1", 80};
  auto now = start();
  for (size_t i = 0; i < access_rules::max_failures; ++i)
    CAF_CHECK(uut.log_in("guess", now) == wrong_token);
  CAF_CHECK(uut.log_in(token, now) == too_many_failures);
  CAF_CHECK(uut.log_in(token, now + access_rules::failure_window) == granted);
  access_rules without{"", "127.0.0.1", 80};
  CAF_CHECK(without.log_in("", now) == wrong_token);
}
