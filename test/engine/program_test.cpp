// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE trading_engine_program

// The program itself, in a process of its own.

#include "engine_settings.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"
#include "zenws/testing/mock_exchange.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using zenws::test_support::program;
using zenws::test_support::temporary_folder;
using zenws::testing::json_with;
using zenws::testing::mock_exchange;
namespace sim = zenws::sim;

namespace {

constexpr auto patience = 20s;

bool says_goodbye(const sim::received_message& x) {
  return x.kind == sim::message_kind::close && x.close_code == 1001;
}

// An engine's file with one venue and a market maker.
struct fixture {
  fixture() {
    setenv("ENGINE_TEST_KEY", "demo", 1);
    setenv("ENGINE_TEST_SECRET", "demo-secret", 1);
  }

  void write_file(const std::string& engine = {}, const std::string& desk = {},
                  const std::string& instrument = "BTC-PERPETUAL") {
    std::ofstream out{file};
    out << engine << "\n[venues.deribit]\nurl = \"" << venue.url()
        << "\"\ndialect = \"deribit\"\n"
        << "credentials_from_environment = \"ENGINE_TEST\"\n"
        << "[venues.deribit.desk]\nowner = \"mm1\"\njournal_path = \""
        << folder.file("orders.db") << "\"\n"
        << desk << "\n[venues.deribit.desk.instruments." << instrument
        << "]\nposition = 1000\n[strategies.maker]\nkind = \"market_maker\"\n"
        << "venue = \"deribit\"\ninstrument = \"" << instrument
        << "\"\namount = 10\nmax_position = 100\nhalf_spread = 0.01\n"
        << "tolerance = 0.005\n";
  }

  program start(const std::vector<std::string>& arguments) {
    auto all = arguments;
    all.insert(all.end(), {"--config", file});
    return program{ZENWS_TRADING_ENGINE, all};
  }

  // Waits until both sides are quoted.
  bool is_quoting(program& engine) {
    return engine.read_after(", 2 open;", patience).has_value();
  }

  size_t open_orders() {
    auto all = venue.server().orders();
    return static_cast<size_t>(std::ranges::count_if(all, sim::is_alive));
  }

  mock_exchange venue;
  temporary_folder folder;
  std::string file = folder.file("engine.toml");
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(trading_engine_program_tests, fixture)

CAF_TEST(a signal ends the program with its orders and a goodbye) {
  write_file();
  for (auto number : {SIGTERM, SIGINT}) {
    auto uut = start({"--live"});
    CAF_REQUIRE(is_quoting(uut));
    CAF_CHECK_EQUAL(open_orders(), 2u);
    uut.signal(number);
    CAF_CHECK(uut.wait(patience) == 0);
    CAF_CHECK_EQUAL(open_orders(), 0u);
    CAF_CHECK(venue.server().wait_for(says_goodbye, patience));
    CAF_CHECK(venue.wait_for_connections(0, patience));
  }
}

CAF_TEST(orders stay if they are to be left) {
  // Without a guard, with which the venue cancels them.
  write_file("[engine]\non_exit = \"leave\"", "guard = \"0s\"");
  auto uut = start({"--live"});
  CAF_REQUIRE(is_quoting(uut));
  uut.signal(SIGTERM);
  CAF_CHECK(uut.wait(patience) == 0);
  CAF_CHECK_EQUAL(open_orders(), 2u);
}

CAF_TEST(an engine that was killed is followed by one that knows its orders) {
  write_file();
  {
    auto uut = start({"--live"});
    CAF_REQUIRE(is_quoting(uut));
    uut.signal(SIGKILL);
    CAF_CHECK(uut.wait(patience) == -1);
  }
  auto uut = start({"--live"});
  CAF_REQUIRE(is_quoting(uut));
  uut.signal(SIGTERM);
  auto end = uut.read_after("engine: ", patience);
  CAF_REQUIRE(end);
  CAF_CHECK(end->find(" open=0 unknown=0 ") != std::string::npos);
  CAF_CHECK(uut.wait(patience) == 0);
  CAF_CHECK_EQUAL(open_orders(), 0u);
}

CAF_TEST(the kill switch cancels all until it is reset) {
  write_file();
  auto uut = start({"--live"});
  CAF_REQUIRE(is_quoting(uut));
  uut.signal(SIGUSR1);
  CAF_CHECK(uut.read_after("The kill switch is thrown", patience));
  CAF_CHECK(uut.read_after("halted", patience));
  CAF_CHECK_EQUAL(open_orders(), 0u);
  uut.signal(SIGUSR2);
  CAF_CHECK(is_quoting(uut));
  uut.signal(SIGTERM);
  CAF_CHECK(uut.wait(patience) == 0);
}

CAF_TEST(orders of an engine that is gone are canceled by the command line) {
  write_file();
  {
    auto uut = start({"--live"});
    CAF_REQUIRE(is_quoting(uut));
    uut.signal(SIGKILL);
    uut.wait(patience);
  }
  auto uut = start({"--halt"});
  CAF_CHECK(uut.wait(patience) == 0);
  CAF_CHECK_EQUAL(open_orders(), 0u);
}

CAF_TEST(nothing is sent on paper) {
  write_file();
  auto uut = start({});
  CAF_REQUIRE(is_quoting(uut));
  CAF_CHECK_EQUAL(venue.count_sent(json_with(R"({"method":"private/buy"})")),
                  0u);
  uut.signal(SIGTERM);
  CAF_CHECK(uut.wait(patience) == 0);
}

CAF_TEST(questions about market data may have an address of their own) {
  auto streams = venue.server().url("/stream");
  auto api = venue.server().url("/ws-api/v3");
  std::ofstream{file}
    << "[venues.binance]\nurl = \"" << streams
    << "\"\ndialect = \"binance\"\n[venues.binance.api]\nurl = \"" << api
    << "\"\n[venues.binance.desk]\nowner = \"mm1\"\njournal = \"off\"\n"
    << "[venues.binance.desk.instruments.BTCUSDT]\nposition = 1000\n"
    << "[strategies.maker]\nkind = \"market_maker\"\nvenue = \"binance\"\n"
    << "instrument = \"BTCUSDT\"\namount = 10\nmax_position = 100\n"
    << "half_spread = 0.01\ntolerance = 0.005\n";
  auto uut = start({});
  CAF_REQUIRE(is_quoting(uut));
  uut.signal(SIGTERM);
  CAF_CHECK(uut.wait(patience) == 0);
}

CAF_TEST(an engine is back with its quotes after an outage) {
  write_file();
  auto uut = start({"--live"});
  CAF_REQUIRE(is_quoting(uut));
  venue.drop();
  CAF_CHECK(uut.read_after("is ready (connection 2)", patience));
  CAF_CHECK(is_quoting(uut));
  uut.signal(SIGTERM);
  CAF_CHECK(uut.wait(patience) == 0);
}

CAF_TEST(an instrument that the venue does not have is told) {
  write_file({}, {}, "NOPE-PERPETUAL");
  auto uut = start({"--live"});
  CAF_CHECK(uut.read_after("; NOPE-PERPETUAL: ", patience));
  uut.signal(SIGTERM);
  CAF_CHECK(uut.wait(patience));
}

CAF_TEST(real money takes the switch twice) {
  write_file();
  std::ostringstream text;
  text << std::ifstream{file}.rdbuf();
  auto changed = text.str();
  changed.replace(changed.find(venue.url()), venue.url().size(),
                  "wss://www.deribit.com/ws/api/v2");
  std::ofstream{file} << changed;
  CAF_CHECK(start({"--live", "--check"}).wait(patience) == 2);
  CAF_CHECK(start({"--live", "--live", "--check"}).wait(patience) == 0);
  CAF_CHECK(start({"--check"}).wait(patience) == 0);
}

CAF_TEST(arguments and files that make no sense end with status two) {
  write_file();
  CAF_CHECK(start({"--seconds", "soon"}).wait(patience) == 2);
  for (auto text : {"[engine]\non_exit = \"run\"\n", "[engine]\nspeed = 1\n",
                    "[venues.x]\nurl = 1\n", "x"}) {
    std::ofstream{file} << text;
    CAF_CHECK(start({}).wait(patience) == 2);
  }
}

CAF_TEST(the file of the documentation is correct) {
  zenws::engine::engine_settings uut;
  std::ostringstream mistakes;
  CAF_CHECK(zenws::load_config(
    ZENWS_EXAMPLES "/engine.toml",
    [&](zenws::config_section& root) { read_engine_file(root, uut); },
    mistakes));
  CAF_CHECK_EQUAL(mistakes.str(), "");
  CAF_CHECK_EQUAL(uut.engine.venues.size(), 2u);
  CAF_CHECK_EQUAL(uut.engine.strategies.size(), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
