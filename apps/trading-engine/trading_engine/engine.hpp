#pragma once

#include "trading_engine/feed_session.hpp"
#include "trading_engine/report.hpp"

#include "zenws/actors/all.hpp"

#include <caf/all.hpp>

#include <string>

namespace zenws::engine {

// -- requests to the engine ---------------------------------------------------

/// Makes the engine trade what this client delivers.
struct attach_client {
  client_actor client;
};

/// Asks for an `engine_report`.
struct get_report {};

// -- what the observer receives -----------------------------------------------
// - each second an `engine_report`
// - `feed_restored`

/// After a connection: all channels are confirmed again and data flows.
struct feed_restored {
  uint64_t epoch = 0;
};

namespace detail {

struct engine_tick {};

struct report_due {};

} // namespace detail

// -- the actor ----------------------------------------------------------------

/// Trades on paper what one client delivers: the link between a `feed_session`
/// and the rest of the world. Across reconnects and restarts of the client it
/// has its subscriptions restored by the session.
class engine : public caf::event_based_actor {
public:
  // -- member types -----------------------------------------------------------

  using super = caf::event_based_actor;

  // -- constants --------------------------------------------------------------

  /// How often the session looks at the clock.
  static constexpr std::chrono::milliseconds tick_period{100};

  static constexpr std::chrono::milliseconds report_period{1000};

  // -- constructors, destructors, and assignment operators --------------------

  /// @param observer receives reports; may be null.
  engine(caf::actor_config& cfg, feed_options options, caf::actor observer);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  caf::behavior make_behavior() override;

  void on_exit() override;

private:
  void handle(const message_batch& batch);

  void handle(const client_event& what);

  void send_requests();

  void tell_if_restored();

  void send_report();

  feed_session session_;
  caf::actor observer_;
  client_actor client_;
  uint64_t restored_epoch_ = 0;
  uint64_t reported_messages_ = 0;
};

} // namespace zenws::engine

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::attach_client)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::get_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::feed_restored)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::engine_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::detail::engine_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::detail::report_due)
