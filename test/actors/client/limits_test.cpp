// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE client_limits

#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include "zenws/limits/venue_limits.hpp"
#include "zenws/venue/okx/okx_dialect.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

using std::chrono::steady_clock;

// Orders of an account: 20 by the rules of the venue, less the credit that
// could return while one of them is held up.
constexpr size_t orders_at_once = 17;

// The venue as it is, with an hour that passes in a second.
class hasty_okx : public okx_dialect {
public:
  static constexpr size_t max_requests = 4;

  std::vector<rate_limit> limits() const override {
    return {{"requests per second", std::string{venue_limits::okx_request.pool},
             limit_scope::connection,
             rolling_window_config{max_requests, 1s + 200ms}}};
  }
};

struct fixture : venue_world {
  std::unique_ptr<sim::server> server;

  void start(sim::server_config rules = {}) {
    server = start_server(std::move(rules));
  }

  client_spec spec(const std::string& account = {}) const {
    client_spec result{.config = quick(server->url())};
    result.config.venue.dialect = "deribit";
    result.config.venue.login = login_mode::required;
    result.credentials = demo_account;
    result.account = account;
    return result;
  }

  client_actor connect_ready(client_spec setup) {
    auto [uut, events] = connect_watched(std::move(setup));
    CAF_REQUIRE(events->wait_for_state(client_state::ready));
    return uut;
  }

  static std::vector<call> orders(size_t n, send_policy policy = {}) {
    call request{.method = "private/buy", .policy = policy};
    request.params = R"({"instrument_name":"BTC-PERPETUAL","amount":10,)"
                     R"("type":"market"})";
    return std::vector<call>(n, request);
  }

  static std::vector<call> questions(size_t n, send_policy policy = {}) {
    call request{.method = "public/get_time", .policy = policy};
    return std::vector<call>(n, request);
  }

  size_t orders_at(const client_actor& whom, size_t n) {
    return count_of(ask_at_once<rpc_result>(whom, orders(n)), ec::none);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(client_limits_tests, fixture)

CAF_TEST(clients of one account share its limit of orders) {
  start();
  auto first = connect_ready(spec("one"));
  auto second = connect_ready(spec("one"));
  auto stranger = connect_ready(spec("two"));
  auto begin = steady_clock::now();
  auto placed = orders_at(first, 15) + orders_at(second, 15);
  auto passed = std::chrono::duration<double>{steady_clock::now() - begin};
  CAF_CHECK_GREATER_OR_EQUAL(placed, orders_at_once);
  CAF_CHECK_LESS_OR_EQUAL(placed, orders_at_once
                                    + static_cast<size_t>(passed.count() * 5));
  CAF_CHECK_EQUAL(server->orders().size(), placed);
  CAF_CHECK_EQUAL(orders_at(stranger, 15), 15u);
}

CAF_TEST(a refusal by a limit names it and the time to wait) {
  start();
  auto uut = connect_ready(spec());
  auto answers = ask_at_once<rpc_result>(uut, orders(25));
  CAF_REQUIRE(!answers.back());
  auto& reason = answers.back().error();
  CAF_CHECK_EQUAL(caf_compat::code_of(reason), ec::rate_limited);
  auto detail = caf_compat::detail_of(reason);
  CAF_CHECK(detail.find("matching") != std::string::npos);
  CAF_CHECK(detail.find(" ms") != std::string::npos);
}

CAF_TEST(orders that may wait are placed when the limit allows) {
  start();
  auto uut = connect_ready(spec());
  auto begin = steady_clock::now();
  auto answers = ask_at_once<rpc_result>(uut, orders(23, queue_until(10s)));
  CAF_CHECK_EQUAL(count_of(answers, ec::none), 23u);
  CAF_CHECK(steady_clock::now() - begin >= 500ms);
  answers = ask_at_once<rpc_result>(uut, orders(3, queue_until(50ms)));
  CAF_CHECK_EQUAL(count_of(answers, ec::send_expired), 3u);
  CAF_CHECK_EQUAL(server->orders().size(), 23u);
}

CAF_TEST(a venue that enforces its limits never has to) {
  sim::server_config rules;
  rules.api.limits.emplace();
  start(std::move(rules));
  auto uut = connect_ready(spec());
  // The login and similar requests draw on the limit, too.
  auto hasty = ask_at_once<rpc_result>(uut, questions(150));
  CAF_CHECK_GREATER(count_of(hasty, ec::rate_limited), 0u);
  auto patient = ask_at_once<rpc_result>(uut, questions(10, queue_until(10s)));
  CAF_CHECK_EQUAL(count_of(patient, ec::none), 10u);
  CAF_CHECK_EQUAL(count_of(hasty, ec::none) + count_of(hasty, ec::rate_limited),
                  hasty.size());
  CAF_CHECK_EQUAL(status_of(uut).epoch, 1u);
}

CAF_TEST(a login counts among the requests of a window) {
  sim::server_config rules;
  rules.okx = {.max_requests = hasty_okx::max_requests, .request_window = 1s};
  start(std::move(rules));
  auto setup = spec();
  setup.config.url = server->url("/ws/v5/private");
  setup.dialect = [] { return std::make_unique<hasty_okx>(); };
  auto uut = connect_ready(setup);
  for (auto instrument :
       {"BTC-USDT", "BTC-USDT-SWAP", "ETH-USDT", "ETH-USDT-SWAP"})
    follow_specs(
      uut, {channel_spec{.name = std::string{"orders:"} + instrument,
                         .arguments = R"({"channel":"orders","instType":"ANY",)"
                                      R"("instId":")"
                                      + std::string{instrument} + "\"}",
                         .access = channel_access::authenticated_only}});
  std::vector<steady_clock::time_point> requests;
  for (auto& x : server->received())
    requests.push_back(x.time);
  // One login, four channels, and none of them in vain.
  CAF_REQUIRE_EQUAL(requests.size(), 5u);
  CAF_CHECK(requests[4] - requests[0] >= 1s);
}

CAF_TEST(clients of one host share its limit of dials) {
  start();
  auto setup = spec();
  setup.config.url = server->url("/ws/v5/public");
  setup.config.venue = {.dialect = "okx"};
  auto begin = steady_clock::now();
  std::vector<std::pair<client_actor, inbox_ptr>> clients;
  for (int i = 0; i < 5; ++i)
    clients.push_back(connect_watched(setup));
  size_t delayed = 0;
  for (auto& [uut, events] : clients) {
    CAF_CHECK(events->wait_for_state(client_state::ready));
    for (auto& x : events->events())
      if (x.state == client_state::backing_off) {
        CAF_CHECK_EQUAL(x.reason.code, ec::rate_limited);
        CAF_CHECK_GREATER(x.retry_in.count(), 0);
        ++delayed;
      }
  }
  // Three dials a second, and some margin.
  CAF_CHECK_GREATER_OR_EQUAL(delayed, 2u);
  CAF_CHECK(steady_clock::now() - begin >= 1s);
  CAF_CHECK_EQUAL(server->upgrades_total(), 5u);
}

CAF_TEST_FIXTURE_SCOPE_END()
