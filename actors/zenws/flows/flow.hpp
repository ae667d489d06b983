// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// What clients receive as flows of CAF. Only built with CAF 1.1 or newer.
///
/// What the consumer of a flow holds, and what it has not asked for yet, counts
/// against the budget of the subscription; then the policy applies. By default
/// the client stops reading, for `client_config::max_reading_pause` at most. No
/// other buffer is in between.
///
/// A flow completes when its client has ended normally. It fails
/// - by the reason for which the client ended otherwise,
/// - by `ec::subscriber_overflow` if the consumer was too slow for the policy,
///   or for a client that had to read on: a flow has no gaps of its own,
/// - by the reason for which a channel was refused, or taken away later.
///
/// Other events do not show; epochs and numbers of batches do. Dropping the
/// resource or canceling the subscription unsubscribes.

#include "zenws/actors/messages/messages.hpp"

#include <caf/async/spsc_buffer.hpp>
#include <caf/scheduled_actor/flow.hpp>

#include <utility>
#include <vector>

namespace zenws {

/// Returns the messages of a client from now on, for one consumer.
/// @param options `drop_newest` has the effect of `disconnect_subscriber`, and
///                the content is always all.
caf::async::consumer_resource<message_batch>
as_resource(caf::actor_system& sys, const client_actor& client,
            const subscription_options& options = {});

/// Returns the messages of channels.
caf::async::consumer_resource<message_batch>
as_resource(caf::actor_system& sys, const client_actor& client,
            std::vector<channel_spec> channels,
            const subscription_options& options = {});

/// Returns market data.
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
