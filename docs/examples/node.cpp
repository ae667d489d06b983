#include "zenws/actors/all.hpp"
#include "zenws/nodes/all.hpp"

#include <iostream>

int main() {
  using namespace std::chrono_literals;
  zenws::system_config cfg;
  zenws::load_nodes(cfg);
  caf::actor_system sys{cfg};
  zenws::runtime rt{sys};
  auto link = zenws::connect_gateway(rt, {.host = "127.0.0.1", .port = 4242});
  if (!link) {
    std::cerr << zenws::to_text(link.error()) << '\n';
    return 1;
  }
  caf::scoped_actor self{sys};
  self->request((*link)->gateway(), 5s, zenws::get_client{"venue"}).receive(
    [&](zenws::client_actor venue) {
      self->request(venue, 5s, zenws::call{.method = "public/get_time"}).receive(
        [](const zenws::rpc_result& time) { std::cout << time.json << '\n'; },
        [&](const caf::error& err) { std::cerr << zenws::to_text(err) << '\n'; });
    },
    [&](const caf::error& err) { std::cerr << zenws::to_text(err) << '\n'; });
}
