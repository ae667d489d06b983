// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"
#include "zenws/defaults.hpp"
#include "zenws/fwd.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zenws {

/// Delays between connection attempts.
struct backoff_config {
  /// As `max_attempts`: never give up.
  static constexpr uint64_t unlimited = 0;

  /// First delay, at least 1 ms.
  std::chrono::milliseconds min = defaults::backoff_min;

  /// Longest delay, at least `min`, before jitter.
  std::chrono::milliseconds max = defaults::backoff_max;

  /// Growth from one delay to the next, at least 1.
  double factor = defaults::backoff_factor;

  /// The share of a delay that is random, in [0, 1]. It shortens a delay, also
  /// at the cap, where all clients of a dead server meet.
  double jitter = defaults::backoff_jitter;

  /// Time that a connection must be ready to count as stable.
  std::chrono::milliseconds stable_after = defaults::stable_after;

  /// Consecutive attempts, the first one included, without a stable connection
  /// before the client gives up; or `unlimited`.
  uint64_t max_attempts = defaults::max_attempts;

  /// Longest time that a server may demand to be left alone (`Retry-After`) and
  /// is obeyed.
  std::chrono::milliseconds retry_after_ceiling = defaults::retry_after_ceiling;
};

/// Delays of supervisors, which count restarts by themselves.
inline constexpr backoff_config default_restart_backoff{
  .min = defaults::restart_backoff_min,
  .factor = defaults::restart_backoff_factor,
  .max_attempts = backoff_config::unlimited,
};

/// Returns **every** problem of the delays, none if they are valid.
/// @param path prefix of the fields' names, for example "backoff.".
std::vector<config_problem> validate(const backoff_config& cfg,
                                     const std::string& path = {});

/// Delays between connection attempts: exponential growth with jitter.
///
/// Pure: the caller brings time and randomness, so a ten-hour outage is a test
/// of a microsecond. Not thread-safe; one client owns one backoff. Out-of-range
/// values are clamped; use `validate` to reject them.
///
/// The defaults (0.5 s, ×1.5, at most 30 s, 20 % jitter) find a server that
/// was gone for 5 s within 2 s of its return.
class backoff {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// @param steps of an earlier backoff, whose growth goes on.
  explicit backoff(const backoff_config& cfg, uint64_t steps = 0) noexcept;

  // -- properties -------------------------------------------------------------

  /// Attempts since the last stable connection, the one that `next` last
  /// returned a delay for included.
  uint64_t attempts() const noexcept {
    return attempts_;
  }

  /// Number of delays since the last stable connection.
  uint64_t steps() const noexcept {
    return step_;
  }

  /// Returns the delay after `step` earlier delays: `min * factor ^ step`, at
  /// most `max`, shortened by `jitter`. Takes the same time for every step.
  /// @param jitter uniform in [0, 1).
  static std::chrono::milliseconds delay(const backoff_config& cfg,
                                         uint64_t step, double jitter) noexcept;

  // -- transitions ------------------------------------------------------------

  /// Counts the very first attempt of a client, which no delay precedes.
  void first_attempt() noexcept;

  /// Returns the delay before the next attempt, or nothing if the configured
  /// number of attempts is used up. Zero for the first attempt after a stable
  /// connection.
  /// @param jitter uniform in [0, 1).
  std::optional<std::chrono::milliseconds> next(double jitter) noexcept;

  /// Returns the delay if a server demands to be left alone for `demanded`: a
  /// server that sends all clients away for a minute must not see all of them
  /// in the same instant.
  /// @param jitter uniform in [0, 1).
  static std::chrono::milliseconds spread(std::chrono::milliseconds demanded,
                                          double jitter) noexcept;

  /// Reports that a connection stayed ready for `uptime`. Resets growth and
  /// count only after `backoff_config::stable_after`: a peer that accepts and
  /// closes must not earn an immediate retry.
  void connected_for(std::chrono::nanoseconds uptime) noexcept;

private:
  void count_attempt() noexcept;

  backoff_config cfg_;
  uint64_t attempts_ = 0;
  uint64_t step_ = 0;
  bool immediate_ = false;
};

} // namespace zenws
