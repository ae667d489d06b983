#include "zenws/actors/all.hpp"
#include "zenws/flows/flow.hpp"

#include <iostream>

caf::behavior ticker(caf::event_based_actor* self,
                     const zenws::client_actor& client) {
  zenws::as_observable(*self, client)
    .map([](const zenws::message_batch& batch) { return batch.size(); })
    .for_each([](size_t count) { std::cout << count << " messages\n"; },
              [](const caf::error& reason) {
                std::cerr << zenws::to_text(reason) << '\n';
              });
  return {};
}
