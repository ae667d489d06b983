// SPDX-License-Identifier: BSD-3-Clause

// zenws-demo: a trading engine and an exchange, with faults between them.

#include "capture_outline.hpp"
#include "exchange_process.hpp"
#include "nodes_scenario.hpp"
#include "scenario.hpp"
#include "zenws/signal_watch.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace zenws;
using namespace zenws::demo;

using std::chrono::milliseconds;

constexpr int exit_usage = 2;

// Each subscription to the simulated market brings data within this time.
constexpr milliseconds market_delay{2'000};

// Tolerance for the times of a replay.
constexpr milliseconds replay_slack{1'000};

struct options {
  int64_t seconds = 20;
  std::string capture_file;
  bool nodes = false;
};

// The user has interrupted the program.
struct interrupted {};

// Settings that differ between the market and a recording.
struct demo_setup {
  demo_plan plan;
  engine::engine_options trading;
  std::vector<std::string> exchange_arguments;
};

void declare(CLI::App& app, options& out) {
  app.add_option("--seconds", out.seconds, "length of the demo")
    ->capture_default_str()
    ->check(CLI::Range(int64_t{10}, int64_t{3'600}));
  app.add_option("--capture", out.capture_file,
                 "recorded Deribit session to replay instead of the "
                 "simulated market");
  app.add_flag("--nodes", out.nodes,
               "two gateways and two engines, each a process, some of which "
               "are killed or stalled");
}

void print(const obstacle& problem) {
  std::cerr << "zenws-demo: " << problem.cause << '\n'
            << "What to do: " << problem.remedy << '\n';
}

demo_setup market_setup() {
  demo_setup result;
  auto& wanted = result.trading.market;
  wanted.instruments = {"BTC-PERPETUAL", "ETH-PERPETUAL"};
  wanted.pace = market_pace::fastest;
  wanted.tickers = engine::ticker_order::follows_book;
  // The venue is new, and so are all labels.
  result.trading.ledger = std::make_shared<engine::order_ledger>("demo", 0);
  for (auto& name : wanted.instruments)
    for (auto kind : market::data_kinds::all)
      if (wanted.kinds.contains(kind))
        result.plan.expected.emplace(engine::subscription_name(kind, name),
                                     market_delay);
  return result;
}

// Replays a short recording slowly enough to last through the demo.
demo_setup replay_setup(const capture_outline& outline, const options& opts) {
  demo_setup result;
  auto length = std::chrono::duration<double>{outline.length}.count();
  auto speed = std::clamp(length / static_cast<double>(opts.seconds), 0.01,
                          1.0);
  result.exchange_arguments = {"--capture", opts.capture_file, "--speed",
                               std::to_string(speed)};
  result.trading.market = outline.market;
  result.plan.source = data_source::recording;
  result.plan.path = "/replay";
  for (auto& [name, offset] : outline.first_data) {
    auto due = std::chrono::duration<double, std::milli>{offset} / speed;
    result.plan.expected.emplace(name, std::chrono::ceil<milliseconds>(due)
                                         + replay_slack);
  }
  return result;
}

std::optional<demo_setup> make_setup(const options& opts) {
  if (opts.capture_file.empty())
    return market_setup();
  auto outline = load_outline(opts.capture_file);
  if (auto* problem = std::get_if<obstacle>(&outline)) {
    print(*problem);
    return std::nullopt;
  }
  return replay_setup(std::get<capture_outline>(outline), opts);
}

// Starts a supervision tree with a supervisor of clients in it.
supervisor_actor start_desk(runtime& rt) {
  auto result = rt.start_supervisor(
    {.name = "desk",
     .children = {rt.child(client_supervisor_config{.name = "clients"})}});
  return result.value();
}

client_supervisor_actor clients_of(caf::scoped_actor& self,
                                   const supervisor_actor& desk) {
  client_supervisor_actor result;
  self->request(desk, caf::infinite, which_children{})
    .receive(
      [&](child_list& all) {
        result = caf::actor_cast<client_supervisor_actor>(
          all.children.at(0).address);
      },
      [](const caf::error&) {});
  return result;
}

// Runs a scenario to its end.
demo_summary run_scenario(demo_setup setup) {
  system_config cfg;
  caf::actor_system sys{cfg};
  runtime rt{sys};
  caf::scoped_actor self{sys};
  caf::actor listener{self};
  auto desk = start_desk(rt);
  auto steps = sys.spawn<scenario>(desk, clients_of(self, desk),
                                   std::move(setup.trading),
                                   std::move(setup.plan), listener);
  signal_watch watch{interrupts, [=](int) {
                       caf::anon_send(listener, interrupted{});
                     }};
  demo_summary result;
  auto waiting = true;
  self->receive_while(waiting)(
    [&](const demo_summary& x) {
      result = x;
      waiting = false;
    },
    [&](interrupted) {
      std::cout << "Interrupted: ending." << std::endl;
      self->send(steps, end_early{});
    });
  self->send_exit(steps, caf::exit_reason::user_shutdown);
  self->wait_for(steps);
  return result;
}

template <class Summary>
int report(const Summary& summary) {
  std::cout << to_string(summary) << std::endl;
  return summary.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}

int run(const options& opts) try {
  auto setup = make_setup(opts);
  if (!setup)
    return exit_usage;
  block_signals(interrupts);
  exchange_process simulator{setup->exchange_arguments};
  std::cout << "The exchange simulator is process " << simulator.pid() << " at "
            << simulator.url() << ".\nIts certificate is checked "
            << "against " << simulator.ca_file() << '.' << std::endl;
  if (opts.nodes)
    return report(
      run_nodes_scenario(simulator, std::chrono::seconds{opts.seconds}));
  setup->plan.url = simulator.url();
  setup->plan.ca_file = simulator.ca_file();
  setup->plan.length = std::chrono::seconds{opts.seconds};
  return report(run_scenario(std::move(*setup)));
} catch (const std::runtime_error& problem) {
  // Another process, which has printed the reason.
  print({problem.what(), "see what is said above, and build all programs, "
                         "which belong next to zenws-demo (./dev build)"});
  return EXIT_FAILURE;
}

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interrupted)

int main(int argc, char** argv) {
  CLI::App app{"A trading engine on a simulated exchange: the connection is "
               "cut, the client is killed,\nthe peer falls silent, and each "
               "time the system recovers",
               "zenws-demo"};
  options opts;
  declare(app, opts);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? EXIT_SUCCESS : exit_usage;
  }
  return run(opts);
}
