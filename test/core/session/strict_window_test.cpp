// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE strict_window

#include "venue_fixture.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

// Binance ends a connection that sends more frames in any second than this,
// pings and pongs included (developers.binance.com, "WebSocket Limits").
constexpr size_t frames_per_second = 5;

struct fixture : venue_fixture {
  std::deque<session::time_point> frames;
  size_t most = 0; // in any second so far
  size_t counted = 0;
  size_t answered = 0;

  client_config config(std::chrono::milliseconds ping_interval) {
    auto cfg = fast_config();
    cfg.backoff.max_attempts = backoff_config::unlimited;
    cfg.heartbeat = {.kind = heartbeat_kind::ping_pong,
                     .interval = ping_interval,
                     .max_missed = 50};
    cfg.venue.dialect = "binance";
    return cfg;
  }

  void frame() {
    frames.push_back(now);
    while (frames.front() + 1s <= now)
      frames.pop_front();
    most = std::max(most, frames.size());
  }

  // Counts sent requests, and makes the venue grant them.
  void serve() {
    while (counted < sent.size() || answered < sent.size() || pinged()) {
      for (; counted < sent.size(); ++counted)
        frame();
      for (; answered < sent.size(); ++answered)
        peer(R"({"result":null,"id":)" + std::to_string(id_of(answered)) + '}');
    }
  }

  bool pinged() {
    auto pings = zenws::test_support::count<action::ping>(out);
    for (size_t i = 0; i < pings; ++i)
      frame();
    out.clear();
    return pings > 0;
  }

  // A Ping frame of the venue, which is answered at once.
  void venue_pings() {
    frame();
    uut.peer_pinged(now);
    serve();
  }

  void pass(std::chrono::milliseconds time) {
    auto end = now + time;
    while (uut.wake_at() && *uut.wake_at() <= end) {
      take(wake());
      serve();
    }
    now = end;
  }
};

std::vector<std::string> streams(size_t count) {
  std::vector<std::string> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back("c" + std::to_string(i) + "usdt@trade");
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(strict_window_tests, fixture)

CAF_TEST(a pong has room in a window that requests have filled) {
  restart(config(1h));
  connect();
  for (uint64_t i = 1; i <= 10; ++i)
    take(uut.send(i, message_kind::text, "x", fail_if_down, now)), serve();
  venue_pings();
  CAF_CHECK_EQUAL(most, frames_per_second);
}

CAF_TEST(a ping of our own waits for room) {
  restart(config(2s));
  connect();
  pass(1'900ms);
  for (uint64_t i = 1; i <= 10; ++i)
    take(uut.send(i, message_kind::text, "x", fail_if_down, now)), serve();
  auto before = frames.size();
  pass(100ms); // the time of the ping
  CAF_CHECK_EQUAL(frames.size(), before);
  pass(5s);
  CAF_CHECK(most <= frames_per_second);
  CAF_CHECK(uut.state() == client_state::ready);
}

CAF_TEST(no window is ever exceeded by any requests) {
  auto seed = choose_seed();
  for (uint64_t i = 0; i < 200; ++i) {
    std::mt19937_64 rng{seed + i};
    fixture f;
    f.restart(f.config(std::chrono::milliseconds{100 + rng() % 3'000}));
    f.subscribe(1, streams(1'000));
    f.connect();
    f.serve();
    auto next_ping = f.now + std::chrono::milliseconds{rng() % 20'000};
    uint64_t token = 0;
    for (int step = 0; step < 100; ++step) {
      switch (rng() % 6) {
        case 0:
          f.call(++token);
          break;
        case 1:
          f.take(f.uut.send(++token, message_kind::text, "x", queue_until(5s),
                            f.now));
          break;
        case 2: {
          std::vector<std::string> names{"c1usdt@trade"};
          std::vector<std::string_view> views{names.begin(), names.end()};
          f.take(rng() % 2 == 0 ? f.uut.unsubscribe(1, views, f.now)
                                : f.uut.renew(views, f.now));
          break;
        }
        case 3:
          if (rng() % 10 == 0) {
            f.drop();
            f.frames.clear(); // a window of each connection
            f.reconnect();
          }
          break;
        default:
          break;
      }
      f.serve();
      if (next_ping <= f.now) {
        f.venue_pings();
        next_ping += 20s;
      }
      f.pass(std::chrono::milliseconds{rng() % 800});
    }
    if (f.most > frames_per_second)
      CAF_FAIL("ZENWS_SEED=" << seed + i << ": " << f.most << " frames");
  }
}

// The venue's window may be smaller than the published one, or it may count
// others of the same address.
CAF_TEST(after a close for too many requests the pace is lower) {
  restart(config(1h));
  subscribe(1, streams(1'000));
  connect();
  auto penalties = 0;
  for (; penalties < 6; ++penalties) {
    // A window of one frame.
    most = 0;
    frames.clear();
    while (most <= 1 && uut.protocol().subscriptions().num_channels() > 0
           && uut.state() != client_state::ready) {
      serve();
      if (most <= 1)
        take(wake());
    }
    if (most <= 1)
      break;
    auto reason = closed(1008);
    reason.detail = "Too many requests";
    take(lose(reason));
    CAF_CHECK(uut.last_error().detail == "Too many requests");
    take(wake());
    take(uut.opened(now));
  }
  CAF_CHECK(penalties <= 3);
  CAF_CHECK(uut.state() == client_state::ready);
}

CAF_TEST(a client that was too fast again and again still sends) {
  restart(config(1h));
  for (int i = 0; i < 20; ++i) {
    if (i == 0)
      connect();
    else
      reconnect();
    take(lose({.code = ec::closed_by_peer, .close_code = 1008}));
  }
  reconnect();
  serve();
  subscribe(1, streams(1));
  serve();
  for (int i = 0; i < 10; ++i) {
    pass(20s);
    venue_pings();
  }
  CAF_CHECK_EQUAL(uut.protocol().subscriptions().num_delayed(), 0u);
  CAF_CHECK(uut.protocol().subscriptions().restored());
  CAF_CHECK_EQUAL(sent.size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
