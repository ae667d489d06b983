#include "actor_host.hpp"

#include <caf/scoped_actor.hpp>

#include <future>
#include <memory>
#include <stdexcept>
#include <utility>

namespace zenws::bench {

namespace {

constexpr std::chrono::seconds patience{10};

} // namespace

actor_host::config::config(const std::string& policy) {
  set("scheduler.policy", caf::atom_from_string(policy));
}

actor_host::actor_host(const std::string& policy)
  : config_(policy), system_(config_), runtime_(system_, 1) {
  // nop
}

client_actor actor_host::connect(const client_config& cfg,
                                 const std::vector<caf::actor>& subscribers,
                                 subscription_options options) {
  auto started = std::make_shared<std::promise<client_actor>>();
  // On the loop, the client cannot run before this function is through.
  auto start = [=, this](caf::event_based_actor* self) {
    client_spec spec;
    spec.config = cfg;
    spec.loop = 0;
    auto client = runtime_.connect(std::move(spec));
    if (!client) {
      auto why = std::runtime_error{seam::to_text(client.error())};
      return started->set_exception(std::make_exception_ptr(why));
    }
    for (auto& x : subscribers)
      self->send(*client, subscribe{x, options});
    started->set_value(std::move(*client));
  };
  runtime_.spawn_function_on_loop(0, start);
  return started->get_future().get();
}

void actor_host::close(const client_actor& client) {
  caf::scoped_actor self{system_};
  self->request(client, patience, close_client{})
    .receive([] {},
             [](const caf::error& what) {
               throw std::runtime_error{"close: " + seam::to_text(what)};
             });
}

} // namespace zenws::bench
