#include "zenws/actors/all.hpp"

#include <iostream>

using namespace std::chrono_literals;

// Keeps three connections.
zenws::pool_actor start_pool(zenws::runtime& rt,
                             zenws::client_supervisor_actor clients,
                             zenws::client_spec member) {
  auto pool = rt.start_pool({.tag = "deribit",
                             .max_channels_per_member = 500,
                             .starter = clients,
                             .member = std::move(member),
                             .min_size = 3});
  if (!pool)
    throw std::runtime_error{zenws::to_text(pool.error())};
  return *pool;
}

// Asks the best of them for the time. While none is ready, that fails at once,
// and nothing was sent.
void ask_for_time(caf::actor_system& sys, const zenws::pool_actor& pool) {
  caf::scoped_actor self{sys};
  zenws::call_balanced request{.request = {.method = "public/get_time"},
                               .on_unknown = zenws::if_unknown::repeat};
  self->request(pool, 5s, request).receive(
    [](const zenws::rpc_result& time) { std::cout << time.json << '\n'; },
    [](const caf::error& err) { std::cerr << zenws::to_text(err) << '\n'; });
}
