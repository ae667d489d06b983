#include "zenws/actors/all.hpp"

// Keeps three connections, and asks the best of them for the time.
void ask_for_time(zenws::runtime& rt, zenws::client_supervisor_actor clients,
                  zenws::client_spec member) {
  using namespace std::chrono_literals;
  auto pool = rt.start_pool({.tag = "deribit",
                             .max_channels_per_member = 500,
                             .starter = clients,
                             .member = std::move(member),
                             .min_size = 3});
  if (!pool)
    throw std::runtime_error{rt.system().render(pool.error())};
  caf::scoped_actor self{rt.system()};
  zenws::call_balanced what{.what = {.method = "public/get_time"},
                            .then = zenws::if_unknown::repeat};
  self->request(*pool, 5s, what).receive(
    [](const zenws::rpc_result& time) { std::cout << time.json << '\n'; },
    [&](const caf::error& err) { std::cerr << rt.system().render(err) << '\n'; });
}
