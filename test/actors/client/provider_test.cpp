// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE provider

#include "support/unit_test.hpp"
#include "support/world.hpp"

#include <atomic>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto orders = "user.orders.BTC-PERPETUAL.raw";

struct fixture : world {
  std::unique_ptr<sim::server> server = start_server();

  client_spec spec() const {
    client_spec result{.config = quick(server->url("/ws/api/v2"))};
    result.config.venue.dialect = "deribit";
    result.config.venue.login = login_mode::required;
    return result;
  }

  std::pair<client_actor, inbox_ptr> connect(client_spec spec) {
    auto in = std::make_shared<inbox>();
    spec.subscribers.push_back({sys.spawn(collecting, in)});
    auto uut = rt.connect(std::move(spec));
    if (!uut)
      CAF_FAIL("cannot connect: " << caf_compat::to_text(uut.error()));
    return {*uut, in};
  }
};

credentials demo() {
  return {"demo", "demo-secret"};
}

// Answers with the credentials of the simulator's first account.
caf::behavior key_store(caf::event_based_actor*, int* asked) {
  return {
    [=](const get_credentials&) {
      ++*asked;
      return demo();
    },
  };
}

// Knows where the venue really is.
caf::behavior directory(caf::event_based_actor*, std::string url) {
  return {
    [=](const get_dial_parameters& request) {
      auto result = request.configured;
      result.url = url;
      return result;
    },
  };
}

// Never answers.
caf::behavior silence(caf::event_based_actor* self, int) {
  return {
    [=](const get_credentials&) -> caf::result<credentials> {
      return self->make_response_promise<credentials>();
    },
    [=](const get_dial_parameters&) -> caf::result<dial_parameters> {
      return self->make_response_promise<dial_parameters>();
    },
  };
}

bool failed_by(const client_event& x, ec code) {
  return x.state == client_state::backing_off && x.reason.code == code;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(provider_tests, fixture)

CAF_TEST(an actor provides credentials for each connection) {
  auto asked = 0;
  auto setup = spec();
  setup.credentials_actor = sys.spawn(key_store, &asked);
  auto [uut, in] = connect(std::move(setup));
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 1));
  server->apply(sim::fault_drop{});
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_CHECK_EQUAL(asked, 2);
}

CAF_TEST(an actor provides the address of each attempt) {
  auto setup = spec();
  setup.credentials = [] { return result<credentials>{demo()}; };
  setup.dial_actor = sys.spawn(directory, setup.config.url);
  setup.config.url = "ws://venue.invalid/";
  auto [uut, in] = connect(std::move(setup));
  CAF_CHECK(in->wait_for_state(client_state::ready, 1));
}

CAF_TEST(actors that are gone or silent fail the attempt) {
  auto gone = sys.spawn(silence, 0);
  self->send_exit(gone, caf::exit_reason::kill);
  await_end_of(gone);
  for (auto& provider : {gone, sys.spawn(silence, 0)}) {
    auto setup = spec();
    setup.config.handshake_timeout = 200ms;
    setup.credentials_actor = provider;
    auto [first, in] = connect(setup);
    CAF_CHECK(in->wait_for_event(
      [](auto& x) { return failed_by(x, ec::provider_failed); }));
    setup.dial_actor = provider;
    auto [second, other] = connect(setup);
    CAF_CHECK(other->wait_for_event(
      [](auto& x) { return failed_by(x, ec::provider_failed); }));
  }
}

CAF_TEST(a provider that does not return delays no other client) {
  std::atomic<bool> release{false};
  auto setup = spec();
  setup.loop = 0;
  setup.config.handshake_timeout = 200ms;
  setup.credentials = [] { return result<credentials>{demo()}; };
  auto healthy = setup;
  setup.provider = [&](const dial_parameters& x, uint64_t) {
    release.wait(false);
    return result<dial_parameters>{x};
  };
  auto [stuck, news] = connect(setup);
  auto [uut, in] = connect(healthy);
  CAF_CHECK(in->wait_for_state(client_state::ready, 1));
  CAF_CHECK(news->wait_for_event(
    [](auto& x) { return failed_by(x, ec::provider_failed); }));
  CAF_CHECK(ask<rpc_result>(uut, call{"public/test"}));
  release = true;
  release.notify_all();
  CAF_CHECK(news->wait_for_state(client_state::ready, 1));
}

CAF_TEST(refused credentials end the client for good) {
  auto setup = spec();
  setup.credentials = [] { return result<credentials>{{"demo", "wrong"}}; };
  auto [uut, in] = connect(setup);
  auto end = in->wait_for_state(client_state::stopped);
  CAF_REQUIRE(end);
  CAF_CHECK_EQUAL(end->reason.code, ec::login_failed);
  CAF_CHECK(to_string(end->reason).find("wrong") == std::string::npos);
}

CAF_TEST(credentials never show) {
  auto setup = spec();
  setup.config.headers = {{"Authorization", "Bearer top"}};
  auto text = caf::deep_to_string(demo()) + caf::deep_to_string(setup)
              + caf::deep_to_string(get_dial_parameters{
                {"ws://host/?token=top", setup.config.headers}, 1});
  CAF_CHECK(text.find("demo-secret") == std::string::npos);
  CAF_CHECK(text.find("top") == std::string::npos);
}

CAF_TEST(metrics have latencies and open requests) {
  auto setup = spec();
  setup.credentials = [] { return result<credentials>{demo()}; };
  setup.config.heartbeat
    = {.kind = heartbeat_kind::ping_pong, .interval = 10ms, .max_missed = 100};
  auto [uut, in] = connect(setup);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 1));
  auto report = ask<channel_report>(
    uut, subscribe_channels{
           {{.name = orders, .access = channel_access::authenticated_only}},
           sys.spawn(collecting, in)});
  CAF_REQUIRE(report && report->all_granted());
  for (int i = 0; i < 3; ++i)
    CAF_CHECK(ask<rpc_result>(uut, call{"public/test"}));
  caf::expected<state_metrics> metrics{caf::sec::runtime_error};
  CAF_REQUIRE(eventually([&, &uut = uut] {
    metrics = ask<state_metrics>(uut, get_state_metrics{});
    CAF_REQUIRE(metrics);
    return metrics->heartbeat_latency.count > 0;
  }));
  CAF_CHECK(metrics->state == client_state::ready);
  CAF_CHECK_EQUAL(metrics->epoch, 1u);
  CAF_CHECK_EQUAL(metrics->channels, 1u);
  CAF_CHECK_EQUAL(metrics->subscribers, 2u);
  CAF_CHECK_EQUAL(metrics->pending_calls, 0u);
  CAF_CHECK(metrics->heartbeat_active);
  auto& calls = metrics->call_latency;
  CAF_CHECK_EQUAL(calls.count, 3u);
  CAF_CHECK(calls.p50.count() > 0);
  CAF_CHECK(calls.p50 <= calls.p90 && calls.p90 <= calls.p99
            && calls.p99 <= calls.p999 && calls.p999 <= calls.max);
}

CAF_TEST_FIXTURE_SCOPE_END()
