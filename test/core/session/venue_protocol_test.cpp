// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE venue_protocol

#include "venue_fixture.hpp"

#include "support/unit_test.hpp"

#include <iterator>

using namespace zenws;
using namespace zenws::test_support;

namespace {

client_config deribit_config() {
  auto cfg = fast_config();
  cfg.venue.dialect = "deribit";
  cfg.venue.request_timeout = 10s;
  return cfg;
}

struct fixture : venue_fixture {
  fixture() {
    restart(deribit_config());
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(conversation_tests, fixture)

// -- states -------------------------------------------------------------------

CAF_TEST(a client without login and channels is ready at once) {
  connect();
  CAF_CHECK(uut.state() == client_state::ready);
  CAF_CHECK(sent.empty());
}

CAF_TEST(a login comes before everything else) {
  auto cfg = deribit_config();
  cfg.venue.login = login_mode::required;
  cfg.venue.on_login = {{"private/enable_cancel_on_disconnect", "{}"}};
  restart(cfg);
  subscribe(1, {"user.orders.BTC-PERPETUAL.raw"},
            channel_access::authenticated_only);
  connect();
  CAF_CHECK(uut.state() == client_state::authenticating);
  CAF_CHECK(says(out, "get_credentials"));
  log_in();
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  CAF_CHECK(sent[0].find("public/auth") != std::string::npos);
  CAF_CHECK(sent[0].find("secret") == std::string::npos);
  answer(0, R"({"access_token":"a","refresh_token":"r","expires_in":100})");
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK(sent[1].find("enable_cancel_on") != std::string::npos);
  CAF_CHECK(uut.state() == client_state::authenticating);
  answer(1, R"("ok")");
  CAF_CHECK(uut.state() == client_state::restoring);
  CAF_REQUIRE_EQUAL(sent.size(), 3u);
  CAF_CHECK(sent[2].find("private/subscribe") != std::string::npos);
  answer(2, R"(["user.orders.BTC-PERPETUAL.raw"])");
  CAF_CHECK(uut.state() == client_state::ready);
}

CAF_TEST(credentials that do not come in time cost the connection) {
  auto cfg = deribit_config();
  cfg.venue.login = login_mode::required;
  cfg.heartbeat.kind = heartbeat_kind::none;
  restart(cfg);
  connect();
  CAF_CHECK(delay() == cfg.venue.request_timeout);
  take(wake());
  CAF_CHECK_EQUAL(to_text(out), "drop notify:backing_off");
  CAF_CHECK_EQUAL(uut.last_error().code, ec::provider_failed);
  log_in();
  CAF_CHECK(out.empty());
  reconnect();
  CAF_CHECK_EQUAL(to_text(out), "get_credentials notify:authenticating");
}

CAF_TEST(a login is renewed at four fifths of its life) {
  auto cfg = deribit_config();
  cfg.venue.login = login_mode::required;
  cfg.heartbeat.kind = heartbeat_kind::none;
  restart(cfg);
  connect();
  log_in();
  answer(0, R"({"access_token":"a","refresh_token":"r1","expires_in":100})");
  CAF_CHECK(delay() == 80s);
  take(wake());
  CAF_CHECK(says(out, "get_credentials"));
  log_in();
  CAF_CHECK(sent.at(1).find("refresh_token") != std::string::npos);
  CAF_CHECK(sent.at(1).find("r1") != std::string::npos);
  answer(1, R"({"access_token":"b","refresh_token":"r2","expires_in":50})");
  CAF_CHECK(delay() == 40s);
  CAF_CHECK(uut.state() == client_state::ready);
}

CAF_TEST(a refused login is fatal) {
  auto cfg = deribit_config();
  cfg.venue.login = login_mode::required;
  restart(cfg);
  connect();
  log_in();
  refuse(0, 13004);
  CAF_CHECK(uut.state() == client_state::stopped);
  CAF_CHECK(says(out, "stop:login_failed"));
}

CAF_TEST(a login without an answer is an outage) {
  auto cfg = deribit_config();
  cfg.venue.login = login_mode::required;
  restart(cfg);
  connect();
  log_in();
  take(wake());
  CAF_CHECK(uut.state() == client_state::backing_off);
}

// -- calls --------------------------------------------------------------------

CAF_TEST(an answer finds its call beside others of the same id) {
  connect();
  call(1);
  call(2);
  CAF_CHECK(answer(1, R"({"id":)" + std::to_string(id_of(0)) + "}")
            == inbound_kind::answer);
  CAF_CHECK(says(out, "answer:2:"));
  // An id within market data is none.
  CAF_CHECK(peer(R"({"method":"subscription","params":{"channel":"c",)"
                 R"("data":{"id":)"
                 + std::to_string(id_of(0)) + R"(,"result":1}}})")
            == inbound_kind::data);
  CAF_CHECK(answer(0, "7") == inbound_kind::answer);
  CAF_CHECK(says(out, "answer:1:7"));
  // Nobody waits for a second answer, it is the subscribers'.
  CAF_CHECK(answer(0, "7") == inbound_kind::data);
}

CAF_TEST(a refused call is an error with the reason of the venue) {
  connect();
  call(1);
  refuse(0, 10009);
  CAF_CHECK_EQUAL(to_text(out), "answer:1:no");
}

CAF_TEST(the loss of the connection fails all pending calls at once) {
  connect();
  call(1);
  call(2);
  drop();
  CAF_CHECK(says(out, "fail:1:disconnected"));
  CAF_CHECK(says(out, "fail:2:disconnected"));
  reconnect();
  CAF_CHECK_EQUAL(sent.size(), 2u); // nothing is sent twice
  CAF_CHECK(answer(0, "1") == inbound_kind::data);
}

CAF_TEST(a call without an answer fails at its deadline) {
  connect();
  call(1);
  CAF_CHECK(delay() == 5s);
  take(wake());
  CAF_CHECK(says(out, "fail:1:request_timeout"));
  CAF_CHECK(uut.state() == client_state::ready);
}

CAF_TEST(orders fail while the client is down) {
  call(1);
  CAF_CHECK_EQUAL(to_text(out), "fail:1:not_connected");
  connect();
  drop();
  call(2);
  CAF_CHECK_EQUAL(to_text(out), "fail:2:not_connected");
}

CAF_TEST(messages that may wait are sent in order once the client is ready) {
  take(uut.start(now));
  call(1, queue_until(20s));
  take(uut.send(2, message_kind::text, "hello", queue_until(20s), now));
  CAF_CHECK(sent.empty());
  take(uut.opened(now));
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK(sent[0].find("private/buy") != std::string::npos);
  CAF_CHECK_EQUAL(sent[1], "hello");
}

CAF_TEST(messages that waited too long are not sent) {
  take(uut.start(now));
  take(uut.entered(client_state::resolving, {}));
  call(1, queue_until(20s));
  now += 20s;
  take(uut.expired(now));
  CAF_CHECK_EQUAL(to_text(out), "fail:1:send_expired");
  take(uut.opened(now));
  CAF_CHECK(sent.empty());
}

CAF_TEST(waits beyond reason do not wrap around) {
  constexpr auto forever = std::chrono::milliseconds::max();
  take(uut.start(now));
  call(1, queue_until(forever));
  take(uut.expired(now));
  CAF_CHECK_EQUAL(to_text(out), "");
  take(uut.opened(now));
  take(uut.call(2, "private/buy", "{}", forever, fail_if_down, now));
  CAF_CHECK_EQUAL(sent.size(), 2u);
  take(uut.expired(now));
  CAF_CHECK_EQUAL(to_text(out), "");
}

CAF_TEST(the end of a session answers waiting requests) {
  take(uut.start(now));
  call(1, queue_until(20s));
  take(uut.request_close(1000, {}, now));
  CAF_CHECK(says(out, "fail:1:client_stopped"));
}

// -- subscriptions ------------------------------------------------------------

CAF_TEST(channels are requested once and reported when they are granted) {
  connect();
  auto ask = subscribe(1, {"a", "b"});
  CAF_CHECK(ask != 0);
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  subscribe(2, {"a"});
  CAF_CHECK_EQUAL(sent.size(), 1u);
  answer(0, R"(["a"])");
  CAF_CHECK(says(out, "a=granted"));
  CAF_CHECK(says(out, "b=rejected"));
  CAF_CHECK_EQUAL(uut.protocol().subscriptions().subscribers_of("a").size(),
                  2u);
  CAF_CHECK_EQUAL(uut.protocol().subscriptions().subscribers_of("b").size(),
                  0u);
}

CAF_TEST(channels are restored before the client is ready again) {
  connect();
  subscribe(1, {"a", "b"});
  answer(0, R"(["a","b"])");
  drop();
  reconnect();
  CAF_CHECK(uut.state() == client_state::restoring);
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK(answer(0, R"(["a","b"])") == inbound_kind::data); // of the past
  CAF_CHECK(uut.state() == client_state::restoring);
  answer(1, R"(["a","b"])");
  CAF_CHECK(uut.state() == client_state::ready);
}

CAF_TEST(channels survive the end of an incarnation) {
  connect();
  subscribe(1, {"a"});
  answer(0, R"(["a"])");
  auto next_id = id_of(0) + 1;
  auto memory = uut.protocol().snapshot();
  restart(deribit_config(), memory);
  connect();
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  CAF_CHECK(id_of(0) >= next_id);
  answer(0, R"(["a"])");
  CAF_CHECK(uut.state() == client_state::ready);
}

CAF_TEST(channels given up are not restored) {
  connect();
  subscribe(1, {"a", "b"});
  answer(0, R"(["a","b"])");
  std::vector<std::string_view> names{"a"};
  take(uut.unsubscribe(1, names, now));
  CAF_CHECK(sent.at(1).find("public/unsubscribe") != std::string::npos);
  drop();
  reconnect();
  CAF_CHECK_EQUAL(sent.at(2).find("\"a\""), std::string::npos);
  CAF_CHECK(sent.at(2).find("\"b\"") != std::string::npos);
}

CAF_TEST(a subscription without an answer is undone and requested again) {
  connect();
  subscribe(1, {"a"});
  take(wake()); // the deadline of the request
  take(wake()); // the end of the pause
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK(sent[1].find("public/unsubscribe") != std::string::npos);
  answer(1, R"(["a"])");
  CAF_REQUIRE_EQUAL(sent.size(), 3u);
  answer(2, R"(["a"])");
  CAF_CHECK(says(out, "a=granted"));
}

// -- limits -------------------------------------------------------------------

CAF_TEST(requests beyond the limit of the venue wait for it) {
  auto cfg = fast_config();
  cfg.venue.dialect = "okx";
  cfg.heartbeat.kind = heartbeat_kind::none;
  restart(cfg);
  connect();
  for (uint64_t i = 1; i <= 480; ++i)
    take(uut.call(i, "subscribe", "[]", 5s, fail_if_down, now));
  CAF_CHECK_EQUAL(sent.size(), 480u);
  take(uut.call(481, "subscribe", "[]", 5s, fail_if_down, now));
  CAF_CHECK_EQUAL(to_text(out), "fail:481:rate_limited");
  subscribe(1, {"trades:BTC-USDT"});
  CAF_CHECK_EQUAL(sent.size(), 480u);
}

// -- clocks -------------------------------------------------------------------

CAF_TEST(heartbeats are no data for the idle deadline) {
  auto cfg = deribit_config();
  cfg.heartbeat = {.kind = heartbeat_kind::venue, .interval = 10s};
  cfg.venue.idle_timeout = 25s;
  restart(cfg);
  connect();
  CAF_CHECK(sent.at(0).find("set_heartbeat") != std::string::npos);
  now += 20s;
  auto test_request = R"({"method":"heartbeat",)"
                      R"("params":{"type":"test_request"}})";
  CAF_CHECK(peer(test_request) == inbound_kind::heartbeat_request);
  CAF_CHECK(sent.at(1).find("public/test") != std::string::npos);
  auto answer = R"({"jsonrpc":"2.0","result":{"version":"1.2.26"}})";
  CAF_CHECK(peer(answer) == inbound_kind::heartbeat);
  now += 5s;
  take(uut.expired(now));
  CAF_CHECK(uut.state() == client_state::backing_off);
  CAF_CHECK(uut.last_error().code == ec::idle_timeout);
}

CAF_TEST(data keeps the idle deadline away) {
  auto cfg = deribit_config();
  cfg.heartbeat.kind = heartbeat_kind::none;
  cfg.venue.idle_timeout = 25s;
  restart(cfg);
  connect();
  now += 20s;
  uut.data_arrived(now);
  now += 20s;
  take(uut.expired(now));
  CAF_CHECK(uut.state() == client_state::ready);
  CAF_CHECK(delay() == 5s);
}

CAF_TEST(a venue that stops to beat is lost) {
  auto cfg = deribit_config();
  cfg.heartbeat
    = {.kind = heartbeat_kind::venue, .interval = 10s, .max_missed = 1};
  restart(cfg);
  connect();
  take(wake());
  take(wake());
  CAF_CHECK(uut.state() == client_state::ready);
  peer(R"({"method":"heartbeat","params":{"type":"heartbeat"}})");
  CAF_CHECK_EQUAL(uut.failures(), 0u);
  for (int i = 0; i < 4; ++i)
    take(wake());
  CAF_CHECK(uut.state() == client_state::stopped);
  CAF_CHECK(says(out, "stop:heartbeat_lost"));
}

// -- bad input ----------------------------------------------------------------

CAF_TEST(text that is no JSON changes nothing) {
  connect();
  subscribe(1, {"a"});
  for (auto text : {"", "{", "nonsense", "[1,2", "{\"id\":1,\"id\":2}"})
    CAF_CHECK(peer(text) == inbound_kind::malformed);
  CAF_CHECK(uut.state() == client_state::ready);
  answer(0, R"(["a"])");
  CAF_CHECK(says(out, "a=granted"));
}

CAF_TEST_FIXTURE_SCOPE_END()
