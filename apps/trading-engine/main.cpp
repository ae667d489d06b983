// trading-engine: trades at a venue that speaks Deribit's JSON-RPC, on paper
// unless it is told to send orders.

#include "process_kit/interrupt_watch.hpp"
#include "trading_engine/engine.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace zenws;

constexpr int exit_usage = 2;

constexpr auto feed_name = "venue";

struct options {
  std::string url = "wss://www.deribit.com/ws/api/v2";
  std::string ca_file;
  std::vector<std::string> instruments{"BTC-PERPETUAL"};
  int64_t seconds = 0;
  bool sends_orders = false;
};

/// Tells the main thread to end.
struct finish {};

void declare(CLI::App& app, options& out) {
  app.add_option("--url", out.url, "ws:// or wss:// address of the venue")
    ->capture_default_str();
  app
    .add_option("--ca", out.ca_file,
                "trusted authorities (PEM) instead of those of the system")
    ->check(CLI::ExistingFile);
  app.add_option("--instrument", out.instruments, "what to trade")
    ->capture_default_str();
  app
    .add_option("--seconds", out.seconds,
                "how long to trade; 0 is until interrupted")
    ->capture_default_str()
    ->check(CLI::Range(int64_t{0}, int64_t{31'536'000}));
  app.add_flag("--orders", out.sends_orders,
               "send real orders; needs DERIBIT_KEY and DERIBIT_SECRET in the "
               "environment (default: trade on paper)");
}

client_spec spec_of(const options& opts) {
  client_spec result;
  result.name = feed_name;
  result.config.url = opts.url;
  result.config.tls.ca_file = opts.ca_file;
  result.config.heartbeat.kind = heartbeat_kind::venue;
  auto& venue = result.config.venue;
  venue.dialect = "deribit";
  if (!opts.sends_orders)
    return result;
  venue.login = login_mode::required;
  venue.on_login
    = {{"private/enable_cancel_on_disconnect", R"({"scope":"connection"})"}};
  result.credentials = [] { return credentials_from_environment("DERIBIT"); };
  return result;
}

/// Labels of this run, different from those of all earlier ones.
std::string run_name() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now);
  return "zenws-" + std::to_string(ms.count());
}

void print_problem(const std::string& what, const std::string& remedy) {
  std::cerr << "trading-engine: " << what << '\n';
  if (!remedy.empty())
    std::cerr << "What to do: " << remedy << '\n';
}

/// Prints what happens until it is over; returns the exit status.
int watch(caf::scoped_actor& self) {
  auto status = EXIT_SUCCESS;
  auto running = true;
  self->receive_while(running)(
    [](const engine::engine_report& what) {
      std::cout << engine::live_line(what) << std::endl;
    },
    [&](const client_event& what) {
      std::cout << describe(what) << std::endl;
      if (what.kind != event_kind::gave_up)
        return;
      print_problem("no connection to the venue", explain(what.reason).remedy);
      status = EXIT_FAILURE;
      running = false;
    },
    [](const engine::feed_restored&) {
      std::cout << "All is restored, data flows." << std::endl;
    },
    [&](finish) { running = false; });
  return status;
}

/// The engine, as what comes after its feed: it starts over when the feed had
/// to.
child_spec engine_of(const options& opts, const runtime& rt,
                     const caf::actor& observer) {
  child_spec result{.id = "engine"};
  result.start = [=, &rt](caf::actor_system& sys) -> caf::expected<caf::actor> {
    auto feed = rt.find_client(feed_name);
    if (!feed)
      return feed.error();
    engine::engine_options trading;
    trading.market.channels = engine::channels_of(opts.instruments);
    if (opts.sends_orders)
      trading.run = run_name();
    auto trader = sys.spawn<engine::engine>(std::move(trading), observer);
    caf::anon_send(trader, engine::attach_client{*feed});
    return trader;
  };
  return result;
}

int trade(const options& opts, caf::actor_system& sys, runtime& rt) {
  caf::scoped_actor self{sys};
  caf::actor observer{self};
  auto feed = spec_of(opts);
  feed.subscribers = {{observer, {.content = subscription_content::events}}};
  if (auto problems = validate(feed); !problems.empty()) {
    auto what = as_error(problems);
    print_problem(to_string(what), explain(what).remedy);
    return exit_usage;
  }
  auto desk = rt.start_supervisor(
    {.name = "desk",
     .policy = {.strategy = restart_strategy::rest_for_one},
     .children = {rt.child(feed), engine_of(opts, rt, observer)}});
  if (!desk) {
    auto code = seam::code_of(desk.error());
    print_problem(seam::to_text(desk.error()), explain(error{code}).remedy);
    return EXIT_FAILURE;
  }
  if (opts.seconds > 0)
    self->delayed_send(self, std::chrono::seconds{opts.seconds}, finish{});
  process::interrupt_watch interrupts{
    [=] { caf::anon_send(observer, finish{}); }};
  auto status = watch(self);
  self->send_exit(*desk, caf::exit_reason::user_shutdown);
  self->wait_for(*desk);
  return status;
}

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(finish)

int main(int argc, char** argv) {
  CLI::App app{"Trades at a venue that speaks Deribit's JSON-RPC",
               "trading-engine"};
  options opts;
  declare(app, opts);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? EXIT_SUCCESS : exit_usage;
  }
  zenws::process::block_interrupts();
  zenws::system_config cfg;
  caf::actor_system sys{cfg};
  zenws::runtime rt{sys};
  return trade(opts, sys, rt);
}
