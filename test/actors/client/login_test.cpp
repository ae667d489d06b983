// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE client_login

#include "actors/recording/recording_fixture.hpp"
#include "support/scripted_peer.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include <atomic>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto trades = "trades.BTC-PERPETUAL.100ms";

struct fixture : venue_world {
  std::unique_ptr<sim::server> server;

  void start(sim::api_config rules = {}) {
    server = start_server({.api = rules});
  }

  client_spec spec() const {
    client_spec result{.config = quick(server->url())};
    result.config.venue.dialect = "deribit";
    result.config.heartbeat.kind = heartbeat_kind::none;
    result.config.venue.login = login_mode::required;
    result.credentials = demo_account;
    return result;
  }

  size_t logins_by(const std::string& grant) const {
    auto all = server->received();
    return static_cast<size_t>(
      std::count_if(all.begin(), all.end(), [&](auto& x) {
        return x.text.find("public/auth") != std::string::npos
               && x.text.find(grant) != std::string::npos;
      }));
  }
};

struct secrets_fixture : fixture, recording_fixture {};

} // namespace

CAF_TEST_FIXTURE_SCOPE(client_login_tests, fixture)

CAF_TEST(credentials are asked for anew by each connection) {
  start();
  auto asked = std::make_shared<std::atomic<int>>(0);
  auto setup = spec();
  setup.credentials = [asked] {
    ++*asked;
    return demo_account();
  };
  auto [uut, events] = connect_watched(setup);
  for (uint64_t epoch = 1; epoch <= 3; ++epoch) {
    CAF_REQUIRE(events->wait_for_state(client_state::ready, epoch));
    server->apply(sim::fault_drop{});
  }
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 4));
  CAF_CHECK_EQUAL(asked->load(), 4);
}

CAF_TEST(a slow provider of credentials stops no data of other clients) {
  start();
  auto release = std::make_shared<std::atomic<bool>>(false);
  auto slow = spec();
  slow.loop = 0;
  slow.credentials = [release] {
    release->wait(false);
    return demo_account();
  };
  auto other = spec();
  other.loop = 0;
  auto [waiting, events] = connect_watched(slow);
  auto [uut, news] = connect_watched(other);
  CAF_REQUIRE(events->wait_for_state(client_state::authenticating));
  auto [subscriber, in] = follow(uut, {trades});
  CAF_CHECK(in->wait_for_messages(50));
  CAF_CHECK(status_of(waiting).state == client_state::authenticating);
  *release = true;
  release->notify_all();
  CAF_CHECK(events->wait_for_state(client_state::ready, 1));
}

CAF_TEST(a login is renewed before it expires) {
  start({.token_lifetime = 1s});
  auto [uut, events] = connect_watched(spec());
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 1));
  // The second renewal is due when the first login is long over.
  CAF_REQUIRE(server->log().wait_for_stats(
    [](auto& x) { return x.messages_received_total >= 3; }, patience));
  CAF_CHECK_EQUAL(logins_by("refresh_token"), 2u);
  CAF_CHECK(ask<rpc_result>(uut, call{"private/get_open_orders"}));
  CAF_CHECK_EQUAL(status_of(uut).epoch, 1u);
  CAF_CHECK_EQUAL(logins_by("client_signature"), 1u);
}

CAF_TEST(a provider that keeps failing uses the attempts up) {
  start();
  auto asked = std::make_shared<std::atomic<int>>(0);
  auto setup = spec();
  setup.config.backoff.max_attempts = 4;
  setup.config.backoff.stable_after = 1h;
  setup.credentials = [asked]() -> result<credentials> {
    if (++*asked % 2 == 0)
      throw std::runtime_error{"the vault is sealed"};
    return error{ec::invalid_data, "no such key"};
  };
  auto [uut, events] = connect_watched(setup);
  auto reason = end_of(uut);
  CAF_CHECK_EQUAL(caf_compat::code_of(reason), ec::retries_exhausted);
  CAF_CHECK(caf_compat::detail_of(reason).find("sealed") != std::string::npos);
  CAF_CHECK_EQUAL(asked->load(), 4);
  CAF_CHECK_EQUAL(server->upgrades_total(), 4u);
}

CAF_TEST(a supervisor does not restart a client whose login is refused) {
  start();
  auto supervisor = rt.supervise();
  auto setup = spec();
  setup.credentials = [] { return result<credentials>{{"demo", "guess"}}; };
  auto [uut, events] = start_watched(supervisor, setup);
  auto end = events->wait_for_kind(event_kind::gave_up);
  CAF_REQUIRE(end);
  CAF_CHECK_EQUAL(end->reason.code, ec::login_failed);
  CAF_CHECK_EQUAL(caf_compat::code_of(end_of(uut)), ec::login_failed);
  auto list = ask<client_list>(supervisor, list_clients{});
  CAF_REQUIRE(list && list->clients.size() == 1);
  CAF_CHECK(list->clients[0].child == child_state::gave_up);
  CAF_CHECK_EQUAL(list->clients[0].restarts, 0u);
  CAF_CHECK_EQUAL(server->upgrades_total(), 1u);
}

CAF_TEST(a login that is not answered in time is an outage) {
  scripted_peer mute{[](auto&) { return std::vector<std::string>{}; }};
  start();
  auto setup = spec();
  setup.config.url = mute.url();
  setup.config.venue.request_timeout = 100ms;
  auto [uut, events] = connect_watched(setup);
  CAF_CHECK_EQUAL(reason_of_outage(events), ec::connection_lost);
  CAF_CHECK(events->wait_for_state(client_state::authenticating, 2));
}

CAF_TEST(a venue that is too busy for a login is asked again) {
  std::atomic<int> refusals{2};
  scripted_peer busy{[&](const std::string& text) {
    auto id = std::string{find_member(text, "id").text};
    auto verdict
      = --refusals < 0
          ? R"("result":{"access_token":"a","expires_in":900})"
          : R"("error":{"code":10028,"message":"too_many_requests"})";
    return std::vector<std::string>{R"({"jsonrpc":"2.0","id":)" + id + ','
                                    + verdict + '}'};
  }};
  start();
  auto setup = spec();
  setup.config.url = busy.url();
  auto [uut, events] = connect_watched(setup);
  CAF_CHECK(events->wait_for_state(client_state::ready, 3));
}

CAF_TEST_FIXTURE_SCOPE_END()

// -- secrets ------------------------------------------------------------------

CAF_TEST_FIXTURE_SCOPE(secrets_tests, secrets_fixture)

CAF_TEST(secrets of a login show nowhere) {
  start({.token_lifetime = 1s});
  auto setup = spec();
  setup.record_to = options();
  setup.record_to->compression = recording_compression::none; // to be read
  setup.config.venue.on_login
    = {{"private/enable_cancel_on_disconnect", R"({"scope":"connection"})"}};
  auto shown = caf::deep_to_string(setup);
  shown += caf::to_string(caf::make_message(start_client{setup}));
  auto supervisor = rt.supervise();
  auto [uut, events] = start_watched(supervisor, setup);
  auto [plain, in] = collect(uut);
  // A renewal has secrets of its own, and so has a call.
  auto is_renewal = [](auto& x) {
    return x.text.find("\"refresh_token\"") != std::string::npos;
  };
  CAF_REQUIRE(server->wait_for(is_renewal, patience));
  call login{.method = "public/auth"};
  login.params = R"({"grant_type":"client_credentials","client_id":"demo",)"
                 R"("client_secret":"demo-secret"})";
  shown += caf::to_string(caf::make_message(login));
  shown += caf::to_string(caf::make_message(send_text{login.params}));
  auto answer = ask<rpc_result>(uut, login);
  CAF_REQUIRE(answer);
  CAF_CHECK(answer->json.find("access_token") != std::string::npos);
  shown += caf::to_string(caf::make_message(*answer));
  shown += caf::deep_to_string(status_of(uut));
  CAF_CHECK_EQUAL(tell(uut, close_client{}), caf::none);
  CAF_REQUIRE(events->wait_for_state(client_state::stopped));
  for (auto& x : events->events())
    shown += caf::deep_to_string(x) + describe(x);
  for (auto& x : in->messages())
    shown += x.payload;
  CAF_REQUIRE(eventually(
    [&] { return contents().find("stopped") != std::string::npos; }));
  shown += contents();
  // Tokens begin with the key and a number.
  for (auto secret : {"demo-secret", "demo.1"})
    CAF_CHECK_EQUAL(shown.find(secret), std::string::npos);
  std::string recorded;
  for (auto& entry : read_recording())
    recorded += entry.data;
  for (std::string member :
       {"signature", "client_secret", "access_token", "refresh_token"})
    CAF_CHECK(recorded.find('"' + member + R"(":"***")") != std::string::npos);
}

// A venue may quote the request that it did not like.
CAF_TEST(a refusal that quotes the login shows no secrets) {
  scripted_peer parrot{[](const std::string& text) {
    auto quote = quoted_json("Invalid request: " + text).value();
    return std::vector<std::string>{R"({"event":"error","code":"60012","msg":)"
                                    + quote + '}'};
  }};
  start();
  auto setup = spec();
  setup.config.url = parrot.url();
  setup.config.venue.dialect = "okx";
  setup.config.heartbeat.kind = heartbeat_kind::automatic;
  auto [uut, events] = connect_watched(setup);
  CAF_CHECK_EQUAL(reason_of_outage(events), ec::login_unavailable);
  auto shown = to_json(status_of(uut));
  for (auto& x : events->events())
    shown += caf::deep_to_string(x) + describe(x);
  CAF_CHECK(shown.find("60012") != std::string::npos);
  CAF_CHECK(shown.find("demo-passphrase") == std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
