#include "zenws/actors/all.hpp"

#include <iostream>

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  zenws::system_config cfg;
  caf::actor_system sys{cfg};
  zenws::runtime rt{sys};
  auto supervisor = rt.supervise({.limit = {.max_restarts = 10, .period = 60s}});
  caf::scoped_actor self{sys};
  auto failed = [&](const caf::error& err) {
    std::cerr << zenws::to_text(err) << std::endl;
  };
  zenws::client_spec spec{.name = "feed", .config = {.url = argv[argc - 1]}};
  self->request(supervisor, 5s, zenws::start_client{spec}).receive(
    [&](zenws::client_actor feed) { // stays valid across restarts
      // Waits for a connection; without queue_until it would have to be there.
      zenws::send_text hello{"hello", zenws::queue_until(10s)};
      self->request(feed, 15s, hello).receive(
        [] { std::cout << "said hello\n"; }, failed);
    }, failed);
  self->request(supervisor, 5s, zenws::get_tree{}).receive(
    [](const zenws::tree_node& tree) { std::cout << to_text(tree); }, failed);
}
