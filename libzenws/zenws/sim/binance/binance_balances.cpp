// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_balances.hpp"

#include "zenws/sim/binance/binance_order_text.hpp"
#include "zenws/sim/clocks.hpp"
#include "zenws/sim/orders/symbol.hpp"

namespace zenws::sim {

namespace {

// What the trades of an order have brought of a currency, less the fees.
double received(const order& x, std::string_view asset) {
  constexpr auto kept = 1 - binance_commission_rate;
  auto is_buy = x.direction == order_direction::buy;
  double result = 0;
  if (base_currency(x.instrument) == asset)
    result += is_buy ? x.filled * kept : -x.filled;
  if (binance_quote_asset(x.instrument) == asset)
    result += is_buy ? -x.filled_value : x.filled_value * kept;
  return result;
}

double locked_by(const order& x, std::string_view asset) {
  if (x.state != order_state::open)
    return 0;
  auto is_buy = x.direction == order_direction::buy;
  auto pays_with = is_buy ? binance_quote_asset(x.instrument)
                          : base_currency(x.instrument);
  if (pays_with != asset)
    return 0;
  return is_buy ? remaining(x) * x.price : remaining(x);
}

} // namespace

binance_balance binance_balances::of(std::string_view account,
                                     std::string_view asset) const {
  auto own = orders_.select(
    [&](const order& x) { return x.of_binance && x.account == account; });
  auto total = first_deposit;
  double locked = 0;
  for (auto& x : own) {
    total += received(x, asset);
    locked += locked_by(x, asset);
  }
  return {std::string{asset}, total - locked, locked};
}

bool binance_balances::covers(const order& entry, double price) const {
  auto is_buy = entry.direction == order_direction::buy;
  auto asset = is_buy ? binance_quote_asset(entry.instrument)
                      : base_currency(entry.instrument);
  auto cost = is_buy ? entry.amount * price : entry.amount;
  return cost <= of(entry.account, asset).free;
}

void write_balances(json_writer& out, const std::vector<binance_balance>& all) {
  out.begin_array();
  for (auto& x : all) {
    out.begin_object();
    out.member("asset", x.asset);
    out.member("free", eight_decimals(x.free));
    out.member("locked", eight_decimals(x.locked));
    out.end_object();
  }
  out.end_array();
}

std::string account_position(const binance_balances& all, const order& entry) {
  json_writer out;
  out.begin_object();
  out.member("e", "outboundAccountPosition");
  out.member("E", wall_clock().count());
  out.member("u", int64_t{entry.updated.count()});
  out.key("B").begin_array();
  for (auto& asset : {base_currency(entry.instrument),
                      binance_quote_asset(entry.instrument)}) {
    auto x = all.of(entry.account, asset);
    out.begin_object();
    out.member("a", x.asset);
    out.member("f", eight_decimals(x.free));
    out.member("l", eight_decimals(x.locked));
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.text();
}

} // namespace zenws::sim
