// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE loop_watchdog

#include "service/loop_watchdog.hpp"

#include "notify_socket.hpp"
#include "service/service_manager.hpp"

#include "support/unit_test.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <future>

using namespace zenws;
using namespace zenws::test_support;
using namespace std::chrono_literals;

namespace {

struct watchdog_fixture {
  watchdog_fixture() : system(config), rt(system, 2) {
    // nop
  }

  // Has a loop do nothing else until the returned promise is kept.
  std::promise<void> block(size_t loop) {
    std::promise<void> result;
    std::promise<void> begun;
    boost::asio::post(rt.loop(loop).context(),
                      [&begun, end = result.get_future().share()] {
                        begun.set_value();
                        end.wait();
                      });
    begun.get_future().wait();
    return result;
  }

  // Returns once a loop has done all that it had to do.
  void await_turn(size_t loop) {
    std::promise<void> turned;
    boost::asio::post(rt.loop(loop).context(), [&] { turned.set_value(); });
    turned.get_future().wait();
  }

  notify_socket manager{notify_socket::path};
  service_manager sender{manager.address()};
  system_config config;
  caf::actor_system system;
  runtime rt;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(loop_watchdog_tests, watchdog_fixture)

CAF_TEST(a program whose loops all turn is alive) {
  loop_watchdog uut{rt, [this] { sender.alive(); }};
  for (auto i = 0; i < 100; ++i) {
    uut.ask();
    CAF_CHECK_EQUAL(manager.receive(), "WATCHDOG=1");
  }
}

CAF_TEST(one loop that is stuck makes the program silent until it turns) {
  loop_watchdog uut{rt, [this] { sender.alive(); }};
  for (size_t stuck : {0u, 1u}) {
    auto end = block(stuck);
    for (auto i = 0; i < 10; ++i) {
      uut.ask();
      await_turn(1 - stuck);
      CAF_CHECK(!manager.poll());
    }
    end.set_value();
    CAF_CHECK_EQUAL(manager.receive(), "WATCHDOG=1");
    await_turn(stuck);
    CAF_CHECK(!manager.poll()); // one answer for all ten
  }
}

CAF_TEST(the timer asks again and again) {
  loop_watchdog uut{rt, [this] { sender.alive(); }};
  uut.ask_every(1ms);
  for (auto i = 0; i < 10; ++i)
    CAF_CHECK_EQUAL(manager.receive(), "WATCHDOG=1");
}

CAF_TEST(a watchdog that has ended is silent though a loop turns later) {
  auto end = block(1);
  {
    loop_watchdog uut{rt, [this] { sender.alive(); }};
    uut.ask_every(1ms);
    uut.ask();
  }
  end.set_value();
  await_turn(0);
  await_turn(1);
  CAF_CHECK(!manager.poll());
}

CAF_TEST(a service manager without a watchdog is told nothing) {
  CAF_CHECK(feed_watchdog(sender, rt) == nullptr);
  service_manager other{manager.address(), 20ms};
  auto uut = feed_watchdog(other, rt);
  CAF_REQUIRE(uut != nullptr);
  CAF_CHECK_EQUAL(manager.receive(), "WATCHDOG=1");
}

CAF_TEST_FIXTURE_SCOPE_END()
