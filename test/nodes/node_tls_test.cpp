// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE node_tls

#include "support/node_world.hpp"
#include "support/unit_test.hpp"

#include "support/temporary_folder.hpp"
#include "zenws/sim/net/certificate.hpp"

#include <fstream>

using namespace zenws;
using namespace zenws::test_support;

namespace {

// The certificates of a system of nodes.
class authority {
public:
  authority() {
    write("ca.pem", ca_.pem());
    write("gateway",
          ca_.issue_server({"127.0.0.1"}, sim::leaf_validity::current));
    write("node", ca_.issue_client("node"));
  }

  node_options of(const std::string& name) const {
    // A beat takes connections for dead that have not shaken hands yet.
    node_options result{.heartbeat = 500ms, .silence_limit = 2s};
    result.tls = {.cert_file = file(name + ".pem"),
                  .key_file = file(name + ".key"),
                  .ca_file = file("ca.pem")};
    return result;
  }

  std::string file(const std::string& name) const {
    return folder_.file(name);
  }

private:
  void write(const std::string& name, const sim::credentials& pair) {
    write(name + ".pem", pair.certificate_pem);
    write(name + ".key", pair.key_pem);
  }

  void write(const std::string& name, const std::string& text) {
    std::ofstream{file(name)} << text;
  }

  sim::certificate_authority ca_;
  test_support::temporary_folder folder_;
};

struct fixture {
  fixture() {
    CAF_REQUIRE(here.ask<client_actor>(here.supervisor,
                                       start_client{deribit_at(*venue)}));
  }

  bool can_join(const node_options& options,
                std::chrono::milliseconds within = patience) {
    node_world there{options};
    auto link = connect_gateway(there.rt, {.port = here.gateway->port(),
                                           .connect_within = within});
    return static_cast<bool>(link);
  }

  bool is_refused(const node_options& options) {
    return !can_join(options, 500ms);
  }

  authority ours;
  std::unique_ptr<sim::server> venue = start_server();
  // With TLS, nothing is wrong with an address that others reach.
  gateway_world here{gateway_config{.bind = "0.0.0.0"}, ours.of("gateway")};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(node_tls_tests, fixture)

CAF_TEST(nodes with certificates of the authority protocol) {
  subscriber_world there{here.gateway->port(), {}, ours.of("node")};
  auto uut = there.client("desk");
  auto [subscriber, in] = there.follow(uut, {"trades.BTC-PERPETUAL.100ms"});
  CAF_REQUIRE(in->wait_for_messages(5));
  CAF_CHECK(there.ask<rpc_result>(uut, call{.method = "public/get_time"}));
}

CAF_TEST(nodes without such a certificate are refused) {
  authority foreign;
  CAF_CHECK(can_join(ours.of("node")));
  CAF_CHECK(is_refused(foreign.of("node")));
  CAF_CHECK(is_refused(lively()));
  // The right authority does not help without a certificate of it.
  auto mixed = foreign.of("node");
  mixed.tls.ca_file = ours.file("ca.pem");
  CAF_CHECK(is_refused(mixed));
  CAF_CHECK(can_join(ours.of("node")));
}

CAF_TEST(files that do not fit are named before they are needed) {
  authority foreign;
  auto broken = ours.of("node");
  broken.tls.key_file = foreign.of("node").tls.key_file;
  auto problems = validate(broken);
  CAF_REQUIRE(problems.size() == 1);
  CAF_CHECK_EQUAL(problems[0].field, "tls");
  CAF_CHECK(problems[0].message.find("tls.key_file") != std::string::npos);
  node_options incomplete{.tls = {.cert_file = ours.file("node.pem")}};
  CAF_CHECK_EQUAL(validate(incomplete).size(), 2u);
}

CAF_TEST(without TLS a gateway stays on this machine) {
  CAF_CHECK_EQUAL(validate(gateway_config{.bind = "0.0.0.0"}, false).size(),
                  1u);
  CAF_CHECK(validate(gateway_config{.bind = "::1"}, false).empty());
  CAF_CHECK(
    validate(gateway_config{.bind = "0.0.0.0", .insecure_plaintext = true},
             false)
      .empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
