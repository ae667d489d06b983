// SPDX-License-Identifier: BSD-3-Clause

// zenws-gateway: owns connections to exchanges, and shares them with other
// nodes.

#include "config_file/client_environment.hpp"
#include "gateway_clients.hpp"
#include "program/command_line.hpp"
#include "program/exit_code.hpp"
#include "program/print_problem.hpp"
#include "program/program_log.hpp"
#include "reload.hpp"
#include "service/loop_watchdog.hpp"
#include "service/service_manager.hpp"
#include "zenws/metrics/metrics_collector.hpp"
#include "zenws/monitor/monitor.hpp"
#include "zenws/outlet/outlet.hpp"
#include "zenws/signal_watch.hpp"
#include "zenws/sinks/sink.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <csignal>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

namespace {

using namespace zenws;

constexpr auto program_name = "zenws-gateway";

constexpr int reload_signal = SIGHUP;

constexpr std::array signals{SIGINT, SIGTERM, reload_signal};

// A signal was received.
struct signaled {
  int number = 0;
};

program_info info() {
  return {.name = program_name,
          .purpose
          = "Owns connections to exchanges, and shares them with other nodes",
          .examples
          = {{"runs until interrupted", "zenws-gateway --config gateway.toml"},
             {"tells the mistakes of a file",
              "zenws-gateway --config gateway.toml --check"},
             {"has it read its file again", "kill -HUP PID"}},
          .libraries = {caf_version()}};
}

void declare(CLI::App& app, gateway_arguments& out) {
  app.add_option("--config", out.file, "configuration file (TOML)")
    ->required()
    ->check(CLI::ExistingFile);
  app.add_option("--port", out.port,
                 "port to listen at, instead of that of the file; 0 lets the "
                 "system choose");
  app.add_option("--bind", out.bind,
                 "address to listen at, instead of that of the file");
  app.add_flag("--check", out.check_only, "only check the configuration");
}

void print_error(const std::string& action, const caf::error& reason) {
  print_problem(program_name, action + ": " + caf_compat::to_text(reason),
                explain(error{caf_compat::code_of(reason)}).remedy);
}

// Starts all clients; returns whether all of them could be.
bool start_clients(const gateway_file& file, gateway_clients& clients) {
  auto result = true;
  for (auto& x : file.clients)
    if (auto problem = clients.start(x)) {
      print_error("cannot start " + x.spec.name, problem);
      result = false;
    }
  return result;
}

// Returns a desk with its clients.
child_spec desk_child(gateway_file::desk& desk, const runtime& rt) {
  auto& options = desk.options;
  options.account = *rt.find_client(desk.account);
  options.channels = *rt.find_client(desk.channels);
  options.market = *rt.find_client(desk.market);
  return make_child(desk.name, std::move(options));
}

// Starts all desks, and offers them to nodes; returns whether all of them could
// be.
bool start_desks(gateway_file& file, caf::actor_system& sys, runtime& rt) {
  supervisor_config cfg{.name = "desks"};
  cfg.policy.scope = restart_scope::per_child;
  cfg.policy.limit = file.supervision.limit;
  cfg.policy.restart_backoff = file.supervision.restart_backoff;
  for (auto& desk : file.desks)
    cfg.children.push_back(desk_child(desk, rt));
  if (cfg.children.empty())
    return true;
  auto supervisor = rt.start_supervisor(std::move(cfg));
  if (!supervisor) {
    print_error("cannot start the desks", supervisor.error());
    return false;
  }
  caf::scoped_actor self{sys};
  self->request(*supervisor, caf::infinite, which_children{})
    .receive(
      [&](const child_list& list) {
        for (auto& x : list.children)
          file.gateway.desks.emplace(
            x.id, caf::actor_cast<order_desk_actor>(x.address));
      },
      [](const caf::error&) {
        // The runtime ends.
      });
  return true;
}

// Starts all sinks; returns whether they could be.
bool start_sinks(const gateway_file& file, runtime& rt) {
  supervisor_config cfg{.name = "sinks"};
  cfg.policy.scope = restart_scope::per_child;
  cfg.policy.order = shutdown_order::concurrent;
  cfg.policy.limit = file.supervision.limit;
  cfg.policy.restart_backoff = file.supervision.restart_backoff;
  for (auto& [name, options] : file.sinks)
    cfg.children.push_back(make_child(rt, name, options));
  if (cfg.children.empty())
    return true;
  auto supervisor = rt.start_supervisor(std::move(cfg));
  if (!supervisor)
    print_error("cannot start the sinks", supervisor.error());
  return static_cast<bool>(supervisor);
}

// Starts the monitor if the file has one; returns nothing if it cannot be.
std::optional<std::unique_ptr<monitor>>
start_monitor(const gateway_file& file, runtime& rt,
              const client_supervisor_actor& supervisor,
              const gateway_server& gateway) {
  if (!file.monitor)
    return std::unique_ptr<monitor>{};
  auto metrics = std::make_shared<metrics_collector>(rt);
  metrics->add_gateway(file.gateway.name, gateway.stats());
  for (auto& desk : file.desks)
    metrics->add_desk(desk.name, desk.options.stats);
  for (auto& [name, options] : file.sinks)
    metrics->add_sink(name, options.stats);
  auto options = *file.monitor;
  options.metrics = [metrics] { return metrics->text(); };
  options.program = file.gateway.name;
  options.desks = [desks = file.gateway.desks] { return desks; };
  // The tree of the gateway has that of the clients.
  options.trees.push_back(caf::actor_cast<caf::actor>(gateway.address()));
  for (auto& x : rt.root_supervisors())
    if (x.address() != supervisor.address())
      options.trees.push_back(x);
  auto result = zenws::start_monitor(rt, std::move(options));
  if (!result) {
    print_problem(program_name, caf_compat::to_text(result.error()),
                  "choose another port or address of the monitor");
    return std::nullopt;
  }
  std::cout << file.gateway.name + " shows itself at " + (*result)->url() + '\n'
            << std::flush;
  return std::move(*result);
}

// Starts the outlet, if there is to be one; returns whether that could be done.
bool start_outlet(gateway_file& file, runtime& rt,
                  std::unique_ptr<outlet>& started) {
  if (!file.outlet)
    return true;
  file.outlet->desks = file.gateway.desks;
  auto result = zenws::start_outlet(rt, *file.outlet);
  if (!result) {
    print_problem(program_name,
                  "no outlet: " + caf_compat::to_text(result.error()),
                  explain(error{caf_compat::code_of(result.error())}).remedy);
    return false;
  }
  started = std::move(*result);
  std::cout << "outlet listening at " + started->url() + '\n' << std::flush;
  return true;
}

// Follows signals until one ends the gateway.
void serve(caf::scoped_actor& self, const gateway_arguments& arguments,
           const reloadable& gateway, const service_manager& manager,
           const std::string& greeting) {
  auto running = true;
  self->receive_while(running)([&](signaled signal) {
    if (signal.number != reload_signal) {
      running = false;
      return;
    }
    manager.reloading();
    reload(arguments, gateway);
    manager.ready(greeting);
  });
}

int run(gateway_file& file, const gateway_arguments& arguments,
        const program_log_ptr& log) {
  // Until all else has ended: see a second interrupt.
  signal_watch received{signals};
  system_config cfg;
  cfg.log = log->sink();
  load_nodes(cfg, file.node);
  apply_caf(file.caf, cfg);
  caf::actor_system sys{cfg};
  runtime rt{sys, file.io_threads};
  auto manager = service_manager::from_environment();
  auto watchdog = feed_watchdog(manager, rt);
  auto supervisor = rt.supervise(file.supervision);
  gateway_clients clients{sys, supervisor};
  if (!start_clients(file, clients) || !start_desks(file, sys, rt)
      || !start_sinks(file, rt))
    return exit_failed;
  auto gateway = gateway_server::start(rt, supervisor, file.gateway);
  if (!gateway) {
    print_problem(program_name, caf_compat::to_text(gateway.error()),
                  "choose another port or address");
    return exit_failed;
  }
  auto shown = start_monitor(file, rt, supervisor, **gateway);
  if (!shown)
    return exit_failed;
  auto greeting = file.gateway.name + " listening at " + file.gateway.bind + ':'
                  + std::to_string((*gateway)->port());
  // In one write: other threads print as well.
  std::cout << greeting + '\n' << std::flush;
  std::unique_ptr<outlet> programs;
  if (!start_outlet(file, rt, programs))
    return exit_failed;
  caf::scoped_actor self{sys};
  received.pass_to([receiver = caf::actor{self}](int number) {
    caf_compat::anon_send(receiver, signaled{number});
  });
  manager.ready(greeting);
  serve(self, arguments, {sys, *log, clients, file}, manager, greeting);
  received.pass_to({});
  manager.stopping();
  // Nodes first: they need not hear of the end of the clients.
  write_log(sys, {.component = "zenws.gateway",
                  .text = file.gateway.name
                          + " leaves; another interrupt ends it at once"});
  (*gateway)->stop();
  programs = nullptr;
  return exit_success;
}

} // namespace

ZENWS_LOCAL_MESSAGE(2972, signaled)

int main(int argc, char** argv) {
  command_line line{info()};
  gateway_arguments arguments;
  declare(line.app(), arguments);
  line.add_output_options();
  if (auto code = line.parse(argc, argv))
    return *code;
  arguments.output = line.output();
  auto file = read(arguments, std::cerr);
  if (!file)
    return exit_usage;
  if (arguments.check_only)
    return exit_success;
  block_signals(signals);
  auto log = open_log(program_name, file->log);
  return log == nullptr || !announce_key_log(program_name, *log)
           ? exit_usage
           : run(*file, arguments, log);
}
