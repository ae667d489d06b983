// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/supervision/restart_intensity.hpp"
#include "zenws/supervision/supervision_policy.hpp"
#include "zenws/timing/backoff.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace zenws {

/// Cause of the end of a child.
enum class child_end : uint8_t {
  /// It was done, or was asked to end.
  orderly,
  /// In error: starting it again may help. Counts against the limit.
  failure,
  /// Something it needs is away, for example the venue of a client. Starting
  /// it again helps once that is back: it is tried for as long as it takes, and
  /// never counts against the limit.
  outage,
  /// In error, and starting it again cannot help: it is given up.
  fatal,
};

/// The end of an incarnation of a child.
struct child_death {
  child_end kind = child_end::failure;

  /// Time of productive work, compared with `backoff_config::stable_after`;
  /// nothing: the whole lifetime.
  std::optional<std::chrono::milliseconds> productive{};
};

/// State of a child.
enum class child_state : uint8_t {
  /// It runs, or is about to.
  running,
  /// It was asked to end.
  stopping,
  /// It ended and will be started again.
  restarting,
  /// It ended and stays so until it is started or removed by request.
  stopped,
  /// It failed too often, or for good.
  gave_up,
};

/// Number of enumerators.
inline constexpr size_t num_child_states = 5;

std::string_view to_string(child_state state) noexcept;

/// Reason for the end of a supervisor.
enum class supervision_end : uint8_t {
  /// It was asked to.
  requested,
  /// More restarts than `supervision_policy::limit` allows.
  restart_limit,
  /// See `supervision_policy::ends_with`.
  significant_child,
};

/// Actions that the owner of a supervisor's logic must perform.
namespace supervisor_action {

/// Start a child; report `started` or `start_failed`.
struct start {
  uint64_t child = 0;
};

/// Ask a child to end; report `ended`.
struct stop {
  uint64_t child = 0;
};

/// Kill a child; report `ended`.
struct kill {
  uint64_t child = 0;
};

/// Events of a child for observers.
enum class child_event : uint8_t { restarting, restarted, ended, gave_up };

/// Notify observers.
struct notify {
  uint64_t child = 0;
  child_event event = child_event::restarting;
  std::chrono::milliseconds retry_in{0}; // if `restarting`
};

/// A child that was asked to end has ended.
struct stopped {
  uint64_t child = 0;
};

/// A child was forgotten.
struct forget {
  uint64_t child = 0;
};

/// All children have ended, and so does the supervisor.
struct finish {
  supervision_end reason = supervision_end::requested;
};

} // namespace supervisor_action

using supervisor_actions = std::vector<std::variant<
  supervisor_action::start, supervisor_action::stop, supervisor_action::kill,
  supervisor_action::notify, supervisor_action::stopped,
  supervisor_action::forget, supervisor_action::finish>>;

/// Decisions of a supervisor about its children of any kind.
///
/// Pure: takes events and the current time, returns the actions to perform in
/// this order. The owner calls `expired` once `wake_at` is due. It reports each
/// start before it does anything else. Not thread-safe; one supervisor owns one
/// logic.
///
/// Deaths count against the limit from the death, not from the restart: a child
/// that is slow to start must not escape the limit. Outages do not count: they
/// cost growing delays and nothing else.
class supervisor_logic {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  using actions = supervisor_actions;

  // -- constructors, destructors, and assignment operators --------------------

  /// @pre `validate(policy).empty()`
  explicit supervisor_logic(const supervision_policy& policy);

  // -- properties -------------------------------------------------------------

  /// Returns the time to call `expired`, or nothing.
  std::optional<time_point> wake_at() const noexcept;

  size_t num_children() const noexcept {
    return children_.size();
  }

  /// Returns the state of a child, or nothing if it is unknown.
  std::optional<child_state> state_of(uint64_t child) const;

  /// Restarts of a child so far.
  uint64_t restarts_of(uint64_t child) const;

  /// Restarts that count against the limit of a child now.
  size_t restarts_in_window(uint64_t child, time_point now);

  bool shutting_down() const noexcept {
    return end_.has_value();
  }

  // -- requests ---------------------------------------------------------------

  /// Adds a child behind all others and starts it, unless others are being
  /// restarted: it is started after them.
  /// @returns its number, larger than all before; `ec::child_limit`, or
  ///          `ec::runtime_stopped` if the supervisor is about to end.
  result<uint64_t> add(const child_policy& policy, time_point now,
                       actions& out);

  /// Ends a child and does not start it again, not even with others. `stopped`
  /// follows once it is done, possibly at once. A temporary child is
  /// forgotten with it.
  /// @returns `ec::not_found`.
  error terminate(uint64_t child, time_point now, actions& out);

  /// Starts a child that was stopped or given up, with a fresh limit.
  /// @returns `ec::not_found`, or `ec::already_exists` if it runs.
  error restart(uint64_t child, time_point now, actions& out);

  /// Forgets a child that was stopped or given up.
  /// @returns `ec::not_found`, or `ec::already_exists` if it runs.
  error remove(uint64_t child, actions& out);

  /// Ends all children, and finishes.
  void shut_down(time_point now, actions& out);

  // -- events -----------------------------------------------------------------

  void started(uint64_t child, time_point now, actions& out);

  /// Reports that a child could not be started. One that never ran is
  /// forgotten; otherwise this is a failure like any other.
  /// @param jitter uniform in [0, 1).
  void start_failed(uint64_t child, child_end kind, time_point now,
                    double jitter, actions& out);

  /// Reports that a child ended. Ignored for one that does not run: news of a
  /// death may come late, but not twice.
  /// @param jitter uniform in [0, 1).
  void ended(uint64_t child, const child_death& death, time_point now,
             double jitter, actions& out);

  /// Performs due actions; does nothing before `wake_at`.
  void expired(time_point now, actions& out);

private:
  // Failures so far, and the delays that they cost.
  struct failure_history {
    explicit failure_history(const supervision_policy& policy)
      : intensity(policy.limit), delays(policy.restart_backoff) {
      // nop
    }

    restart_intensity intensity;
    backoff delays;
  };

  struct child {
    child_policy policy;
    child_state state = child_state::restarting;
    bool starting = false; // asked to start, not reported yet
    bool has_run = false;
    bool unwanted = false; // not to be started again once it has stopped
    uint64_t restarts = 0;
    std::unique_ptr<failure_history> failures{}; // most never have any
    time_point started_at{};
    std::optional<time_point> due{}; // to be killed, or to be restarted
  };

  using child_map = std::map<uint64_t, child>; // in the order of starts

  // A restart of several children.
  struct group {
    uint64_t first;        // this one and all after it
    time_point restart_at; // not before
    bool ended = false;    // all of them have; now they are started
  };

  child* find(uint64_t id);

  bool in_group(uint64_t id) const noexcept {
    return group_ && id >= group_->first;
  }

  void start(uint64_t id, child& x, actions& out);

  void stop(uint64_t id, child& x, time_point now, actions& out);

  void stopped(uint64_t id, child& x, actions& out);

  void failed(uint64_t id, child& x, const child_death& death, time_point now,
              double jitter, actions& out);

  void ended_for_good(uint64_t id, child& x, child_end kind, time_point now,
                      actions& out);

  void give_up(uint64_t id, child& x, actions& out);

  void end_by_significant(time_point now, actions& out);

  bool any_significant_left() const;

  void restart_group(uint64_t first, time_point restart_at);

  void begin_end(supervision_end reason, time_point now, actions& out);

  // Continues an operation of several steps.
  void proceed(time_point now, actions& out);

  void proceed_with_group(time_point now, actions& out);

  void proceed_with_end(time_point now, actions& out);

  void set_due(uint64_t id, child& x, std::optional<time_point> due);

  void erase(uint64_t id, actions& out);

  supervision_policy policy_;
  child_map children_;
  std::set<std::pair<time_point, uint64_t>> dues_;
  failure_history shared_failures_;
  std::optional<group> group_;
  std::optional<supervision_end> end_;
  uint64_t ended_from_
    = std::numeric_limits<uint64_t>::max(); // all that follow
  bool finished_ = false;
  uint64_t last_id_ = 0;
};

} // namespace zenws
