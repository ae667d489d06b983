// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE io_loop

#include "zenws/actors/caf/io_loop.hpp"

#include "support/actor_test.hpp"

#include "zenws/actors/runtime.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <future>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;

namespace {

// CAF's scheduler runs when the test says so; the loop has its own thread.
struct fixture : test_coordinator_fixture<system_config> {
  ~fixture() {
    uut.end(0s);
  }

  // Calls `f` on the thread of the loop and waits for it.
  template <class F>
  void on_loop(F f) {
    std::promise<void> done;
    boost::asio::post(uut.context(), [&] {
      f();
      done.set_value();
    });
    done.get_future().wait();
  }

  template <class F>
  caf::actor spawn_on_loop(F f) {
    return caf_compat::spawn_function_on<loop_actor>(sys, uut, std::move(f));
  }

  // Waits until an actor has handled all earlier messages.
  void synchronize(const caf::actor& x) {
    self->request(x, caf::infinite, true)
      .receive([](bool) {}, [](caf::error&) { CAF_FAIL("no answer"); });
    on_loop([] {});
  }

  // Creates an actor on the loop that logs numbers, and waits until it is idle.
  caf::actor spawn_logger() {
    auto result = spawn_on_loop([this](caf::event_based_actor*) {
      return caf::behavior{[this](int x) {
                             log.push_back(std::to_string(x));
                             threads.push_back(std::this_thread::get_id());
                           },
                           [](bool x) { return x; }};
    });
    synchronize(result);
    return result;
  }

  using strings = std::vector<std::string>;

  io_loop uut{sys};

  // Belong to the thread of the loop.
  strings log;
  std::vector<std::thread::id> threads;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(io_loop_tests, fixture)

CAF_TEST(an actor of a loop runs on its thread for any sender) {
  auto logger = spawn_logger();
  on_loop([&] {
    caf_compat::anon_send(logger, 1);
    threads.push_back(std::this_thread::get_id());
  });
  caf_compat::tell(*self, logger, 2);
  synchronize(logger);
  on_loop([&] {
    CAF_CHECK_EQUAL(threads.size(), 3u);
    for (auto& x : threads)
      CAF_CHECK(x == std::this_thread::get_id());
  });
}

CAF_TEST(an actor that becomes ready in a turn runs at the end of it) {
  auto logger = spawn_logger();
  on_loop([&] {
    {
      io_loop::turn turn{uut};
      caf_compat::anon_send(logger, 1);
      log.push_back("end of the callback");
    }
    CAF_CHECK(log == strings({"end of the callback", "1"}));
  });
}

CAF_TEST(a turn within a turn ends with the outer one) {
  auto logger = spawn_logger();
  on_loop([&] {
    {
      io_loop::turn outer{uut};
      {
        io_loop::turn inner{uut};
        caf_compat::anon_send(logger, 1);
      }
      log.push_back("end of the inner turn");
    }
    CAF_CHECK(log == strings({"end of the inner turn", "1"}));
  });
}

CAF_TEST(actors of the loop take turns within one turn of the loop) {
  auto logger = spawn_logger();
  auto relay = spawn_on_loop([=](caf::event_based_actor* ptr) {
    return caf::behavior{[=](int x) { caf_compat::tell(*ptr, logger, x + 1); },
                         [](bool x) { return x; }};
  });
  synchronize(relay);
  on_loop([&] {
    {
      io_loop::turn turn{uut};
      caf_compat::anon_send(relay, 1);
    }
    CAF_CHECK(log == strings{"2"});
  });
}

CAF_TEST(other actors go to the scheduler when the turn ends) {
  size_t received = 0;
  auto other
    = sys.spawn([&](caf::event_based_actor*,
                    int) { return caf::behavior{[&](int) { ++received; }}; },
                0);
  sched.run();
  on_loop([&] {
    {
      io_loop::turn turn{uut};
      for (int i = 0; i < 3; ++i)
        caf_compat::deliver(caf::actor_cast<caf::strong_actor_ptr>(other),
                            nullptr, i, &uut);
      CAF_CHECK(!sched.has_job());
    }
    CAF_CHECK_EQUAL(sched.jobs.size(), 1u);
  });
  CAF_CHECK_EQUAL(received, 0u);
  sched.run();
  CAF_CHECK_EQUAL(received, 3u);
}

CAF_TEST(an actor that never rests leaves time to the sockets) {
  auto restless = spawn_on_loop([](caf::event_based_actor* ptr) {
    caf_compat::tell(*ptr, ptr, 1);
    return caf::behavior{[=](int x) { caf_compat::tell(*ptr, ptr, x); }};
  });
  size_t callbacks = 0;
  for (int i = 0; i < 10; ++i)
    on_loop([&] { ++callbacks; });
  CAF_CHECK_EQUAL(callbacks, 10u);
  caf::anon_send_exit(restless, caf::exit_reason::user_shutdown);
}

CAF_TEST(a loop keeps its actors alive and asks them to end when it stops) {
  caf::actor_addr logger;
  {
    auto handle = spawn_logger();
    logger = handle.address();
    self->monitor(handle);
  }
  CAF_REQUIRE(caf::actor_cast<caf::actor>(logger) != nullptr);
  uut.end(1h);
  self->receive([&](const caf::down_msg& x) {
    CAF_CHECK(x.source == logger);
    CAF_CHECK(x.reason == caf::exit_reason::user_shutdown);
  });
}

CAF_TEST(a loop that stops kills actors that do not end) {
  auto stubborn = spawn_on_loop([](caf::event_based_actor* ptr) {
    caf_compat::on_exit_message(*ptr, [](const caf::actor_addr&,
                                         const caf::error&) {});
    return caf::behavior{[](int x) { return x; }};
  });
  self->monitor(stubborn);
  uut.end(0s);
  self->receive([](const caf::down_msg& x) {
    CAF_CHECK(x.reason == caf::exit_reason::kill);
  });
}

CAF_TEST(a loop that polls keeps its core busy and takes events) {
  io_loop busy{sys, 1h};
  auto callback = [&] {
    std::promise<void> done;
    boost::asio::post(busy.context(), [&] { done.set_value(); });
    done.get_future().wait();
  };
  callback();
  auto before = busy.cpu_time();
  while (busy.cpu_time() < before + 1ms) // for ever, if it slept
    std::this_thread::yield();
  callback();
  busy.end(0s);
}

CAF_TEST(a loop that has polled for long enough sleeps until it is woken) {
  io_loop busy{sys, 1ns};
  for (int i = 0; i < 100; ++i) {
    std::promise<void> done;
    boost::asio::post(busy.context(), [&] { done.set_value(); });
    done.get_future().wait();
  }
  busy.end(0s);
}

CAF_TEST_FIXTURE_SCOPE_END()
