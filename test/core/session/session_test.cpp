// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE session

#include "session_fixture.hpp"

#include "support/unit_test.hpp"

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

CAF_TEST_FIXTURE_SCOPE(session_tests, session_fixture)

// -- connecting ---------------------------------------------------------------

CAF_TEST(each phase of an attempt is told once) {
  CAF_CHECK_EQUAL(to_text(uut.start(now)), "notify:resolving dial:1");
  CAF_CHECK_EQUAL(to_text(uut.entered(client_state::resolving, {})), "");
  CAF_CHECK_EQUAL(to_text(uut.entered(client_state::connecting, {})),
                  "notify:connecting");
  CAF_CHECK_EQUAL(to_text(uut.entered(client_state::upgrading, {})),
                  "notify:upgrading");
  CAF_CHECK_EQUAL(to_text(uut.entered(client_state::connecting, {})), "");
  CAF_CHECK_EQUAL(to_text(uut.entered(client_state::ready, {})), "");
  auto out = uut.opened(now);
  CAF_CHECK_EQUAL(to_text(out), "notify:ready");
  auto& event = find<action::notify>(out)->event;
  CAF_CHECK_EQUAL(event.client, "deribit");
  CAF_CHECK_EQUAL(event.client_id, 7u);
  CAF_CHECK_EQUAL(event.epoch, 4u);
  CAF_CHECK_EQUAL(event.attempt, 1u);
  CAF_CHECK(uut.connected_since() == now);
}

CAF_TEST(an attempt that does not even begin in time has failed) {
  uut.start(now);
  CAF_CHECK(delay() == fast_config().handshake_timeout);
  CAF_CHECK_EQUAL(to_text(wake()), "drop notify:backing_off");
  CAF_CHECK_EQUAL(uut.last_error().code, ec::provider_failed);
  CAF_CHECK_EQUAL(to_text(wake()), "notify:resolving dial:2");
  uut.entered(client_state::resolving, {});
  CAF_CHECK(!uut.wake_at()); // from here on it is the connection's deadline
}

CAF_TEST(nothing happens before the start and only one start counts) {
  CAF_CHECK(uut.opened(now).empty());
  CAF_CHECK(lose().empty());
  CAF_CHECK(uut.entered(client_state::connecting, {}).empty());
  CAF_CHECK(uut.expired(now).empty());
  uut.start(now);
  CAF_CHECK(uut.start(now).empty());
}

CAF_TEST(a client that does not check certificates says so first) {
  auto cfg = fast_config();
  cfg.tls.verify = tls_verify::insecure_skip_verify;
  reset(cfg);
  CAF_CHECK_EQUAL(to_text(uut.start(now)),
                  "notify:insecure_tls notify:resolving dial:1");
}

// -- reconnecting -------------------------------------------------------------

CAF_TEST(failed attempts are repeated with growing delays) {
  uut.start(now);
  uint64_t attempt = 2;
  for (auto expected : {1s, 2s, 4s}) {
    auto out = lose();
    CAF_CHECK_EQUAL(to_text(out), "notify:backing_off");
    auto& event = find<action::notify>(out)->event;
    CAF_CHECK(event.retry_in == expected);
    CAF_CHECK(event.reason.code == ec::connect_failed);
    CAF_CHECK_EQUAL(event.attempt, attempt);
    CAF_CHECK(delay() == expected);
    CAF_CHECK(uut.expired(now + expected - 1ms).empty());
    CAF_CHECK_EQUAL(to_text(wake()),
                    "notify:resolving dial:" + std::to_string(attempt));
    ++attempt;
  }
}

// The root cause was hidden.
CAF_TEST(giving up has the error of the last attempt) {
  uut.start(now);
  for (int i = 0; i < 3; ++i) {
    lose();
    wake();
  }
  auto last = refused(502);
  last.detail = "bad gateway";
  auto out = lose(last);
  CAF_CHECK_EQUAL(to_text(out), "notify:stopped stop:retries_exhausted");
  auto& reason = find<action::stop>(out)->reason;
  CAF_CHECK_EQUAL(reason.detail,
                  "4 attempts failed, the last by upgrade_refused: bad "
                  "gateway");
  CAF_CHECK(reason.refusal == last.refusal);
  CAF_CHECK(class_of(reason) == error_class::transient);
}

CAF_TEST(the first retry after a stable connection is immediate) {
  connect();
  now += 10s;
  lose(failure(ec::connection_lost));
  CAF_CHECK(delay() == 0s);
  CAF_CHECK_EQUAL(to_text(wake()), "notify:resolving dial:1");
  lose();
  CAF_CHECK(delay() == 1s);
}

// A peer that closes after each upgrade was dialed without any delay.
CAF_TEST(accepting and closing a thousand times earns no fast dials) {
  auto cfg = fast_config();
  cfg.backoff.max_attempts = backoff_config::unlimited;
  reset(cfg);
  auto begin = now;
  uut.start(now);
  for (int i = 0; i < 1'000; ++i) {
    uut.opened(now);
    now += 10ms;
    lose(closed(1000));
    wake();
  }
  CAF_CHECK(now - begin >= 7s + 997 * 8s);
  CAF_CHECK_EQUAL(uut.epoch(), 1'003u);
  CAF_CHECK_EQUAL(uut.attempts(), 1'001u);
}

CAF_TEST(a flapping server uses up the attempts) {
  uut.start(now);
  for (int i = 0; i < 3; ++i) {
    uut.opened(now);
    lose(closed(1001));
    wake();
  }
  uut.opened(now);
  CAF_CHECK_EQUAL(to_text(lose(closed(1001))),
                  "notify:stopped stop:retries_exhausted");
}

CAF_TEST(uptime counts from the opening and not from the dial) {
  uut.start(now);
  now += 9s;
  uut.opened(now);
  now += 2s;
  lose();
  CAF_CHECK(delay() == 1s);
}

// -- errors that time does not cure -------------------------------------------

CAF_TEST(fatal errors end a client at once) {
  for (auto& reason : {refused(401), failure(ec::invalid_url),
                       failure(ec::certificate_rejected)}) {
    reset(fast_config());
    uut.start(now);
    auto out = lose(reason);
    CAF_CHECK_EQUAL(to_text(out), "notify:stopped stop:"
                                    + std::string{to_string(reason.code)});
    CAF_CHECK(find<action::notify>(out)->event.reason.refusal
              == reason.refusal);
  }
}

CAF_TEST(a failure after a success is an outage and not fatal) {
  for (auto& reason :
       {refused(401), refused(403), failure(ec::login_failed),
        failure(ec::certificate_rejected), failure(ec::proxy_auth_required)}) {
    reset(fast_config());
    connect();
    lose();
    wake();
    CAF_CHECK_EQUAL(to_text(lose(reason)), "notify:backing_off");
  }
}

CAF_TEST(a first 403 is an outage) {
  uut.start(now);
  CAF_CHECK_EQUAL(to_text(lose(refused(403))), "notify:backing_off");
}

CAF_TEST(users may decide otherwise about final refusals) {
  auto cfg = fast_config();
  uut = session{cfg, {.id = 7}, {.classifier = [](const refusal& x) {
                  return x.reason.refusal->status == 403
                           ? refusal_ruling::final
                           : refusal_ruling::for_now;
                }}};
  uut.start(now);
  CAF_CHECK_EQUAL(to_text(lose(refused(401))), "notify:backing_off");
  wake();
  CAF_CHECK_EQUAL(to_text(lose(refused(403))),
                  "notify:stopped stop:upgrade_refused");
}

CAF_TEST(a server that asks for patience gets it with any status) {
  uut.start(now);
  lose(refused(429, {{"Retry-After", "60"}}));
  CAF_CHECK(delay() == 60s);
  wake();
  lose(refused(418, {{"Retry-After", "86400"}}));
  CAF_CHECK(delay() == 24h);
  wake();
  lose(refused(503, {{"Retry-After", "1"}}));
  CAF_CHECK(delay() == 4s);
  wake();
  lose(refused(500, {{"Retry-After", "60"}}));
  CAF_CHECK(delay() == 60s); // and does not give up
}

CAF_TEST(a demand holds for all clients of the host and over restarts) {
  auto demands = std::make_shared<host_demands>();
  uut = session{fast_config(), {.id = 7}, {.demands = demands}};
  uut.start(now);
  auto out = lose(refused(418, {{"Retry-After", "1800"}}));
  auto& told = find<action::notify>(out)->event;
  CAF_CHECK(told.retry_in == 30min);
  CAF_CHECK_EQUAL(told.reason.refusal->status, 418u);
  CAF_CHECK(told.detail.find("left alone until 20") != std::string::npos);
  returning_session next{fast_config(), {.id = 8}, {.demands = demands}};
  now += 10min;
  CAF_CHECK_EQUAL(to_text(next.start(now)), "notify:backing_off");
  CAF_CHECK(*next.wake_at() >= now + 20min);
  CAF_CHECK(*next.wake_at() <= now + 21min);
  now = *next.wake_at();
  CAF_CHECK_EQUAL(to_text(next.expired(now)), "notify:resolving dial:1");
}

CAF_TEST(the setting bounds demands of servers) {
  auto cfg = fast_config();
  cfg.backoff.retry_after_ceiling = 10s;
  reset(cfg);
  uut.start(now);
  lose(refused(418, {{"Retry-After", "1800"}}));
  CAF_CHECK(delay() == 10s);
}

CAF_TEST(delays go on where the incarnation before was) {
  uut.start(now);
  lose();
  wake();
  lose();
  returning_session next{fast_config(), {.id = 7}, {.history = uut.history()}};
  next.start(now);
  next.lost(failure(), now, 0);
  CAF_CHECK(*next.wake_at() == now + 4s);
}

// -- the peer closes ----------------------------------------------------------

// Close codes were thrown away.
CAF_TEST(a close by the peer is an outage unless its code is final) {
  connect();
  CAF_CHECK_EQUAL(to_text(lose(closed(1000))), "notify:backing_off");
  CAF_CHECK_EQUAL(uut.last_error().close_code, 1000u);
  auto cfg = fast_config();
  cfg.final_close_codes = {1000, 4001};
  reset(cfg);
  connect();
  CAF_CHECK_EQUAL(to_text(lose(closed(1000))), "notify:stopped stop:none");
  reset(cfg);
  connect();
  auto out = lose(closed(4001));
  CAF_CHECK_EQUAL(to_text(out), "notify:stopped stop:final_close");
  CAF_CHECK_EQUAL(find<action::stop>(out)->reason.close_code, 4001u);
  CAF_CHECK(class_of(find<action::stop>(out)->reason) == error_class::fatal);
  reset(cfg);
  connect();
  CAF_CHECK_EQUAL(to_text(lose(closed(4002))), "notify:backing_off");
}

// -- heartbeat ----------------------------------------------------------------

CAF_TEST(a peer that answers is pinged for ever) {
  connect();
  for (int i = 0; i < 100; ++i) {
    auto out = wake();
    CAF_REQUIRE_EQUAL(to_text(out), "ping");
    now += 20ms;
    uut.pong(find<action::ping>(out)->payload, now);
    CAF_CHECK(uut.round_trip() == 20ms);
    CAF_CHECK(uut.last_heartbeat() == now);
  }
  CAF_CHECK_EQUAL(uut.failures(), 0u);
}

// A half-open connection stayed "connected" for ever.
CAF_TEST(a peer that does not answer is dropped and left to the supervisor) {
  connect();
  CAF_CHECK_EQUAL(to_text(wake()), "ping");
  CAF_CHECK_EQUAL(to_text(wake()), "ping");
  auto out = wake();
  CAF_CHECK_EQUAL(to_text(out), "drop notify:stopped stop:heartbeat_lost");
  CAF_CHECK(class_of(find<action::stop>(out)->reason)
            == error_class::transient);
  CAF_CHECK(uut.wake_at() == std::nullopt);
}

CAF_TEST(a pong of an earlier connection proves nothing) {
  connect();
  auto out = wake();
  lose();
  uut.pong(find<action::ping>(out)->payload, now);
  wake();
  uut.opened(now);
  uut.pong(find<action::ping>(out)->payload, now);
  CAF_CHECK(uut.round_trip() == std::nullopt);
}

// -- closing ------------------------------------------------------------------

// There was no graceful close.
CAF_TEST(a close in ready shakes hands and then ends normally) {
  connect();
  CAF_CHECK_EQUAL(to_text(uut.request_close(4000, "bye", now)),
                  "notify:closing close:4000bye");
  CAF_CHECK(uut.wake_at() == std::nullopt);
  CAF_CHECK(uut.request_close(1000, "", now).empty());
  CAF_CHECK_EQUAL(to_text(lose(failure(ec::close_timeout))),
                  "notify:stopped stop:none");
}

// A client could not be closed while it was connecting.
CAF_TEST(a close ends every other state at once) {
  CAF_CHECK_EQUAL(to_text(uut.request_close(1000, "", now)),
                  "notify:stopped stop:none");
  for (auto phase : {client_state::resolving, client_state::connecting,
                     client_state::upgrading}) {
    reset(fast_config());
    uut.start(now);
    uut.entered(phase, {});
    CAF_CHECK_EQUAL(to_text(uut.request_close(1000, "", now)),
                    "drop notify:stopped stop:none");
  }
  reset(fast_config());
  uut.start(now);
  lose();
  CAF_CHECK_EQUAL(to_text(uut.request_close(1000, "", now)),
                  "notify:stopped stop:none");
  CAF_CHECK(uut.wake_at() == std::nullopt);
}

CAF_TEST(a close that may not travel is replaced by a plain one) {
  for (auto& [code, reason] :
       {std::pair<uint16_t, std::string>{1006, "x"}, {1000, "\xff"}}) {
    reset(fast_config());
    connect();
    CAF_CHECK_EQUAL(to_text(uut.request_close(code, reason, now)),
                    "notify:closing close:1000");
  }
}

// A01, A02: inputs of one attempt hit the next one.
CAF_TEST(late inputs are ignored) {
  connect();
  CAF_CHECK_EQUAL(count<action::notify>(lose()), 1u);
  CAF_CHECK(lose().empty());
  CAF_CHECK(uut.opened(now).empty());
  CAF_CHECK(uut.entered(client_state::upgrading, {}).empty());
  CAF_CHECK(uut.state() == client_state::backing_off);
}

CAF_TEST(nothing comes out after the stop) {
  uut.start(now);
  uut.request_close(1000, "", now);
  CAF_CHECK(uut.start(now).empty());
  CAF_CHECK(uut.opened(now).empty());
  CAF_CHECK(uut.expired(now + 24h).empty());
  CAF_CHECK(uut.request_close(1000, "", now).empty());
  CAF_CHECK(lose().empty());
  CAF_CHECK(uut.state() == client_state::stopped);
}

CAF_TEST_FIXTURE_SCOPE_END()
