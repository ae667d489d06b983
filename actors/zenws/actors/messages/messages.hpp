// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// All messages that zenws knows, and their IDs.

#include "zenws/actors/messages/client_messages.hpp"
#include "zenws/actors/messages/client_supervisor_messages.hpp"
#include "zenws/actors/messages/market_messages.hpp"
#include "zenws/actors/messages/pool_messages.hpp"
#include "zenws/actors/messages/provider_messages.hpp"
#include "zenws/actors/messages/replay_messages.hpp"
#include "zenws/actors/messages/supervision_messages.hpp"
#include "zenws/delivery/message_batch.hpp"

#include <optional>

namespace zenws {

/// An actor that may subscribe. Any dynamically typed actor may, too.
using subscriber_actor = caf::typed_actor<caf_compat::takes<message_batch>,
                                          caf_compat::takes<client_event>>;

/// Sends a message in nobody's name. CAF has no such function since 1.2.
using caf_compat::anon_send;

} // namespace zenws

// IDs are part of the protocol between nodes: add at the end, never reorder.
CAF_BEGIN_TYPE_ID_BLOCK(zenws, 2400)

  CAF_ADD_TYPE_ID(zenws, (zenws::message_batch))
  CAF_ADD_TYPE_ID(zenws, (zenws::client_event))
  CAF_ADD_TYPE_ID(zenws, (zenws::send_text))
  CAF_ADD_TYPE_ID(zenws, (zenws::send_binary))
  CAF_ADD_TYPE_ID(zenws, (zenws::get_status))
  CAF_ADD_TYPE_ID(zenws, (zenws::client_status))
  CAF_ADD_TYPE_ID(zenws, (zenws::await_ready))
  CAF_ADD_TYPE_ID(zenws, (zenws::close_client))
  CAF_ADD_TYPE_ID(zenws, (zenws::subscribe))
  CAF_ADD_TYPE_ID(zenws, (zenws::unsubscribe))
  CAF_ADD_TYPE_ID(zenws, (zenws::client_actor))
  CAF_ADD_TYPE_ID(zenws, (zenws::start_client))
  CAF_ADD_TYPE_ID(zenws, (zenws::stop_client))
  CAF_ADD_TYPE_ID(zenws, (zenws::list_clients))
  CAF_ADD_TYPE_ID(zenws, (zenws::client_list))
  CAF_ADD_TYPE_ID(zenws, (zenws::get_tree))
  CAF_ADD_TYPE_ID(zenws, (zenws::client_supervisor_actor))
  CAF_ADD_TYPE_ID(zenws, (zenws::subscriber_actor))
  CAF_ADD_TYPE_ID(zenws, (zenws::call))
  CAF_ADD_TYPE_ID(zenws, (zenws::rpc_result))
  CAF_ADD_TYPE_ID(zenws, (zenws::rpc_error))
  CAF_ADD_TYPE_ID(zenws, (zenws::subscribe_channels))
  CAF_ADD_TYPE_ID(zenws, (zenws::unsubscribe_channels))
  CAF_ADD_TYPE_ID(zenws, (zenws::channel_report))
  CAF_ADD_TYPE_ID(zenws, (zenws::get_heartbeat_health))
  CAF_ADD_TYPE_ID(zenws, (zenws::heartbeat_health))
  CAF_ADD_TYPE_ID(zenws, (zenws::start_replay))
  CAF_ADD_TYPE_ID(zenws, (zenws::replay_summary))
  CAF_ADD_TYPE_ID(zenws, (zenws::replay_actor))
  CAF_ADD_TYPE_ID(zenws, (zenws::renew_channels))
  CAF_ADD_TYPE_ID(zenws, (zenws::get_state_metrics))
  CAF_ADD_TYPE_ID(zenws, (zenws::state_metrics))
  CAF_ADD_TYPE_ID(zenws, (zenws::get_dial_parameters))
  CAF_ADD_TYPE_ID(zenws, (zenws::dial_parameters))
  CAF_ADD_TYPE_ID(zenws, (zenws::get_credentials))
  CAF_ADD_TYPE_ID(zenws, (zenws::credentials))
  CAF_ADD_TYPE_ID(zenws, (zenws::terminate_child))
  CAF_ADD_TYPE_ID(zenws, (zenws::restart_child))
  CAF_ADD_TYPE_ID(zenws, (zenws::delete_child))
  CAF_ADD_TYPE_ID(zenws, (zenws::which_children))
  CAF_ADD_TYPE_ID(zenws, (zenws::child_list))
  CAF_ADD_TYPE_ID(zenws, (zenws::count_children))
  CAF_ADD_TYPE_ID(zenws, (zenws::child_counts))
  CAF_ADD_TYPE_ID(zenws, (zenws::tree_node))
  CAF_ADD_TYPE_ID(zenws, (zenws::supervision_event))
  CAF_ADD_TYPE_ID(zenws, (zenws::supervisor_actor))
  CAF_ADD_TYPE_ID(zenws, (zenws::send_balanced))
  CAF_ADD_TYPE_ID(zenws, (zenws::call_balanced))
  CAF_ADD_TYPE_ID(zenws, (zenws::get_pool_health))
  CAF_ADD_TYPE_ID(zenws, (zenws::pool_health))
  CAF_ADD_TYPE_ID(zenws, (zenws::pool_actor))
  CAF_ADD_TYPE_ID(zenws, (zenws::restart_client))
  CAF_ADD_TYPE_ID(zenws, (zenws::count_clients))
  CAF_ADD_TYPE_ID(zenws, (zenws::client_counts))
  CAF_ADD_TYPE_ID(zenws, (zenws::get_limits))
  CAF_ADD_TYPE_ID(zenws, (zenws::limit_levels))
  CAF_ADD_TYPE_ID(zenws, (zenws::market_batch))
  CAF_ADD_TYPE_ID(zenws, (zenws::subscribe_market))
  CAF_ADD_TYPE_ID(zenws, (zenws::unsubscribe_market))
  CAF_ADD_TYPE_ID(zenws, (zenws::renew_market))
  CAF_ADD_TYPE_ID(zenws, (zenws::market_report))
  CAF_ADD_TYPE_ID(zenws, (zenws::market_subscriber))
  CAF_ADD_TYPE_ID(zenws, (zenws::market_source_actor))
  CAF_ADD_TYPE_ID(zenws, (zenws::get_books))
  CAF_ADD_TYPE_ID(zenws, (zenws::book_report))

CAF_END_TYPE_ID_BLOCK(zenws)

namespace zenws {

/// Returns an error with the peer's answer, for `rpc_error_of`.
/// @param reason its meaning for the request.
inline caf::error make_error(const error& reason, const rpc_error& rejection) {
  return caf_compat::error_with(reason.code, reason.detail, rejection);
}

/// Returns the error that the peer answered with, if `reason` is the error of a
/// `call` that it answered by one.
inline std::optional<rpc_error> rpc_error_of(const caf::error& reason) {
  return caf_compat::value_of<rpc_error>(reason);
}

} // namespace zenws
