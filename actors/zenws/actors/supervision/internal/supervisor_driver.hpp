// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/supervision/supervisor.hpp"
#include "zenws/supervision/supervisor_logic.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace zenws::detail {

/// Children of a supervisor actor, of either kind: performs the actions of a
/// `supervisor_logic`. Used by this actor only.
///
/// Links to and monitors each incarnation. The link ends the incarnation with
/// its supervisor, whatever that one ends by; the monitor reports its end.
class supervisor_driver {
public:
  // -- member types -----------------------------------------------------------

  /// Called with the outcome of a request.
  using completion = std::function<void(const caf::error&)>;

  struct child {
    child_spec spec;
    caf::actor address;
    caf::actor incarnation{};
    caf::error reason{}; // of the last incarnation's end
    bool has_run = false;
    std::optional<child_state> counted_as{}; // in the figures
  };

  /// Children by number, in the order of their starts.
  using child_map = std::map<uint64_t, child>;

  // -- constructors, destructors, and assignment operators --------------------

  /// Traps exits of `self`, which must live longer.
  /// @param forget if set, children that have stopped are forgotten, and this
  ///               is called before.
  supervisor_driver(caf::scheduled_actor& self, supervisor_config options,
                    std::function<void(const child_spec&)> forget = nullptr);

  supervisor_driver(const supervisor_driver&) = delete;

  supervisor_driver& operator=(const supervisor_driver&) = delete;

  /// Ends all children that run.
  ~supervisor_driver();

  // -- properties -------------------------------------------------------------

  const child_map& children() const noexcept {
    return children_;
  }

  const supervisor_logic& logic() const noexcept {
    return logic_;
  }

  /// Returns the child of that id, or `children().end()`.
  child_map::const_iterator find(const std::string& id) const;

  size_t restarts_in_window(uint64_t number);

  /// Describes the supervisor and its children.
  tree_node tree(std::vector<tree_detail> details) const;

  // -- requests ---------------------------------------------------------------

  /// Starts these children in order; ends all at the first that fails.
  void start_all(std::vector<child_spec> specs);

  /// @returns the address of the child, or an error as for `start_child`.
  caf::expected<caf::actor> start(child_spec spec);

  /// Returns a completion that answers the current request of the actor, by an
  /// empty message or by the error.
  completion answer_to_request();

  /// Ends a child and does not start it again. Calls `done` once it has ended,
  /// or with `ec::not_found`.
  void terminate(const std::string& id, completion done);

  /// Ends a child, if it runs, and starts it again. Calls `done` once it has
  /// ended, or with `ec::not_found`.
  void end_and_restart(const std::string& id, completion done);

  /// Starts a child that does not run.
  caf::expected<caf::actor> restart(const std::string& id);

  /// Forgets a child that does not run.
  caf::error remove(const std::string& id);

  /// Must be called when `supervision_due` is received.
  void expired();

private:
  // Requests that wait for the end of an incarnation.
  struct waiting_requests {
    std::vector<completion> of_stop;
    std::vector<completion> of_restart;
  };

  // The end of an incarnation: its link and its monitor send one message each,
  // in any order.
  struct watch {
    uint64_t child = 0;
    bool is_predecessor = false; // of a supervisor before us; not linked
    bool exit_came = false;
    bool down_came = false;
  };

  void on_exit_message(const caf::actor_addr& source, const caf::error& reason);

  void on_down(const caf::actor_addr& source, const caf::error& reason);

  void shut_down(const caf::error& reason);

  child_end classify(const child& x) const;

  // Answers all requests that wait for this child.
  // Answers those who wait for a restart: the child runs again, or could not be
  // started.
  void complete_restarts(uint64_t number, const caf::error& reason);

  void complete_waiting(uint64_t number);

  // Reports to holders of the address that no incarnation will follow.
  void retire(child& x);

  void follow(supervisor_actions actions);

  // Brings the figures up to date after a change of a child.
  void count(uint64_t number);

  void count_as(child& x, std::optional<child_state> state);

  // Has the actor wake us when the logic wants it.
  void arm();

  void perform(const supervisor_action::start& action);
  void perform(const supervisor_action::stop& action);
  void perform(const supervisor_action::kill& action);
  void perform(const supervisor_action::notify& action);
  void perform(const supervisor_action::stopped& action);
  void perform(const supervisor_action::forget& action);
  void perform(const supervisor_action::finish& action);

  void publish(supervision_event_kind kind, uint64_t number,
               std::chrono::milliseconds retry_in = {});

  uint64_t number_of(const std::string& id) const;

  std::chrono::steady_clock::time_point now() const;

  // Uniform in [0, 1).
  double jitter();

  caf::scheduled_actor& self_;
  supervisor_config options_;
  std::function<void(const child_spec&)> forget_;
  supervisor_stats_ptr stats_;
  supervisor_logic logic_;
  child_map children_;
  std::unordered_map<std::string_view, uint64_t> numbers_; // by id in a spec
  std::unordered_map<uint64_t, waiting_requests> waiting_; // by number
  std::unordered_map<caf::actor_id, watch> watches_;       // by incarnation
  supervisor_actions actions_;
  bool following_ = false;
  std::optional<supervisor_logic::time_point> due_;
  std::minstd_rand random_;
  caf::error start_problem_; // of the last child that could not be started
  caf::error exit_reason_;
};

} // namespace zenws::detail
