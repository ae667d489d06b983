// SPDX-License-Identifier: BSD-3-Clause

// zenws-bench: speed and memory of zenws, next to plain Beast.

#include "cases.hpp"
#include "config_file/settings.hpp"
#include "environment.hpp"
#include "gateway_process.hpp"
#include "idle_probe.hpp"
#include "notifications.hpp"
#include "program/command_line.hpp"
#include "program/exit_code.hpp"
#include "program/print_problem.hpp"
#include "relay_process.hpp"
#include "server_process.hpp"
#include "tick_venue.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace zenws::bench;

constexpr auto program_name = "zenws-bench";

const std::vector<std::string> all_cases{
  "flood", "rtt",  "idle",   "fanout", "restore", "restart", "storm",
  "loops", "pool", "remote", "decode", "book",    "orders",  "tick-to-trade"};

// The first needs what other clients are made of, the second an hour.
const std::vector<std::string> rare_cases{"peers", "soak"};

const std::map<std::string, std::vector<transport>> transport_names{
  {"plain", {transport::plain}},
  {"tls", {transport::tls}},
  {"both", {transport::plain, transport::tls}},
};

// The command line before it becomes `options`.
struct arguments {
  options opts;
  std::string transports = "both";
  bool quick = false;
};

void declare(CLI::App& app, arguments& out) {
  std::vector<std::string> names;
  names.reserve(std::size(transport_names));
  for (auto& [name, value] : transport_names)
    names.push_back(name);
  auto& opts = out.opts;
  auto names_of_cases = all_cases;
  std::ranges::copy(rare_cases, std::back_inserter(names_of_cases));
  app
    .add_option("case", opts.cases,
                "what to measure (default: all but peers, soak)")
    ->check(CLI::IsMember(names_of_cases));
  app.add_flag("--json", opts.json, "one JSON object per line");
  app.add_flag("--quick", out.quick,
               "a shorter run with fewer clients, for a first impression");
  app.add_option("--rounds", opts.rounds, "measurements of each kind")
    ->capture_default_str()
    ->check(CLI::Range(size_t{1}, size_t{1000}));
  app
    .add_option("--seconds", opts.seconds,
                "duration of one measurement of a throughput")
    ->capture_default_str()
    ->check(CLI::Range(0.01, 600.0));
  app
    .add_option("--count", opts.round_trips,
                "round trips in one measurement of rtt, orders in one of "
                "tick-to-trade")
    ->capture_default_str()
    ->check(CLI::Range(size_t{100}, size_t{100'000'000}));
  app.add_option("--transport", out.transports, "plain, tls or both")
    ->capture_default_str()
    ->check(CLI::IsMember(names));
  app.add_option("--minutes", opts.minutes, "duration of soak")
    ->capture_default_str()
    ->check(CLI::Range(5u, 10'000u));
  app.add_option("--size", opts.sizes, "payload bytes of flood")
    ->capture_default_str()
    ->check(CLI::Range(size_t{104}, size_t{65'000}));
  app
    .add_option("--dialect", opts.dialect,
                "of flood: deribit sends that venue's notifications to a "
                "subscriber of their channels")
    ->capture_default_str()
    ->check(CLI::IsMember({"raw", "deribit"}));
  app.add_flag("--typed", opts.typed,
               "of flood: adds subscribers of market data; needs a venue's "
               "dialect");
  app.add_flag("--watched", opts.watched,
               "of flood: adds runtimes whose page is open and whose metrics "
               "are read each second");
  app
    .add_option("--capture", opts.captures,
                "recorded session for decode instead of a simulated one, may "
                "be repeated; the dialect is found out unless given as "
                "DIALECT:FILE")
    ->allow_extra_args(false);
  app.add_option("--only", opts.only,
                 "measure these ways alone, such as scheduled, for a profile");
  app
    .add_option("--clients", opts.clients,
                "numbers of idle clients; restart takes the last")
    ->capture_default_str()
    ->check(CLI::Range(size_t{1}, size_t{100'000}));
  app
    .add_option("--policy", opts.policy,
                "CAF's scheduling policy for flood, fanout and restore")
    ->capture_default_str()
    ->check(CLI::IsMember({"sharing", "stealing"}));
  app
    .add_option("--cores", opts.placement,
                "any: where the kernel wants; apart: the server on the first, "
                "the clients on the others; one: all on the first (default: "
                "apart for rtt, else any)")
    ->transform(CLI::Transformer(cores_names));
}

// Checks options that depend on each other.
void check(const options& opts) {
  if (opts.dialect == "raw") {
    if (opts.typed)
      throw CLI::ValidationError{"--typed", "needs --dialect deribit"};
    return;
  }
  auto min = min_notification_size();
  for (auto size : opts.sizes)
    if (size < min)
      throw CLI::ValidationError{"--size", "a notification of " + opts.dialect
                                             + " needs at least "
                                             + std::to_string(min) + " bytes"};
}

// Explicit options override `--quick`.
void finish(const CLI::App& app, arguments& args) {
  auto& opts = args.opts;
  opts.transports = transport_names.at(args.transports);
  std::sort(opts.clients.begin(), opts.clients.end());
  if (opts.cases.empty())
    opts.cases = all_cases;
  if (opts.dialect != "raw" && app.count("--size") == 0)
    for (auto& size : opts.sizes)
      size = std::max(size, min_notification_size());
  if (!args.quick)
    return;
  opts.max_tls_clients = 1'000;
  if (app.count("--rounds") == 0)
    opts.rounds = 3;
  if (app.count("--seconds") == 0)
    opts.seconds = 0.1;
  if (app.count("--count") == 0)
    opts.round_trips = 2'000;
}

void measure(const options& opts, report& out) {
  const std::map<std::string_view, decltype(&run_flood)> functions{
    {"flood", run_flood},   {"rtt", run_rtt},         {"idle", run_idle},
    {"fanout", run_fanout}, {"restore", run_restore}, {"restart", run_restart},
    {"pool", run_pool},     {"remote", run_remote},   {"peers", run_peers},
    {"storm", run_storm},   {"loops", run_loops},
  };
  const std::map<std::string_view, decltype(&run_book)> local_functions{
    {"decode", run_decode},
    {"book", run_book},
    {"orders", run_orders},
    {"soak", run_soak},
    {"tick-to-trade", run_tick_to_trade}};
  for (auto& name : opts.cases) {
    if (auto i = local_functions.find(name); i != local_functions.end()) {
      i->second(opts, out);
      continue;
    }
    for (auto below : opts.transports) {
      auto where = opts.placement.value_or(name == "rtt" ? cores::apart
                                                         : cores::any);
      server_process server{below, where};
      core_guard guard{where};
      functions.at(name)(opts, server, out);
    }
  }
}

using child_role = int (*)(int argc, char** argv);

// The parts of this program that run in processes of their own.
const std::map<std::string, child_role> child_roles{
  {"--gateway", run_gateway},       {"--probe-idle", probe_idle},
  {"--relay", run_relay},           {"--serve", serve},
  {"--tick-venue", run_tick_venue},
};

int run(const options& opts) {
  report out{opts.json ? report::format::json : report::format::table};
  describe_environment(opts, out);
  measure(opts, out);
  return zenws::exit_success;
}

zenws::program_info info() {
  return {
    .name = program_name,
    .purpose = "Measures zenws next to plain Beast, over the loopback.\n\n"
               "flood   messages delivered to one subscriber\n"
               "rtt     round trips with one message in flight\n"
               "idle    memory of clients that have nothing to do\n"
               "fanout  messages delivered to many subscribers\n"
               "restore how soon channels are back after an outage\n"
               "restart clients that are killed, and a server that is gone\n"
               "storm   many clients that dial at the same time\n"
               "loops   clients on one I/O loop, and on two\n"
               "pool    calls through a pool of clients\n"
               "remote  messages and round trips through a gateway\n"
               "peers   clients made of other libraries (only if named)\n"
               "soak    clients among faults for a long time (only if named)\n"
               "decode  messages of a venue to market data\n"
               "book    changes of an order book\n"
               "orders  orders through a ledger, and through a desk\n"
               "tick-to-trade from a change of a book to an order\n",
    .examples
    = {{"gives a first impression of everything", "zenws-bench --quick"},
       {"measures these two", "zenws-bench flood rtt --rounds 5"},
       {"decodes a recorded session", "zenws-bench decode --capture okx:FILE"}},
    .libraries = {zenws::caf_version()}};
}

} // namespace

int main(int argc, char** argv) try {
  std::signal(SIGPIPE, SIG_IGN);
  raise_file_limit();
  if (auto role = child_roles.find(argc > 1 ? argv[1] : "");
      role != child_roles.end())
    return role->second(argc - 2, argv + 2);
  zenws::command_line line{info()};
  arguments args;
  declare(line.app(), args);
  line.app().callback([&] {
    finish(line.app(), args);
    check(args.opts);
  });
  if (auto code = line.parse(argc, argv))
    return *code;
  return run(args.opts);
} catch (const std::exception& ex) {
  zenws::print_problem(program_name, ex.what());
  return zenws::exit_failed;
}
