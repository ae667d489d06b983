// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/market/order_book.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// Constant properties of an instrument.
struct instrument_terms {
  std::string name;
  /// Ticks in one unit of price: 2 means a tick of 0.5.
  int64_t ticks_per_unit;
  /// Smallest amount.
  int64_t lot;
  int64_t start_price;
};

enum class aggressor : uint8_t { buyer, seller };

/// One trade, always at the touch; prices in ticks and amounts in lots.
struct trade {
  uint64_t sequence;
  aggressor taker;
  int64_t price;
  int64_t amount;
  /// 0 plus, 1 zero-plus, 2 minus, 3 zero-minus tick.
  int tick_direction;
};

/// Effect of one step on one instrument.
struct market_update {
  uint64_t change_id;
  uint64_t prev_change_id;
  std::vector<level_change> changes;
  std::optional<sim::trade> trade;
};

/// One instrument: a book that lives on random orders.
class instrument {
public:
  instrument(instrument_terms terms, uint64_t seed);

  // -- properties -------------------------------------------------------------

  const instrument_terms& terms() const noexcept {
    return terms_;
  }

  const order_book& book() const noexcept {
    return book_;
  }

  uint64_t change_id() const noexcept {
    return change_id_;
  }

  int64_t last_price() const noexcept {
    return last_price_;
  }

  int64_t low_price() const noexcept {
    return low_price_;
  }

  int64_t high_price() const noexcept {
    return high_price_;
  }

  /// Returns a number of ticks as a price.
  double price_of(int64_t ticks) const noexcept {
    return static_cast<double>(ticks)
           / static_cast<double>(terms_.ticks_per_unit);
  }

  /// Returns a number of lots as an amount.
  double amount_of(int64_t lots) const noexcept {
    return static_cast<double>(lots * terms_.lot);
  }

  /// Lots traded so far.
  int64_t volume() const noexcept {
    return volume_;
  }

  // -- transitions ------------------------------------------------------------

  /// Performs one event: a trade, or an order placed, amended or removed.
  market_update step();

private:
  int64_t below(int64_t bound);
  book_side random_side();
  int64_t random_amount();
  void fill();
  void set(market_update& out, book_side side, int64_t price, int64_t amount);
  void take_liquidity(market_update& out);
  void improve(market_update& out);
  void amend(market_update& out);
  void add_behind(market_update& out, book_side side);
  void cancel(market_update& out);
  void keep_depth(market_update& out);
  sim::trade print(aggressor taker, int64_t price, int64_t amount);

  instrument_terms terms_;
  std::mt19937_64 random_;
  order_book book_;
  uint64_t change_id_;
  uint64_t trade_sequence_ = 0;
  int last_direction_ = 0;
  int64_t last_price_;
  int64_t low_price_;
  int64_t high_price_;
  int64_t volume_ = 0;
};

/// Seeded random markets: same seed and instruments, same course of events.
///
/// Pure: no clock and no I/O; a caller decides when a step happens.
class market {
public:
  market(uint64_t seed, const std::vector<std::string>& names);

  std::vector<instrument>& instruments() noexcept {
    return instruments_;
  }

  const std::vector<instrument>& instruments() const noexcept {
    return instruments_;
  }

  /// Returns the instrument of that name, or null.
  const instrument* find(std::string_view name) const noexcept;

private:
  std::vector<instrument> instruments_;
};

} // namespace zenws::sim
