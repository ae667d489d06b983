#include "zenws/actors/all.hpp"

#include <iostream>

using namespace std::chrono_literals;

// Trades on the messages of a feed. Starts over whenever the feed had to.
caf::behavior engine(caf::event_based_actor* self, zenws::runtime* rt) {
  if (auto feed = rt->find_client("feed"))
    self->request(*feed, caf::infinite, zenws::subscribe{self}).then([] {});
  return {
    [](const zenws::message_batch& batch) {
      for (auto message : batch)
        std::cout << message.payload << '\n';
    },
    [](const zenws::client_event& event) {
      std::cout << zenws::describe(event) << '\n';
    },
  };
}

int main(int argc, char** argv) {
  zenws::system_config cfg;
  caf::actor_system sys{cfg};
  zenws::runtime rt{sys};
  zenws::client_spec feed{.name = "feed", .config = {.url = argv[argc - 1]}};
  zenws::child_spec trader{.id = "engine"};
  trader.start = [&rt](auto& system) -> caf::expected<caf::actor> {
    return system.spawn(engine, &rt);
  };
  auto desk = rt.start_supervisor(
    {.name = "desk",
     .policy = {.strategy = zenws::restart_strategy::rest_for_one},
     .children = {rt.child(feed), trader}});
  if (!desk) {
    std::cerr << zenws::to_text(desk.error()) << std::endl;
    return 1;
  }
  caf::scoped_actor self{sys};
  self->request(*desk, 5s, zenws::get_tree{}).receive(
    [](const zenws::tree_node& tree) { std::cout << to_text(tree); },
    [&](const caf::error& err) { std::cerr << zenws::to_text(err) << std::endl; });
}
