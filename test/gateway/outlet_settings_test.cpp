// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE outlet_settings

#include "gateway_file_fixture.hpp"

#include "support/unit_test.hpp"

#include <algorithm>
#include <filesystem>

using namespace zenws;
using namespace zenws::test_support;
using namespace std::chrono_literals;

namespace {

struct fixture : gateway_file_fixture {
  fixture() {
    std::ofstream{file("secret")} << "a-secret-of-a-file\n";
    std::filesystem::permissions(file("secret"),
                                 std::filesystem::perms::owner_read);
    ::setenv("ZENWS_TEST_TOKEN", "a-secret-of-the-environment", 1);
  }

  ~fixture() {
    ::unsetenv("ZENWS_TEST_TOKEN");
  }

  // Returns the keys of the mistakes in an outlet.
  std::vector<std::string> mistakes_of(const std::string& lines) {
    std::vector<std::string> result;
    for (auto& x : read("[outlet]\n" + lines).mistakes)
      result.push_back(x.key);
    std::ranges::sort(result);
    return result;
  }
};

using names = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(outlet_settings_tests, fixture)

CAF_TEST(an outlet is read to the last field) {
  auto [uut, mistakes] = read(R"(
[outlet]
bind = "::1"
port = 4243
max_connections = 3
max_message_bytes = "4KiB"
max_subscriptions = 5
max_pending_requests = 6
budget = "7KiB"
overflow = "disconnect_subscriber"
login_within = "8s"
silence_limit = "9s"

[outlet.tls]
cert_file = ")" + file("gateway.pem")
                              + "\"\nkey_file = \"" + file("gateway.key")
                              + "\"\nca_file = \"" + file("ca.pem") + R"("

[outlet.tokens.a]
secret_from_environment = "ZENWS_TEST_TOKEN"
rights = ["read", "call"]

[outlet.tokens.b]
secret_file = ")" + file("secret")
                              + "\"\nrights = [\"trade\"]\n");
  for (auto& x : mistakes)
    CAF_MESSAGE(to_string(x, "gateway.toml"));
  CAF_CHECK(mistakes.empty());
  CAF_REQUIRE(uut.outlet);
  auto& own = *uut.outlet;
  CAF_CHECK_EQUAL(own.bind, "::1");
  CAF_CHECK_EQUAL(own.port, 4243u);
  CAF_CHECK_EQUAL(own.max_connections, 3u);
  CAF_CHECK_EQUAL(own.max_message_bytes, 4096u);
  CAF_CHECK_EQUAL(own.max_subscriptions, 5u);
  CAF_CHECK_EQUAL(own.max_pending_requests, 6u);
  CAF_CHECK_EQUAL(own.budget_bytes, 7168u);
  CAF_CHECK(own.policy == overflow_policy::disconnect_subscriber);
  CAF_CHECK_EQUAL(own.login_within, 8s);
  CAF_CHECK_EQUAL(own.silence_limit, 9s);
  CAF_CHECK_EQUAL(own.tls.cert_file, file("gateway.pem"));
  CAF_CHECK_EQUAL(own.tls.ca_file, file("ca.pem"));
  CAF_REQUIRE_EQUAL(own.tokens.size(), 2u);
  CAF_CHECK_EQUAL(own.tokens[0].name, "a");
  CAF_CHECK_EQUAL(own.tokens[0].secret, "a-secret-of-the-environment");
  CAF_CHECK(own.tokens[0].rights.read && own.tokens[0].rights.call
            && !own.tokens[0].rights.trade);
  CAF_CHECK_EQUAL(own.tokens[1].secret, "a-secret-of-a-file");
  CAF_CHECK(!own.tokens[1].rights.read && own.tokens[1].rights.trade);
}

CAF_TEST(without the table there is no outlet) {
  CAF_CHECK(!read("").file.outlet);
  CAF_CHECK(read("[outlet]\n").file.outlet);
}

CAF_TEST(mistakes in an outlet are found) {
  CAF_CHECK(mistakes_of("").empty());
  CAF_CHECK((mistakes_of("bind = \"0.0.0.0\"\n")
             == names{"outlet.bind", "outlet.tokens"}));
  CAF_CHECK(
    (mistakes_of("overflow = \"backpressure\"\n") == names{"outlet.overflow"}));
  CAF_CHECK((mistakes_of("budget = 0\n") == names{"outlet.budget"}));
  CAF_CHECK((mistakes_of("[outlet.tokens.a]\n"
                         "secret_from_environment = \"ZENWS_TEST_TOKEN\"\n"
                         "rights = [\"read\", \"all\"]\n")
             == names{"outlet.tokens.a.rights"}));
  CAF_CHECK((mistakes_of("[outlet.tokens.a]\n"
                         "secret = \"a-secret-in-the-file\"\n"
                         "rights = [\"read\"]\n")
             == names{"outlet.tokens.a", "outlet.tokens.a.secret",
                      "outlet.tokens.a.secret_file"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
