// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/all.hpp"

#include <vector>

namespace zenws {

/// Keeps channels of a client subscribed whether or not a node wants them, so
/// that they flow at once when one does. Prints the events of the client.
caf::behavior channel_keeper(caf::event_based_actor* self,
                             const client_actor& client,
                             const std::vector<channel_spec>& channels);

} // namespace zenws
