// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "summary.hpp"
#include "trading_engine/engine.hpp"

#include "zenws/actors/all.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace zenws::demo {

/// Settings of a scenario.
struct demo_plan {
  /// Address of the simulator, without a path.
  std::string url;

  /// Path of the market data.
  std::string path = "/ws/api/v2";

  /// The simulator's authority.
  std::string ca_file;

  data_source source = data_source::market;

  first_update_times expected;

  std::chrono::milliseconds length{20'000};
};

/// Steps of the demo.
enum class step : uint8_t {
  /// The peer falls silent, an order is sent, and the connection is cut.
  cut,
  /// An order is sent.
  order,
  /// The connection is reset.
  drop,
  /// The client actor is killed.
  crash,
  /// The peer falls silent.
  stall,
  /// The peer answers again.
  resume,
  /// The peer leaves out changes of the order books.
  gap,
  /// The engine is told to stop trading.
  halt,
  /// The demo ends.
  finish,
};

/// Ends the demo at once, with a summary.
struct end_early {};

namespace detail {

struct step_due {
  step next = step::cut;
};

} // namespace detail

/// Starts two clients, one for market data and one to command the simulator,
/// causes faults, and prints the recovery. Sends a `demo_summary` to
/// `listener` at the end.
class scenario : public caf::event_based_actor {
public:
  // -- member types -----------------------------------------------------------

  using super = caf::event_based_actor;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param desk parent of `supervisor`.
  scenario(caf::actor_config& cfg, supervisor_actor desk,
           client_supervisor_actor supervisor, engine::engine_options trading,
           demo_plan plan, caf::actor listener);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  caf::behavior make_behavior() override;

  void on_exit() override;

private:
  // -- setup ------------------------------------------------------------------

  client_spec spec_of(std::string name, std::string_view path) const;

  client_spec venue_spec() const;

  void start_control();

  void start_venue();

  void schedule_steps();

  // -- steps ------------------------------------------------------------------

  void perform(step next);

  void later(std::chrono::milliseconds delay, step next);

  // Commands a fault of the simulator.
  void command(std::string_view fault);

  void command_simulator(std::string text);

  // Notes a fault: data must be back before the next one.
  void expect_recovery();

  void finish();

  // -- observer ---------------------------------------------------------------

  void handle(const client_event& event);

  void handle(const engine::feed_restored& event);

  void handle(const engine::subscription_refused& refusal);

  void handle(const message_batch& answers);

  void handle(const engine::engine_report& report);

  void show_tree();

  void count(const engine::engine_report& report);

  void end();

  void fail(const std::string& reason);

  void say(std::string_view text) const;

  supervisor_actor desk_;
  client_supervisor_actor supervisor_;
  demo_plan plan_;
  caf::actor listener_;
  caf::actor trader_;
  client_actor venue_;
  client_actor control_;
  demo_summary summary_;
  caf::actor_clock::time_point started_at_;
  caf::actor_clock::time_point restored_at_;
  // Connection of the market data, and the one that a fault ended.
  uint64_t epoch_ = 0;
  uint64_t faulty_epoch_ = 0;
  bool awaits_recovery_ = false;
  bool restarted_ = false;
  bool interrupted_ = false;
  uint64_t gaps_reported_ = 0;
};

} // namespace zenws::demo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::demo::demo_summary)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::demo::end_early)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::demo::detail::step_due)
