// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE outage

#include "venue_fixture.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

client_config config_for(const std::string& venue) {
  auto cfg = fast_config();
  cfg.backoff.max_attempts = backoff_config::unlimited;
  cfg.heartbeat.interval = 0s;
  cfg.heartbeat.kind = heartbeat_kind::automatic;
  cfg.venue.dialect = venue;
  cfg.venue.login = login_mode::required;
  return cfg;
}

struct fixture : venue_fixture {
  size_t first = 0; // request of this connection

  void connect_to(const client_config& cfg) {
    restart(cfg);
    begin([this] { connect(); });
  }

  // Begins a connection up to its login.
  template <class F>
  void begin(F open) {
    first = sent.size();
    open();
    log_in();
    // A request for heartbeats comes before.
    while (first < sent.size() && sent[first].find("auth") == std::string::npos
           && sent[first].find("login") == std::string::npos)
      ++first;
  }

  void again() {
    begin([this] { reconnect(); });
  }

  std::string grant = R"({"access_token":"a","refresh_token":"r",)"
                      R"("expires_in":1000})";

  // Refuses a login as the venue does.
  void refuse_login(const std::string& venue, int code) {
    if (venue == "deribit")
      refuse(first, code);
    else
      peer(R"({"event":"error","code":")" + std::to_string(code)
           + R"(","msg":"Login failed due to internal error.","connId":"a"})");
  }

  void grant_login(const std::string& venue) {
    if (venue == "deribit")
      answer(first, grant);
    else
      peer(R"({"event":"login","code":"0","msg":"","connId":"a"})");
  }

  const client_event* told(event_kind kind) const {
    for (auto& x : out)
      if (auto* notify = std::get_if<action::notify>(&x);
          notify != nullptr && notify->event.kind == kind)
        return &notify->event;
    return nullptr;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outage_tests, fixture)

// -- logins -------------------------------------------------------------------

// Venues under maintenance refuse logins; clients gave up for good.
CAF_TEST(a login that is refused for now is made again) {
  std::vector<std::pair<std::string, std::vector<int>>> venues{
    {"deribit",
     {10028, 10040, 10041, 10047, 10066, 11051, 11094, 13028, 13888, 77'777}},
    {"okx", {50001, 50011, 50013, 50026, 60006, 60014, 60022, 63999, 77'777}},
  };
  for (auto& [venue, codes] : venues)
    for (auto code : codes) {
      CAF_MESSAGE(venue << ' ' << code);
      connect_to(config_for(venue));
      auto last = 0ms;
      for (int i = 0; i < 3; ++i) {
        refuse_login(venue, code);
        CAF_CHECK(uut.state() == client_state::backing_off);
        CAF_CHECK_EQUAL(uut.last_error().code, ec::login_unavailable);
        CAF_CHECK(uut.last_error().detail.find(std::to_string(code))
                  != std::string::npos);
        CAF_CHECK(delay() > last);
        last = delay();
        again();
      }
      grant_login(venue);
      CAF_CHECK(uut.state() == client_state::ready);
    }
}

CAF_TEST(credentials that can never work end the client) {
  std::vector<std::pair<std::string, std::vector<int>>> venues{
    {"deribit", {13004, 13021}},
    {"okx", {60005, 60007, 60024, 60032}},
  };
  for (auto& [venue, codes] : venues)
    for (auto code : codes) {
      connect_to(config_for(venue));
      refuse_login(venue, code);
      CAF_CHECK(uut.state() == client_state::stopped);
      CAF_CHECK_EQUAL(uut.last_error().code, ec::login_failed);
    }
}

CAF_TEST(credentials that have worked are an outage) {
  connect_to(config_for("deribit"));
  grant_login("deribit");
  drop();
  again();
  refuse_login("deribit", 13004);
  CAF_CHECK(uut.state() == client_state::backing_off);
}

CAF_TEST(a login that is too early by the clock says so) {
  connect_to(config_for("okx"));
  refuse_login("okx", 60006);
  CAF_CHECK(uut.last_error().detail.find("clock") != std::string::npos);
}

CAF_TEST(a call after the login may fail for now) {
  auto cfg = config_for("deribit");
  cfg.venue.on_login = {{"private/enable_cancel_on_disconnect", "{}"}};
  connect_to(cfg);
  for (auto code : {10041, 13028, 10049}) {
    grant_login("deribit");
    refuse(sent.size() - 1, code);
    CAF_CHECK(uut.state() == client_state::backing_off);
    again();
  }
  grant_login("deribit");
  answer(sent.size() - 1, R"("ok")");
  CAF_CHECK(uut.state() == client_state::ready);
}

CAF_TEST(a call after the login that can never work ends the client) {
  auto cfg = config_for("deribit");
  cfg.venue.on_login = {{"private/nonsense", "{}"}};
  connect_to(cfg);
  grant_login("deribit");
  refuse(sent.size() - 1, -32601);
  CAF_CHECK(uut.state() == client_state::stopped);
  CAF_CHECK(uut.last_error().detail.find("private/nonsense")
            != std::string::npos);
}

// -- renewals -----------------------------------------------------------------

CAF_TEST(a renewal that fails is made again for as long as the login lasts) {
  connect_to(config_for("deribit"));
  grant_login("deribit");
  now += 800s;
  take(uut.expired(now));
  for (int i = 0; i < 4; ++i) {
    CAF_REQUIRE(says(out, "get_credentials"));
    log_in();
    refuse(sent.size() - 1, 11051);
    auto* news = told(event_kind::login_delayed);
    CAF_REQUIRE(news != nullptr);
    CAF_CHECK(news->reason.detail.find("11051") != std::string::npos);
    CAF_CHECK(uut.state() == client_state::ready);
    now += news->retry_in;
    take(uut.expired(now));
  }
  log_in();
  // The refresh token was used up by the first try.
  CAF_CHECK(sent.back().find("client_signature") != std::string::npos);
  answer(sent.size() - 1, grant);
  now += 300s;
  take(uut.expired(now));
  CAF_CHECK(uut.state() == client_state::ready);
}

CAF_TEST(a login that is not renewed in time costs the connection) {
  connect_to(config_for("deribit"));
  grant_login("deribit");
  while (uut.state() == client_state::ready && now < session::time_point{3h}) {
    take(wake());
    peer(R"({"method":"heartbeat","params":{"type":"heartbeat"}})");
    if (says(out, "get_credentials")) {
      log_in();
      refuse(sent.size() - 1, 11051);
    }
  }
  CAF_CHECK(uut.state() == client_state::backing_off);
  CAF_CHECK_EQUAL(uut.last_error().code, ec::login_unavailable);
}

// -- restores -----------------------------------------------------------------

namespace {

std::vector<std::string> names(size_t count) {
  std::vector<std::string> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back("trades.C" + std::to_string(i) + ".100ms");
  return result;
}

std::string as_json(const std::vector<std::string>& names) {
  std::string result = "[";
  for (auto& name : names)
    result += (result.size() > 1 ? ",\"" : "\"") + name + '"';
  return result + ']';
}

} // namespace

// A passing error in a restore revoked channels for good, after a search that
// made 31 requests.
CAF_TEST(a restore that is refused for now is made again in the same size) {
  for (auto code : {10028, 10040, 11051, 10041}) {
    auto cfg = config_for("deribit");
    cfg.venue.login = login_mode::none;
    cfg.heartbeat.kind = heartbeat_kind::none;
    restart(cfg);
    connect();
    subscribe(1, names(300));
    answer(0, as_json(names(300)));
    drop();
    reconnect();
    for (int i = 0; i < 3; ++i) {
      auto last = now;
      auto before = sent.size();
      refuse(before - 1, code);
      CAF_CHECK(!says(out, "revoked"));
      while (sent.size() == before)
        take(wake());
      CAF_CHECK_EQUAL(sent.size(), before + 1);
      CAF_CHECK(now - last >= 1s);
    }
    answer(sent.size() - 1, as_json(names(300)));
    CAF_CHECK(uut.state() == client_state::ready);
    CAF_CHECK(uut.protocol().subscriptions().state_of("trades.C299.100ms")
              == channel_state::confirmed);
  }
}

CAF_TEST(subscribers are told of channels that are refused for now) {
  auto cfg = config_for("deribit");
  cfg.venue.login = login_mode::none;
  cfg.heartbeat.kind = heartbeat_kind::none;
  restart(cfg);
  connect();
  subscribe(1, names(3));
  refuse(0, 11051);
  take(wake());
  refuse(1, 11051);
  auto* news = told(event_kind::channels_delayed);
  CAF_REQUIRE(news != nullptr);
  CAF_CHECK(news->reason.detail.find("11051") != std::string::npos);
  CAF_CHECK(news->detail.starts_with("3 channels"));
  CAF_CHECK(uut.state() == client_state::ready); // calls go on
}

CAF_TEST(a refused login does not end the next attempt) {
  connect_to(config_for("deribit"));
  refuse_login("deribit", 11051);
  take(wake());
  CAF_CHECK(uut.state() == client_state::resolving);
  subscribe(1, names(1)); // while it connects
  CAF_CHECK(uut.state() == client_state::resolving);
}

CAF_TEST(channels wait for room among the calls that are pending) {
  auto cfg = config_for("deribit");
  cfg.venue.login = login_mode::none;
  cfg.heartbeat.kind = heartbeat_kind::none;
  cfg.venue.max_pending_calls = 1;
  restart(cfg);
  connect();
  call(71);
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  subscribe(1, names(1));
  CAF_CHECK(!says(out, "report"));
  CAF_CHECK_EQUAL(sent.size(), 1u);
  answer(0, "1");
  take(wake());
  CAF_CHECK_EQUAL(sent.size(), 2u);
}

// Clients that come back before that have a longer ban.
CAF_TEST(demands of the answer to a call hold for the next attempt) {
  auto cfg = config_for("binance");
  cfg.venue.login = login_mode::none;
  restart(cfg);
  connect();
  call(71);
  peer(
    R"({"id":)" + std::to_string(id_of(0))
    + R"(,"status":429,"error":{"code":-1003,"msg":"Way too many requests.",)"
      R"("data":{"serverTime":1,"retryAfter":600001}}})");
  drop();
  CAF_CHECK(uut.state() == client_state::backing_off);
  CAF_CHECK(delay() > 100s);
}

CAF_TEST(delays go on growing in the next incarnation) {
  auto cfg = config_for("deribit");
  restart(cfg);
  take(uut.start(now));
  auto last = 0ms;
  for (int i = 0; i < 3; ++i) {
    drop();
    last = delay();
    take(wake());
  }
  uut = session{cfg,
                {.id = 7, .name = "deribit"},
                {.dialect = make_dialect("deribit"), .history = uut.history()}};
  take(uut.start(now));
  CAF_CHECK(uut.state() == client_state::backing_off);
  CAF_CHECK(delay() > last);
  take(wake());
  CAF_CHECK(uut.state() == client_state::resolving);
}

CAF_TEST_FIXTURE_SCOPE_END()
