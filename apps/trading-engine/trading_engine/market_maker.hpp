// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "strategy.hpp"

#include "zenws/config_problem.hpp"

#include <optional>
#include <string>
#include <vector>

namespace zenws::engine {

struct maker_settings {
  market_key market;

  /// Of each order, in the unit of the instrument.
  market::decimal amount{};

  /// Largest position, long or short: the side that would exceed it is not
  /// quoted.
  market::decimal max_position{};

  /// Distance of each price from the middle of the book, as a part of it.
  double half_spread = 0.0005;

  /// Shift of both prices against the position, as a part of the price at the
  /// largest position.
  double skew = 0.0005;

  /// A quote stays as long as it is no further than this from where it should
  /// be, as a part of the price.
  double tolerance = 0.0001;
};

/// Returns every problem of the settings.
std::vector<config_problem> validate(const maker_settings& settings);

/// Prices and amounts to offer; nothing on a side that is not wanted.
struct maker_quotes {
  std::optional<market::price_level> bid;
  std::optional<market::price_level> ask;
};

/// Returns what to quote.
/// @param tick smallest step of a price.
/// @pre the bid is below the ask, the tick is positive.
maker_quotes wanted_quotes(const maker_settings& settings, market::decimal bid,
                           market::decimal ask, market::decimal position,
                           market::decimal tick);

/// Quotes both sides of one book, away from the middle and away from its
/// position. Made to show the plumbing, not to earn.
class market_maker : public strategy {
public:
  market_maker(caf::actor_config& cfg, strategy_setup setup,
               maker_settings settings);

  const char* name() const override;

private:
  void decide() override;

  // Returns the price of a quote of ours if it may stay.
  void keep(const traded_market& at, trading::order_side side,
            std::optional<market::price_level>& wanted) const;

  maker_settings settings_;
};

} // namespace zenws::engine
