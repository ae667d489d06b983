#include "zenws/actors/all.hpp"

#include <iostream>

using namespace zenws::trading;
using zenws::market::decimal;

// Tells what becomes of the orders of a desk.
class watcher : public zenws::desk_watcher::base {
public:
  explicit watcher(caf::actor_config& cfg) : zenws::desk_watcher::base(cfg) {
    // nop
  }

  behavior_type make_behavior() override {
    return {
      [](const order_event& news) {
        std::cout << "order: " << to_string(news.kind) << ", "
                  << to_string(news.content.state) << std::endl;
      },
      [](const fill& news) {
        std::cout << "fill: " << to_string(news.amount) << std::endl;
      },
      [](const position&) {
        // nop
      },
      [](const balance&) {
        // nop
      },
      [](const zenws::desk_state_changed& news) {
        std::cout << "desk: " << to_string(news.state) << std::endl;
      },
      [](const zenws::desk_request_failed&) {
        // nop
      },
    };
  }
};

int main(int argc, char** argv) {
  zenws::system_config cfg;
  caf::actor_system sys{cfg};
  zenws::runtime rt{sys};
  caf::scoped_actor self{sys};
  auto failed = [](const caf::error& err) {
    std::cout << zenws::to_text(err) << std::endl;
  };

  zenws::client_spec spec{.name = "account"};
  spec.config.url = argv[argc - 1];
  spec.config.venue = {.dialect = "deribit",
                       .login = zenws::login_mode::required};
  spec.credentials = [] {
    return zenws::credentials{.key = "demo", .secret = "demo-secret"};
  };
  zenws::client_actor client;
  self->request(rt.supervise(), caf::infinite, zenws::start_client{spec})
    .receive([&](const zenws::client_actor& started) { client = started; },
             failed);
  if (!client)
    return 1;

  zenws::order_desk_options options;
  options.account = client;
  options.market = client;
  options.desk.ledger.owner = "lesson";
  options.desk.instruments["BTC-PERPETUAL"].position = decimal::parse("100");
  options.journal_path = "lesson.db";
  auto desk = zenws::start_order_desk(sys, std::move(options));
  if (!desk)
    return failed(desk.error()), 1;
  zenws::anon_send(*desk, zenws::watch_desk{sys.spawn<watcher>()});

  order_request order{.instrument
                      = *zenws::market::instrument_name::make("BTC-PERPETUAL"),
                      .amount = *decimal::parse("10"),
                      .price = decimal::parse("10000")};
  for (std::string line; std::getline(std::cin, line);)
    if (line == "buy")
      self->request(*desk, caf::infinite, zenws::place_order{order})
        .receive([](const order_key&) {}, failed);
    else if (line == "cancel")
      self->request(*desk, caf::infinite, zenws::cancel_orders{})
        .receive([] {}, failed);
}
