// SPDX-License-Identifier: BSD-3-Clause

// zenws top: the clients of a running program, again and again.

#include "../json_line.hpp"
#include "../monitor_client.hpp"
#include "../monitor_state.hpp"
#include "../output.hpp"
#include "../round_clock.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

namespace zenws::tool {

namespace {

struct top_options {
  monitor_options monitor;
  double interval = 1;
  uint64_t rounds = 0;
  uint32_t rows = 0;
  std::string sort = "rate";
  std::string filter;
};

constexpr uint32_t usual_rows = 20;

// Lines of the screen that are not of the table.
constexpr uint32_t other_lines = 8;

constexpr uint32_t max_rows = 500;

uint32_t rows_of(const top_options& options) {
  if (options.rows > 0)
    return options.rows;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0
      || size.ws_row <= other_lines)
    return usual_rows;
  return std::min<uint32_t>(size.ws_row - other_lines, max_rows);
}

// Prints one screen.
error show(const monitor_client& monitor, const top_options& options,
           const common_options& common) {
  auto state = monitor.get("/state.json");
  if (!state)
    return state.error();
  auto is_by_name = options.sort == "name" || options.sort == "state";
  auto clients = monitor.get("/clients.json",
                             {{"from", "0"},
                              {"count", std::to_string(rows_of(options))},
                              {"sort", options.sort},
                              {"order", is_by_name ? "asc" : "desc"},
                              {"filter", options.filter}});
  if (!clients)
    return clients.error();
  if (common.json) {
    print_json(
      {{"state", std::move(*state)}, {"clients", std::move(*clients)}});
    return {};
  }
  if (is_terminal_output())
    print_line("\x1b[H\x1b[2J");
  for (auto& line : state_lines(*state))
    print_line(line);
  print_line("");
  auto& list = array_in(*clients, "clients");
  client_table(list).print();
  auto more = number_in(*clients, "matching")
              - static_cast<int64_t>(list.size());
  if (more > 0)
    print_line("... and " + std::to_string(more) + " more");
  return {};
}

int watch_clients(const top_options& options, const common_options& common) {
  auto monitor = monitor_client::make(options.monitor);
  if (!monitor)
    return usage_problem("top", monitor.error());
  round_clock clock;
  for (uint64_t round = 1;; ++round) {
    if (auto problem = show(*monitor, options, common))
      return failure(problem);
    flush_lines();
    if (round == options.rounds || !clock.wait(options.interval))
      return exit_success;
  }
}

} // namespace

verb_action declare_top(CLI::App& app) {
  auto options = std::make_shared<top_options>();
  auto* verb = app.add_subcommand(
    "top", "Watch the clients of a running program, the busiest first");
  verb->add_option("-i,--interval", options->interval, "time between rounds")
    ->option_text("SECONDS (1)")
    ->check(CLI::Range(0.1, 3600.0));
  verb->add_option("-n,--rounds", options->rounds, "end after that many rounds")
    ->option_text("N");
  verb
    ->add_option("--rows", options->rows,
                 "clients to show; by default what fits on the screen")
    ->option_text("N")
    ->check(CLI::Range(1u, max_rows));
  verb
    ->add_option("--sort", options->sort,
                 "name, state, messages, rate, restarts or round_trip")
    ->option_text("COLUMN (rate)")
    ->check(CLI::IsMember(
      {"name", "state", "messages", "rate", "restarts", "round_trip"}));
  verb->add_option("--filter", options->filter, "only clients with this text")
    ->option_text("TEXT");
  add_monitor_options(*verb, options->monitor);
  add_examples(*verb, {{"the busiest clients", "zenws top --address "
                                               "http://127.0.0.1:9600"},
                       {"the ten that were restarted most often, once",
                        "zenws top -n 1 --rows 10 --sort restarts"}});
  return [options](const common_options& common) {
    return watch_clients(*options, common);
  };
}

} // namespace zenws::tool
