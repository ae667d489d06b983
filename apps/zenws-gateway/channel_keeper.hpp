// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/all.hpp"

#include <caf/stateful_actor.hpp>

#include <vector>

namespace zenws {

/// Has a `channel_keeper` keep these channels from now on, and give up others.
struct keep_channels {
  std::vector<channel_spec> channels;
};

struct channel_keeper_state {
  static constexpr const char* name = "zenws.gateway.client";

  client_actor client;
  std::vector<channel_spec> channels;
};

/// Keeps channels of a client subscribed whether or not a node wants them, so
/// that they flow at once when one does. Logs the events of the client.
caf::behavior channel_keeper(caf::stateful_actor<channel_keeper_state>* self,
                             const client_actor& client,
                             const std::vector<channel_spec>& channels);

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2971, zenws::keep_channels)
