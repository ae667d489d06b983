// SPDX-License-Identifier: BSD-3-Clause

#include "trading_engine.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace zenws::engine {

namespace {

using namespace std::chrono_literals;

constexpr auto answer_patience = 5s;

// Between two questions whether orders are over.
constexpr auto poll_pause = 50ms;

// Between two cancellations of the same orders.
constexpr auto cancel_pause = 2s;

constexpr const char* strategies_id = "strategies";

std::string account_name(const venue_setup& venue) {
  return venue.name + "-account";
}

std::string channels_name(const venue_setup& venue) {
  return venue.name + "-channels";
}

// Returns the spec of a client of a venue.
client_spec named(client_spec spec, std::string name) {
  spec.name = std::move(name);
  return spec;
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
  venues_->clear();
}

caf::expected<std::unique_ptr<trading_engine>>
trading_engine::start(runtime& host, engine_config cfg,
                      const caf::actor& observer) {
  std::unique_ptr<trading_engine> result{
    new trading_engine(host, std::move(cfg))};
  for (auto& venue : result->cfg_.venues)
    if (auto problem = result->connect_gateways(venue))
      return problem;
  if (auto problem = result->start_tree(observer))
    return problem;
  return result;
}

// -- gateways -----------------------------------------------------------------

caf::error trading_engine::connect_gateways(venue_setup& venue) {
  if (venue.gateways.empty())
    return {};
  caf::scoped_actor self{host_.system()};
  merge_config merged{.name = venue.name,
                      .dialect = venue.market.config.venue.dialect};
  for (auto& address : venue.gateways) {
    auto connection = connect_gateway(host_, address);
    if (!connection)
      return connection.error();
    caf::error problem;
    self
      ->request((*connection)->gateway(), caf::infinite,
                get_client{venue.client})
      .receive([&](client_actor& x) { merged.sources.push_back(std::move(x)); },
               [&](caf::error& reason) { problem = std::move(reason); });
    if (problem)
      return problem;
    gateways_.push_back(std::move(*connection));
  }
  auto client = merged.sources.size() == 1
                  ? caf::expected<client_actor>{merged.sources.front()}
                  : host_.merge(merged);
  if (!client)
    return client.error();
  remote_clients_.emplace(venue.name, *client);
  return {};
}

// -- the tree -----------------------------------------------------------------

child_spec trading_engine::desk_child(const venue_setup& venue) {
  child_spec result{.id = "desk"};
  auto options = venue.desk;
  options.mode = cfg_.mode;
  options.dialect = venue.market.config.venue.dialect;
  if (auto i = remote_clients_.find(venue.name); i != remote_clients_.end())
    options.market = i->second;
  // Journals of paper are no journals.
  if (cfg_.mode == desk_mode::paper && !options.journal_path.empty())
    options.journal_path += ".paper";
  result.start = [options, venue, &host = host_, venues = venues_](
                   caf::actor_system& sys) -> caf::expected<caf::actor> {
    auto all = options;
    auto find = [&](client_actor& to, const std::string& name) {
      auto found = host.find_client(name);
      if (found)
        to = *found;
      return found ? caf::error{} : found.error();
    };
    caf::error problem;
    if (!all.market)
      problem = find(all.market, venue.name);
    if (!problem && venue.account)
      problem = find(all.account, account_name(venue));
    if (!problem && venue.channels)
      problem = find(all.channels, channels_name(venue));
    if (problem)
      return problem;
    if (!all.account)
      all.account = all.market;
    venue_actors started{.market = all.market, .pace = all.pace};
    auto desk = start_order_desk(sys, std::move(all));
    if (!desk)
      return desk.error();
    started.desk = *desk;
    venues->put(venue.name, std::move(started));
    return caf::actor_cast<caf::actor>(*desk);
  };
  return result;
}

child_spec trading_engine::venue_child(const venue_setup& venue) {
  supervisor_config result{
    .name = venue.name, .policy = {.strategy = restart_strategy::rest_for_one}};
  if (venue.gateways.empty()) {
    result.children.push_back(host_.child(named(venue.market, venue.name)));
    if (venue.account)
      result.children.push_back(
        host_.child(named(*venue.account, account_name(venue))));
    if (venue.channels)
      result.children.push_back(
        host_.child(named(*venue.channels, channels_name(venue))));
  }
  result.children.push_back(desk_child(venue));
  return host_.child(std::move(result));
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

caf::error trading_engine::start_tree(const caf::actor& observer) {
  supervisor_config cfg{.name = "engine"};
  for (auto& venue : cfg_.venues)
    cfg.children.push_back(venue_child(venue));
  cfg.children.push_back(strategies_child(observer));
  auto tree = host_.start_supervisor(std::move(cfg));
  if (!tree)
    return tree.error();
  tree_ = *tree;
  return {};
}

// -- properties ---------------------------------------------------------------

std::map<std::string, order_desk_actor> trading_engine::desks() const {
  std::map<std::string, order_desk_actor> result;
  for (auto& venue : cfg_.venues)
    if (auto actors = venues_->find(venue.name))
      result.emplace(venue.name, actors->desk);
  return result;
}

// -- requests -----------------------------------------------------------------

template <class Request>
void trading_engine::tell_desks(const Request& request) {
  for (auto& [name, desk] : desks())
    caf::anon_send(desk, request);
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
      for (auto& venue : cfg_.venues)
        flatten(self, venue);
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
    for (auto& venue : cfg_.venues) {
      auto orders = open_orders(self, venue);
      open += orders.size();
      if (cancels)
        cancel(venue, orders);
    }
    if (open == 0 || now >= deadline)
      return;
    self->receive(caf::after(poll_pause) >> [] {});
  }
}

std::vector<trading::order>
trading_engine::open_orders(caf::scoped_actor& self,
                            const venue_setup& venue) const {
  std::vector<trading::order> result;
  if (auto actors = venues_->find(venue.name))
    self->request(actors->desk, answer_patience, get_orders{})
      .receive([&](order_list& x) { result = std::move(x.orders); },
               [](const caf::error&) {
                 // The desk is gone: `summarize` tells.
               });
  return result;
}

// One by one: the venue's own request would reach the orders of others as well.
void trading_engine::cancel(const venue_setup& venue,
                            const std::vector<trading::order>& orders) const {
  if (auto actors = venues_->find(venue.name))
    for (auto& x : orders)
      caf::anon_send(actors->desk, cancel_order{x.key.id});
}

void trading_engine::flatten(caf::scoped_actor& self,
                             const venue_setup& venue) {
  auto actors = venues_->find(venue.name);
  if (!actors)
    return;
  position_list held;
  self->request(actors->desk, answer_patience, get_positions{})
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
    self->request(actors->desk, answer_patience, std::move(request))
      .receive([](const trading::order_key&) {}, [](const caf::error&) {});
  }
}

engine_summary trading_engine::summarize(caf::scoped_actor& self) {
  engine_summary result;
  for (auto& venue : cfg_.venues) {
    auto actors = venues_->find(venue.name);
    if (!actors) {
      ++result.silent;
      continue;
    }
    self->request(actors->desk, answer_patience, get_desk_report{})
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
    self->request(actors->desk, answer_patience, get_positions{})
      .receive(
        [&](const position_list& all) {
          for (auto& x : all.positions)
            if (!x.amount.is_zero())
              result.positions.push_back(venue.name + ' '
                                         + std::string{x.instrument.view()}
                                         + ' ' + to_string(x.amount));
        },
        [](const caf::error&) {});
  }
  return result;
}

} // namespace zenws::engine
