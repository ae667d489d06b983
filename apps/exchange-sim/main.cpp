// SPDX-License-Identifier: BSD-3-Clause

#include "program/command_line.hpp"
#include "program/exit_code.hpp"
#include "program/print_problem.hpp"
#include "venue_options.hpp"
#include "zenws/signal_watch.hpp"
#include "zenws/sim/config/rules.hpp"
#include "zenws/sim/control_command.hpp"
#include "zenws/sim/server.hpp"

#include <CLI/CLI.hpp>

#include <sys/resource.h>

#include <future>
#include <iostream>
#include <string>

namespace {

namespace sim = zenws::sim;
using zenws::exit_success;
using zenws::exit_usage;

constexpr auto program_name = "exchange-sim";

struct options {
  sim::server_config server;
  bool tls = false;
  bool client_certs = false;
  bool expired = false;
  std::string ca_out;
  int64_t tick_ms = 10;
};

zenws::program_info info() {
  return {.name = program_name,
          .purpose
          = "A WebSocket exchange to test clients against.\n\n"
            "Paths: /ws/api/v2 (JSON-RPC in Deribit's manner, the "
            "default),\n"
            "/stream?streams=A/B, /ws, /ws/A and /ws-api/v3 (Binance),\n"
            "/v5/public/linear, /v5/public/spot and /v5/private (Bybit),\n"
            "/ws/v5/public and /ws/v5/private (OKX), /replay, /echo,\n"
            "/flood?count=N&size=BYTES&kind=text|binary&close=yes|no, "
            "/broadcast, /control",
          .examples = {{"serves a market at ws://127.0.0.1:8080",
                        "exchange-sim --port 8080"},
                       {"serves wss:// with an authority of its own",
                        "exchange-sim --tls --ca-out ca.pem"},
                       {"replays a recorded session, ten times as fast",
                        "exchange-sim --capture session.txt --speed 10"}}};
}

void declare_server(CLI::App& app, options& out) {
  app.add_option("--host", out.server.host, "numeric address to listen on")
    ->capture_default_str()
    ->check(CLI::Validator{
      [](std::string& x) { return x.empty() ? "is empty" : ""; }, "ADDRESS"});
  app
    .add_option("--port", out.server.port,
                "port to listen on; 0 lets the system choose")
    ->capture_default_str();
  app.add_flag("--deflate", out.server.deflate,
               "compress for clients that offer permessage-deflate");
  app.add_option("--seed", out.server.seed, "seed of the simulated market")
    ->capture_default_str();
  app.add_option("--tick", out.tick_ms, "period of the market, milliseconds")
    ->capture_default_str()
    ->check(CLI::Range(int64_t{1}, int64_t{3'600'000}));
  app.add_option("--instrument", out.server.instruments,
                 "instruments of the market, in place of the default ones");
  app
    .add_option("--capture", out.server.capture_file,
                "recorded session to replay instead of the market")
    ->check(CLI::ExistingFile);
  app
    .add_option("--speed", out.server.replay_speed,
                "speed of the replay; 0 is as fast as the client reads")
    ->capture_default_str()
    ->check(CLI::NonNegativeNumber);
}

void declare_tls(CLI::App& app, options& out) {
  auto* tls = app.add_flag("--tls", out.tls, "serve wss:// instead of ws://");
  auto* cert = app.add_option("--cert", out.server.tls.cert_file,
                              "PEM certificate chain (default: generated)");
  auto* key = app.add_option("--key", out.server.tls.key_file,
                             "PEM private key of --cert");
  cert->check(CLI::ExistingFile)->needs(tls)->needs(key);
  key->check(CLI::ExistingFile)->needs(tls)->needs(cert);
  app
    .add_option("--ca-out", out.ca_out,
                "write the generated CA certificate to this file")
    ->needs(tls);
  app
    .add_option("--cert-name", out.server.tls.names,
                "names and addresses in the generated certificate")
    ->needs(tls);
  app.add_flag("--expired", out.expired, "generate an expired certificate")
    ->needs(tls);
  app
    .add_flag("--require-client-cert", out.client_certs,
              "demand a client certificate of the generated CA")
    ->needs(tls);
}

void finish(options& out) {
  auto& cfg = out.server;
  cfg.tick = std::chrono::milliseconds{out.tick_ms};
  cfg.transport = out.tls ? sim::transport::tls : sim::transport::plain;
  if (out.expired)
    cfg.tls.validity = sim::leaf_validity::expired;
  if (out.client_certs)
    cfg.tls.clients = sim::client_certificate::required;
}

void list_faults() {
  for (auto& x : sim::fault_descriptions()) {
    std::cout << x.name << '\n';
    if (!x.members.empty())
      std::cout << "  members: " << x.members << '\n';
    std::cout << "  " << x.sentence << '\n';
  }
}

void list_rules() {
  for (auto& x : sim::rules()) {
    std::cout << x.id << '\n' << "  " << x.sentence << '\n';
    std::cout << "  source: " << x.source << '\n';
    if (!x.setting.empty())
      std::cout << "  setting: " << x.setting << '\n';
  }
}

// Has an option print a list and end the program.
void declare_list(CLI::App& app, const char* name, const char* meaning,
                  void (*print)()) {
  app.add_flag_callback(
    name,
    [print] {
      print();
      throw CLI::Success{};
    },
    meaning);
}

// Each client needs a file descriptor.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int serve(const options& opts) {
  zenws::block_signals(zenws::interrupts);
  zenws::signal_watch received{zenws::interrupts};
  std::promise<void> interrupted;
  sim::server exchange{opts.server};
  if (auto error = exchange.start()) {
    zenws::print_problem(program_name, *error);
    return exit_usage;
  }
  if (!opts.ca_out.empty()) {
    if (auto error = exchange.write_ca(opts.ca_out)) {
      zenws::print_problem(program_name, "--ca-out: " + *error);
      return exit_usage;
    }
  }
  std::cout << "exchange-sim: listening on " << exchange.url("") << std::endl;
  // Called once: a second interrupt ends the program.
  received.pass_to([&](int) { interrupted.set_value(); });
  interrupted.get_future().wait();
  exchange.stop();
  return exit_success;
}

} // namespace

int main(int argc, char** argv) {
  zenws::command_line arguments{info()};
  auto& app = arguments.app();
  options opts;
  declare_list(app, "--list-faults", "print the faults of /control",
               list_faults);
  declare_list(app, "--list-rules", "print the rules of the venues",
               list_rules);
  declare_server(app, opts);
  declare_tls(app, opts);
  sim::declare_accounts(app, opts.server);
  sim::declare_deribit(app, opts.server.api);
  sim::declare_binance(app, opts.server.binance);
  sim::declare_bybit(app, opts.server.bybit);
  sim::declare_hyperliquid(app, opts.server.hyperliquid);
  sim::declare_kraken(app, opts.server.kraken);
  sim::declare_okx(app, opts.server.okx);
  if (auto code = arguments.parse(argc, argv))
    return *code;
  finish(opts);
  raise_file_limit();
  return serve(opts);
}
