// SPDX-License-Identifier: BSD-3-Clause

#include "market_maker.hpp"

#include "whole_steps.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace zenws::engine {

std::vector<config_problem> validate(const maker_settings& settings) {
  std::vector<config_problem> result;
  auto zero = market::decimal{};
  if (settings.market.instrument.empty())
    result.push_back({"instrument", "must not be empty"});
  if (settings.amount <= zero)
    result.push_back({"amount", "must be positive"});
  if (settings.max_position < settings.amount)
    result.push_back({"max_position", "must be at least the amount"});
  if (!(settings.half_spread > 0 && settings.half_spread < 0.5))
    result.push_back({"half_spread", "must be above 0 and below 0.5"});
  if (!(settings.skew >= 0 && settings.skew < 0.5))
    result.push_back({"skew", "must be at least 0 and below 0.5"});
  if (!(settings.tolerance >= 0 && settings.tolerance < 0.5))
    result.push_back({"tolerance", "must be at least 0 and below 0.5"});
  return result;
}

maker_quotes wanted_quotes(const maker_settings& settings, market::decimal bid,
                           market::decimal ask, market::decimal position,
                           market::decimal tick) {
  auto step = tick.to_double();
  auto middle = (bid.to_double() + ask.to_double()) / 2;
  auto held = position.to_double();
  auto amount = settings.amount.to_double();
  auto most = settings.max_position.to_double();
  auto center = middle * (1 - settings.skew * held / most);
  auto distance = middle * settings.half_spread;
  maker_quotes result;
  // Never at or beyond the best price of the other side.
  if (held + amount <= most) {
    auto ticks = std::min(std::floor((center - distance) / step),
                          std::round(ask.to_double() / step) - 1);
    if (auto price = whole_steps(ticks, tick))
      result.bid = {*price, settings.amount};
  }
  if (held - amount >= -most) {
    auto ticks = std::max(std::ceil((center + distance) / step),
                          std::round(bid.to_double() / step) + 1);
    if (auto price = whole_steps(ticks, tick))
      result.ask = {*price, settings.amount};
  }
  return result;
}

market_maker::market_maker(caf::actor_config& cfg, strategy_setup setup,
                           maker_settings settings)
  : strategy(cfg, std::move(setup)), settings_(std::move(settings)) {
  // nop
}

const char* market_maker::name() const {
  return "zenws.market_maker";
}

void market_maker::decide() {
  auto& at = markets().front();
  if (!at.is_settled())
    return;
  maker_quotes wanted; // none without a proven book
  if (is_tradable(at)) {
    wanted = wanted_quotes(settings_, at.book().best_bid()->price,
                           at.book().best_ask()->price, *at.position(),
                           *at.terms()->tick);
    keep(at, trading::order_side::buy, wanted.bid);
    keep(at, trading::order_side::sell, wanted.ask);
  } else if (at.book().is_valid()) {
    return; // paused, or the terms are missing
  }
  quote(at, trading::order_side::buy, wanted.bid);
  quote(at, trading::order_side::sell, wanted.ask);
}

void market_maker::keep(const traded_market& at, trading::order_side side,
                        std::optional<market::price_level>& wanted) const {
  auto* resting = at.order_of(side);
  if (!wanted || resting == nullptr || !resting->terms.price)
    return;
  auto price = wanted->price.to_double();
  auto off = std::abs(resting->terms.price->to_double() - price);
  if (off <= price * settings_.tolerance)
    wanted->price = *resting->terms.price;
}

} // namespace zenws::engine
