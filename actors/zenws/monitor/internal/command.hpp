// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/runtime.hpp"
#include "zenws/error.hpp"
#include "zenws/monitor/monitor_options.hpp"

#include <caf/event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::monitoring {

/// Action that an operator asks for.
enum class verb : uint8_t {
  /// Ends a client and starts it again, or starts one that does not run.
  restart,
  /// Ends a client.
  stop,
  /// Starts a client that does not run.
  start,
  /// Has the venue begin channels of a client anew.
  renew,
  /// Throws the kill switch of a desk.
  halt,
  /// Resets it.
  resume,
};

/// Returns the name of the enumerator.
std::string_view to_string(verb value) noexcept;

/// Returns whether an action is one for desks.
constexpr bool is_for_desks(verb value) noexcept {
  return value == verb::halt || value == verb::resume;
}

/// An action with its object.
struct command {
  verb action = verb::restart;

  /// Name of a client or a desk.
  std::string target{};

  /// Of `renew`; empty: all of the client.
  std::string channel{};

  std::string reason{};
};

/// Returns one line for people, such as "restart feed: no data".
std::string describe(const command& x);

/// Receives the outcome of a command, in the thread of an actor.
using command_handler = std::function<void(const error& failure)>;

/// Performs one command, and ends. Looks for the supervisor of a client in all
/// trees of the runtime.
class command_runner : public ending_actor<caf::event_based_actor> {
public:
  /// Longer than the time in which clients close.
  static constexpr std::chrono::milliseconds patience{10'000};

  /// @param host must live longer than the actor.
  command_runner(caf::actor_config& cfg, runtime& host, command order,
                 desk_map desks, command_handler report);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  caf::behavior make_behavior() override;

  void before_end() override;

private:
  void run();

  // -- desks ------------------------------------------------------------------

  void run_at_desk();

  // -- channels ---------------------------------------------------------------

  void renew();

  void renew(const client_actor& client, std::vector<std::string> channels);

  // -- clients ----------------------------------------------------------------

  // Asks the next supervisor whether the client is its child.
  void visit_next();

  void visit(const client_supervisor_actor& supervisor);

  void visit(const supervisor_actor& supervisor);

  void run_at(const client_supervisor_actor& supervisor);

  void run_at(const supervisor_actor& supervisor);

  // -- results ----------------------------------------------------------------

  // Sends the last request; its answer is the outcome.
  template <class Handle, class Request>
  void finish_by(const Handle& to, Request request);

  void finish(const error& failure);

  // Returns a function that fails with the error that it gets.
  std::function<void(const caf::error&)> failing();

  runtime& host_;
  command order_;
  desk_map desks_;
  command_handler report_;
  std::deque<caf::actor> unvisited_;
};

} // namespace zenws::monitoring
