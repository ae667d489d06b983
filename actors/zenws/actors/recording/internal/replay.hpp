// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/delivery/internal/client_front.hpp"
#include "zenws/actors/market/internal/market_front.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/actors/recording/replay.hpp"
#include "zenws/recording/recording_source.hpp"
#include "zenws/venue/dialect.hpp"

#include <caf/actor_clock.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace zenws {

namespace detail {

/// Makes a replay continue.
struct replay_step {
  uint64_t run = 0;
};

/// Reports to a replay that a slow subscriber has caught up.
struct replay_drained {};

template <class Inspector>
auto inspect(Inspector& f, replay_step& x) {
  return caf_compat::inspect_as(f, "zenws::replay_step", "run", x.run);
}

template <class Inspector>
auto inspect(Inspector& f, replay_drained&) {
  return caf_compat::inspect_as(f, "zenws::replay_drained");
}

using replay_impl = replay_actor::extend<caf_compat::takes<replay_step>,
                                         caf_compat::takes<replay_drained>>;

} // namespace detail

/// Plays a recording as if its client were running: batches and events in their
/// order, with their epochs and sequence numbers, at their pace. A subscriber
/// that is slow is treated as its options say; the default is to wait for it,
/// and to catch up afterwards. Ends with a `replay_ended` event.
///
/// Not played: sent messages and control frames. Messages that were received
/// at once are one batch again. Subscriptions to channels do not exist here;
/// market data is that of all channels that were recorded.
///
/// A replay that was started lives until its end, or until it gets an exit
/// message.
class replay : public ending_actor<detail::replay_impl::base> {
public:
  // -- member types -----------------------------------------------------------

  using super = ending_actor<detail::replay_impl::base>;

  // -- constructors, destructors, and assignment operators --------------------

  /// @pre `validate(options).empty()`
  replay(caf::actor_config& cfg, replay_options options,
         std::vector<subscribe> subscribers);

  // -- implementation of local_actor ----------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void before_end() override;

private:
  using time_point = caf::actor_clock::time_point;

  caf::result<replay_summary> start();

  void step();

  // Plays the next entry. Returns whether to go on at once.
  bool play(const recorded_entry& entry);

  bool play_batch();

  void play_event(const recorded_entry& entry);

  // Delivers the market data of the entries played so far.
  void deliver_market(market_front::time_point now);

  bool is_for_subscribers(const recorded_entry& entry);

  time_point due(std::chrono::system_clock::time_point at);

  void finish();

  void resume_if_drained();

  caf::result<market_report> add(const subscribe_market& request);

  caf::result<void> remove(const unsubscribe_market& request);

  bool drop_subscriber(const caf::actor_addr& subscriber);

  replay_options options_;
  dialect_ptr venue_; // null if it reads nothing
  market_front market_;
  client_front& front_ = market_.front;
  std::optional<recording_source> source_;
  caf::response_promise promise_;
  replay_summary summary_;
  uint64_t run_ = 0;
  bool waiting_ = false; // for subscribers

  // The recording's time and ours.
  std::optional<std::chrono::system_clock::time_point> last_at_;
  std::chrono::system_clock::duration played_{0};
  time_point started_;
};

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2867, zenws::detail::replay_step)
ZENWS_LOCAL_MESSAGE(2868, zenws::detail::replay_drained)
