// trading-engine: trades at a venue that speaks Deribit's JSON-RPC, on paper
// unless it is told to send orders.

#include "trading_engine/engine.hpp"
#include "zenws/interrupt_watch.hpp"

#include "zenws/nodes/all.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
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
  // The test venue (docs.deribit.com): who wants to trade in earnest says so.
  std::string url = "wss://test.deribit.com/ws/api/v2";
  std::string ca_file;
  std::vector<std::string> instruments{"BTC-PERPETUAL"};
  std::string interval = "100ms";
  int64_t seconds = 0;
  bool sends_orders = false;
  std::string run;

  // In place of a connection of its own.
  std::vector<std::string> gateways;
  std::string client = feed_name;
  node_options node;
};

/// Tells the main thread to end.
struct finish {};

/// Labels have at most 64 characters (docs.deribit.com, "private/buy"), of
/// which 34 are left for numbers.
std::string valid_run_name(const std::string& name) {
  constexpr size_t max_size = 30;
  auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  };
  if (!name.empty() && name.size() <= max_size
      && std::ranges::all_of(name, is_plain))
    return {};
  return "must be 1 to 30 letters, digits, '-' or '_'";
}

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
    ->check(valid_run_name);
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

/// Returns a ledger whose labels differ from those of all earlier runs.
engine::order_ledger_ptr open_ledger(const options& opts) {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now);
  auto run = "zenws-" + std::to_string(ms.count()) + '-'
             + std::to_string(getpid());
  return std::make_shared<engine::order_ledger>(
    opts.run.empty() ? run : opts.run, static_cast<uint64_t>(ms.count()));
}

engine::engine_options engine_options_of(const options& opts) {
  engine::engine_options result;
  result.market.channels = engine::channels_of(opts.instruments, opts.interval);
  if (!opts.sends_orders)
    return result;
  result.ledger = open_ledger(opts);
  // A new name has no orders.
  if (!opts.run.empty())
    result.settle_first = engine::order_desk::lifetime
                          + engine::order_desk::clock_margin;
  return result;
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
    [](const engine::channel_refused& what) {
      std::cout << "The venue refuses " << what.channel << ": " << what.reason
                << std::endl;
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
  // What the engine before it did not know goes on in the same ledger.
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

void print_error(const caf::error& what) {
  print_problem(caf_compat::to_text(what),
                explain(error{caf_compat::code_of(what)}).remedy);
}

/// A run in which the venue granted nothing was none.
int judge(const engine::engine_report& what) {
  std::cout << engine::last_line(what) << std::endl;
  if (what.orders.sent == 0 && !what.hindrance.empty())
    print_problem("no orders: " + what.hindrance, "");
  if (what.ever_granted)
    return EXIT_SUCCESS;
  auto reason = std::string{"it did not answer"};
  for (auto& x : what.channels)
    if (!x.refusal.empty())
      reason = x.name + ": " + x.refusal;
  print_problem("the venue has granted no channel (" + reason + ")",
                "check --url, --instrument and --interval");
  return EXIT_FAILURE;
}

/// Decides no more, waits for what is open, and prints how it went. Returns the
/// exit status.
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
  auto deadline = std::chrono::steady_clock::now() + settle_patience;
  for (auto open = true; open;) {
    self->request(trader, settle_patience, engine::get_report{})
      .receive(
        [&](const engine::engine_report& what) {
          open = what.orders.open() > 0
                 && std::chrono::steady_clock::now() < deadline;
          if (!open)
            status = judge(what);
        },
        [&](const caf::error&) { open = false; });
  }
  return status;
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
  interrupt_watch interrupts{[=] { caf::anon_send(observer, finish{}); }};
  auto status = watch(self);
  if (auto outcome = settle(self, *desk); status == EXIT_SUCCESS)
    status = outcome;
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
  if (opts.interval == "raw" && !opts.sends_orders && opts.gateways.empty()) {
    print_problem("the venue sends raw data only to those who log in",
                  "leave --interval at 100ms, or add --orders");
    return exit_usage;
  }
  zenws::block_interrupts();
  zenws::system_config cfg;
  if (auto status = load(cfg, opts))
    return *status;
  caf::actor_system sys{cfg};
  zenws::runtime rt{sys};
  return opts.gateways.empty() ? trade_directly(opts, sys, rt)
                               : trade_through_gateways(opts, sys, rt);
}
