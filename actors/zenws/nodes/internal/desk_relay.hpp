// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/nodes/node_messages.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <variant>

namespace zenws {

namespace detail {

using desk_relay_impl
  = desk_watcher::extend<caf_compat::takes<grant_desk_credit>>;

} // namespace detail

/// Watches a desk in the name of one node, and passes on what it tells as far
/// as the node gives credit. Ends with the desk, with the receiver, and if the
/// node does not keep up.
class desk_relay : public ending_actor<detail::desk_relay_impl::base> {
public:
  // -- member types -----------------------------------------------------------

  using super = ending_actor<detail::desk_relay_impl::base>;

  // -- constants --------------------------------------------------------------

  /// News that may be on their way at most, whatever credit a node gives.
  static constexpr uint64_t max_credit = 4096;

  /// News that may wait for credit, beyond those that a watcher begins with.
  static constexpr size_t max_waiting = 16'384;

  // -- constructors, destructors, and assignment operators --------------------

  desk_relay(caf::actor_config& cfg, order_desk_actor desk, open_desk request);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void before_end() override;

private:
  using news = std::variant<trading::order_event, trading::fill,
                            trading::position, trading::balance,
                            desk_state_changed, desk_request_failed, desk_told>;

  void begin();

  // Asks for the orders in question, once the open ones have been told.
  void ask_orders();

  // Tells how orders have ended.
  void tell_ends(const order_list& found);

  void pass_on(news x);

  void flush();

  void end(const error& reason);

  order_desk_actor desk_;
  open_desk request_;
  std::deque<news> waiting_;
  uint64_t credit_ = 0;
  bool has_begun_ = false;
};

} // namespace zenws
