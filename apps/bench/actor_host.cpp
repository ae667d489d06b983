// SPDX-License-Identifier: BSD-3-Clause

#include "actor_host.hpp"

#include <caf/scoped_actor.hpp>

#include <stdexcept>
#include <utility>

namespace zenws::bench {

namespace {

constexpr std::chrono::seconds answer_patience{10};

} // namespace

actor_host::config::config(const std::string& policy, const extension& extend) {
  caf_compat::set_scheduler_policy(*this, policy);
  if (extend)
    extend(*this);
}

actor_host::actor_host(const std::string& policy, const extension& extend)
  : config_(policy, extend), system_(config_), runtime_(system_) {
  // nop
}

client_actor actor_host::connect(const client_config& cfg,
                                 const std::vector<caf::actor>& subscribers) {
  client_spec spec;
  spec.config = cfg;
  for (auto& x : subscribers)
    spec.subscribers.push_back({x});
  auto client = runtime_.connect(std::move(spec));
  if (!client)
    throw std::runtime_error{caf_compat::to_text(client.error())};
  return std::move(*client);
}

void actor_host::subscribe(const client_actor& client,
                           const caf::actor& subscriber,
                           const std::vector<std::string>& channels) {
  subscribe_channels request;
  request.subscriber = subscriber;
  for (auto& name : channels)
    request.channels.push_back({.name = name});
  caf::scoped_actor self{system_};
  self->request(client, answer_patience, std::move(request))
    .receive(
      [](const channel_report& report) {
        for (auto& x : report.outcomes)
          if (x.kind != outcome_kind::granted)
            throw std::runtime_error{x.channel + ": " + to_string(x.reason)};
      },
      [](const caf::error& reason) {
        throw std::runtime_error{"subscribe: " + caf_compat::to_text(reason)};
      });
}

void actor_host::subscribe_market(const client_actor& client,
                                  const std::vector<caf::actor>& subscribers,
                                  const std::vector<std::string>& instruments) {
  caf::scoped_actor self{system_};
  auto ask = [&](const caf::actor& subscriber) {
    zenws::subscribe_market request{
      .instruments = instruments,
      .kinds = {market::data_kind::book},
      .subscriber = caf::actor_cast<market_subscriber>(subscriber)};
    return self->request(client, answer_patience, std::move(request));
  };
  // All at once: the first one begins the flood.
  std::vector<decltype(ask(subscribers.front()))> open;
  open.reserve(subscribers.size());
  for (auto& x : subscribers)
    open.push_back(ask(x));
  for (auto& x : open)
    std::move(x).receive(
      [](const market_report& report) {
        if (!report.all_granted())
          throw std::runtime_error{"a book was not granted"};
      },
      [](const caf::error& reason) {
        throw std::runtime_error{"subscribe: " + caf_compat::to_text(reason)};
      });
}

client_status actor_host::status(const client_actor& client) {
  client_status result;
  caf::scoped_actor self{system_};
  self->request(client, answer_patience, get_status{})
    .receive([&](client_status& x) { result = std::move(x); },
             [](const caf::error& reason) {
               throw std::runtime_error{"status: "
                                        + caf_compat::to_text(reason)};
             });
  return result;
}

void actor_host::close(const client_actor& client) {
  caf::scoped_actor self{system_};
  self->request(client, answer_patience, close_client{})
    .receive([] {},
             [](const caf::error& reason) {
               throw std::runtime_error{"close: "
                                        + caf_compat::to_text(reason)};
             });
}

actor_host::extension with_loops(size_t count) {
  return [count](caf::actor_system_config& cfg) {
    cfg.set("zenws.io-threads", count);
  };
}

} // namespace zenws::bench
