// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/client/client_runtime.hpp"
#include "zenws/actors/messages/child_spec.hpp"
#include "zenws/sinks/sink_options.hpp"

#include <string>

namespace zenws {

/// Makes a sink a child of a `supervisor`: an actor that subscribes to clients
/// and writes what they receive into a store; see docs/sinks.md.
///
/// It has a thread of its own for the store. A store that is slow or away costs
/// memory up to `sink_options::budget_bytes` and never holds up a client. What
/// waits for the store outlives the sink if it is started again. Each record
/// that is lost is counted, logged, published as `event_kind::messages_dropped`
/// and told in the store itself.
///
/// @param host must live longer than the supervisor.
child_spec make_child(client_runtime& host, std::string id,
                      sink_options options);

} // namespace zenws
