// SPDX-License-Identifier: BSD-3-Clause

#include "traded_market.hpp"

#include <algorithm>
#include <utility>

namespace zenws::engine {

using trading::order_state;

traded_market::traded_market(market_key key)
  : key_(std::move(key)),
    instrument_(market::instrument_name::make(key_.instrument)
                  .value_or(market::instrument_name{})) {
  // nop
}

// -- properties ---------------------------------------------------------------

const trading::order*
traded_market::order_of(trading::order_side side) const noexcept {
  auto i = std::ranges::find_if(orders_, [=](auto& x) {
    return x.second.terms.side == side;
  });
  return i != orders_.end() ? &i->second : nullptr;
}

bool traded_market::is_settled() const noexcept {
  auto is_open = [](const auto& x) {
    return x.second.state == order_state::pending
           || x.second.state == order_state::unknown;
  };
  return state_ == trading::desk_state::trading && position_ && under_way_ == 0
         && leaving_.empty() && std::ranges::none_of(orders_, is_open);
}

bool traded_market::is_tradable(time_point now) const noexcept {
  return is_settled() && now >= paused_until_ && terms_ && terms_->tick
         && book_.best_bid() && book_.best_ask();
}

// -- news ---------------------------------------------------------------------

void traded_market::apply(const market::update& x) {
  if (auto* terms = std::get_if<market::instrument_state>(&x))
    terms_ = *terms;
  else
    book_.apply(x);
}

void traded_market::apply(const trading::order_event& news) {
  auto& order = news.content;
  leaving_.erase(order.key.id);
  if (is_final(order.state))
    orders_.erase(order.key.id);
  else
    orders_.insert_or_assign(order.key.id, order);
}

void traded_market::apply(const desk_state_changed& news) {
  state_ = news.state;
  if (state_ == trading::desk_state::disconnected)
    leaving_.clear(); // their orders are asked for
}

void traded_market::apply(const desk_request_failed& news) {
  leaving_.erase(news.order.id);
}

void traded_market::know_orders(const std::vector<trading::order>& open) {
  orders_.clear();
  for (auto& order : open)
    orders_.insert_or_assign(order.key.id, order);
  std::erase_if(leaving_, [this](auto& id) { return !orders_.contains(id); });
}

// -- requests -----------------------------------------------------------------

void traded_market::placed() noexcept {
  if (under_way_ > 0)
    --under_way_;
}

} // namespace zenws::engine
