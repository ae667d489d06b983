// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE replay

#include "support/let_go.hpp"
#include "support/unit_test.hpp"
#include "support/world.hpp"

#include "recording_fixture.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

// A subscriber that holds on to all batches until told to let go.
caf::behavior hoarding(caf::event_based_actor*, inbox_ptr in) {
  auto kept = std::make_shared<std::vector<message_batch>>();
  return {
    [=](const message_batch& batch) {
      in->put(batch);
      kept->push_back(batch);
    },
    [=](const client_event& event) { in->put(event); },
    [=](let_go) {
      kept->clear();
      return true;
    },
  };
}

struct fixture : recording_fixture {
  // Plays all and returns the summary.
  static replay_summary play(world& w, const replay_actor& uut) {
    auto result = w.ask<replay_summary>(uut, start_replay{});
    CAF_REQUIRE(result);
    return *result;
  }

  static std::pair<replay_actor, inbox_ptr> start(world& w,
                                                  replay_options options) {
    auto in = std::make_shared<inbox>();
    auto uut = spawn_replay(w.sys, std::move(options),
                            {{w.sys.spawn(collecting, in)}});
    CAF_REQUIRE(uut);
    return {*uut, in};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(replay_tests, fixture)

CAF_TEST(a replay gives the same messages and events as the client) {
  auto server = start_server();
  auto live = std::make_shared<inbox>();
  {
    world w;
    auto spec = client_spec{.name = "feed",
                            .config = quick(server->url("/echo")),
                            .record_to = options()};
    spec.subscribers.push_back({w.sys.spawn(collecting, live)});
    auto client = w.rt.connect(spec);
    CAF_REQUIRE(client);
    CAF_REQUIRE(w.ask<uint64_t>(*client, await_ready{}));
    for (auto i = 0; i < 100; ++i)
      CAF_CHECK_EQUAL(w.tell(*client, send_text{std::to_string(i)}), caf::none);
    CAF_CHECK(live->wait_for_messages(100));
    server->apply(sim::fault_drop{});
    CAF_REQUIRE(live->wait_for_state(client_state::ready, 2));
    CAF_CHECK_EQUAL(w.tell(*client, send_binary{"\x01\xff"}), caf::none);
    CAF_CHECK(live->wait_for_messages(101));
    CAF_CHECK_EQUAL(w.tell(*client, close_client{}), caf::none);
    CAF_CHECK(live->wait_for_kind(event_kind::ended));
  }
  world w;
  auto [uut, in] = start(w, {.path = path(), .speed = 0});
  auto summary = play(w, uut);
  CAF_REQUIRE(in->wait_for_kind(event_kind::ended));
  CAF_CHECK_EQUAL(summary.messages, 101u);
  CAF_CHECK_EQUAL(summary.corrupt, 0u);
  auto expected = live->messages();
  auto got = in->messages();
  CAF_REQUIRE_EQUAL(got.size(), expected.size());
  for (size_t i = 0; i < got.size(); ++i) {
    CAF_CHECK_EQUAL(got[i].payload, expected[i].payload);
    CAF_CHECK_EQUAL(got[i].sequence, expected[i].sequence);
    CAF_CHECK_EQUAL(got[i].epoch, expected[i].epoch);
    CAF_CHECK(got[i].kind == expected[i].kind);
    CAF_CHECK_EQUAL(got[i].client_id, expected[i].client_id);
  }
  auto expected_events = live->events();
  auto events = in->events();
  // Nothing is added but that this was a replay.
  CAF_REQUIRE_EQUAL(events.size(), expected_events.size() + 1);
  CAF_CHECK(events[events.size() - 2].kind == event_kind::replay_ended);
  events.erase(events.end() - 2);
  for (size_t i = 0; i < expected_events.size(); ++i)
    CAF_CHECK_EQUAL(describe(events[i]), describe(expected_events[i]));
}

CAF_TEST(messages that came at once are one batch again) {
  world w;
  for (uint64_t i = 1; i <= 10; ++i)
    add(i, "x");
  add(12, "after a hole");
  add(13, "later", 1us);
  auto sizes = std::make_shared<std::vector<size_t>>();
  auto counting = [=](caf::event_based_actor*, caf::unit_t) -> caf::behavior {
    return {
      [=](const message_batch& batch) { sizes->push_back(batch.size()); },
      [](const client_event&) { /* nop */ },
    };
  };
  auto subscriber = w.sys.spawn(counting, caf::unit);
  auto uut = spawn_replay(w.sys, {.path = path()}, {{subscriber}});
  CAF_REQUIRE(uut);
  play(w, *uut);
  w.self->send_exit(subscriber, caf::exit_reason::user_shutdown);
  w.await_end_of(subscriber);
  CAF_CHECK_EQUAL(*sizes, (std::vector<size_t>{10, 1, 1}));
}

CAF_TEST(a slow subscriber is waited for) {
  world w;
  constexpr uint64_t total = 5000;
  for (uint64_t i = 1; i <= total; ++i)
    add(i, std::string(100, 'x'), std::chrono::microseconds{i});
  auto in = std::make_shared<inbox>();
  auto subscriber = w.sys.spawn(hoarding, in);
  auto uut = spawn_replay(w.sys, {.path = path(), .speed = 0},
                          {{subscriber, {.budget_bytes = 16 * 1024}}});
  CAF_REQUIRE(uut);
  caf_compat::tell(*w.self, *uut, start_replay{});
  CAF_CHECK(in->wait_for_messages(10));
  // Answered after all that it has sent: it does not send any more.
  CAF_CHECK_EQUAL(w.tell(*uut, unsubscribe{w.sys.spawn(collecting, in)}),
                  ec::not_found);
  CAF_CHECK_LESS(in->count(), total / 10);
  while (in->count() < total)
    CAF_REQUIRE_EQUAL(w.ask<bool>(subscriber, let_go{}), true);
  CAF_CHECK(in->wait_for_kind(event_kind::replay_ended));
  auto got = in->messages();
  for (size_t i = 0; i < got.size(); ++i)
    if (got[i].sequence != i + 1)
      CAF_FAIL("message " << i << " has number " << got[i].sequence);
}

CAF_TEST(corrupt lines and a torn end are reported) {
  world w;
  add(1, "a");
  append("garbage\n");
  add(2, "b");
  append(R"({"ts":"2026-01-31T00:00:00.000000Z","dir":"in","type":"event",)"
         R"("data":"{}"})"
         "\n{\"ts\":\"20");
  auto [uut, in] = start(w, {.path = path()});
  auto summary = play(w, uut);
  CAF_CHECK_EQUAL(summary.messages, 2u);
  CAF_CHECK_EQUAL(summary.corrupt, 2u);
  CAF_CHECK(summary.torn);
  CAF_CHECK_EQUAL(summary.problems.size(), 2u);
  auto last = in->wait_for_kind(event_kind::replay_ended);
  CAF_REQUIRE(last);
  CAF_CHECK_EQUAL(last->detail, "2 corrupt lines");
  CAF_CHECK(in->wait_for_kind(event_kind::ended));
  CAF_CHECK(in->events().back().kind == event_kind::ended);
}

CAF_TEST(older files are played first and a replay can be repeated) {
  world w;
  add(1, "old");
  std::filesystem::rename(path(), path() + ".1");
  add(2, "new", 1us);
  auto [uut, in] = start(w, {.path = path(), .client_id = 77});
  CAF_CHECK_EQUAL(play(w, uut).messages, 2u);
  CAF_CHECK_EQUAL(play(w, uut).messages, 2u);
  CAF_REQUIRE(in->wait_for_messages(4));
  auto got = in->messages();
  CAF_CHECK_EQUAL(got[0].payload, "old");
  CAF_CHECK_EQUAL(got[1].payload, "new");
  CAF_CHECK_EQUAL(got[3].client_id, 77u);
}

CAF_TEST(a part of a recording is played) {
  world w;
  for (uint64_t i = 1; i <= 10; ++i)
    add(i, std::to_string(i), std::chrono::seconds{i});
  auto begin = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31};
  auto [uut, in] = start(w, {.path = path(),
                             .range = {.from = begin + 4s, .to = begin + 6s},
                             .speed = 0});
  CAF_CHECK_EQUAL(play(w, uut).messages, 3u);
  CAF_REQUIRE(in->wait_for_messages(3));
  CAF_CHECK_EQUAL(in->messages()[0].sequence, 4u);
}

CAF_TEST(with a dialect subscribers see data only) {
  world w;
  add(1, R"({"jsonrpc":"2.0","id":1,"result":"ok"})");
  add(2, R"({"jsonrpc":"2.0","method":"subscription","params":)"
         R"({"channel":"c","data":1}})");
  auto [uut, in] = start(w, {.path = path(), .dialect = "deribit"});
  auto summary = play(w, uut);
  CAF_CHECK_EQUAL(summary.messages, 1u);
  CAF_CHECK_EQUAL(summary.skipped, 1u);
  CAF_REQUIRE(in->wait_for_messages(1));
  auto messages = in->messages();
  CAF_CHECK_EQUAL(messages[0].sequence, 2u);
}

CAF_TEST(files that cannot be played are refused) {
  world w;
  auto [uut, in] = start(w, {.path = path()});
  auto missing = w.ask<replay_summary>(uut, start_replay{});
  CAF_REQUIRE(!missing);
  CAF_CHECK_EQUAL(caf_compat::code_of(missing.error()), ec::recording_failed);
  auto wrong = spawn_replay(
    w.sys, {.speed = -1, .max_gap = -1ms, .dialect = "none"}, {{}});
  CAF_REQUIRE(!wrong);
  CAF_CHECK_EQUAL(caf_compat::code_of(wrong.error()), ec::invalid_config);
}

CAF_TEST_FIXTURE_SCOPE_END()
