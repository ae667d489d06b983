// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE programs

// What all programs have in common, each in a process of its own.

#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"
#include "zenws/version.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using zenws::test_support::program;
using zenws::test_support::temporary_folder;

namespace {

constexpr auto patience = 60s;

const std::vector<std::string> all_programs{ZENWS_GATEWAY, ZENWS_TRADING_ENGINE,
                                            ZENWS_EXCHANGE_SIM, ZENWS_DEMO};

struct fixture {
  // Writes a gateway's file with a client at a venue.
  void write_file(const std::string& url, const std::string& more = {}) {
    std::ofstream{file} << "[clients.venue]\nurl = \"" << url << "/echo\"\n"
                        << more;
  }

  // Starts a gateway whose log comes with its output.
  program start_gateway(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.end(), {"--config", file});
    return program{ZENWS_GATEWAY, arguments};
  }

  temporary_folder folder;
  std::string file = folder.file("gateway.toml");
};

// A venue in a process of its own.
struct venue_process {
  program running{ZENWS_EXCHANGE_SIM, {"--port", "0"}};
  std::string url = running.read_after("listening on ", patience).value_or("");
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(programs_tests, fixture)

CAF_TEST(all tell their versions) {
  for (auto& x : all_programs) {
    program uut{x, {"--version"}};
    auto name = std::filesystem::path{x}.filename().string();
    CAF_CHECK(uut.read_line(patience)
              == name + ' ' + std::string{zenws::version});
    CAF_CHECK(uut.read_after("OpenSSL 3", patience));
    CAF_CHECK(uut.wait(patience) == 0);
  }
}

CAF_TEST(help begins with examples everywhere) {
  for (auto& x : all_programs) {
    program uut{x, {"--help"}};
    auto line = uut.read_line(patience);
    while (line && line != "Examples:" && !line->starts_with("Usage"))
      line = uut.read_line(patience);
    CAF_CHECK(line == "Examples:");
    CAF_CHECK(uut.wait(patience) == 0);
  }
}

CAF_TEST(a command line that makes no sense is a wrong usage everywhere) {
  for (auto& x : all_programs)
    CAF_CHECK(program(x, {"--no-such-option"}).wait(patience) == 2);
}

CAF_TEST(a log that cannot be written is a wrong usage) {
  std::ofstream{file} << "";
  CAF_CHECK(start_gateway({"--log-file", file + "/x.log"}).wait(patience) == 2);
}

CAF_TEST(a port that is taken is a failure) {
  venue_process venue;
  std::ofstream{file} << "";
  auto port = venue.url.substr(venue.url.rfind(':') + 1);
  CAF_CHECK(start_gateway({"--port", port}).wait(patience) == 1);
}

CAF_TEST(an interrupt ends the program in order) {
  venue_process venue;
  write_file(venue.url);
  for (auto number : {SIGINT, SIGTERM}) {
    auto uut = start_gateway();
    CAF_REQUIRE(uut.read_after("listening at ", patience));
    uut.signal(number);
    CAF_CHECK(uut.wait(patience) == 0);
  }
  venue.running.signal(SIGINT);
  CAF_CHECK(venue.running.wait(patience) == 0);
}

CAF_TEST(a second interrupt ends the program at once) {
  for (auto number : {SIGINT, SIGTERM}) {
    venue_process venue;
    write_file(venue.url);
    auto uut = start_gateway({"--log-file", "/dev/stdout"});
    CAF_REQUIRE(uut.read_after("is ready (connection 1)", patience));
    // It does not answer the goodbye, for which the gateway waits.
    venue.running.signal(SIGSTOP);
    uut.signal(SIGINT);
    CAF_REQUIRE(uut.read_after("another interrupt", patience));
    uut.signal(number);
    CAF_CHECK(uut.wait(patience) == 128 + number);
  }
}

CAF_TEST(a program that writes secrets of TLS to a file says so) {
  std::ofstream{file} << "";
  auto keys = folder.file("keys");
  for (auto& path : {keys, folder.file("none/keys")}) {
    ::setenv("SSLKEYLOGFILE", path.c_str(), 1);
    auto gateway = start_gateway({"--port", "0", "--log-file", "/dev/stdout"});
    if (path == keys)
      CAF_CHECK(gateway.read_after("everyone who reads " + keys, patience));
    else
      CAF_CHECK(gateway.wait(patience) == 2);
    program engine{ZENWS_TRADING_ENGINE, {"--log-file", "/dev/stdout"}};
    if (path == keys)
      CAF_CHECK(engine.read_after("everyone who reads " + keys, patience));
    else
      CAF_CHECK(engine.wait(patience) == 2);
  }
  ::unsetenv("SSLKEYLOGFILE");
  CAF_CHECK(std::filesystem::exists(keys));
}

CAF_TEST(the log is as the file says) {
  venue_process venue;
  write_file(venue.url, "[log]\nformat = \"json\"\nfile = \"/dev/stdout\"\n");
  auto uut = start_gateway();
  CAF_CHECK(uut.read_after("\"component\":\"zenws.gateway.client\"", patience));
}

CAF_TEST(the command line overrides the file) {
  venue_process venue;
  write_file(venue.url, "[log]\nformat = \"json\"\nlevel = \"error\"\n");
  auto uut = start_gateway(
    {"--verbose", "--log-format", "journal", "--log-file", "/dev/stdout"});
  CAF_CHECK(uut.read_after("<6>zenws.gateway.client: ", patience));
}

CAF_TEST(a quiet gateway tells its address only) {
  venue_process venue;
  write_file(venue.url);
  auto uut = start_gateway({"--quiet", "--log-file", "/dev/stdout"});
  CAF_CHECK(uut.read_line(patience).value_or("").find("listening at ")
            != std::string::npos);
  uut.signal(SIGTERM);
  CAF_CHECK(!uut.read_line(patience));
  CAF_CHECK(uut.wait(patience) == 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
