// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE subscriber

#include "support/let_go.hpp"
#include "support/unit_test.hpp"
#include "support/world.hpp"

#include <future>

using namespace zenws;
using namespace zenws::test_support;

namespace {

/// A subscriber that holds on to all batches until told to let go.
struct hoard {
  std::shared_ptr<inbox> in = std::make_shared<inbox>();
  std::shared_ptr<std::vector<message_batch>> kept
    = std::make_shared<std::vector<message_batch>>();
};

caf::behavior hoarding(caf::event_based_actor*, hoard state) {
  return {
    [state](const message_batch& batch) {
      state.in->put(batch);
      state.kept->push_back(batch);
    },
    [state](const client_event& event) { state.in->put(event); },
    [state](let_go) {
      state.kept->clear();
      return true;
    },
  };
}

struct fixture : world {
  std::unique_ptr<sim::server> server = start_server();

  client_actor connect(const std::string& path,
                       std::vector<subscribe> subscribers = {}) {
    auto result = rt.connect({.config = quick(server->url(path)),
                              .subscribers = std::move(subscribers)});
    CAF_REQUIRE(result);
    return *result;
  }

  /// Waits until a condition on the status of a client holds.
  template <class Predicate>
  client_status wait_for_status(const client_actor& uut, Predicate pred) {
    client_status result;
    CAF_REQUIRE(eventually([&] {
      auto status = ask<client_status>(uut, get_status{});
      CAF_REQUIRE(status);
      result = *status;
      return pred(result);
    }));
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(subscriber_tests, fixture)

CAF_TEST(backpressure stops the reading and loses nothing) {
  constexpr size_t total = 200'000;
  hoard slow;
  auto subscriber = sys.spawn(hoarding, slow);
  auto uut = connect(
    "/flood?count=200000&size=128&close=no",
    {{subscriber,
      {.policy = overflow_policy::backpressure, .budget_bytes = 256 * 1024}}});
  auto paused = wait_for_status(uut, [](auto& x) { return x.reading_paused; });
  // Bounded: the budget, plus the batch that passed it.
  CAF_CHECK_LESS(paused.messages_received, 10'000u);
  while (slow.in->count() < total) {
    CAF_REQUIRE_EQUAL(ask<bool>(subscriber, let_go{}), true);
  }
  auto got = slow.in->messages();
  size_t wrong = 0;
  for (size_t i = 0; i < got.size(); ++i)
    wrong += got[i].sequence != i + 1;
  CAF_CHECK_EQUAL(wrong, 0u);
}

CAF_TEST(drop_newest keeps the others going and reports missing messages) {
  hoard slow;
  auto subscriber = sys.spawn(hoarding, slow);
  auto fast = std::make_shared<inbox>();
  auto other = sys.spawn(collecting, fast);
  auto uut = connect(
    "/flood?count=200000&size=128&close=no",
    {{subscriber,
      {.policy = overflow_policy::drop_newest, .budget_bytes = 256 * 1024}},
     {other}});
  CAF_CHECK(fast->wait_for_messages(200'000));
  auto status = wait_for_status(uut, [](auto& x) {
    return x.messages_received == 200'000;
  });
  CAF_CHECK_EQUAL(status.messages_dropped + slow.in->count(), 200'000u);
  CAF_CHECK_GREATER(status.messages_dropped, 0u);
}

CAF_TEST(a subscriber that lost messages is told before it gets the next) {
  auto uut = connect("/broadcast");
  hoard slow;
  auto subscriber = sys.spawn(hoarding, slow);
  CAF_CHECK_EQUAL(tell(uut, subscribe{subscriber,
                                      {.policy = overflow_policy::drop_newest,
                                       .budget_bytes = 1}}),
                  caf::none);
  CAF_REQUIRE(slow.in->wait_for_state(client_state::ready));
  server->broadcast("one");
  CAF_REQUIRE(slow.in->wait_for_messages(1));
  server->broadcast("two");
  wait_for_status(uut, [](auto& x) { return x.messages_dropped == 1; });
  CAF_CHECK_EQUAL(ask<bool>(subscriber, let_go{}), true);
  server->broadcast("three");
  auto gap = slow.in->wait_for_kind(event_kind::messages_dropped);
  CAF_REQUIRE(gap);
  CAF_CHECK_EQUAL(gap->dropped_messages, 1u);
  CAF_REQUIRE(slow.in->wait_for_messages(2));
  auto got = slow.in->messages();
  CAF_CHECK_EQUAL(got[1].payload, "three");
  CAF_CHECK_EQUAL(got[1].sequence, 3u);
}

CAF_TEST(disconnect_subscriber ends the subscription and says so) {
  hoard slow;
  auto subscriber = sys.spawn(hoarding, slow);
  auto uut = connect("/flood?count=200000&size=128&close=no",
                     {{subscriber,
                       {.policy = overflow_policy::disconnect_subscriber,
                        .budget_bytes = 256 * 1024}}});
  auto farewell = slow.in->wait_for_kind(event_kind::subscriber_removed);
  CAF_REQUIRE(farewell);
  CAF_CHECK_EQUAL(farewell->reason.code, ec::subscriber_overflow);
  wait_for_status(uut, [](auto& x) { return x.subscribers == 0; });
}

CAF_TEST(a subscriber that terminates is removed) {
  auto uut = connect("/echo");
  auto [subscriber, in] = collect(uut);
  wait_for_status(uut, [](auto& x) { return x.subscribers == 1; });
  caf::anon_send_exit(subscriber, caf::exit_reason::user_shutdown);
  wait_for_status(uut, [](auto& x) { return x.subscribers == 0; });
}

CAF_TEST(a subscriber is watched once however often it subscribes) {
  auto uut = connect("/echo");
  auto [subscriber, in] = collect(uut);
  CAF_CHECK_EQUAL(tell(uut, subscribe{subscriber}), caf::none);
  auto monitors = caf_compat::end_monitors(subscriber, uut.address());
  CAF_CHECK_EQUAL(monitors.value_or(1), 1u);
}

CAF_TEST(unsubscribing ends the messages) {
  auto uut = connect("/echo");
  auto [gone, first] = collect(uut);
  auto [stays, second] = collect(uut);
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  CAF_CHECK_EQUAL(tell(uut, unsubscribe{gone}), caf::none);
  CAF_CHECK_EQUAL(tell(uut, unsubscribe{gone}), ec::not_found);
  CAF_CHECK_EQUAL(tell(uut, send_text{"x"}), caf::none);
  CAF_CHECK(second->wait_for_text("x"));
  CAF_CHECK_EQUAL(first->count(), 0u);
}

CAF_TEST(a subscriber that throws ends no other actor) {
  auto uut = connect("/echo");
  // With an argument: CAF 0.17 dereferences a null pointer to the arguments of
  // a function that has none, which builds with assertions do not forgive.
  auto throwing = [](caf::event_based_actor* self,
                     const char* text) -> caf::behavior {
    self->set_exception_handler([](std::exception_ptr&) {
      return caf::make_error(caf::sec::runtime_error);
    });
    return {
      [text](const message_batch&) { throw std::runtime_error{text}; },
      [](const client_event&) { /* nop */ },
    };
  };
  auto bad = sys.spawn(throwing, "user code");
  auto worse = rt.spawn_function_on_loop(0, throwing, "user code");
  CAF_CHECK_EQUAL(tell(uut, subscribe{bad}), caf::none);
  CAF_CHECK_EQUAL(tell(uut, subscribe{worse}), caf::none);
  auto [good, in] = collect(uut);
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  CAF_CHECK_EQUAL(tell(uut, send_text{"boom"}), caf::none);
  CAF_CHECK(in->wait_for_text("boom"));
  wait_for_status(uut, [](auto& x) { return x.subscribers == 1; });
}

// CAF answers unhandled messages, even if they were no requests, by an error,
// which ends its receiver.
CAF_TEST(a subscriber that does not handle batches harms no other actor) {
  auto uut = connect("/echo");
  auto silence = [](caf::event_based_actor* self, int) -> caf::behavior {
    self->set_default_handler(caf::drop);
    return {[](int x) { return x; }};
  };
  auto deaf = sys.spawn(silence, 0);
  auto [good, in] = collect(uut);
  CAF_REQUIRE(!tell(uut, subscribe{deaf}));
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  CAF_REQUIRE(!tell(uut, send_text{"x"}));
  CAF_CHECK(in->wait_for_text("x"));
  CAF_CHECK(ask<int>(deaf, 1)); // it has answered all that came before
  auto status = ask<client_status>(uut, get_status{});
  CAF_REQUIRE(status);
  CAF_CHECK_EQUAL(status->epoch, 1u);
}

CAF_TEST(a colocated subscriber runs on the thread of the loop) {
  auto uut = rt.connect({.config = quick(server->url("/echo")), .loop = 0});
  CAF_REQUIRE(uut);
  auto thread = std::make_shared<std::promise<std::thread::id>>();
  auto here = [thread](caf::event_based_actor* self) -> caf::behavior {
    self->set_default_handler(caf::drop);
    return {
      [=](const message_batch&) {
        thread->set_value(std::this_thread::get_id());
      },
      [](const client_event&) { /* nop */ },
    };
  };
  auto subscriber = rt.spawn_function_on_loop(0, here);
  auto in_loop = std::make_shared<std::promise<std::thread::id>>();
  auto probe = rt.spawn_function_on_loop(
    0, [in_loop](caf::event_based_actor*) -> caf::behavior {
      in_loop->set_value(std::this_thread::get_id());
      return {[](int) { /* nop */ }};
    });
  CAF_CHECK_EQUAL(tell(*uut, subscribe{subscriber}), caf::none);
  CAF_REQUIRE(ask<uint64_t>(*uut, await_ready{}));
  CAF_CHECK_EQUAL(tell(*uut, send_text{"x"}), caf::none);
  CAF_CHECK(thread->get_future().get() == in_loop->get_future().get());
}

CAF_TEST(a provider that throws costs an attempt and no more) {
  auto calls = std::make_shared<std::atomic<int>>(0);
  client_spec spec{.config = quick(server->url("/echo"))};
  spec.provider = [calls](const dial_parameters& configured,
                          uint64_t) -> result<dial_parameters> {
    switch (calls->fetch_add(1)) {
      case 0:
        throw std::runtime_error{"no token today"};
      case 1:
        return error{ec::provider_failed, "still none"};
      default:
        return configured;
    }
  };
  auto uut = rt.connect(spec);
  CAF_REQUIRE(uut);
  CAF_CHECK_EQUAL(ask<uint64_t>(*uut, await_ready{}), 1u);
  CAF_CHECK_EQUAL(calls->load(), 3);
}

CAF_TEST_FIXTURE_SCOPE_END()
