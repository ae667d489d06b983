// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/market/order_book.hpp"

namespace zenws::bench {

/// Places an order for each change of the best bid.
class tick_strategy : public ending_actor<market_subscriber::base> {
public:
  using super = ending_actor<market_subscriber::base>;

  tick_strategy(caf::actor_config& cfg, order_desk_actor desk);

  behavior_type make_behavior() override;

  void before_end() override;

private:
  void take(const market_batch& batch);

  void place();

  order_desk_actor desk_;
  market::order_book book_;
  market::decimal best_;
  trading::order_request order_;
};

} // namespace zenws::bench
