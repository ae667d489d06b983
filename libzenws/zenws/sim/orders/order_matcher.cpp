// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/orders/order_matcher.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace zenws::sim {

namespace {

bool reaches(const order& stop, const market_quote& market) noexcept {
  return stop.direction == order_direction::buy
           ? market.last >= stop.trigger_price
           : market.last <= stop.trigger_price;
}

// The order that takes the place of a stop.
order successor_of(const order& stop, std::chrono::milliseconds now) {
  auto result = stop;
  auto has_limit = stop.type == order_type::stop_limit;
  result.type = has_limit ? order_type::limit : order_type::market;
  result.state = order_state::open;
  result.trigger_order_id = stop.id;
  result.created = result.updated = now;
  return result;
}

} // namespace

double order_matcher::reducible(const order& entry) const {
  auto size = store_.position_in(entry.account, traded_name(entry)).size;
  return std::max(entry.direction == order_direction::buy ? -size : size, 0.0);
}

// -- arrival ------------------------------------------------------------------

order_change order_matcher::arrive(order& entry, const market_quote& market,
                                   std::chrono::milliseconds now) {
  if (entry.state != order_state::open)
    return store_.report(entry);
  auto fills = take(entry, market, now);
  auto rests = entry.validity == order_validity::good_til_cancelled;
  if (entry.state == order_state::open && !rests) {
    entry.state = order_state::cancelled;
    entry.updated = now;
  }
  return store_.report(entry, std::move(fills));
}

std::vector<fill> order_matcher::take(order& entry, const market_quote& market,
                                      std::chrono::milliseconds now) {
  if (entry.type == order_type::market) {
    // Its price is what it was filled for.
    entry.price = touch_of(market, entry.direction);
    return {store_.trade(entry, remaining(entry), entry.price, fill_role::taker,
                         now)};
  }
  auto may_rest = entry.validity == order_validity::good_til_cancelled;
  if ((may_rest && !store_.follows_market()) || !takes(entry, market))
    return {};
  auto amount = std::min(remaining(entry),
                         liquidity_of(market, entry.direction));
  auto is_short = amount < remaining(entry);
  if (amount <= 0
      || (is_short && entry.validity == order_validity::fill_or_kill))
    return {};
  return {store_.trade(entry, amount, touch_of(market, entry.direction),
                       fill_role::taker, now)};
}

// -- course of the market -----------------------------------------------------

std::vector<order_change>
order_matcher::advance(std::string_view instrument, const market_quote& market,
                       std::chrono::milliseconds now) {
  std::vector<order_change> result;
  if (!store_.follows_market())
    return result;
  // By number, because a triggered stop adds an order.
  auto due = store_.select([&](const order& x) {
    return x.instrument == instrument && is_alive(x)
           && (x.state == order_state::untriggered ? reaches(x, market)
                                                   : takes(x, market));
  });
  for (auto& x : due) {
    auto& entry = *store_.find_number(x.account, number_of(x));
    if (entry.state == order_state::untriggered) {
      for (auto& change : trigger(entry, market, now))
        result.push_back(std::move(change));
    } else {
      auto amount = std::min(remaining(entry),
                             liquidity_of(market, entry.direction));
      result.push_back(trade_resting(entry, amount, entry.price, now));
    }
  }
  return result;
}

std::vector<order_change>
order_matcher::trigger(order& entry, const market_quote& market,
                       std::chrono::milliseconds now) {
  auto draft = successor_of(entry, now);
  entry.updated = now;
  if (draft.reduce_only)
    draft.amount = std::min(draft.amount, reducible(draft));
  if (draft.amount <= 0) {
    entry.state = order_state::rejected;
    entry.reason = "reduce_direction";
    return {store_.report(entry)};
  }
  auto number = number_of(entry);
  auto account = entry.account;
  entry.state = order_state::triggered;
  auto* placed = store_.add(std::move(draft));
  // The oldest orders that are over make room, and this may be one.
  auto* stop = store_.find_number(account, number);
  std::vector<order_change> result;
  if (stop != nullptr)
    result.push_back(store_.report(*stop));
  if (placed != nullptr)
    result.push_back(arrive(*placed, market, now));
  return result;
}

// -- resting orders -----------------------------------------------------------

order_change order_matcher::trade_resting(order& entry, double amount,
                                          double price,
                                          std::chrono::milliseconds now) {
  auto done = store_.trade(entry, amount, price, fill_role::maker, now);
  return store_.report(entry, {std::move(done)});
}

} // namespace zenws::sim
