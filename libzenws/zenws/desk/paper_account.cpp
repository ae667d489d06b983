// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/desk/paper_account.hpp"

#include <utility>

namespace zenws::trading {

// -- constructors, destructors, and assignment operators ----------------------

paper_account::paper_account(const order_ledger& earlier,
                             std::vector<market::instrument_name> instruments)
  : instruments_(std::move(instruments)) {
  for (auto& name : instruments_)
    if (auto held = earlier.position(name.view()))
      venue_.hold(name, *held);
}

// -- requests -----------------------------------------------------------------

result<account_updates> paper_account::answer(const desk_action::send& request,
                                              const order_ledger& ledger,
                                              const market::order_book* book) {
  account_updates result;
  auto& order = request.order;
  switch (request.purpose) {
    case desk_request::place:
      if (auto* known = ledger.find(order.id))
        venue_.place(order, known->terms, book, result);
      break;
    case desk_request::amend:
      if (auto problem = venue_.amend(request.change, book, result))
        return problem;
      break;
    case desk_request::cancel:
      venue_.cancel(order, result);
      break;
    case desk_request::cancel_all:
      venue_.cancel_all(order.instrument.view(), result);
      break;
    case desk_request::ask_order:
      result.emplace_back(venue_.report(order));
      break;
    case desk_request::ask_open_orders:
      for (auto& report : venue_.open_orders(order.instrument.view()))
        result.emplace_back(report);
      break;
    case desk_request::ask_position:
      result.emplace_back(position_in(order.instrument));
      break;
    case desk_request::ask_fills: // none is missed
    case desk_request::guard:     // orders do not outlive the desk
      break;
  }
  return result;
}

account_updates paper_account::report_all(const order_ledger& ledger) const {
  account_updates result;
  for (auto* order : ledger.open_orders())
    result.emplace_back(venue_.report(order->key));
  for (auto& name : instruments_)
    result.emplace_back(position_in(name));
  return result;
}

position
paper_account::position_in(const market::instrument_name& instrument) const {
  return {.instrument = instrument,
          .amount = venue_.position(instrument.view())};
}

// -- market data --------------------------------------------------------------

void paper_account::received(const market::update& update,
                             const market::order_book& book,
                             account_updates& out) {
  venue_.received(update, book, out);
}

} // namespace zenws::trading
