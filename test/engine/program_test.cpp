// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE trading_engine_program

// The program itself, in a process of its own.

#include "engine_settings.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"
#include "zenws/testing/mock_exchange.hpp"

#include <csignal>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using zenws::test_support::program;
using zenws::testing::json_with;
using zenws::testing::mock_exchange;
namespace sim = zenws::sim;

namespace {

constexpr auto patience = 20s;

// Starts a trading engine.
program start(const std::vector<std::string>& arguments) {
  return program{ZENWS_TRADING_ENGINE, arguments};
}

// Waits until the venue has granted all subscriptions.
bool is_served(program& engine) {
  return engine.read_after("subscriptions 3/3", patience).has_value();
}

bool says_goodbye(const sim::received_message& x) {
  return x.kind == sim::message_kind::close && x.close_code == 1001;
}

} // namespace

CAF_TEST(a signal ends the program with a goodbye to the venue) {
  for (auto number : {SIGTERM, SIGINT}) {
    mock_exchange venue;
    auto uut = start({"--url", venue.url()});
    CAF_REQUIRE(is_served(uut));
    uut.signal(number);
    CAF_CHECK(uut.wait(patience) == 0);
    CAF_CHECK(venue.server().wait_for(says_goodbye, patience));
    CAF_CHECK(venue.wait_for_connections(0, patience));
  }
}

CAF_TEST(an engine is back with its market data after an outage) {
  mock_exchange venue;
  auto uut = start({"--url", venue.url()});
  auto subscribes = json_with(R"({"method":"public/subscribe"})");
  CAF_REQUIRE(is_served(uut));
  venue.clear();
  venue.drop();
  CAF_CHECK(venue.assert_sent(subscribes, patience));
  CAF_CHECK(is_served(uut));
  uut.signal(SIGTERM);
  CAF_CHECK(uut.wait(patience) == 0);
}

CAF_TEST(without a login the channels are not raw unless it is demanded) {
  mock_exchange venue;
  auto uut = start({"--url", venue.url()});
  auto subscribes = [](std::string_view text) {
    auto has = [&](std::string_view x) { return text.find(x) != text.npos; };
    return has("public/subscribe") && has("book.BTC-PERPETUAL.100ms")
           && has("trades.BTC-PERPETUAL.100ms")
           && has("ticker.BTC-PERPETUAL.100ms") && !has(".raw");
  };
  CAF_CHECK(venue.assert_sent(subscribes, patience));
  CAF_CHECK(start({"--url", venue.url(), "--interval", "raw"}).wait(patience)
            == 2);
}

CAF_TEST(a run without any market data fails with the reason) {
  mock_exchange venue;
  auto uut = start({"--url", venue.url(), "--instrument", "NOPE-PERPETUAL"});
  CAF_CHECK(
    uut.read_after("The venue refuses book of NOPE-PERPETUAL: ", patience));
  uut.signal(SIGTERM);
  CAF_CHECK(uut.wait(patience) == 1);
}

CAF_TEST(arguments that make no sense end the program with status two) {
  for (auto& arguments : {std::vector<std::string>{"--url", "nonsense"},
                          {"--run", "not a name"},
                          {"--interval", "hourly"}})
    CAF_CHECK(start(arguments).wait(patience) == 2);
}

CAF_TEST(the command line overrides the file) {
  mock_exchange venue;
  zenws::test_support::temporary_folder folder;
  auto file = folder.file("engine.toml");
  std::ofstream{file} << "[engine]\ninstruments = [\"ETH-PERPETUAL\"]\n"
                      << "interval = \"raw\"\n[venue]\nurl = \"" << venue.url()
                      << "\"\n";
  auto uut = start({"--interval", "100ms", "--config", file});
  auto subscribes = [](std::string_view text) {
    return text.find("book.ETH-PERPETUAL.100ms") != text.npos;
  };
  CAF_CHECK(venue.assert_sent(subscribes, patience));
  CAF_REQUIRE(is_served(uut));
  uut.signal(SIGTERM);
  CAF_CHECK(uut.wait(patience) == 0);
}

CAF_TEST(a file with mistakes ends the program with status two) {
  zenws::test_support::temporary_folder folder;
  auto file = folder.file("engine.toml");
  for (auto text :
       {"[engine]\nintervall = 1\n", "[engine]\nrun = \"not a name\"\n",
        "[gateways]\naddresses = [\"here\"]\n", "[venue]\nurl = 1\n", "x"}) {
    std::ofstream{file} << text;
    CAF_CHECK(start({"--config", file}).wait(patience) == 2);
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
  CAF_CHECK_EQUAL(uut.instruments.size(), 2u);
  CAF_CHECK_EQUAL(uut.gateways.size(), 2u);
}
