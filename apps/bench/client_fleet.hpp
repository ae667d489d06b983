// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "actor_host.hpp"
#include "flood.hpp"

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace zenws::bench {

/// Many supervised clients of one server, and their user.
class client_fleet {
public:
  static constexpr std::chrono::seconds patience{60};

  explicit client_fleet(const server_address& where,
                        client_supervisor_config options = {},
                        const actor_host::extension& extend = {});

  runtime& loops() noexcept {
    return host_.loops();
  }

  const client_supervisor_actor& supervisor() const noexcept {
    return supervisor_;
  }

  const std::vector<client_actor>& clients() const noexcept {
    return clients_;
  }

  /// Starts clients until there are `count` of them.
  void start(size_t count);

  /// Same, a few at a time, until all are ready.
  void grow_to(size_t count);

  /// Waits until all are ready.
  void await_all();

  /// Forgets all clients, which live on.
  void disown() {
    clients_.clear();
  }

  template <class T, class Handle, class Request>
  T ask(const Handle& receiver, Request request) {
    T result{};
    self_->request(receiver, patience, std::move(request))
      .receive([&](T& x) { result = std::move(x); },
               [](const caf::error& reason) {
                 throw std::runtime_error{caf_compat::to_text(reason)};
               });
    return result;
  }

  template <class Handle, class Request>
  void tell(const Handle& receiver, Request request) {
    self_->request(receiver, patience, std::move(request))
      .receive([] {},
               [](const caf::error& reason) {
                 throw std::runtime_error{caf_compat::to_text(reason)};
               });
  }

  template <class Impl, class... Ts>
  caf::actor spawn(Ts&&... xs) {
    return host_.spawn<Impl>(placement::scheduled, std::forward<Ts>(xs)...);
  }

  caf::actor spawn_function(caf::behavior (*f)(caf::event_based_actor*)) {
    return host_.loops().system().spawn(f);
  }

private:
  server_address where_;
  actor_host host_;
  client_supervisor_actor supervisor_;
  caf::scoped_actor self_;
  std::vector<client_actor> clients_;
};

} // namespace zenws::bench
