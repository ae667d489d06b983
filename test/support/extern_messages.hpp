// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Keeps CAF's code for a message (serialization, text, storage) out of the
/// tests that send it: extern_messages.cpp compiles it once. Part of their
/// precompiled headers. Only saves time; a message that is missing here works
/// as well.

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/messages/messages.hpp"

// clang-format off
#define ZENWS_EACH_MESSAGE(apply)                                              \
  apply(uint64_t)                                                              \
  apply(std::string)                                                           \
  apply(caf::error)                                                            \
  apply(caf::exit_msg)                                                         \
  apply(zenws::await_ready)                                                    \
  apply(zenws::call)                                                           \
  apply(zenws::call_balanced)                                                  \
  apply(zenws::channel_report)                                                 \
  apply(zenws::child_counts)                                                   \
  apply(zenws::child_list)                                                     \
  apply(zenws::client_counts)                                                  \
  apply(zenws::client_event)                                                   \
  apply(zenws::client_list)                                                    \
  apply(zenws::client_status)                                                  \
  apply(zenws::close_client)                                                   \
  apply(zenws::count_children)                                                 \
  apply(zenws::count_clients)                                                  \
  apply(zenws::credentials)                                                    \
  apply(zenws::delete_child)                                                   \
  apply(zenws::dial_parameters)                                                \
  apply(zenws::get_credentials)                                                \
  apply(zenws::get_dial_parameters)                                            \
  apply(zenws::get_heartbeat_health)                                           \
  apply(zenws::get_limits)                                                     \
  apply(zenws::get_pool_health)                                                \
  apply(zenws::get_state_metrics)                                              \
  apply(zenws::get_status)                                                     \
  apply(zenws::get_tree)                                                       \
  apply(zenws::heartbeat_health)                                               \
  apply(zenws::limit_levels)                                                   \
  apply(zenws::list_clients)                                                   \
  apply(zenws::message_batch)                                                  \
  apply(zenws::pool_health)                                                    \
  apply(zenws::renew_channels)                                                 \
  apply(zenws::replay_summary)                                                 \
  apply(zenws::restart_child)                                                  \
  apply(zenws::restart_client)                                                 \
  apply(zenws::rpc_error)                                                      \
  apply(zenws::rpc_result)                                                     \
  apply(zenws::send_balanced)                                                  \
  apply(zenws::send_binary)                                                    \
  apply(zenws::send_text)                                                      \
  apply(zenws::start_client)                                                   \
  apply(zenws::start_replay)                                                   \
  apply(zenws::state_metrics)                                                  \
  apply(zenws::stop_client)                                                    \
  apply(zenws::subscribe)                                                      \
  apply(zenws::subscribe_channels)                                             \
  apply(zenws::supervision_event)                                              \
  apply(zenws::terminate_child)                                                \
  apply(zenws::tree_node)                                                      \
  apply(zenws::unsubscribe)                                                    \
  apply(zenws::unsubscribe_channels)                                           \
  apply(zenws::which_children)
// clang-format on

#define ZENWS_DECLARE(type) ZENWS_MESSAGE_TEMPLATES(extern template class, type)

ZENWS_EACH_MESSAGE(ZENWS_DECLARE)

#undef ZENWS_DECLARE
