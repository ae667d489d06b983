// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/client/client_stats.hpp"
#include "zenws/actors/delivery/internal/client_front.hpp"
#include "zenws/actors/market/internal/market_source.hpp"
#include "zenws/actors/messages/client_spec.hpp"
#include "zenws/connection/address_memory.hpp"
#include "zenws/json/redaction.hpp"
#include "zenws/session/session.hpp"

#include <caf/error.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace zenws {

class event_stream;
class recording_tape;

/// State of a client that survives its incarnations.
///
/// Has one owner at a time: the running incarnation, or its supervisor while
/// there is none, see `state_keeper`.
struct durable_state {
  /// Assigns an id, and a name if `description` has none.
  explicit durable_state(client_spec description);

  /// Delivers the last event of the client to subscribers and watchers, and
  /// ends its market data.
  void tell_end(const error& reason, const subscriber_set::origin& from);

  client_spec spec;

  client_front front;

  /// State of the protocol with the venue.
  protocol_snapshot snapshot;

  /// Knowledge from earlier connections.
  client_history history;

  /// Limits shared with other clients.
  std::vector<shared_rate_limiter> shared_limits;

  host_demands_ptr demands = std::make_shared<host_demands>();

  /// Results of the addresses of its host.
  std::shared_ptr<address_memory> addresses
    = std::make_shared<address_memory>();

  /// Secrets to hide where a venue repeats them.
  std::shared_ptr<secret_values> secrets = std::make_shared<secret_values>();

  /// Stream of events for watchers, or null.
  std::shared_ptr<event_stream> events;

  /// Recording of all messages, or null.
  std::shared_ptr<recording_tape> tape;

  /// Makes typed market data, once somebody has asked for some.
  market_source_actor market;

  /// Full reason of the end of the last incarnation.
  error last_error;

  /// Outlives the state where others hold it.
  std::shared_ptr<client_stats> stats = std::make_shared<client_stats>();
};

/// Returns how to make market data of a client's messages.
/// @param self the incarnation, for clients without an address that stays.
market_source_options market_options_of(const durable_state& state,
                                        caf::local_actor& self);

class state_keeper;

/// Gives a state back to its keeper, or deletes it if it has none.
struct return_state {
  std::shared_ptr<state_keeper> keeper;

  void operator()(durable_state* state) const;
};

/// The state of a client in the hands of its incarnation, which gives it back
/// by `reset` as soon as it has ended.
using durable_state_ptr = std::unique_ptr<durable_state, return_state>;

/// Keeps the state of a supervised client while no incarnation has it.
///
/// Belongs to the supervisor of the client; states may be given back from any
/// thread.
class state_keeper : public std::enable_shared_from_this<state_keeper> {
public:
  explicit state_keeper(std::unique_ptr<durable_state> state);

  /// Hands out the state for one incarnation.
  /// @returns null if an incarnation has it already.
  durable_state_ptr lend();

  /// Returns the state, or null if an incarnation has it.
  durable_state* idle() const;

  /// Gives up the state: once an incarnation gives it back, subscribers are
  /// told that the client has ended.
  /// @returns the state, or null if an incarnation has it.
  std::unique_ptr<durable_state> abandon();

private:
  friend return_state;

  void take_back(std::unique_ptr<durable_state> state);

  mutable std::mutex mtx_;
  std::unique_ptr<durable_state> state_;
  bool is_abandoned_ = false;
};

/// Returns the reason of an incarnation's end.
/// @param last_error reported by the incarnation itself, if any.
error reason_of(const error& last_error, const caf::error& reason);

} // namespace zenws
