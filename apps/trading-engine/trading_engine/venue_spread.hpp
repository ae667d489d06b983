// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "strategy.hpp"

#include "zenws/config_problem.hpp"

#include <optional>
#include <string>
#include <vector>

namespace zenws::engine {

struct spread_settings {
  /// The same thing at two venues, in the same unit.
  market_key first;
  market_key second;

  /// Largest amount of an order, in the unit of the instruments.
  market::decimal amount{};

  /// Largest position at a venue, long or short.
  market::decimal max_position{};

  /// What a pair of orders has to earn before fees, as a part of the price, to
  /// be sent; also less than nothing, to close positions.
  double entry = 0.0005;
  double exit = 0;
};

/// Returns every problem of the settings.
std::vector<config_problem> validate(const spread_settings& settings);

/// One of the two instruments, now.
struct spread_side {
  market::price_level bid;
  market::price_level ask;
  market::decimal position{};

  /// Smallest step of an amount.
  market::decimal lot{};
};

/// Orders to send at once, to be filled at once or not at all.
struct spread_orders {
  std::optional<trading::order_request> first;
  std::optional<trading::order_request> second;
};

/// Returns what to send: a pair that earns enough, or one order that makes the
/// positions even again.
spread_orders wanted_orders(const spread_settings& settings,
                            const spread_side& first,
                            const spread_side& second);

/// Buys at one venue what it sells at another one, when the prices are far
/// enough apart. Positions of the account in these instruments are taken for
/// its own. Made to show the plumbing, not to earn.
class venue_spread : public strategy {
public:
  venue_spread(caf::actor_config& cfg, strategy_setup setup,
               spread_settings settings);

  const char* name() const override;

private:
  void decide() override;

  spread_settings settings_;
};

} // namespace zenws::engine
