#include "zenws/actors/all.hpp"

#include <iostream>

using namespace zenws::trading;

// Prints what becomes of orders.
class watcher : public zenws::desk_watcher::base {
public:
  explicit watcher(caf::actor_config& cfg) : zenws::desk_watcher::base(cfg) {
    // nop
  }

  behavior_type make_behavior() override {
    return {
      [](const order_event& news) {
        std::cout << news.content.key.id.view() << ": " << to_string(news.kind)
                  << ", filled " << to_string(news.content.filled) << '\n';
      },
      [](const fill& news) {
        std::cout << to_string(news.amount) << " at " << to_string(news.price)
                  << '\n';
      },
      [](const position& news) {
        std::cout << "position " << to_string(news.amount) << '\n';
      },
      [](const balance&) {
        // nop
      },
      [](const zenws::desk_state_changed& news) {
        std::cout << news.instrument << ": " << to_string(news.state) << '\n';
      },
      [](const zenws::desk_request_failed& news) {
        std::cout << to_string(news.purpose) << ": " << to_string(news.reason)
                  << '\n';
      },
    };
  }
};

// Starts a desk for one instrument, whose orders outlive this process.
caf::expected<zenws::order_desk_actor>
start_desk(caf::actor_system& sys, const zenws::client_actor& client) {
  zenws::order_desk_options options;
  options.account = client; // logged in
  options.market = client;
  options.dialect = "deribit";
  options.desk.ledger.owner = "mm1";
  options.desk.instruments = {
    {"BTC-PERPETUAL",
     {.order_amount = zenws::market::decimal::parse("1000"),
      .position = zenws::market::decimal::parse("5000"),
      .price_distance = 0.02,
      .orders_per_second = 10}},
  };
  options.journal_path = "orders.db";
  auto desk = zenws::start_order_desk(sys, std::move(options));
  if (desk)
    zenws::anon_send(*desk, zenws::watch_desk{sys.spawn<watcher>()});
  return desk;
}
