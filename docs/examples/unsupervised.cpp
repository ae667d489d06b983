#include "zenws/actors/all.hpp"

#include <iostream>

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  zenws::system_config cfg;
  caf::actor_system sys{cfg};
  zenws::runtime rt{sys};
  auto client = rt.connect({.config = {.url = argc > 1 ? argv[1] : ""}});
  auto failed = [&](const caf::error& err) {
    std::cerr << zenws::to_text(err) << std::endl;
  };
  if (!client)
    return failed(client.error()), 1;
  caf::scoped_actor self{sys};
  self->request(*client, 15s, zenws::await_ready{}).receive(
    [](uint64_t epoch) { std::cout << "epoch " << epoch << '\n'; }, failed);
  self->request(*client, 5s, zenws::send_text{"hello"}).receive([] {}, failed);
  self->request(*client, 5s, zenws::close_client{}).receive([] {}, failed);
}
