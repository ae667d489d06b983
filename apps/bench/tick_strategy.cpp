// SPDX-License-Identifier: BSD-3-Clause

#include "tick_strategy.hpp"

#include "tick_venue.hpp"

#include <utility>

namespace zenws::bench {

tick_strategy::tick_strategy(caf::actor_config& cfg, order_desk_actor desk)
  : super(cfg), desk_(std::move(desk)) {
  order_.instrument = market::instrument_name::make(tick_instrument).value();
  order_.amount = market::decimal::make(10, 0).value();
  order_.validity = trading::time_in_force::immediate_or_cancel;
}

tick_strategy::behavior_type tick_strategy::make_behavior() {
  return {
    [this](const market_batch& batch) { take(batch); },
    [](const client_event&) {
      // nop
    },
  };
}

void tick_strategy::before_end() {
  desk_ = nullptr;
}

void tick_strategy::take(const market_batch& batch) {
  for (auto& update : batch)
    book_.apply(update);
  auto bid = book_.best_bid();
  if (!bid || bid->price == best_)
    return;
  best_ = bid->price;
  place();
}

void tick_strategy::place() {
  order_.price = best_;
  request(desk_, caf::infinite, place_order{order_})
    .then([](const trading::order_key&) {}, // on its way
          [](const caf::error&) {});        // not yet: the venue would notice
}

} // namespace zenws::bench
