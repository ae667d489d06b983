// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// What clients receive as flows of CAF, which has them since 1.0. Only built
/// with such a CAF.

#include "zenws/actors/messages/messages.hpp"

#include <caf/async/spsc_buffer.hpp>
#include <caf/scheduled_actor/flow.hpp>

#include <utility>
#include <vector>

namespace zenws {

// A flow keeps what its consumer has not asked for yet, up to the budget of the
// subscription; then the policy applies. So the consumer of a flow slows the
// venue down by default, and no other buffer is in between.
//
// It completes when the client has ended normally, and fails with the reason
// otherwise, with `ec::subscriber_overflow` if its policy ended it, and with
// the answer to a request that the client or the venue refused. Events that are
// neither do not show: numbers and epochs of batches tell what is missing in
// between. Who gives the flow up, or never observes it and drops it, is
// unsubscribed.
//
// `overflow_policy::drop_newest` is refused (`ec::invalid_config`): what was
// left out would be lost silently.

/// Returns the messages of a client, for one consumer.
caf::async::consumer_resource<message_batch>
as_resource(caf::actor_system& sys, const client_actor& client,
            const subscription_options& options = {});

/// Returns the messages of channels. A channel that the venue refuses, at once
/// or later, ends the flow.
caf::async::consumer_resource<message_batch>
as_resource(caf::actor_system& sys, const client_actor& client,
            std::vector<channel_spec> channels,
            const subscription_options& options = {});

/// Returns market data. Data that the venue refuses ends the flow.
/// @param request whose subscriber is ignored.
caf::async::consumer_resource<market_batch>
as_resource(caf::actor_system& sys, const client_actor& client,
            subscribe_market request);

/// Returns what `as_resource` has for these arguments, observed by `self`. Only
/// one observer may subscribe; `share()` makes more of it.
template <class... Ts>
auto as_observable(caf::scheduled_actor& self, Ts&&... xs) {
  return as_resource(self.system(), std::forward<Ts>(xs)...).observe_on(&self);
}

} // namespace zenws
