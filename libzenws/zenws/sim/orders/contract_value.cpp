// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/orders/contract_value.hpp"

#include "zenws/sim/orders/symbol.hpp"

#include <cmath>

namespace zenws::sim {

namespace {

bool is_inverse(std::string_view instrument) {
  return base_currency(instrument) == settlement_currency(instrument);
}

// Of OKX's perpetuals, `ctVal`: each contract is worth so much of the base
// currency.
double units_of(std::string_view instrument, double amount) {
  constexpr double okx_contract = 0.01;
  return is_okx_swap(instrument) ? amount * okx_contract : amount;
}

double eight_places(double x) {
  return std::round(x * 1e8) / 1e8;
}

// A replay knows no prices.
double inverse(double price) {
  return price > 0 ? 1 / price : 0;
}

} // namespace

double fee_of(std::string_view instrument, double price, double amount,
              fill_role role) {
  auto value = is_inverse(instrument) ? amount * inverse(price)
                                      : units_of(instrument, amount) * price;
  return eight_places(value * fee_rate(role));
}

double profit_of(std::string_view instrument, double entry, double exit,
                 double amount) {
  return eight_places(is_inverse(instrument)
                        ? amount * (inverse(entry) - inverse(exit))
                        : units_of(instrument, amount) * (exit - entry));
}

} // namespace zenws::sim
