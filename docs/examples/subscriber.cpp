#include "zenws/actors/all.hpp"

#include <iostream>

caf::behavior printer(caf::event_based_actor*) {
  return {
    [](const zenws::message_batch& batch) {
      for (auto msg : batch)
        std::cout << msg.sequence << ' ' << msg.payload << '\n';
    },
    [](const zenws::client_event& event) {
      std::cout << zenws::describe(event) << std::endl;
    },
  };
}

void print_all(caf::actor_system& sys, const zenws::client_actor& client) {
  auto subscriber = sys.spawn(printer);
  zenws::anon_send(client, zenws::subscribe{subscriber});
}
