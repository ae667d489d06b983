#include "zenws/actors/all.hpp"

#include <iostream>

using namespace zenws::market;

// Keeps the book of one instrument and prints its trades.
class watcher : public zenws::market_subscriber::base {
public:
  explicit watcher(caf::actor_config& cfg)
    : zenws::market_subscriber::base(cfg) {
    // nop
  }

  behavior_type make_behavior() override {
    return {
      [this](const zenws::market_batch& batch) {
        for (auto& update : batch)
          see(update);
      },
      [](const zenws::client_event& event) {
        std::cout << zenws::describe(event) << '\n';
      },
    };
  }

private:
  void see(const update& x) {
    book_.apply(x); // takes what is about the book
    if (auto* trade = std::get_if<zenws::market::trade>(&x))
      std::cout << to_string(trade->amount) << " at "
                << to_string(trade->price) << '\n';
    else if (auto* gap = std::get_if<trade_gap>(&x))
      std::cout << "trades between " << gap->after << " and " << gap->before
                << " are missing\n";
    else if (auto* lost = std::get_if<book_lost>(&x))
      std::cout << "no book for now: " << to_string(lost->cause) << '\n';
    else if (auto bid = book_.best_bid()) // nothing while there is no proof
      std::cout << "best bid " << to_string(bid->price) << '\n';
  }

  order_book book_;
};

void watch_market(caf::actor_system& sys, const zenws::client_actor& client) {
  zenws::anon_send(client, zenws::subscribe_market{
                             .instruments = {"BTC-PERPETUAL"},
                             .kinds = {data_kind::book, data_kind::trades},
                             .subscriber = sys.spawn<watcher>(),
                           });
}
