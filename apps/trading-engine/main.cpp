// SPDX-License-Identifier: BSD-3-Clause

// trading-engine: trades at the venues of a file, on paper unless it is told to
// send orders.

#include "config_file/client_environment.hpp"
#include "engine_settings.hpp"
#include "program/command_line.hpp"
#include "program/exit_code.hpp"
#include "program/print_problem.hpp"
#include "program/program_log.hpp"
#include "service/loop_watchdog.hpp"
#include "service/service_manager.hpp"
#include "trading_engine/trading_engine.hpp"

#include "zenws/metrics/metrics_collector.hpp"
#include "zenws/monitor/monitor.hpp"
#include "zenws/nodes/all.hpp"
#include "zenws/signal_watch.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <csignal>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace zenws;
using namespace zenws::engine;

constexpr auto program_name = "trading-engine";

// Time for orders to end when the engine does.
constexpr std::chrono::seconds leave_patience{20};

constexpr std::chrono::seconds status_period{1};

// Throws the kill switch, and resets it.
constexpr int halt_signal = SIGUSR1;
constexpr int resume_signal = SIGUSR2;

// SIGHUP: the terminal is gone.
constexpr std::array signals{SIGINT, SIGTERM, SIGHUP, halt_signal,
                             resume_signal};

// A signal was received.
struct signaled {
  int number = 0;
};

// Time for a line of status.
struct status_due {};

// The time of the run is over.
struct time_over {};

struct options {
  std::string file;
  std::optional<int64_t> seconds;

  // How often --live was given.
  int live = 0;

  bool halts = false;
  bool check_only = false;
  output_options output{};
};

program_info info() {
  return {
    .name = program_name,
    .purpose = "Trades at the venues of a file, on paper unless told "
               "otherwise",
    .examples
    = {{"makes a market on paper at Deribit's test net", "trading-engine"},
       {"tells the mistakes of a file",
        "trading-engine --config engine.toml --check"},
       {"sends orders; venues with real money take it twice",
        "trading-engine --config engine.toml --live"},
       {"cancels all orders of an engine that does not run any more",
        "trading-engine --config engine.toml --live --halt"}},
    .libraries = {caf_version()}};
}

void declare(CLI::App& app, options& out) {
  app
    .add_option("--config", out.file,
                "configuration file (TOML); without one, a market maker on "
                "paper at Deribit's test net")
    ->check(CLI::ExistingFile);
  app
    .add_option("--seconds", out.seconds,
                "how long to trade; 0 is until interrupted")
    ->check(CLI::Range(int64_t{0}, int64_t{31'536'000}));
  app.add_flag("--live", out.live,
               "send orders (default: trade on paper); give it twice for "
               "venues that are not known to be test nets");
  app.add_flag("--halt", out.halts,
               "cancel all orders of the file's desks, and end: for an engine "
               "that does not run any more. One that runs is halted by SIGUSR1 "
               "and resumes by SIGUSR2");
  app.add_flag("--check", out.check_only, "only check the configuration");
}

void print_error(const caf::error& reason) {
  print_problem(program_name, caf_compat::to_text(reason),
                explain(error{caf_compat::code_of(reason)}).remedy);
}

// Gives the clients of the example what those of a file get from the
// environment; returns whether it is in order.
bool use_environment(engine_config& cfg) {
  for (auto& venue : cfg.venues) {
    use_key_log_of_environment(venue.market.config);
    if (auto problem = use_proxy_of_environment(venue.market.config)) {
      print_problem(program_name, problem.detail);
      return false;
    }
  }
  return true;
}

// Returns the settings, nothing if the file has mistakes.
std::optional<engine_settings> read(const options& opts) {
  engine_settings result;
  if (opts.file.empty())
    result = example_settings();
  if (!use_environment(result.engine))
    return std::nullopt;
  result.engine.mode = opts.live > 0 || opts.halts ? desk_mode::live
                                                   : desk_mode::paper;
  auto reader = [&](config_section& root) { read_engine_file(root, result); };
  if (!opts.file.empty() && !load_config(opts.file, reader, std::cerr))
    return std::nullopt;
  result.seconds = opts.seconds.value_or(result.seconds);
  result.log = std::move(result.log) | opts.output.log;
  if (opts.halts) {
    result.engine.strategies.clear();
    result.engine.on_exit = departure::cancel;
  }
  return result;
}

// Returns whether the user means it.
bool is_meant(const options& opts, const engine_config& cfg) {
  auto venues = production_venues(cfg);
  if (opts.live != 1 || venues.empty())
    return true;
  std::string names;
  for (auto& name : venues)
    names += (names.empty() ? "" : ", ") + name;
  print_problem(program_name, "orders at " + names + " would be real money",
                "give --live twice if you mean it, or leave it out to trade on "
                "paper");
  return false;
}

std::string status_line(const std::map<std::string, strategy_report>& reports,
                        desk_mode mode) {
  std::string result = mode == desk_mode::paper ? "paper" : "live";
  for (auto& [name, report] : reports)
    result += " | " + to_text(report);
  return result;
}

// Prints a line unless the program is to be quiet.
void print_line(const std::string& line, verbosity output) {
  if (output != verbosity::quiet)
    std::cout << line + '\n' << std::flush;
}

// Prints what happens until the end. Returns the exit code.
int watch(caf::scoped_actor& self, trading_engine& trading, desk_mode mode,
          verbosity output) {
  int result = exit_success;
  auto running = true;
  std::map<std::string, strategy_report> reports;
  self->receive_while(running)(
    [&](strategy_report& report) {
      auto name = report.name;
      reports[name] = std::move(report);
    },
    [&](status_due) {
      caf_compat::tell_later(*self, status_period, status_due{});
      print_line(status_line(reports, mode), output);
    },
    [&](const client_event& event) {
      print_line(describe(event), output);
      if (event.kind != event_kind::gave_up)
        return;
      print_problem(program_name, event.client + " will not connect again",
                    explain(event.reason).remedy);
      result = exit_failed;
      running = false;
    },
    [&](const supervision_event& event) {
      print_line(describe(event), output);
      if (event.kind != supervision_event_kind::gave_up
          && event.kind != supervision_event_kind::escalated)
        return;
      result = exit_failed;
      running = event.supervisor != "engine";
    },
    [&](signaled signal) {
      if (signal.number == halt_signal) {
        std::cout << "The kill switch is thrown: all orders are canceled.\n"
                  << std::flush;
        trading.halt("SIGUSR1");
      } else if (signal.number == resume_signal) {
        std::cout << "The kill switch is reset.\n" << std::flush;
        trading.resume();
      } else {
        running = false;
      }
    },
    [&](time_over) { running = false; });
  return result;
}

// Ends an engine. Returns the exit code.
int leave(trading_engine& trading, departure on_exit, int status) {
  auto summary = trading.leave(leave_patience);
  std::cout << to_string(summary) + '\n' << std::flush;
  if (summary.unknown == 0 && summary.silent == 0
      && (summary.open == 0 || on_exit == departure::leave))
    return status;
  print_problem(program_name,
                std::to_string(summary.open) + " orders are not over, "
                  + std::to_string(summary.unknown)
                  + " of them of unknown outcome",
                "look at the venue; the next run with the same journal goes on "
                "from here");
  return exit_unsettled;
}

// Starts the monitor if the file has one; returns nothing if it cannot be.
std::optional<std::unique_ptr<monitor>>
start_monitor(const engine_settings& settings, runtime& rt,
              const trading_engine& trading) {
  if (!settings.monitor)
    return std::unique_ptr<monitor>{};
  auto metrics = std::make_shared<metrics_collector>(rt);
  for (auto& venue : settings.engine.venues)
    metrics->add_desk(venue.name, venue.desk.stats);
  auto options = *settings.monitor;
  options.metrics = [metrics] { return metrics->text(); };
  options.program = "trading-engine";
  options.desks = [&trading] { return trading.desks(); };
  auto result = zenws::start_monitor(rt, std::move(options));
  if (!result) {
    print_error(result.error());
    return std::nullopt;
  }
  std::cout << "The engine shows itself at " + (*result)->url() + '\n'
            << std::flush;
  return std::move(*result);
}

int run(const engine_settings& settings, const options& opts,
        const program_log_ptr& log) {
  // Until all else has ended: see a second interrupt.
  signal_watch received{signals};
  system_config cfg;
  cfg.log = log->sink();
  load_nodes(cfg, settings.node);
  apply_caf(settings.caf, cfg);
  caf::actor_system sys{cfg};
  runtime rt{sys};
  auto manager = service_manager::from_environment();
  auto watchdog = feed_watchdog(manager, rt);
  caf::scoped_actor self{sys};
  caf::actor observer{self};
  rt.watch(observer);
  auto trading = trading_engine::start(rt, settings.engine, observer);
  if (!trading) {
    print_error(trading.error());
    return exit_failed;
  }
  auto shown = start_monitor(settings, rt, **trading);
  if (!shown)
    return leave(**trading, settings.engine.on_exit, exit_failed);
  if (settings.seconds > 0)
    caf_compat::tell_later(*self, std::chrono::seconds{settings.seconds},
                           time_over{});
  received.pass_to(
    [=](int number) { caf_compat::anon_send(observer, signaled{number}); });
  caf_compat::tell_self(*self, status_due{});
  manager.ready(settings.engine.mode == desk_mode::paper ? "trading on paper"
                                                         : "trading");
  int status = exit_success;
  if (!opts.halts)
    status = watch(self, **trading, settings.engine.mode, opts.output.level);
  else if (!(*trading)->await_desks(leave_patience))
    print_problem(program_name, "not all venues have told how things stand");
  received.pass_to({});
  manager.stopping();
  rt.unwatch(observer);
  return leave(**trading, settings.engine.on_exit, status);
}

} // namespace

ZENWS_LOCAL_MESSAGE(2960, signaled)
ZENWS_LOCAL_MESSAGE(2961, status_due)
ZENWS_LOCAL_MESSAGE(2962, time_over)

int main(int argc, char** argv) {
  command_line arguments{info()};
  options opts;
  declare(arguments.app(), opts);
  arguments.add_output_options();
  if (auto code = arguments.parse(argc, argv))
    return *code;
  opts.output = arguments.output();
  auto settings = read(opts);
  if (!settings || !is_meant(opts, settings->engine))
    return exit_usage;
  if (opts.check_only)
    return exit_success;
  block_signals(signals);
  auto log = open_log(program_name, settings->log);
  return log == nullptr || !announce_key_log(program_name, *log)
           ? exit_usage
           : run(*settings, opts, log);
}
