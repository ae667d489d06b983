// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/market/market.hpp"
#include "zenws/sim/market/trade_history.hpp"
#include "zenws/sim/net/connection.hpp"
#include "zenws/sim/orders/order.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// Publication of a change of the book: a fault may leave it out.
enum class book_news : uint8_t { told, left_out };

/// Words the market for the subscribers of one venue.
class market_reporter {
public:
  virtual ~market_reporter();

  /// Returns whether there are subscribers.
  virtual bool busy() const = 0;

  virtual void
  report(const instrument& item, const market_update& update, book_news news)
    = 0;

  /// Forgets all subscribers.
  virtual void stop() = 0;
};

/// Runs the market and has it reported in the form of each venue.
///
/// Rests without subscribers; the course of events does not depend on time.
class market_feed {
public:
  market_feed(boost::asio::io_context& ctx, const server_config& cfg);

  market& exchange() noexcept {
    return market_;
  }

  /// The latest trades.
  const trade_history& history() const noexcept {
    return history_;
  }

  /// Adds a reporter.
  /// @pre `reporter` lives as long as this
  void add(market_reporter& reporter) {
    reporters_.push_back(&reporter);
  }

  /// Returns the price at which a market order would trade, nothing if there
  /// is no such instrument.
  std::optional<double> touch(std::string_view instrument,
                              order_direction direction) const;

  /// Starts the market for a reporter that is busy now.
  void wake();

  /// Leaves out the next `changes` book changes of each instrument.
  void skip_book_changes(uint64_t changes) noexcept {
    skipped_changes_ = changes;
  }

  void stop();

private:
  bool busy() const;
  void schedule();
  void tick();

  market market_;
  trade_history history_;
  std::chrono::milliseconds period_;
  loop_timer timer_;
  bool running_ = false;
  uint64_t skipped_changes_ = 0;
  std::vector<market_reporter*> reporters_;
};

} // namespace zenws::sim
