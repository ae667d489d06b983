#include "zenws/actors/all.hpp"

#include <iostream>

using namespace zenws::market;

// Tells what happens to a feed and to the book that it brings.
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
        std::cout << zenws::describe(event) << std::endl;
      },
    };
  }

private:
  void see(const update& news) {
    book_.apply(news);
    auto bid = book_.best_bid();
    if (auto* lost = std::get_if<book_lost>(&news))
      std::cout << "no book: " << to_string(lost->cause) << std::endl;
    else if (bid && std::holds_alternative<book_snapshot>(news))
      std::cout << "a book, best bid " << to_string(bid->price) << std::endl;
  }

  order_book book_;
};

int main(int argc, char** argv) {
  zenws::system_config cfg;
  caf::actor_system sys{cfg};
  zenws::runtime rt{sys};
  caf::scoped_actor self{sys};
  auto failed = [](const caf::error& err) {
    std::cerr << zenws::to_text(err) << std::endl;
  };

  zenws::client_spec spec{.name = "feed"};
  spec.config.url = argv[argc - 1];
  spec.config.venue.dialect = "deribit";
  zenws::client_actor feed;
  self->request(rt.supervise(), caf::infinite, zenws::start_client{spec})
    .receive([&](const zenws::client_actor& started) { feed = started; },
             failed);
  if (!feed)
    return 1;

  zenws::subscribe_market book{.instruments = {"BTC-PERPETUAL"},
                               .kinds = {data_kind::book},
                               .subscriber = sys.spawn<watcher>()};
  self->request(feed, caf::infinite, book)
    .receive([](const zenws::market_report&) {}, failed);

  for (std::string line; std::getline(std::cin, line);)
    if (line == "kill")
      caf::anon_send_exit(feed, caf::exit_reason::kill);
}
