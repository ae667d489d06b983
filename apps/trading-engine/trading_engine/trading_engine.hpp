// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "engine_config.hpp"
#include "strategy.hpp"

#include "zenws/actors/all.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace zenws::engine {

/// How the desks of an engine stand together, and what they have done.
struct engine_summary {
  uint64_t placed = 0;
  uint64_t kept_back = 0;
  uint64_t fills = 0;
  uint64_t open = 0;
  uint64_t unknown = 0;
  uint64_t ever_unknown = 0;
  uint64_t refused = 0;

  /// Instruments of the desks, and those of them that are traded now.
  uint64_t instruments = 0;
  uint64_t traded = 0;

  /// Venues whose desks did not answer.
  uint64_t silent = 0;

  /// "venue instrument amount", of those that are not zero.
  std::vector<std::string> positions{};
};

/// Returns the last line of a run, for programs.
std::string to_string(const engine_summary& x);

/// A supervision tree; each child is restarted by itself:
///
///     engine
///     ├── clients         of all venues
///     ├── VENUE           a desk for each
///     └── strategies
///
/// Clients, desks and strategies know each other by addresses that outlive
/// crashes: a desk that was started anew goes on with its journal and tells its
/// strategies how things stand.
///
/// Owned by one thread. Ends its tree with itself, and must end before the
/// runtime.
class trading_engine {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// Starts the tree, after it has connected to the gateways. Blocks.
  /// @param observer receives a `strategy_report` of each strategy each second.
  /// @pre `validate(cfg).empty()`
  /// @returns what could not be started.
  static caf::expected<std::unique_ptr<trading_engine>>
  start(runtime& host, engine_config cfg, const caf::actor& observer);

  trading_engine(const trading_engine&) = delete;

  trading_engine& operator=(const trading_engine&) = delete;

  ~trading_engine();

  // -- properties -------------------------------------------------------------

  const supervisor_actor& tree() const noexcept {
    return tree_;
  }

  /// Returns the desks that run, by the names of their venues. May be called by
  /// any thread.
  std::map<std::string, order_desk_actor> desks() const;

  // -- requests ---------------------------------------------------------------

  /// Throws the kill switches of all desks.
  void halt(const std::string& reason);

  /// Resets them.
  void resume();

  /// Waits until the venues have told all desks how things stand, but not
  /// longer than `patience`. Blocks.
  bool await_desks(std::chrono::milliseconds patience);

  /// Ends the strategies and does what is configured with orders and positions.
  /// Blocks until it is done, but not longer than `patience`.
  /// @returns how the desks stand then.
  engine_summary leave(std::chrono::milliseconds patience);

private:
  trading_engine(runtime& host, engine_config cfg);

  caf::error start_tree(const caf::actor& observer);

  // Starts the clients of a venue and its desk.
  caf::error start_venue(caf::scoped_actor& self, const venue_setup& venue);

  // Starts the client for market data.
  caf::expected<client_actor> start_market(caf::scoped_actor& self,
                                           const venue_setup& venue);

  caf::expected<client_actor>
  start_client_of(caf::scoped_actor& self, client_spec spec, std::string name);

  caf::expected<client_actor> find_at_gateways(caf::scoped_actor& self,
                                               const venue_setup& venue);

  child_spec strategies_child(const caf::actor& observer);

  caf::expected<caf::actor> start_child_of_tree(caf::scoped_actor& self,
                                                child_spec spec);

  template <class Request>
  void tell_desks(const Request& request);

  void end_strategies(caf::scoped_actor& self);

  // Cancels our orders and waits until none is open.
  void await_orders(caf::scoped_actor& self,
                    std::chrono::steady_clock::time_point deadline);

  static std::vector<trading::order> open_orders(caf::scoped_actor& self,
                                                 const order_desk_actor& desk);

  static void cancel(const order_desk_actor& desk,
                     const std::vector<trading::order>& orders);

  static void flatten(caf::scoped_actor& self, const order_desk_actor& desk);

  engine_summary summarize(caf::scoped_actor& self);

  runtime& host_;
  engine_config cfg_;
  std::vector<std::unique_ptr<gateway_connection>> gateways_;
  supervisor_actor tree_;
  client_supervisor_actor clients_;
  venue_map venues_;
};

} // namespace zenws::engine
