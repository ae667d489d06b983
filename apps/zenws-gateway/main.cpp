// SPDX-License-Identifier: BSD-3-Clause

// zenws-gateway: owns connections to exchanges, and shares them with other
// nodes.

#include "channel_keeper.hpp"
#include "gateway_file/gateway_file.hpp"
#include "service/loop_watchdog.hpp"
#include "service/service_manager.hpp"
#include "zenws/signal_watch.hpp"

#include <CLI/CLI.hpp>

#include <future>
#include <iostream>
#include <optional>
#include <string>

namespace {

using namespace zenws;

constexpr int exit_usage = 2;

struct options {
  std::string file;
  std::optional<uint16_t> port;
  std::optional<std::string> bind;
  bool check_only = false;
};

void declare(CLI::App& app, options& out) {
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

void print_problem(const std::string& problem, const std::string& remedy) {
  std::cerr << "zenws-gateway: " << problem << '\n';
  if (!remedy.empty())
    std::cerr << "What to do: " << remedy << '\n';
}

std::optional<gateway_file> read(const options& opts) {
  gateway_file result;
  auto reader = [&](config_section& root) { read_gateway_file(root, result); };
  if (!load_config(opts.file, reader, std::cerr))
    return std::nullopt;
  result.gateway.port = opts.port.value_or(result.gateway.port);
  result.gateway.bind = opts.bind.value_or(result.gateway.bind);
  return result;
}

// Starts all clients; returns whether all of them could be.
bool start_clients(gateway_file& file, caf::actor_system& sys,
                   const client_supervisor_actor& supervisor) {
  caf::scoped_actor self{sys};
  auto result = true;
  for (auto& client : file.clients) {
    auto name = client.spec.name;
    self->request(supervisor, caf::infinite, start_client{client.spec})
      .receive(
        [&](client_actor& started) {
          sys.spawn(channel_keeper, std::move(started),
                    std::move(client.channels));
        },
        [&](const caf::error& reason) {
          print_problem("cannot start " + name + ": "
                          + caf_compat::to_text(reason),
                        explain(error{caf_compat::code_of(reason)}).remedy);
          result = false;
        });
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
    print_problem(
      "cannot start the desks: " + caf_compat::to_text(supervisor.error()),
      explain(error{caf_compat::code_of(supervisor.error())}).remedy);
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

int run(gateway_file& file) {
  system_config cfg;
  load_nodes(cfg, file.node);
  apply_caf(file.caf, cfg);
  caf::actor_system sys{cfg};
  runtime rt{sys, file.io_threads};
  auto manager = service_manager::from_environment();
  auto watchdog = feed_watchdog(manager, rt);
  auto supervisor = rt.supervise(file.supervision);
  if (!start_clients(file, sys, supervisor) || !start_desks(file, sys, rt))
    return EXIT_FAILURE;
  auto gateway = gateway_server::start(rt, supervisor, file.gateway);
  if (!gateway) {
    print_problem(caf_compat::to_text(gateway.error()),
                  "choose another port or address");
    return EXIT_FAILURE;
  }
  auto greeting = file.gateway.name + " listening at " + file.gateway.bind + ':'
                  + std::to_string((*gateway)->port());
  // In one write: other threads print as well.
  std::cout << greeting + '\n' << std::flush;
  manager.ready(greeting);
  std::promise<void> interrupted;
  signal_watch watch{interrupts, [&, told = false](int) mutable {
                       if (!std::exchange(told, true))
                         interrupted.set_value();
                     }};
  interrupted.get_future().wait();
  manager.stopping();
  // Nodes first: they need not hear of the end of the clients.
  std::cout << file.gateway.name + " leaves\n" << std::flush;
  (*gateway)->stop();
  return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{
    "Owns connections to exchanges, and shares them with other nodes",
    "zenws-gateway"};
  options opts;
  declare(app, opts);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? EXIT_SUCCESS : exit_usage;
  }
  auto file = read(opts);
  if (!file)
    return exit_usage;
  if (opts.check_only)
    return EXIT_SUCCESS;
  block_signals(interrupts);
  return run(*file);
}
