// trading-engine: trades at a venue that speaks Deribit's JSON-RPC, on paper
// unless it is told to send orders.

#include "process_kit/interrupt_watch.hpp"
#include "trading_engine/engine.hpp"

#include "zenws/nodes/all.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <charconv>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace zenws;

constexpr int exit_usage = 2;

constexpr auto feed_name = "venue";

/// How long orders that are under way may take to end.
constexpr std::chrono::seconds settle_patience{15};

struct options {
  std::string url = "wss://www.deribit.com/ws/api/v2";
  std::string ca_file;
  std::vector<std::string> instruments{"BTC-PERPETUAL"};
  int64_t seconds = 0;
  bool sends_orders = false;

  // In place of a connection of its own.
  std::vector<std::string> gateways;
  std::string client = feed_name;
  node_options node;
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
               "environment, or in that of the gateway (default: trade on "
               "paper)");
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
  return "zenws-" + std::to_string(ms.count()) + '-' + std::to_string(getpid());
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

/// Finds the client to trade with.
using feed_finder = std::function<caf::expected<client_actor>()>;

child_spec engine_of(const options& opts, feed_finder find_feed,
                     const caf::actor& observer) {
  child_spec result{.id = "engine"};
  result.start = [=](caf::actor_system& sys) -> caf::expected<caf::actor> {
    auto feed = find_feed();
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

void print_error(const caf::error& what) {
  print_problem(seam::to_text(what),
                explain(error{seam::code_of(what)}).remedy);
}

/// Decides no more, waits for what is open, and prints how it went.
void settle(caf::scoped_actor& self, const supervisor_actor& desk) {
  caf::actor trader;
  self->request(desk, caf::infinite, which_children{})
    .receive(
      [&](child_list& all) {
        if (!all.children.empty())
          trader = all.children.back().address;
      },
      [](const caf::error&) {});
  if (!trader)
    return;
  self->send(trader, engine::halt{});
  auto deadline = std::chrono::steady_clock::now() + settle_patience;
  for (auto open = true; open;) {
    self->request(trader, settle_patience, engine::get_report{})
      .receive(
        [&](const engine::engine_report& what) {
          open = what.orders.open() > 0
                 && std::chrono::steady_clock::now() < deadline;
          if (!open)
            std::cout << engine::last_line(what) << std::endl;
        },
        [&](const caf::error&) { open = false; });
  }
}

/// Trades what the children before the engine bring.
int trade(const options& opts, caf::scoped_actor& self, runtime& rt,
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
  process::interrupt_watch interrupts{
    [=] { caf::anon_send(observer, finish{}); }};
  auto status = watch(self);
  settle(self, *desk);
  self->send_exit(*desk, caf::exit_reason::user_shutdown);
  self->wait_for(*desk);
  return status;
}

/// Trades through a connection of its own. The engine starts over when that had
/// to.
int trade_directly(const options& opts, caf::actor_system& sys, runtime& rt) {
  caf::scoped_actor self{sys};
  caf::actor observer{self};
  auto feed = spec_of(opts);
  feed.subscribers = {{observer, {.content = subscription_content::events}}};
  if (auto problems = validate(feed); !problems.empty()) {
    print_error(make_error(as_error(problems)));
    return exit_usage;
  }
  auto find_feed = [&rt] { return rt.find_client(feed_name); };
  return trade(opts, self, rt,
               {rt.child(feed), engine_of(opts, find_feed, observer)});
}

/// Reads "HOST:PORT".
std::optional<gateway_options> parse_gateway(std::string_view text) {
  gateway_options result;
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto* last = text.data() + text.size();
  auto [end, failure] = std::from_chars(text.data() + colon + 1, last,
                                        result.port);
  if (failure != std::errc{} || end != last || result.port == 0)
    return std::nullopt;
  result.host = text.substr(0, colon);
  result.node = "trading-engine-" + std::to_string(getpid());
  return result;
}

/// Trades through gateways, which own the connections.
int trade_through_gateways(const options& opts, caf::actor_system& sys,
                           runtime& rt) {
  caf::scoped_actor self{sys};
  caf::actor observer{self};
  std::vector<std::unique_ptr<gateway_connection>> links;
  merge_config both{.name = opts.client};
  for (auto& text : opts.gateways) {
    auto where = parse_gateway(text);
    if (!where) {
      print_problem("'" + text + "' is no gateway", "give HOST:PORT");
      return exit_usage;
    }
    auto link = connect_gateway(rt, *where);
    if (!link) {
      print_error(link.error());
      return EXIT_FAILURE;
    }
    caf::expected<client_actor> client{caf::error{}};
    self->request((*link)->gateway(), caf::infinite, get_client{opts.client})
      .receive([&](client_actor& x) { client = std::move(x); },
               [&](caf::error& why) { client = std::move(why); });
    if (!client) {
      print_error(client.error());
      return EXIT_FAILURE;
    }
    both.sources.push_back(*client);
    links.push_back(std::move(*link));
  }
  auto feed = both.sources.size() == 1
                ? caf::expected<client_actor>{both.sources.front()}
                : rt.merge(both);
  if (!feed) {
    print_error(feed.error());
    return EXIT_FAILURE;
  }
  self
    ->request(*feed, caf::infinite,
              subscribe{observer, {.content = subscription_content::events}})
    .receive([] {}, [](const caf::error& why) { print_error(why); });
  return trade(opts, self, rt,
               {engine_of(
                 opts, [feed] { return feed; }, observer)});
}

/// Readies the system for gateways, if there are any.
std::optional<int> load(caf::actor_system_config& cfg, const options& opts) {
  if (opts.gateways.empty())
    return std::nullopt;
  if (auto problems = validate(opts.node); !problems.empty()) {
    print_error(make_error(as_error(problems)));
    return exit_usage;
  }
  load_nodes(cfg, opts.node);
  return std::nullopt;
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
  if (auto status = load(cfg, opts))
    return *status;
  caf::actor_system sys{cfg};
  zenws::runtime rt{sys};
  return opts.gateways.empty() ? trade_directly(opts, sys, rt)
                               : trade_through_gateways(opts, sys, rt);
}
