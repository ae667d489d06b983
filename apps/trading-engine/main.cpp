// SPDX-License-Identifier: BSD-3-Clause

// trading-engine: trades at a venue that speaks Deribit's JSON-RPC, on paper
// unless it is told to send orders.

#include "engine_settings.hpp"
#include "trading_engine/engine.hpp"

#include "zenws/interrupt_watch.hpp"
#include "zenws/nodes/all.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace zenws;
using engine::engine_settings;

constexpr int exit_usage = 2;

// Time for orders under way to end.
constexpr std::chrono::seconds settle_timeout{15};

// Ends the main thread.
struct finish {};

void declare(CLI::App& app, std::string& file, engine_settings& out) {
  app
    .add_option("--config", file,
                "configuration file (TOML); the command line overrides it")
    ->check(CLI::ExistingFile);
  app
    .add_option("--url", out.venue.config.url,
                "ws:// or wss:// address of the venue")
    ->capture_default_str();
  app
    .add_option("--ca", out.venue.config.tls.ca_file,
                "trusted authorities (PEM) instead of those of the system")
    ->check(CLI::ExistingFile);
  app.add_option("--instrument", out.instruments, "instruments to trade")
    ->capture_default_str();
  app
    .add_option("--interval", out.interval,
                "how often the venue sends market data; raw needs a login, "
                "hence --orders or a gateway that logs in")
    ->capture_default_str()
    ->check(CLI::IsMember({"raw", "100ms"}));
  app
    .add_option("--seconds", out.seconds,
                "how long to trade; 0 is until interrupted")
    ->capture_default_str()
    ->check(CLI::Range(int64_t{0}, int64_t{31'536'000}));
  app.add_flag("--orders", out.sends_orders,
               "send real orders; needs DERIBIT_KEY and DERIBIT_SECRET in the "
               "environment, or in that of the gateway (default: trade on "
               "paper)");
  app
    .add_option("--run", out.run,
                "name that the labels of orders begin with: orders that an "
                "earlier run of this name has left are cancelled (default: a "
                "new one)")
    ->check(engine::check_run_name);
  app.add_option("--gateway", out.gateways,
                 "HOST:PORT of a zenws-gateway to trade through; several make "
                 "one feed that survives the loss of all but one");
  app.add_option("--client", out.client,
                 "which client of the gateway (default: venue)");
  app.add_option("--node-cert", out.node.tls.cert_file,
                 "certificate of this node (PEM), for gateways with TLS");
  app.add_option("--node-key", out.node.tls.key_file, "its key (PEM)");
  app.add_option("--node-ca", out.node.tls.ca_file,
                 "the authority of all nodes (PEM)");
}

// Returns the connection of its own.
client_spec spec_of(const engine_settings& opts) {
  auto result = opts.venue;
  if (!opts.sends_orders)
    return result;
  auto& venue = result.config.venue;
  venue.login = login_mode::required;
  venue.on_login
    = {{"private/enable_cancel_on_disconnect", R"({"scope":"connection"})"}};
  if (!result.credentials)
    result.credentials = [] { return credentials_from_environment("DERIBIT"); };
  return result;
}

// Returns a ledger whose labels differ from those of all earlier runs.
engine::order_ledger_ptr open_ledger(const engine_settings& opts) {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now);
  auto run = "zenws-" + std::to_string(ms.count()) + '-'
             + std::to_string(getpid());
  return std::make_shared<engine::order_ledger>(
    opts.run.empty() ? run : opts.run, static_cast<uint64_t>(ms.count()));
}

engine::engine_options engine_options_of(const engine_settings& opts) {
  engine::engine_options result;
  result.market.instruments = opts.instruments;
  result.market.pace = engine::pace_of(opts.interval);
  if (!opts.sends_orders)
    return result;
  result.ledger = open_ledger(opts);
  // A new name has no orders.
  if (!opts.run.empty())
    result.settle_first = engine::order_desk::lifetime
                          + engine::order_desk::clock_margin;
  return result;
}

void print_problem(const std::string& problem, const std::string& remedy) {
  std::cerr << "trading-engine: " << problem << '\n';
  if (!remedy.empty())
    std::cerr << "What to do: " << remedy << '\n';
}

// Prints reports and events until the end; returns the exit status.
int watch(caf::scoped_actor& self) {
  auto status = EXIT_SUCCESS;
  auto running = true;
  self->receive_while(running)(
    [](const engine::engine_report& report) {
      std::cout << engine::live_line(report) << std::endl;
    },
    [&](const client_event& event) {
      std::cout << describe(event) << std::endl;
      if (event.kind != event_kind::gave_up)
        return;
      print_problem("no connection to the venue", explain(event.reason).remedy);
      status = EXIT_FAILURE;
      running = false;
    },
    [](const engine::subscription_refused& refusal) {
      std::cout << "The venue refuses " << refusal.name << ": "
                << refusal.reason << std::endl;
    },
    [](const engine::feed_restored&) {
      std::cout << "All is restored, data flows." << std::endl;
    },
    [&](finish) { running = false; });
  return status;
}

// Finds the client to trade with.
using feed_finder = std::function<caf::expected<client_actor>()>;

child_spec engine_of(const engine_settings& opts, const feed_finder& find_feed,
                     const caf::actor& observer) {
  child_spec result{.id = "engine"};
  // Each engine continues the ledger of the one before.
  auto trading = engine_options_of(opts);
  result.start = [=](caf::actor_system& sys) -> caf::expected<caf::actor> {
    auto feed = find_feed();
    if (!feed)
      return feed.error();
    auto trader = sys.spawn<engine::engine>(trading, observer);
    caf::anon_send(trader, engine::attach_client{*feed});
    return trader;
  };
  return result;
}

void print_error(const caf::error& reason) {
  print_problem(caf_compat::to_text(reason),
                explain(error{caf_compat::code_of(reason)}).remedy);
}

// Prints the last report. Returns the exit status: a run in which the venue
// granted nothing is a failure.
int print_result(const engine::engine_report& report) {
  std::cout << engine::last_line(report) << std::endl;
  if (report.orders.sent == 0 && !report.hindrance.empty())
    print_problem("no orders: " + report.hindrance, "");
  if (report.ever_granted)
    return EXIT_SUCCESS;
  auto reason = std::string{"it did not answer"};
  for (auto& x : report.subscriptions)
    if (!x.refusal.empty())
      reason = x.name + ": " + x.refusal;
  print_problem("the venue has granted no subscription (" + reason + ")",
                "check --url, --instrument and --interval");
  return EXIT_FAILURE;
}

// Stops trading, waits for open orders, and prints the last report. Returns the
// exit status.
int settle(caf::scoped_actor& self, const supervisor_actor& desk) {
  auto status = EXIT_FAILURE;
  caf::actor trader;
  self->request(desk, caf::infinite, which_children{})
    .receive(
      [&](child_list& all) {
        if (!all.children.empty())
          trader = all.children.back().address;
      },
      [](const caf::error&) {});
  if (!trader)
    return status;
  self->send(trader, engine::halt{});
  auto deadline = std::chrono::steady_clock::now() + settle_timeout;
  for (auto open = true; open;) {
    self->request(trader, settle_timeout, engine::get_report{})
      .receive(
        [&](const engine::engine_report& report) {
          open = report.orders.open() > 0
                 && std::chrono::steady_clock::now() < deadline;
          if (!open)
            status = print_result(report);
        },
        [&](const caf::error&) { open = false; });
  }
  return status;
}

// Trades until interrupted. `children` end with the engine.
int trade(const engine_settings& opts, caf::scoped_actor& self, runtime& rt,
          std::vector<child_spec> children) {
  caf::actor observer{self};
  auto desk = rt.start_supervisor(
    {.name = "desk",
     .policy = {.strategy = restart_strategy::rest_for_one},
     .children = std::move(children)});
  if (!desk) {
    print_error(desk.error());
    return EXIT_FAILURE;
  }
  if (opts.seconds > 0)
    self->delayed_send(self, std::chrono::seconds{opts.seconds}, finish{});
  interrupt_watch interrupts{[=] { caf::anon_send(observer, finish{}); }};
  auto status = watch(self);
  if (auto outcome = settle(self, *desk); status == EXIT_SUCCESS)
    status = outcome;
  self->send_exit(*desk, caf::exit_reason::user_shutdown);
  self->wait_for(*desk);
  return status;
}

// Trades through a connection of its own; the engine restarts with it.
int trade_directly(const engine_settings& opts, caf::actor_system& sys,
                   runtime& rt) {
  caf::scoped_actor self{sys};
  caf::actor observer{self};
  auto feed = spec_of(opts);
  feed.subscribers = {{observer, {.content = subscription_content::events}}};
  if (auto problems = validate(feed); !problems.empty()) {
    print_error(make_error(as_error(problems)));
    return exit_usage;
  }
  auto find_feed = [&rt, name = feed.name] { return rt.find_client(name); };
  return trade(opts, self, rt,
               {rt.child(feed), engine_of(opts, find_feed, observer)});
}

// Trades through gateways, which own the connections.
int trade_through_gateways(const engine_settings& opts, caf::actor_system& sys,
                           runtime& rt) {
  caf::scoped_actor self{sys};
  caf::actor observer{self};
  std::vector<std::unique_ptr<gateway_connection>> connections;
  merge_config merged{.name = opts.client};
  for (auto& text : opts.gateways) {
    auto address = engine::parse_gateway(text);
    if (!address) {
      print_problem("'" + text + "' is no gateway", "give HOST:PORT");
      return exit_usage;
    }
    auto connection = connect_gateway(rt, *address);
    if (!connection) {
      print_error(connection.error());
      return EXIT_FAILURE;
    }
    caf::expected<client_actor> client{caf::error{}};
    self
      ->request((*connection)->gateway(), caf::infinite,
                get_client{opts.client})
      .receive([&](client_actor& x) { client = std::move(x); },
               [&](caf::error& reason) { client = std::move(reason); });
    if (!client) {
      print_error(client.error());
      return EXIT_FAILURE;
    }
    merged.sources.push_back(*client);
    connections.push_back(std::move(*connection));
  }
  auto feed = merged.sources.size() == 1
                ? caf::expected<client_actor>{merged.sources.front()}
                : rt.merge(merged);
  if (!feed) {
    print_error(feed.error());
    return EXIT_FAILURE;
  }
  self
    ->request(*feed, caf::infinite,
              subscribe{observer, {.content = subscription_content::events}})
    .receive([] {}, [](const caf::error& reason) { print_error(reason); });
  return trade(opts, self, rt,
               {engine_of(
                 opts, [feed] { return feed; }, observer)});
}

// Prepares the system for gateways, if there are any.
std::optional<int> load(caf::actor_system_config& cfg,
                        const engine_settings& opts) {
  if (!opts.gateways.empty()) {
    if (auto problems = validate(opts.node); !problems.empty()) {
      print_error(make_error(as_error(problems)));
      return exit_usage;
    }
    load_nodes(cfg, opts.node);
  }
  apply_caf(opts.caf, cfg);
  return std::nullopt;
}

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(finish)

int main(int argc, char** argv) {
  CLI::App app{"Trades at a venue that speaks Deribit's JSON-RPC",
               "trading-engine"};
  std::string file;
  engine_settings opts;
  declare(app, file, opts);
  try {
    app.parse(argc, argv);
    if (!file.empty()) {
      opts = {};
      auto reader = [&](config_section& root) { read_engine_file(root, opts); };
      if (!load_config(file, reader, std::cerr))
        return exit_usage;
      // The command line overrides the file.
      app.parse(argc, argv);
    }
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? EXIT_SUCCESS : exit_usage;
  }
  if (opts.interval == "raw" && !opts.sends_orders && !opts.venue.credentials
      && opts.gateways.empty()) {
    print_problem("the venue sends raw data only to those who log in",
                  "leave --interval at 100ms, or add --orders");
    return exit_usage;
  }
  block_interrupts();
  system_config cfg;
  if (auto status = load(cfg, opts))
    return *status;
  caf::actor_system sys{cfg};
  runtime rt{sys};
  return opts.gateways.empty() ? trade_directly(opts, sys, rt)
                               : trade_through_gateways(opts, sys, rt);
}
