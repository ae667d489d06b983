// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE service_programs

#include "notify_socket.hpp"

#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include <csignal>
#include <fstream>
#include <string>

using namespace zenws::test_support;
using namespace std::chrono_literals;

namespace {

struct programs_fixture {
  // Starts a program with a file of this content as a service with a watchdog.
  program start(const char* path, const std::string& content) {
    auto file = folder.file("config.toml");
    std::ofstream{file} << content;
    return {"/usr/bin/env",
            {"NOTIFY_SOCKET=" + manager.address(), "WATCHDOG_USEC=20000", path,
             "--config", file}};
  }

  // Returns the next message that is no sign of life.
  std::string next_state() {
    for (;;) {
      auto message = manager.receive();
      if (message != "WATCHDOG=1")
        return message;
    }
  }

  // Returns once the program has shown a sign of life.
  void await_life() {
    while (manager.receive() != "WATCHDOG=1")
      CAF_MESSAGE("a state");
  }

  notify_socket manager{notify_socket::path};
  temporary_folder folder;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(service_programs_tests, programs_fixture)

CAF_TEST(the gateway is ready once it listens and tells that it ends) {
  auto uut = start(ZENWS_GATEWAY,
                   "[gateway]\nname = 'west'\n"
                   "[clients.venue]\nurl = 'ws://127.0.0.1:1'\n");
  auto state = next_state();
  CAF_CHECK_EQUAL(state.substr(0, state.rfind(':')),
                  "READY=1\nSTATUS=west listening at 127.0.0.1");
  await_life();
  uut.signal(SIGTERM);
  CAF_CHECK_EQUAL(next_state(), "STOPPING=1");
  CAF_CHECK_EQUAL(uut.wait(1min), 0);
}

CAF_TEST(the engine is ready once it trades and tells that it ends) {
  auto uut = start(ZENWS_TRADING_ENGINE,
                   "[engine]\non_exit = 'leave'\n"
                   "[venues.deribit]\nurl = 'ws://127.0.0.1:1'\n"
                   "dialect = 'deribit'\n"
                   "[venues.deribit.desk]\nowner = 'mm1'\njournal_path = '"
                     + folder.file("orders.db")
                     + "'\n[venues.deribit.desk.instruments.BTC-PERPETUAL]\n"
                       "position = 1000\n"
                       "[strategies.maker]\nkind = 'market_maker'\n"
                       "venue = 'deribit'\ninstrument = 'BTC-PERPETUAL'\n"
                       "amount = 100\nmax_position = 1000\n"
                       "half_spread = 0.0005\n");
  CAF_CHECK_EQUAL(next_state(), "READY=1\nSTATUS=trading on paper");
  await_life();
  uut.signal(SIGTERM);
  CAF_CHECK_EQUAL(next_state(), "STOPPING=1");
  CAF_CHECK(uut.wait(1min));
}

CAF_TEST_FIXTURE_SCOPE_END()
