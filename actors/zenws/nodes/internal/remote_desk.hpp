// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/answering_actor.hpp"
#include "zenws/actors/caf/internal/pending_responses.hpp"
#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/nodes/internal/remote_client.hpp"
#include "zenws/nodes/node_messages.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace zenws {

namespace detail {

using remote_desk_impl = order_desk_actor::extend<
  caf_compat::takes<trading::order_event>, caf_compat::takes<trading::fill>,
  caf_compat::takes<trading::position>, caf_compat::takes<trading::balance>,
  caf_compat::takes<desk_state_changed>, caf_compat::takes<desk_request_failed>,
  caf_compat::takes<desk_told>, caf_compat::takes<stream_ended>,
  caf_compat::takes<gateway_up>, caf_compat::takes<gateway_down>,
  caf_compat::takes<stream_retry>, caf_compat::answers<await_stream>>;

} // namespace detail

/// A desk of a gateway, as actors of this node see it: passes requests on, and
/// tells all watchers here what comes once from the gateway.
///
/// Stays, with its watchers, while the gateway is gone. Afterwards they are
/// told how things stand, as at the beginning, and what became of the orders
/// that were open when it was lost, or were placed since.
class remote_desk : public answering_actor<detail::remote_desk_impl::base> {
public:
  // -- member types -----------------------------------------------------------

  using super = answering_actor<detail::remote_desk_impl::base>;

  // -- constants --------------------------------------------------------------

  /// News that may be on their way.
  static constexpr uint64_t window = 1024;

  /// Pause before the gateway is asked for the desk once more.
  static constexpr std::chrono::milliseconds retry_period{500};

  // -- constructors, destructors, and assignment operators --------------------

  /// @param name of the desk at the gateway.
  remote_desk(caf::actor_config& cfg, std::string name);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void before_end() override;

private:
  struct open_order {
    trading::order_event last_event;

    /// Not told of since the gateway was lost.
    bool is_stale = false;
  };

  // -- the stream -------------------------------------------------------------

  void open();

  void opened(opened_desk& stream);

  void refused(const caf::error& reason);

  void lost(const error& reason);

  void retry_later();

  // -- requests ---------------------------------------------------------------

  template <class Result, class Request>
  caf::result<Result> forward(Request& request);

  caf::result<void> watch(const watch_desk& request);

  // -- news -------------------------------------------------------------------

  // Takes news of the stream: notes what later watchers are told, tells those
  // who watch, and gives credit back.
  template <class T>
  void receive(const T& x);

  void note(const trading::order_event& x);

  void note(const desk_state_changed& x);

  template <class T>
  void note(const T&) {
    // nop
  }

  // Tells of orders that the desk does not know any more.
  void handle(const desk_told& x);

  template <class T>
  void tell_watchers(const T& x);

  void acknowledge();

  std::string desk_name_;
  node_relay_actor relay_;
  caf::actor stream_;
  order_desk_actor desk_;
  uint64_t attempt_ = 0;
  uint64_t owed_ = 0; // credit
  std::map<std::string, desk_state_changed> states_;
  std::map<trading::client_order_id, open_order> open_;
  trading::client_order_id last_; // the newest order
  std::vector<desk_watcher> watchers_;
  pending_responses promises_;
  std::vector<caf::response_promise> waiting_for_stream_;
};

} // namespace zenws
