// SPDX-License-Identifier: BSD-3-Clause

#include "venue_spread.hpp"

#include "whole_steps.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace zenws::engine {

namespace {

using market::decimal;
using trading::order_request;
using trading::order_side;

// Returns the largest multiple of the step that is no more than the value.
decimal round_down(double value, decimal step) {
  auto steps = std::floor(value / step.to_double() + 1e-9);
  return whole_steps(steps, step).value_or(decimal{});
}

order_request taking(order_side side, decimal amount, decimal price) {
  return {.side = side,
          .amount = amount,
          .price = price,
          .validity = trading::time_in_force::immediate_or_cancel};
}

// Returns what buying at `from` and selling at `to` earns, as a part of the
// price.
double edge(const spread_side& from, const spread_side& to) {
  auto ask = from.ask.price.to_double();
  return (to.bid.price.to_double() - ask) / ask;
}

// Returns the amount to buy at `from` and to sell at `to`, 0 for none.
decimal amount_for(const spread_settings& settings, const spread_side& from,
                   const spread_side& to) {
  auto closes = from.position < decimal{} && to.position > decimal{};
  if (edge(from, to) < (closes ? settings.exit : settings.entry))
    return {};
  auto most = settings.max_position.to_double();
  auto amount
    = std::min({settings.amount.to_double(), from.ask.amount.to_double(),
                to.bid.amount.to_double(), most - from.position.to_double(),
                most + to.position.to_double()});
  if (closes)
    amount
      = std::min({amount, -from.position.to_double(), to.position.to_double()});
  return round_down(amount, std::max(from.lot, to.lot));
}

// Makes positions even again that do not add up to nothing.
spread_orders even_out(double excess, const spread_side& first,
                       const spread_side& second) {
  auto lot = std::max(first.lot, second.lot);
  spread_orders result;
  if (excess > 0) {
    auto at_first = first.bid.price >= second.bid.price;
    auto& best = at_first ? first.bid : second.bid;
    auto amount = round_down(std::min(excess, best.amount.to_double()), lot);
    if (!amount.is_zero())
      (at_first ? result.first : result.second) = taking(order_side::sell,
                                                         amount, best.price);
  } else {
    auto at_first = first.ask.price <= second.ask.price;
    auto& best = at_first ? first.ask : second.ask;
    auto amount = round_down(std::min(-excess, best.amount.to_double()), lot);
    if (!amount.is_zero())
      (at_first ? result.first : result.second) = taking(order_side::buy,
                                                         amount, best.price);
  }
  return result;
}

std::optional<spread_side> side_of(const traded_market& at) {
  auto lot = at.terms()->lot;
  if (!lot)
    return std::nullopt;
  return spread_side{.bid = *at.book().best_bid(),
                     .ask = *at.book().best_ask(),
                     .position = *at.position(),
                     .lot = *lot};
}

} // namespace

std::vector<config_problem> validate(const spread_settings& settings) {
  std::vector<config_problem> result;
  if (settings.first == settings.second)
    result.push_back({"second", "must be another venue or instrument"});
  if (settings.amount <= decimal{})
    result.push_back({"amount", "must be positive"});
  if (settings.max_position < settings.amount)
    result.push_back({"max_position", "must be at least the amount"});
  if (!(settings.entry > settings.exit))
    result.push_back({"entry", "must be above exit"});
  return result;
}

spread_orders wanted_orders(const spread_settings& settings,
                            const spread_side& first,
                            const spread_side& second) {
  auto excess = first.position.to_double() + second.position.to_double();
  auto lot = std::max(first.lot, second.lot).to_double();
  if (std::abs(excess) >= lot * (1 - 1e-9))
    return even_out(excess, first, second);
  if (auto amount = amount_for(settings, first, second); !amount.is_zero())
    return {taking(order_side::buy, amount, first.ask.price),
            taking(order_side::sell, amount, second.bid.price)};
  if (auto amount = amount_for(settings, second, first); !amount.is_zero())
    return {taking(order_side::sell, amount, first.bid.price),
            taking(order_side::buy, amount, second.ask.price)};
  return {};
}

venue_spread::venue_spread(caf::actor_config& cfg, strategy_setup setup,
                           spread_settings settings)
  : strategy(cfg, std::move(setup)), settings_(std::move(settings)) {
  // nop
}

const char* venue_spread::name() const {
  return "zenws.venue_spread";
}

void venue_spread::decide() {
  auto& first = markets()[0];
  auto& second = markets()[1];
  // One side alone would be a bet. What rests is of an earlier process.
  if (!is_tradable(first) || !is_tradable(second))
    return;
  for (auto* at : {&first, &second})
    if (!at->orders().empty())
      return cancel(*at, at->orders().begin()->first);
  auto a = side_of(first);
  auto b = side_of(second);
  if (!a || !b || first.terms()->unit != second.terms()->unit)
    return;
  auto orders = wanted_orders(settings_, *a, *b);
  if (orders.first)
    place(first, std::move(*orders.first));
  if (orders.second)
    place(second, std::move(*orders.second));
}

} // namespace zenws::engine
