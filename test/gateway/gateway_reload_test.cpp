// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE gateway_reload

// A gateway in a process of its own that reads its file again.

#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"
#include "zenws/sim/server.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
using zenws::test_support::program;
using zenws::test_support::temporary_folder;
namespace sim = zenws::sim;

namespace {

constexpr auto patience = 60s;

constexpr auto channel = "trades.BTC-PERPETUAL.100ms";
constexpr auto other_channel = "ticker.BTC-PERPETUAL.100ms";

struct fixture {
  fixture() {
    CAF_REQUIRE(!venue.start());
  }

  std::string client(const std::string& name, const std::string& more = {}) {
    return "[clients." + name + "]\nurl = \"" + venue.url("/ws/api/v2")
           + "\"\ndialect = \"deribit\"\n" + more + '\n';
  }

  void write(const std::string& text) {
    // As editors do: there is no moment with half a file.
    auto fresh = file + ".new";
    std::ofstream{fresh} << text;
    std::filesystem::rename(fresh, file);
  }

  // Starts a gateway whose log comes with its output.
  void start(const std::string& text, std::vector<std::string> arguments
                                      = {"--log-file", "/dev/stdout"}) {
    write(text);
    arguments.insert(arguments.end(), {"--config", file, "--port", "0"});
    uut.emplace(ZENWS_GATEWAY, arguments);
    CAF_REQUIRE(wait_for("listening at "));
  }

  // Has the gateway read another file, and returns what it says about it.
  std::vector<std::string> reload(const std::string& text) {
    write(text);
    return reload();
  }

  std::vector<std::string> reload() {
    seen.clear();
    uut->signal(SIGHUP);
    std::vector<std::string> result;
    while (auto line = next_line()) {
      constexpr std::string_view source = "zenws.gateway.reload: ";
      auto pos = line->find(source);
      if (pos == std::string::npos)
        continue;
      result.push_back(line->substr(pos + source.size()));
      if (result.back().starts_with("reloaded ")
          || result.back().starts_with("nothing was changed"))
        return result;
    }
    CAF_FAIL("the gateway has not reloaded its file");
    return result;
  }

  std::optional<std::string> next_line() {
    auto line = uut->read_line(patience);
    if (line)
      seen.push_back(*line);
    return line;
  }

  // Waits for a line since the start, or since the last reload has begun: the
  // log and what the program prints come in any order.
  bool wait_for(const std::string& text) {
    auto has_text = [&](const std::string& line) {
      return line.find(text) != std::string::npos;
    };
    if (std::ranges::any_of(seen, has_text))
      return true;
    while (auto line = next_line())
      if (has_text(*line))
        return true;
    return false;
  }

  // Waits until the venue has received a request for a channel.
  bool is_received(const std::string& method, const std::string& name) {
    return venue.wait_for(
      [&](const sim::received_message& x) {
        return x.text.find('"' + method + '"') != std::string::npos
               && x.text.find('"' + name + '"') != std::string::npos;
      },
      patience);
  }

  sim::server venue{{}};
  temporary_folder folder;
  std::string file = folder.file("gateway.toml");
  std::optional<program> uut;
  std::vector<std::string> seen;
};

using strings = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(gateway_reload_tests, fixture)

CAF_TEST(the same file changes nothing) {
  start(client("a"));
  CAF_REQUIRE(wait_for("\"a\" is ready (connection 1)"));
  CAF_CHECK(reload() == strings({"reloaded " + file}));
}

CAF_TEST(clients are started and stopped) {
  start(client("a") + client("b"));
  CAF_REQUIRE(venue.wait_for_connections(2, patience));
  CAF_CHECK(reload(client("b") + client("c"))
            == strings({"stopped a client=a", "started c client=c",
                        "reloaded " + file}));
  CAF_CHECK(wait_for("\"c\" is ready (connection 1)"));
  CAF_CHECK(venue.wait_for_connections(2, patience));
}

CAF_TEST(a client with other settings starts anew) {
  start(client("a") + client("b"));
  CAF_REQUIRE(venue.wait_for_connections(2, patience));
  CAF_CHECK(reload(client("a", "idle_timeout = \"50s\"") + client("b"))
            == strings({"changed a client=a", "reloaded " + file}));
  CAF_CHECK(wait_for("\"a\" is ready (connection 1)"));
}

CAF_TEST(what cannot change is refused by name) {
  start("[gateway]\nport = 1\n" + client("a"));
  CAF_CHECK(reload("[gateway]\nport = 2\n" + client("a"))
            == strings({"gateway.port takes effect at the next start",
                        "reloaded " + file}));
}

CAF_TEST(a file with mistakes changes nothing) {
  start(client("a") + client("b"));
  auto lines = reload(client("a", "idle_timeout = 7") + "[gateways]\n");
  CAF_REQUIRE_EQUAL(lines.size(), 3u);
  CAF_CHECK(lines[0].starts_with(file + ":4:1: clients.a.idle_timeout: "));
  CAF_CHECK_EQUAL(lines[1], file
                              + ":5:2: gateways: unknown key; did you mean "
                                "gateway?");
  CAF_CHECK_EQUAL(lines[2], "nothing was changed");
  // Both are still there.
  CAF_CHECK(reload(client("b"))
            == strings({"stopped a client=a", "reloaded " + file}));
}

CAF_TEST(a file that is gone or without clients changes nothing) {
  start(client("a"));
  auto lines = reload("");
  CAF_REQUIRE_EQUAL(lines.size(), 2u);
  CAF_CHECK_EQUAL(lines[1], "nothing was changed");
  std::filesystem::remove(file);
  lines = reload();
  CAF_REQUIRE_EQUAL(lines.size(), 2u);
  CAF_CHECK_EQUAL(lines[0], file + " cannot be opened");
  CAF_CHECK(reload(client("a")) == strings({"reloaded " + file}));
}

CAF_TEST(channels change on the connection that is there) {
  auto with = [&](const std::string& name) {
    return client("a", "channels = [\"" + name + "\"]");
  };
  start(with(channel));
  CAF_REQUIRE(is_received("public/subscribe", channel));
  CAF_CHECK(
    reload(with(other_channel))
    == strings({"changed the channels of a client=a", "reloaded " + file}));
  CAF_CHECK(is_received("public/unsubscribe", channel));
  CAF_CHECK(is_received("public/subscribe", other_channel));
  CAF_CHECK_EQUAL(venue.upgrades_total(), 1u);
}

CAF_TEST(the log follows the file) {
  auto log = [](const std::string& format) {
    return "[log]\nfile = \"/dev/stdout\"\nformat = \"" + format + "\"\n";
  };
  start(log("text") + client("a"), {});
  write(log("json") + client("a"));
  uut->signal(SIGHUP);
  CAF_CHECK(wait_for(R"("component":"zenws.gateway.reload","text":"reloaded)"));
}

CAF_TEST(a log that cannot be opened changes nothing) {
  start(client("a"), {});
  write("[log]\nfile = \"/dev/stdout\"\n" + client("a"));
  uut->signal(SIGHUP);
  CAF_REQUIRE(wait_for("zenws.gateway.reload: reloaded "));
  auto lines = reload("[log]\nfile = \"" + file + "/x.log\"\n" + client("b"));
  CAF_REQUIRE_EQUAL(lines.size(), 2u);
  CAF_CHECK(lines[0].starts_with("log.file: "));
  CAF_CHECK_EQUAL(lines[1], "nothing was changed");
}

CAF_TEST(reloads that come fast lose nothing) {
  start(client("a"));
  write(client("a") + client("b"));
  for (auto i = 0; i < 20; ++i)
    uut->signal(SIGHUP);
  CAF_CHECK(wait_for("zenws.gateway.reload: started b"));
  CAF_CHECK(wait_for("\"b\" is ready (connection 1)"));
  uut->signal(SIGTERM);
  CAF_CHECK(uut->wait(patience) == 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
