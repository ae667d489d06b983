// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/desk/desk_action.hpp"
#include "zenws/error.hpp"
#include "zenws/market/order_book.hpp"
#include "zenws/market/update.hpp"
#include "zenws/trading/account_update.hpp"
#include "zenws/trading/order_ledger.hpp"
#include "zenws/trading/paper_venue.hpp"

#include <vector>

namespace zenws::trading {

/// The account of a desk at a venue on paper: answers its requests, whatever
/// their form at the real venue.
///
/// Pure: no clock, no I/O. Not thread-safe.
class paper_account {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// @param earlier what the desk knows: its positions are held from the start.
  paper_account(const order_ledger& earlier,
                std::vector<market::instrument_name> instruments);

  // -- requests ---------------------------------------------------------------

  /// Carries a request out.
  /// @param ledger of the desk, which has the terms of a new order.
  /// @param book of the instrument, null if there is none.
  /// @returns the answer, or the errors of `paper_venue::amend`.
  result<account_updates> answer(const desk_action::send& request,
                                 const order_ledger& ledger,
                                 const market::order_book* book);

  /// Tells how the open orders of the desk stand, and the positions. Orders of
  /// an earlier process are canceled: they were on its paper.
  account_updates report_all(const order_ledger& ledger) const;

  // -- market data ------------------------------------------------------------

  /// @see paper_venue::received
  void received(const market::update& update, const market::order_book& book,
                account_updates& out);

private:
  position position_in(const market::instrument_name& instrument) const;

  std::vector<market::instrument_name> instruments_;
  paper_venue venue_;
};

} // namespace zenws::trading
