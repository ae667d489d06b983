// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/paper_venue.hpp"

#include "zenws/trading/internal/paper_market.hpp"

#include <utility>

namespace zenws::trading {

// -- constructors, destructors, and assignment operators ----------------------

paper_venue::paper_venue() = default;

paper_venue::~paper_venue() = default;

// -- properties ---------------------------------------------------------------

order_report paper_venue::report(const order_key& order) const {
  if (auto* known = find(order.instrument.view()))
    if (auto result = known->report(order))
      return *result;
  return {.order = order,
          .state = venue_order_state::canceled,
          .reason = "it is not on paper any more"};
}

std::vector<order_report>
paper_venue::open_orders(std::string_view instrument) const {
  auto* known = find(instrument);
  return known != nullptr ? known->open_orders() : std::vector<order_report>{};
}

market::decimal paper_venue::position(std::string_view instrument) const {
  auto* known = find(instrument);
  return known != nullptr ? known->position() : market::decimal{};
}

// -- requests -----------------------------------------------------------------

void paper_venue::hold(const market::instrument_name& instrument,
                       market::decimal amount) {
  obtain(instrument).hold(amount);
}

void paper_venue::place(const order_key& key, const order_request& order,
                        const market::order_book* book, account_updates& out) {
  obtain(order.instrument).place(key, order, book, out);
}

error paper_venue::amend(const amend_request& change,
                         const market::order_book* book, account_updates& out) {
  return obtain(change.order.instrument).amend(change, book, out);
}

void paper_venue::cancel(const order_key& order, account_updates& out) {
  auto* known = find(order.instrument.view());
  if (known == nullptr || !known->report(order))
    out.emplace_back(report(order));
  else
    known->cancel(order, out);
}

void paper_venue::cancel_all(std::string_view instrument,
                             account_updates& out) {
  for (auto& [name, about] : markets_)
    if (instrument.empty() || instrument == name)
      about->cancel_all({}, out);
}

// -- market data --------------------------------------------------------------

void paper_venue::received(const market::update& update,
                           const market::order_book& book,
                           account_updates& out) {
  auto& about = obtain(market::instrument_of(update));
  if (auto* trade = std::get_if<market::trade>(&update))
    about.traded(*trade, book, out);
  else if (market::book_update_of(update) != nullptr)
    about.changed(book, out);
  else if (auto* terms = std::get_if<market::instrument_state>(&update);
           terms != nullptr && terms->state == market::trading_state::closed)
    about.cancel_all("the instrument does not trade any more", out);
}

// -- utilities ----------------------------------------------------------------

internal::paper_market&
paper_venue::obtain(const market::instrument_name& instrument) {
  if (auto* known = find(instrument.view()))
    return *known;
  return *markets_
            .emplace(instrument.view(),
                     std::make_unique<internal::paper_market>(instrument))
            .first->second;
}

internal::paper_market*
paper_venue::find(std::string_view instrument) const noexcept {
  auto i = markets_.find(instrument);
  return i != markets_.end() ? i->second.get() : nullptr;
}

} // namespace zenws::trading
