// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE outlet.process

#include "outlet_fixture.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto channel = "trades.BTC-PERPETUAL.100ms";

// Until a program runs, or has noticed that its gateway does not answer.
constexpr std::chrono::seconds long_patience{60};

struct fixture {
  fixture() {
    std::ofstream{folder.file("secret")} << reader_token << '\n';
    std::filesystem::permissions(folder.file("secret"),
                                 std::filesystem::perms::owner_read);
    setenv("OUTLET_TOKEN", reader_token.c_str(), 1);
    start_gateway();
  }

  // Starts the gateway, at the same address as before.
  void start_gateway() {
    std::ofstream{folder.file("gateway.toml")}
      << "[gateway]\nname = \"g\"\nport = 0\n"
      << "[outlet]\nport = " << port << "\n"
      << "[outlet.tokens.python]\nrights = [\"read\"]\n"
      << "secret_file = \"" << folder.file("secret") << "\"\n"
      << "[clients.venue]\ndialect = \"deribit\"\n"
      << "url = \"" << server->url() << "\"\n";
    gateway.emplace(ZENWS_GATEWAY, std::vector<std::string>{
                                     "--config", folder.file("gateway.toml")});
    auto url = gateway->read_after("outlet listening at ws://127.0.0.1:",
                                   long_patience);
    CAF_REQUIRE(url);
    port = std::stoi(*url);
  }

  bool python_says(const std::string& text) {
    return python->read_after(text, long_patience).has_value();
  }

  std::unique_ptr<sim::server> server = start_server();
  temporary_folder folder;
  int port = 0;
  std::optional<program> gateway;
  std::optional<program> python;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outlet_process_tests, fixture)

CAF_TEST(the example survives the kill and the stall of its gateway) {
  python.emplace("/usr/bin/python3",
                 std::vector<std::string>{
                   std::string{ZENWS_EXAMPLES} + "/outlet.py",
                   "ws://127.0.0.1:" + std::to_string(port), "venue", channel});
  CAF_REQUIRE(python_says("data: "));
  CAF_MESSAGE("kill");
  gateway->signal(SIGKILL);
  CAF_REQUIRE(gateway->wait(patience));
  CAF_REQUIRE(python_says("away: "));
  gateway.reset();
  start_gateway();
  CAF_REQUIRE(python_says("gap: connected anew"));
  CAF_REQUIRE(python_says("data: "));
  CAF_MESSAGE("stall");
  gateway->signal(SIGSTOP);
  CAF_REQUIRE(python_says("away: "));
  gateway->signal(SIGCONT);
  CAF_REQUIRE(python_says("gap: connected anew"));
  CAF_REQUIRE(python_says("data: "));
}

CAF_TEST(a stalled program neither holds up nor ends the others) {
  auto start_python = [&] {
    return std::make_unique<program>(
      "/usr/bin/python3",
      std::vector<std::string>{std::string{ZENWS_EXAMPLES} + "/outlet.py",
                               "ws://127.0.0.1:" + std::to_string(port),
                               "venue", channel});
  };
  auto stalled = start_python();
  auto fast = start_python();
  CAF_REQUIRE(stalled->read_after("data: ", long_patience));
  CAF_REQUIRE(fast->read_after("data: ", long_patience));
  stalled->signal(SIGSTOP);
  for (int i = 0; i < 20; ++i)
    CAF_REQUIRE(fast->read_after("data: ", long_patience));
  stalled->signal(SIGCONT);
  CAF_CHECK(stalled->read_after("data: ", long_patience));
}

CAF_TEST_FIXTURE_SCOPE_END()
