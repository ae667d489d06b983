// SPDX-License-Identifier: BSD-3-Clause

// zenws-demo: trading engines and exchanges, with faults between them.

#include "capture_outline.hpp"
#include "config_file/settings.hpp"
#include "exchange_process.hpp"
#include "nodes_scenario.hpp"
#include "program/command_line.hpp"
#include "program/exit_code.hpp"
#include "program/print_problem.hpp"
#include "scenario.hpp"

#include "zenws/signal_watch.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <optional>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace zenws;
using namespace zenws::demo;

constexpr auto program_name = "zenws-demo";

struct options {
  std::optional<int64_t> seconds;
  std::string capture_file;
  bool nodes = false;
  size_t kills = 1;
  std::optional<uint16_t> dashboard;

  std::chrono::seconds length() const {
    return std::chrono::seconds{seconds.value_or(20)};
  }
};

void declare(CLI::App& app, options& out) {
  app
    .add_option("--seconds", out.seconds,
                "about how long the demo lasts; recoveries take their time "
                "(default: 20; with --dashboard: until interrupted)")
    ->check(CLI::Range(int64_t{8}, int64_t{3'600}));
  app.add_option("--capture", out.capture_file,
                 "recorded Deribit session to trade on, on paper, instead of "
                 "the simulated market");
  app.add_option("--kills", out.kills, "how often the engine is killed")
    ->capture_default_str()
    ->check(CLI::Range(size_t{1}, size_t{10'000}));
  app.add_flag("--nodes", out.nodes,
               "two gateways and two engines, each a process, some of which "
               "are killed or stalled");
  app
    .add_option("--dashboard", out.dashboard,
                "shows the engine at a page of this port (default: 8080), "
                "while faults follow each other")
    ->expected(0, 1)
    ->default_str("8080")
    ->excludes("--capture")
    ->excludes("--kills")
    ->excludes("--nodes");
}

// Replays a short recording slowly enough to last through the demo.
std::vector<std::string> replay_arguments(const capture_outline& outline,
                                          const options& opts) {
  auto length = std::chrono::duration<double>{outline.length}.count();
  auto speed = std::clamp(length / static_cast<double>(opts.length().count()),
                          0.01, 1.0);
  return {"--capture", opts.capture_file, "--speed", std::to_string(speed)};
}

std::optional<demo_summary> play(const options& opts) {
  auto length = opts.length();
  if (!opts.capture_file.empty()) {
    auto outline = load_outline(opts.capture_file);
    if (auto* problem = std::get_if<obstacle>(&outline)) {
      print_problem(program_name, problem->cause, problem->remedy);
      return std::nullopt;
    }
    auto& content = std::get<capture_outline>(outline);
    exchange_process venue{replay_arguments(content, opts)};
    return run_paper_scenario(venue,
                              {.path = "/replay",
                               .instruments = content.instruments,
                               .pace = std::string{to_string(content.pace)}},
                              length);
  }
  // The same market at both: the two differ by their moments only.
  exchange_process first{{"--seed", "1"}};
  if (opts.nodes)
    return run_nodes_scenario(first, length);
  exchange_process second{{"--seed", "1"}};
  return run_scenario(first, second, length, opts.kills);
}

std::string random_token() {
  std::random_device random;
  std::ostringstream out;
  for (int i = 0; i < 4; ++i)
    out << std::hex << std::setw(8) << std::setfill('0') << random();
  return out.str();
}

// Shows the engine until the user has seen enough.
bool show(const options& opts) {
  block_signals(interrupts);
  std::atomic<bool> interrupted = false;
  signal_watch watch{interrupts};
  watch.pass_to([&](int) { interrupted = true; });
  auto end = std::chrono::steady_clock::now() + opts.length();
  auto is_over = [&] {
    return interrupted
           || (opts.seconds && std::chrono::steady_clock::now() >= end);
  };
  exchange_process first{{"--seed", "1"}};
  exchange_process second{{"--seed", "1"}};
  return run_dashboard(first, second, {*opts.dashboard, random_token()},
                       is_over);
}

int run(const options& opts) try {
  if (opts.dashboard)
    return show(opts) ? exit_success : exit_failed;
  auto summary = play(opts);
  if (!summary)
    return exit_usage;
  std::cout << to_string(*summary) << std::endl;
  return summary->ok() ? exit_success : exit_failed;
} catch (const std::runtime_error& problem) {
  // Another process, which has printed the reason.
  print_problem(program_name, problem.what(),
                "see what is said above, and build all programs, which belong "
                "next to zenws-demo (./dev build)");
  return exit_failed;
}

} // namespace

int main(int argc, char** argv) {
  command_line arguments{
    {.name = program_name,
     .purpose = "A trading engine at simulated exchanges: connections are cut, "
                "silent and refused,\nthe engine is killed, and each time it "
                "recovers",
     .examples
     = {{"shows it in 20 s", "zenws-demo"},
        {"with two gateways and two engines", "zenws-demo --nodes"},
        {"goes on for longer", "zenws-demo --seconds 600 --kills 100"}},
     .libraries = {caf_version()}}};
  options opts;
  declare(arguments.app(), opts);
  if (auto code = arguments.parse(argc, argv))
    return *code;
  return run(opts);
}
