// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/runtime.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace zenws::bench {

/// Placement of a subscriber.
enum class placement : unsigned char { scheduled, co_located };

/// An actor system, made anew for each measurement so that no measurement
/// includes the threads of others. Has one I/O loop unless told otherwise.
class actor_host {
public:
  using extension = std::function<void(caf::actor_system_config&)>;

  /// @param policy of CAF's scheduler: "sharing" or "stealing".
  /// @param extend adds further settings to the configuration.
  explicit actor_host(const std::string& policy, const extension& extend = {});

  runtime& loops() noexcept {
    return runtime_;
  }

  /// Starts a class-based actor.
  template <class Impl, class... Ts>
  caf::actor spawn(placement where, Ts&&... xs) {
    if (where == placement::scheduled)
      return caf::actor_cast<caf::actor>(
        system_.spawn<Impl>(std::forward<Ts>(xs)...));
    return caf::actor_cast<caf::actor>(
      runtime_.spawn_on_loop<Impl>(0, std::forward<Ts>(xs)...));
  }

  /// Starts a client with its subscribers. Throws `std::runtime_error`.
  client_actor connect(const client_config& cfg,
                       const std::vector<caf::actor>& subscribers);

  /// Subscribes to channels and waits until all of them are granted. Throws
  /// `std::runtime_error`.
  void subscribe(const client_actor& client, const caf::actor& subscriber,
                 const std::vector<std::string>& channels);

  /// Subscribes all to the books of instruments and waits until all are
  /// granted. Throws `std::runtime_error`.
  void subscribe_market(const client_actor& client,
                        const std::vector<caf::actor>& subscribers,
                        const std::vector<std::string>& instruments);

  /// Throws `std::runtime_error`.
  client_status status(const client_actor& client);

  /// Closes a client and waits until it is gone.
  void close(const client_actor& client);

private:
  struct config : system_config {
    config(const std::string& policy, const extension& extend);
  };

  config config_;
  caf::actor_system system_;
  runtime runtime_;
};

/// Extends a configuration by the number of I/O loops.
actor_host::extension with_loops(size_t count);

} // namespace zenws::bench
