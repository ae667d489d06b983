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
// venue down by default, for `client_config::max_reading_pause` at most, and no
// other buffer is in between.
//
// It completes when the client has ended normally, and fails
// - by the reason for which the client ended otherwise,
// - by `ec::subscriber_overflow` when messages would be missing, because the
//   consumer was too slow for its policy: a flow has no gaps of its own,
// - by the answer to a request that the client or the venue refused, and when
//   the venue takes a channel away.
//
// Other events do not show; epochs and numbers of batches do. Who gives the
// flow up, or drops it without observing it, is unsubscribed.

/// Returns the messages of a client from now on, for one consumer.
/// @param options `overflow_policy::drop_newest` is as good as
///                `disconnect_subscriber`; the content is always all.
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
