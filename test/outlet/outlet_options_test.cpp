// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE outlet.options

#include "support/unit_test.hpp"
#include "zenws/outlet/outlet_options.hpp"

#include <string>
#include <vector>

using namespace zenws;

namespace {

const std::string good_secret = "0123456789abcdef";

std::vector<std::string> fields_of(const outlet_options& options) {
  std::vector<std::string> result;
  for (auto& x : validate(options)) {
    CAF_CHECK(x.message.find(good_secret) == std::string::npos);
    result.push_back(x.field);
  }
  return result;
}

using fields = std::vector<std::string>;

outlet_options with_token(outlet_token token) {
  outlet_options result;
  result.tokens = {std::move(token)};
  return result;
}

} // namespace

CAF_TEST(the loopback needs neither TLS nor tokens) {
  CAF_CHECK(fields_of({}).empty());
  CAF_CHECK(fields_of({.bind = "::1"}).empty());
  CAF_CHECK((fields_of({.bind = "localhost"}) == fields{"bind"}));
}

CAF_TEST(other addresses need both) {
  CAF_CHECK((fields_of({.bind = "0.0.0.0"}) == fields{"bind", "tokens"}));
  auto uut = with_token({"a", good_secret, {.read = true}});
  uut.bind = "192.0.2.1";
  CAF_CHECK((fields_of(uut) == fields{"bind"}));
}

CAF_TEST(files of TLS are checked) {
  CAF_CHECK((fields_of({.tls{.cert_file = "/none"}}) == fields{"tls"}));
  CAF_CHECK((fields_of({.tls{.cert_file = "/none", .key_file = "/none"}})
             == fields{"tls"}));
}

CAF_TEST(tokens are long and visible and have a right) {
  CAF_CHECK(fields_of(with_token({"a", good_secret, {.call = true}})).empty());
  CAF_CHECK((fields_of(with_token({"a", "short", {.call = true}}))
             == fields{"tokens.a"}));
  CAF_CHECK((fields_of(with_token({"a", good_secret + " ", {.call = true}}))
             == fields{"tokens.a"}));
  CAF_CHECK((fields_of(with_token({"a", good_secret, {}}))
             == fields{"tokens.a.rights"}));
  auto twice = with_token({"a", good_secret, {.read = true}});
  twice.tokens.push_back({"b", good_secret, {.trade = true}});
  CAF_CHECK((fields_of(twice) == fields{"tokens.b"}));
}

CAF_TEST(programs never slow venues down) {
  CAF_CHECK((fields_of({.policy = overflow_policy::backpressure})
             == fields{"overflow"}));
}

CAF_TEST(nothing is unlimited) {
  outlet_options uut;
  uut.max_connections = 0;
  uut.max_message_bytes = 0;
  uut.max_subscriptions = 0;
  uut.max_pending_requests = 0;
  uut.budget_bytes = 0;
  uut.login_within = {};
  uut.silence_limit = {};
  CAF_CHECK_EQUAL(fields_of(uut).size(), 7u);
}
