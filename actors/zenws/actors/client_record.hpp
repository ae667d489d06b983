#pragma once

#include "zenws/actors/client_spec.hpp"
#include "zenws/actors/subscriber_set.hpp"
#include "zenws/session.hpp"
#include "zenws/events.hpp"
#include "zenws/redaction.hpp"

#include <caf/actor_control_block.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace zenws {

class event_stream;
class recording_tape;

/// What others may read of a running client without asking it.
struct client_vitals {
  std::atomic<client_state> state{client_state::disconnected};
  std::atomic<std::chrono::steady_clock::time_point> since{}; // in that state
  std::atomic<uint64_t> epoch{0};
  std::atomic<uint64_t> messages{0};

  /// Returns how long the client has been ready, 0 if it is not.
  std::chrono::milliseconds up() const noexcept;
};

/// What one incarnation of a client leaves to the next.
///
/// Owned by the running incarnation; its supervisor touches all but `vitals`
/// only while there is none.
struct client_record {
  /// Takes over what `what` says, makes up a name if it has none, and gives
  /// the client a number that is unique in this process.
  explicit client_record(client_spec what);

  uint64_t id;

  client_spec spec;

  subscriber_set subscribers;

  /// Sequence number of the next message.
  uint64_t next_sequence = 1;

  /// Connections so far.
  uint64_t epoch = 0;

  /// What was agreed upon with the venue.
  conversation_memory memory;

  /// What its connections taught it.
  client_history history;

  /// What is shared with other clients.
  std::vector<shared_rate_limiter> shared_limits;

  host_demands_ptr demands = std::make_shared<host_demands>();

  /// What must not show wherever a venue repeats it.
  std::shared_ptr<secret_values> secrets = std::make_shared<secret_values>();

  /// Where watchers learn of the client, or null.
  std::shared_ptr<event_stream> events;

  /// Where all is written down, or null.
  std::shared_ptr<recording_tape> tape;

  /// Why the last incarnation ended, in full.
  error last_error;

  /// The address that stays; null for a client without a supervisor.
  caf::strong_actor_ptr address;

  client_vitals vitals;
};

using client_record_ptr = std::shared_ptr<client_record>;

} // namespace zenws
