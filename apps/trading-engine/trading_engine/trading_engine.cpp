// SPDX-License-Identifier: BSD-3-Clause

#include "trading_engine.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace zenws::engine {

namespace {

using namespace std::chrono_literals;

constexpr auto answer_patience = 5s;

// Between two questions whether orders are over.
constexpr auto poll_pause = 50ms;

// Between two cancellations of the same orders.
constexpr auto cancel_pause = 2s;

constexpr const char* clients_id = "clients";

constexpr const char* strategies_id = "strategies";

std::string journal_name(const std::string& path, desk_mode mode) {
  // Journals of paper are no journals.
  return mode == desk_mode::paper && !path.empty() ? path + ".paper" : path;
}

// Waits for an answer of an actor. Blocks.
template <class Result, class Handle, class Request>
caf::expected<Result>
ask(caf::scoped_actor& self, const Handle& whom, Request request) {
  caf::expected<Result> result{caf::error{}};
  self->request(whom, caf::infinite, std::move(request))
    .receive([&](Result& x) { result = std::move(x); },
             [&](caf::error& reason) { result = std::move(reason); });
  return result;
}

child_factory factory_of(const strategy_config& strategy,
                         strategy_setup setup) {
  if (auto* maker = std::get_if<maker_settings>(&strategy.settings))
    return spawning<market_maker>(std::move(setup), *maker);
  return spawning<venue_spread>(std::move(setup),
                                std::get<spread_settings>(strategy.settings));
}

} // namespace

std::string to_string(const engine_summary& x) {
  auto result = "engine: sent=" + std::to_string(x.placed - x.kept_back)
                + " fills=" + std::to_string(x.fills)
                + " open=" + std::to_string(x.open)
                + " unknown=" + std::to_string(x.unknown)
                + " ever_unknown=" + std::to_string(x.ever_unknown)
                + " refused=" + std::to_string(x.refused)
                + " silent_venues=" + std::to_string(x.silent);
  for (auto& position : x.positions)
    result += "; " + position;
  return result;
}

// -- constructors, destructors, and assignment operators ----------------------

trading_engine::trading_engine(runtime& host, engine_config cfg)
  : host_(host), cfg_(std::move(cfg)) {
  // nop
}

trading_engine::~trading_engine() {
  if (!tree_)
    return;
  caf::scoped_actor self{host_.system()};
  self->send_exit(tree_, caf::exit_reason::user_shutdown);
  self->wait_for(tree_);
}

caf::expected<std::unique_ptr<trading_engine>>
trading_engine::start(runtime& host, engine_config cfg,
                      const caf::actor& observer) {
  std::unique_ptr<trading_engine> result{
    new trading_engine(host, std::move(cfg))};
  if (auto problem = result->start_tree(observer))
    return problem;
  return result;
}

// -- the tree -----------------------------------------------------------------

caf::error trading_engine::start_tree(const caf::actor& observer) {
  supervisor_config cfg{.name = "engine",
                        .policy = {.scope = restart_scope::per_child}};
  cfg.children.push_back(
    host_.child(client_supervisor_config{.name = clients_id}));
  auto tree = host_.start_supervisor(std::move(cfg));
  if (!tree)
    return tree.error();
  tree_ = *tree;
  caf::scoped_actor self{host_.system()};
  auto children = ask<child_list>(self, tree_, which_children{});
  if (!children)
    return children.error();
  clients_ = caf::actor_cast<client_supervisor_actor>(
    children->children.front().address);
  for (auto& venue : cfg_.venues)
    if (auto problem = start_venue(self, venue))
      return problem;
  auto strategies = start_child_of_tree(self, strategies_child(observer));
  return strategies ? caf::error{} : strategies.error();
}

caf::error trading_engine::start_venue(caf::scoped_actor& self,
                                       const venue_setup& venue) {
  auto market = venue.gateways.empty() ? start_market(self, venue)
                                       : find_at_gateways(self, venue);
  if (!market)
    return market.error();
  auto options = venue.desk;
  options.mode = cfg_.mode;
  options.dialect = venue.market.config.venue.dialect;
  options.journal_path = journal_name(options.journal_path, cfg_.mode);
  options.market = *market;
  if (cfg_.mode == desk_mode::live) {
    options.account = *market;
    for (auto [from, to, suffix] :
         {std::tuple{&venue.account, &options.account, "-account"},
          std::tuple{&venue.channels, &options.channels, "-channels"}}) {
      if (!*from)
        continue;
      auto client = start_client_of(self, **from, venue.name + suffix);
      if (!client)
        return client.error();
      *to = *client;
    }
  }
  auto pace = options.pace;
  auto desk = start_child_of_tree(self,
                                  make_child(venue.name, std::move(options)));
  if (!desk)
    return desk.error();
  venues_.emplace(venue.name,
                  venue_actors{.market = *market,
                               .desk = caf::actor_cast<order_desk_actor>(*desk),
                               .pace = pace});
  return {};
}

caf::expected<client_actor>
trading_engine::start_market(caf::scoped_actor& self,
                             const venue_setup& venue) {
  auto spec = venue.market;
  if (venue.api) {
    auto api = start_client_of(self, *venue.api, venue.name + "-api");
    if (!api)
      return api;
    spec.market_api = caf::actor_cast<caf::actor>(*api);
  }
  return start_client_of(self, std::move(spec), venue.name);
}

caf::expected<client_actor>
trading_engine::start_client_of(caf::scoped_actor& self, client_spec spec,
                                std::string name) {
  spec.name = std::move(name);
  return ask<client_actor>(self, clients_, start_client{std::move(spec)});
}

caf::expected<client_actor>
trading_engine::find_at_gateways(caf::scoped_actor& self,
                                 const venue_setup& venue) {
  merge_config merged{.name = venue.name,
                      .dialect = venue.market.config.venue.dialect};
  for (auto& address : venue.gateways) {
    auto connection = connect_gateway(host_, address);
    if (!connection)
      return connection.error();
    auto client = ask<client_actor>(self, (*connection)->gateway(),
                                    get_client{venue.client});
    if (!client)
      return client;
    merged.sources.push_back(std::move(*client));
    gateways_.push_back(std::move(*connection));
  }
  if (merged.sources.size() == 1)
    return merged.sources.front();
  return host_.merge(std::move(merged));
}

child_spec trading_engine::strategies_child(const caf::actor& observer) {
  supervisor_config result{.name = strategies_id};
  for (auto& strategy : cfg_.strategies) {
    child_spec child{.id = strategy.name};
    child.start = factory_of(strategy, {.name = strategy.name,
                                        .markets = markets_of(strategy),
                                        .venues = venues_,
                                        .observer = observer});
    result.children.push_back(std::move(child));
  }
  return host_.child(std::move(result));
}

caf::expected<caf::actor>
trading_engine::start_child_of_tree(caf::scoped_actor& self, child_spec spec) {
  return ask<caf::actor>(self, tree_, start_child{std::move(spec)});
}

// -- properties ---------------------------------------------------------------

std::map<std::string, order_desk_actor> trading_engine::desks() const {
  std::map<std::string, order_desk_actor> result;
  for (auto& [name, venue] : venues_)
    result.emplace(name, venue.desk);
  return result;
}

// -- requests -----------------------------------------------------------------

template <class Request>
void trading_engine::tell_desks(const Request& request) {
  for (auto& [name, venue] : venues_)
    caf_compat::anon_send(venue.desk, request);
}

void trading_engine::halt(const std::string& reason) {
  tell_desks(halt_trading{reason});
}

void trading_engine::resume() {
  tell_desks(resume_trading{});
}

// -- the end ------------------------------------------------------------------

bool trading_engine::await_desks(std::chrono::milliseconds patience) {
  auto deadline = std::chrono::steady_clock::now() + patience;
  caf::scoped_actor self{host_.system()};
  for (;;) {
    auto now = summarize(self);
    if (now.silent == 0 && now.traded == now.instruments)
      return true;
    if (std::chrono::steady_clock::now() >= deadline)
      return false;
    self->receive(caf::after(poll_pause) >> [] {});
  }
}

engine_summary trading_engine::leave(std::chrono::milliseconds patience) {
  auto deadline = std::chrono::steady_clock::now() + patience;
  caf::scoped_actor self{host_.system()};
  end_strategies(self);
  if (cfg_.on_exit != departure::leave) {
    await_orders(self, deadline);
    if (cfg_.on_exit == departure::flatten) {
      for (auto& [name, venue] : venues_)
        flatten(self, venue.desk);
      await_orders(self, deadline);
    }
  }
  return summarize(self);
}

void trading_engine::end_strategies(caf::scoped_actor& self) {
  self->request(tree_, answer_patience, terminate_child{strategies_id})
    .receive([] {}, [](const caf::error&) {});
}

void trading_engine::await_orders(
  caf::scoped_actor& self, std::chrono::steady_clock::time_point deadline) {
  auto cancel_at = std::chrono::steady_clock::now();
  for (;;) {
    auto now = std::chrono::steady_clock::now();
    // Once more after a while: a cancellation may be refused, or not leave.
    auto cancels = now >= cancel_at;
    if (cancels)
      cancel_at = now + cancel_pause;
    size_t open = 0;
    for (auto& [name, venue] : venues_) {
      auto orders = open_orders(self, venue.desk);
      open += orders.size();
      if (cancels)
        cancel(venue.desk, orders);
    }
    if (open == 0 || now >= deadline)
      return;
    self->receive(caf::after(poll_pause) >> [] {});
  }
}

std::vector<trading::order>
trading_engine::open_orders(caf::scoped_actor& self,
                            const order_desk_actor& desk) {
  std::vector<trading::order> result;
  self->request(desk, answer_patience, get_orders{})
    .receive([&](order_list& x) { result = std::move(x.orders); },
             [](const caf::error&) {
               // The desk is gone: `summarize` tells.
             });
  return result;
}

// One by one: the venue's own request would reach the orders of others as well.
void trading_engine::cancel(const order_desk_actor& desk,
                            const std::vector<trading::order>& orders) {
  for (auto& x : orders)
    caf_compat::anon_send(desk, cancel_order{x.key.id});
}

void trading_engine::flatten(caf::scoped_actor& self,
                             const order_desk_actor& desk) {
  position_list held;
  self->request(desk, answer_patience, get_positions{})
    .receive([&](position_list& x) { held = std::move(x); },
             [](const caf::error&) {});
  for (auto& x : held.positions) {
    if (x.amount.is_zero())
      continue;
    auto is_long = x.amount > market::decimal{};
    auto amount = is_long ? x.amount
                          : market::decimal::make(-x.amount.mantissa(),
                                                  x.amount.exponent())
                              .value_or(market::decimal{});
    place_order request{
      {.instrument = x.instrument,
       .side = is_long ? trading::order_side::sell : trading::order_side::buy,
       .type = trading::order_type::market,
       .amount = amount,
       .reduce_only = true}};
    self->request(desk, answer_patience, std::move(request))
      .receive([](const trading::order_key&) {}, [](const caf::error&) {});
  }
}

engine_summary trading_engine::summarize(caf::scoped_actor& self) {
  engine_summary result;
  for (auto& [name, venue] : venues_) {
    self->request(venue.desk, answer_patience, get_desk_report{})
      .receive(
        [&](const desk_report& x) {
          result.placed += x.placed;
          result.kept_back += x.kept_back;
          result.fills += x.fills;
          result.open += x.open;
          result.unknown += x.unknown;
          result.ever_unknown += x.ever_unknown;
          result.instruments += x.instruments;
          result.traded += x.traded;
          result.refused = std::accumulate(x.refusals.begin(), x.refusals.end(),
                                           result.refused);
        },
        [&](const caf::error&) { ++result.silent; });
    self->request(venue.desk, answer_patience, get_positions{})
      .receive(
        [&, &label = name](const position_list& all) {
          for (auto& x : all.positions)
            if (!x.amount.is_zero())
              result.positions.push_back(label + ' '
                                         + std::string{x.instrument.view()}
                                         + ' ' + to_string(x.amount));
        },
        [](const caf::error&) {});
  }
  return result;
}

} // namespace zenws::engine
