// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/market/decimal.hpp"
#include "zenws/market/order_book.hpp"
#include "zenws/market/update.hpp"
#include "zenws/trading/account_update.hpp"
#include "zenws/trading/order_request.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::internal {

class paper_market;

} // namespace zenws::internal

namespace zenws::trading {

/// A venue that exists on paper only. Its orders are filled by the books and
/// trades of the real one, which do not notice:
///
/// - An order that can trade at once takes the levels of the book, the best
///   first, each at its price. No order takes the same amount twice, but the
///   next order finds it there.
/// - What rests of a limit order has a place in the queue: behind the amount
///   that was at its price when it came. Trades at its price with the other
///   side as taker shorten the queue, and then fill the order. If the book has
///   less at its price than is ahead, that is ahead: whoever cancels is taken
///   to be behind the order for as long as possible.
/// - A trade through its price, and amounts of the other side that come to
///   cross it, fill it at its own price: never with more than they have.
///   Own orders share a trade, the better price first, then the older one.
/// - Stops are triggered by the price of the last trade.
/// - What happened until an order came does not fill it, by the times of the
///   venue; nor do trades that are told late, or made outside the book.
///
/// A book that is lost fills nothing, and leaves orders as they are. Without a
/// valid book, orders are rejected, except stops. There are no fees, margins
/// or limits of rates.
///
/// Times are the venue's, of the latest update. Names of orders and fills are
/// made of the client's ids: they repeat as little as those. An order whose
/// sums cannot be kept exactly ends with a reason, before they go wrong.
///
/// Pure: no clock, no I/O. Not thread-safe.
class paper_venue {
public:
  // -- constructors, destructors, and assignment operators --------------------

  paper_venue();

  ~paper_venue();

  // -- properties -------------------------------------------------------------

  /// Returns how an order stands: canceled if it is not known, or not any more.
  /// Orders that are over are forgotten.
  order_report report(const order_key& order) const;

  std::vector<order_report> open_orders(std::string_view instrument) const;

  /// Returns the sum of what is held and of all fills.
  market::decimal position(std::string_view instrument) const;

  // -- requests ---------------------------------------------------------------

  /// Begins with a position, for example that of an earlier process.
  void hold(const market::instrument_name& instrument, market::decimal amount);

  /// @param book null if there is none.
  /// @pre no order has this id.
  void place(const order_key& key, const order_request& order,
             const market::order_book* book, account_updates& out);

  /// Changes an order. With a smaller amount it keeps its place in the queue,
  /// with a larger one or another price it is as if placed anew.
  /// @returns `ec::request_refused` with a reason: nothing is changed.
  error amend(const amend_request& change, const market::order_book* book,
              account_updates& out);

  /// Tells that the order is canceled, also if it is not known.
  void cancel(const order_key& order, account_updates& out);

  /// Cancels the orders of an instrument, or all if it is empty.
  void cancel_all(std::string_view instrument, account_updates& out);

  // -- market data ------------------------------------------------------------

  /// Takes what the real venue tells.
  /// @param book of the instrument, after the update.
  void received(const market::update& update, const market::order_book& book,
                account_updates& out);

private:
  using markets = std::map<std::string, std::unique_ptr<internal::paper_market>,
                           std::less<>>;

  internal::paper_market& obtain(const market::instrument_name& instrument);

  // @returns null if nothing is known of it.
  internal::paper_market* find(std::string_view instrument) const noexcept;

  markets markets_;
};

} // namespace zenws::trading
