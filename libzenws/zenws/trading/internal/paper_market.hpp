// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/market/exact_sum.hpp"
#include "zenws/market/order_book.hpp"
#include "zenws/market/trade.hpp"
#include "zenws/market/venue_time.hpp"
#include "zenws/trading/account_update.hpp"
#include "zenws/trading/internal/paper_order.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace zenws::internal {

/// One instrument of a venue on paper: its orders and its position.
class paper_market {
public:
  // -- constructors, destructors, and assignment operators --------------------

  explicit paper_market(const market::instrument_name& name) noexcept
    : name_(name) {
    // nop
  }

  // -- properties -------------------------------------------------------------

  /// Returns how an order stands; nothing if it is not known, or over.
  std::optional<trading::order_report>
  report(const trading::order_key& key) const;

  std::vector<trading::order_report> open_orders() const;

  market::decimal position() const noexcept {
    return *position_.value(); // fills keep it exact
  }

  // -- requests ---------------------------------------------------------------

  void hold(market::decimal amount) noexcept;

  void place(const trading::order_key& key, const trading::order_request& terms,
             const market::order_book* book, trading::account_updates& out);

  error amend(const trading::amend_request& change,
              const market::order_book* book, trading::account_updates& out);

  void cancel(const trading::order_key& key, trading::account_updates& out);

  /// @param reason may be empty.
  void cancel_all(const std::string& reason, trading::account_updates& out);

  // -- market data ------------------------------------------------------------

  void traded(const market::trade& x, const market::order_book& book,
              trading::account_updates& out);

  /// The book has changed.
  void changed(const market::order_book& book, trading::account_updates& out);

private:
  // @returns the number of orders if there is no such one.
  size_t index_of(const trading::order_key& key) const noexcept;

  trading::order_report report_of(const paper_order& x) const;

  void begin(paper_order& x, const market::order_book* book,
             trading::account_updates& out);

  // Carries an order out by the book, as far as it goes at once.
  void carry_out(paper_order& x, const market::order_book& book,
                 trading::account_updates& out);

  void join_queue(paper_order& x, const market::order_book& book,
                  trading::account_updates& out);

  // Fills an order by what has come to cross it.
  void cross(paper_order& x, const market::order_book& book,
             trading::account_updates& out);

  // Returns the orders in the book that a trade concerns, by their priority.
  std::vector<paper_order*> hit_by(const market::trade& x);

  // @returns what has become of the trade's amount in the order.
  market::decimal match(paper_order& x, const market::trade& with,
                        market::decimal left, trading::account_updates& out);

  void trigger(const market::order_book& book, trading::account_updates& out);

  void tell_fill(const paper_order& x, market::decimal price,
                 market::decimal amount, trading::fill_liquidity liquidity,
                 trading::account_updates& out);

  // Tells how an order stands after fills, and ends it if nothing remains.
  void follow_up(paper_order& x, trading::account_updates& out);

  // @param reason may be empty.
  void end(paper_order& x, trading::venue_order_state state, std::string reason,
           trading::account_updates& out);

  // Refuses an order, which was told to be open before or not.
  void refuse(paper_order& x, std::string reason,
              trading::account_updates& out);

  // Forgets what is over, and tells the position if it is another one.
  void finish(trading::account_updates& out);

  void note(market::venue_time time) noexcept;

  market::instrument_name name_;
  std::vector<paper_order> orders_; // as they came
  market::exact_sum position_{};
  bool position_is_new_ = false;
  std::optional<market::decimal> last_price_{};
  market::venue_time time_{}; // the latest one that is known
};

} // namespace zenws::internal
