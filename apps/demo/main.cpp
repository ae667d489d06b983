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

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace zenws;
using namespace zenws::demo;

constexpr auto program_name = "zenws-demo";

struct options {
  int64_t seconds = 20;
  std::string capture_file;
  bool nodes = false;
  size_t kills = 1;
};

void declare(CLI::App& app, options& out) {
  app
    .add_option("--seconds", out.seconds,
                "about how long the demo lasts; recoveries take their time")
    ->capture_default_str()
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
}

// Replays a short recording slowly enough to last through the demo.
std::vector<std::string> replay_arguments(const capture_outline& outline,
                                          const options& opts) {
  auto length = std::chrono::duration<double>{outline.length}.count();
  auto speed = std::clamp(length / static_cast<double>(opts.seconds), 0.01,
                          1.0);
  return {"--capture", opts.capture_file, "--speed", std::to_string(speed)};
}

std::optional<demo_summary> play(const options& opts) {
  std::chrono::seconds length{opts.seconds};
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

int run(const options& opts) try {
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
     = {{"zenws-demo", "shows it in 20 s"},
        {"zenws-demo --nodes", "with two gateways and two engines"},
        {"zenws-demo --seconds 600 --kills 100", "goes on for longer"}},
     .libraries = {caf_version()}}};
  options opts;
  declare(arguments.app(), opts);
  if (auto code = arguments.parse(argc, argv))
    return *code;
  return run(opts);
}
