// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/orders/order_store.hpp"

#include "zenws/sim/orders/contract_value.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace zenws::sim {

namespace {

constexpr size_t max_fills = 10'000;

// Numbers of fills differ from those of the public trades of the market, which
// does not see the orders of clients.
constexpr uint64_t first_fill = 1'000'000'000;

// An ID is the base currency, a hyphen and the order's number.
std::string make_id(const std::string& instrument, uint64_t number) {
  return instrument.substr(0, instrument.find('-')) + '-'
         + std::to_string(number);
}

} // namespace

uint64_t number_of(std::string_view id) {
  auto digits = id.substr(std::min(id.rfind('-') + 1, id.size()));
  uint64_t result = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), result);
  return result;
}

order* order_store::find(std::string_view account, std::string_view id) {
  auto* result = find_number(account, number_of(id));
  return result && result->id == id ? result : nullptr;
}

order* order_store::find_number(std::string_view account, uint64_t number) {
  auto i = orders_.find(number);
  if (i == orders_.end() || i->second.account != account)
    return nullptr;
  return &i->second;
}

order* order_store::find_label(std::string_view account,
                               std::string_view label) {
  for (auto i = orders_.rbegin(); i != orders_.rend(); ++i)
    if (i->second.account == account && i->second.label == label)
      return &i->second;
  return nullptr;
}

std::vector<order> order_store::all() const {
  return select(
    [](const order& x) { return x.state != order_state::triggered; });
}

bool order_store::has_alive() const noexcept {
  return std::any_of(orders_.begin(), orders_.end(),
                     [](const auto& x) { return is_alive(x.second); });
}

// The other venues hand over an order of the market as filled already.
order* order_store::add(order entry) {
  if (!evict_oldest())
    return nullptr;
  auto number = ++last_number_;
  entry.id = make_id(entry.instrument, number);
  auto filled = std::exchange(entry.filled, 0);
  auto& result = orders_.emplace(number, std::move(entry)).first->second;
  if (filled > 0)
    trade(result, filled, result.price, fill_role::taker, result.updated);
  return &result;
}

fill order_store::trade(order& entry, double amount, double price,
                        fill_role role, std::chrono::milliseconds now) {
  entry.filled += amount;
  entry.filled_value += amount * price;
  entry.updated = now;
  if (remaining(entry) < 1e-9)
    entry.state = order_state::filled;
  fill result{.number = first_fill + ++last_fill_,
              .of = entry,
              .price = price,
              .amount = amount,
              .role = role,
              .fee = fee_of(traded_name(entry), price, amount, role),
              .time = now};
  entry.fees += result.fee;
  result.of.fees = entry.fees;
  settle(result);
  fills_.push_back(result);
  if (fills_.size() > max_fills)
    fills_.pop_front();
  return result;
}

// A pair changes hands; anything else makes a position.
void order_store::settle(fill& x) {
  auto& name = traded_name(x.of);
  auto settlement = settlement_currency(name);
  if (!is_okx_pair(name)) {
    x.profit = positions_.add(x);
    wallet_.add(x.of.account, settlement, x.profit - x.fee);
    return;
  }
  auto is_buy = x.of.direction == order_direction::buy;
  auto bought = is_buy ? x.amount : -x.amount;
  wallet_.add(x.of.account, base_currency(name), bought);
  wallet_.add(x.of.account, settlement, -bought * x.price - x.fee);
}

order_change order_store::report(const order& entry,
                                 std::vector<fill> fills) const {
  order_change result{.entry = entry, .fills = std::move(fills)};
  if (!result.fills.empty())
    result.held = positions_.in(entry.account, traded_name(entry));
  result.funds = wallet_.of(entry.account,
                            settlement_currency(traded_name(entry)));
  return result;
}

order_change order_store::cancel(order& entry, std::chrono::milliseconds now,
                                 std::string reason) {
  entry.state = order_state::cancelled;
  entry.updated = now;
  entry.reason = std::move(reason);
  return report(entry);
}

bool order_store::evict_oldest() {
  if (orders_.size() < max_orders_)
    return true;
  auto closed = [](const auto& x) { return !is_alive(x.second); };
  auto i = std::find_if(orders_.begin(), orders_.end(), closed);
  if (i == orders_.end())
    return false;
  orders_.erase(i);
  return true;
}

void order_store::cancel_on_disconnect(const std::string& account,
                                       bool enabled) {
  if (enabled)
    cancelling_accounts_.insert(account);
  else
    cancelling_accounts_.erase(account);
}

bool order_store::cancels_on_disconnect(const std::string& account) const {
  return cancelling_accounts_.contains(account);
}

} // namespace zenws::sim
