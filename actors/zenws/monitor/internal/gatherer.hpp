// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/runtime.hpp"
#include "zenws/monitor/internal/event_ring.hpp"
#include "zenws/monitor/internal/snapshot.hpp"
#include "zenws/monitor/monitor_options.hpp"

#include <caf/event_based_actor.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace zenws::monitoring {

/// Asks a `gatherer` for a snapshot.
struct gather_snapshot {
  collection_ptr<snapshot> to;
};

/// Asks a `gatherer` for the details of a client.
struct gather_detail {
  std::string client;
  collection_ptr<client_detail> to;
};

/// Asks whether actors run at all: a `gatherer` drops it.
struct check_scheduler {
  collection_ptr<bool> to;
};

/// Asks the actors of a runtime how they are, and writes down what happens to
/// them. Whoever does not answer in time is left out.
class gatherer : public ending_actor<caf::event_based_actor> {
public:
  // -- constants --------------------------------------------------------------

  static constexpr std::chrono::milliseconds patience{2'000};

  // -- constructors, destructors, and assignment operators ------------------

  /// @param host must live longer than the actor.
  gatherer(caf::actor_config& cfg, runtime& host,
           const monitor_options& options, event_ring_ptr events);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  caf::behavior make_behavior() override;

  void before_end() override;

private:
  void gather(const collection_ptr<snapshot>& to);

  void ask_tree(const caf::actor& root, const collection_ptr<snapshot>& to);

  void ask_desk(const std::string& name, const order_desk_actor& desk,
                const collection_ptr<snapshot>& to);

  void ask_client(const gather_detail& order);

  runtime& host_;
  std::vector<caf::actor> trees_;
  std::function<desk_map()> desks_;
  event_ring_ptr events_;
};

} // namespace zenws::monitoring

ZENWS_LOCAL_MESSAGE(2920, zenws::monitoring::gather_snapshot)
ZENWS_LOCAL_MESSAGE(2921, zenws::monitoring::gather_detail)
ZENWS_LOCAL_MESSAGE(2922, zenws::monitoring::check_scheduler)
