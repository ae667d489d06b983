// SPDX-License-Identifier: BSD-3-Clause

#include "strategy_report.hpp"

namespace zenws::engine {

namespace {

std::string price_of(const std::optional<market::price_level>& best) {
  return best ? to_string(best->price) : std::string{"-"};
}

std::string to_text(const instrument_report& x) {
  auto result = x.key.venue + ' ' + x.key.instrument + ' ' + price_of(x.bid)
                + " / " + price_of(x.ask);
  if (x.position)
    result += ", position " + to_string(*x.position);
  if (x.open_orders > 0)
    result += ", " + std::to_string(x.open_orders) + " open";
  if (x.state != trading::desk_state::trading)
    result += " (" + std::string{to_string(x.state)} + ')';
  return result;
}

} // namespace

instrument_report report_of(const traded_market& x) {
  return {.key = x.key(),
          .bid = x.book().best_bid(),
          .ask = x.book().best_ask(),
          .state = x.state(),
          .position = x.position(),
          .open_orders = x.orders().size()};
}

std::string to_text(const strategy_report& x) {
  auto result = x.name + ':';
  for (auto& market : x.markets)
    result += (&market == &x.markets.front() ? " " : "; ") + to_text(market);
  result += "; " + std::to_string(x.updates) + " updates, "
            + std::to_string(x.placed) + " orders, " + std::to_string(x.fills)
            + " fills";
  if (x.refused > 0)
    result += ", " + std::to_string(x.refused) + " refused";
  if (!x.hindrance.empty())
    result += "; " + x.hindrance;
  return result;
}

} // namespace zenws::engine
