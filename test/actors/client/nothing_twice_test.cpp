// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE nothing_twice

#include "support/fault_proxy.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include "zenws/venue/deribit/deribit_dialect.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

// There are more connections here than the venue's limits have room for.
class tireless_deribit : public deribit_dialect {
public:
  std::vector<rate_limit> limits() const override {
    return {};
  }
};

// Numbers of times that the venue may have got a request, by its answer.
struct truth {
  size_t least = 0;
  size_t most = 1;
};

template <class T>
truth implied_by(const caf::expected<T>& answer) {
  if (answer)
    return {1, 1};
  auto outcome = outcome_of(caf_compat::code_of(answer.error()));
  return {0, outcome == send_outcome::unknown ? 1u : 0u};
}

struct fixture : venue_world {
  std::unique_ptr<sim::server> server = start_server();

  fault_proxy proxy{
    {.server_port = server->port(), .count_after = "\"access_token\""}};

  // All orders that were tried.
  std::vector<std::pair<std::string, truth>> tried;

  client_actor uut;

  inbox_ptr in;

  client_spec spec() const {
    client_spec result{
      .config = quick("ws://" + proxy.authority() + "/ws/api/v2")};
    result.config.heartbeat.kind = heartbeat_kind::none; // bytes are counted
    result.config.backoff.min = 1ms;
    result.config.backoff.max = 2ms;
    result.config.backoff.stable_after = 1ms;
    result.config.venue.login = login_mode::required;
    result.credentials = demo_account;
    result.dialect = [] { return std::make_unique<tireless_deribit>(); };
    return result;
  }

  void connect() {
    std::tie(uut, in) = connect_watched(spec());
  }

  caf::expected<rpc_result> place_order(send_policy policy) {
    auto label = std::to_string(1000 + tried.size());
    call request{.method = "private/buy", .policy = policy};
    request.params = R"({"instrument_name":"BTC-PERPETUAL","amount":10,)"
                     R"("type":"market","label":")"
                     + label + "\"}";
    auto result = ask<rpc_result>(uut, request);
    tried.emplace_back(label, implied_by(result));
    return result;
  }

  // Counts the orders when there is none under way.
  void check_orders() {
    CAF_REQUIRE(server->wait_for_connections(1, patience));
    std::map<std::string, size_t> placed;
    for (auto& order : server->orders())
      ++placed[order.label];
    for (auto& [label, expected] : tried) {
      auto count = placed[label];
      if (count < expected.least || count > expected.most)
        CAF_ERROR("order " << label << " was placed " << count << " times");
    }
  }

  // Cuts each connection one byte later than the last one, until a request and
  // its answer get through.
  void cut_at_every_byte(send_policy policy) {
    proxy.cut_after(0);
    connect();
    for (size_t n = 0;; ++n) {
      proxy.cut_after(n + 1);
      if (!policy.may_wait())
        CAF_REQUIRE(in->wait_for_state(client_state::ready, n + 1));
      auto answer = place_order(policy);
      if (answer) {
        // Its text, behind a header with a length of 16 bits and a mask.
        auto size = server->received().back().text.size() + 8;
        CAF_CHECK_EQUAL(n, size + 1);
        break;
      }
      CAF_REQUIRE_EQUAL(caf_compat::code_of(answer.error()), ec::disconnected);
    }
    check_orders();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(nothing_twice_tests, fixture)

CAF_TEST(an order cut at any byte is placed once or not at all) {
  cut_at_every_byte(fail_if_down);
}

CAF_TEST(an order that may wait and is cut at any byte is placed once at most) {
  cut_at_every_byte(queue_until(10s));
}

CAF_TEST(an order whose answer is lost is not placed again) {
  for (int i = 0; i < 5; ++i)
    proxy.lose_answer();
  connect();
  for (uint64_t i = 1; i <= 5; ++i) {
    CAF_REQUIRE(in->wait_for_state(client_state::ready, i));
    auto answer = place_order(i % 2 == 0 ? fail_if_down : queue_until(10s));
    CAF_REQUIRE(!answer);
    CAF_CHECK_EQUAL(caf_compat::code_of(answer.error()), ec::disconnected);
    // The venue has it, which the sender cannot know.
    tried.back().second = {1, 1};
  }
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 6));
  check_orders();
}

CAF_TEST(an order without a connection is not placed later) {
  connect();
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 1));
  server->stop_listening();
  CAF_REQUIRE(in->wait_for_state(client_state::backing_off));
  auto answer = place_order(fail_if_down);
  CAF_REQUIRE(!answer);
  CAF_CHECK_EQUAL(caf_compat::code_of(answer.error()), ec::not_connected);
  answer = place_order(queue_until(20ms));
  CAF_REQUIRE(!answer);
  CAF_CHECK_EQUAL(caf_compat::code_of(answer.error()), ec::send_expired);
  CAF_CHECK(!server->listen_again());
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_CHECK(place_order(fail_if_down));
  check_orders();
}

CAF_TEST_FIXTURE_SCOPE_END()
