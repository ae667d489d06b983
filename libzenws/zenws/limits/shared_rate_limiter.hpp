// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/fwd.hpp"
#include "zenws/limits/rate_limiter.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace zenws {

/// A limiter for clients that share an account or a host.
///
/// A handle: copies share one state, which lives as long as any of them. All
/// functions are thread-safe and hold a lock for some ten nanoseconds; those of
/// a moved-from handle must not be called.
class shared_rate_limiter {
public:
  // -- member types -----------------------------------------------------------

  using time_point = rate_limiter::time_point;

  using status = rate_limiter::status;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param owner names the host or the account that has these limits.
  explicit shared_rate_limiter(const std::vector<rate_limit>& limits,
                               std::string owner = {});

  // -- properties -------------------------------------------------------------

  /// Returns the name of the host or the account that has these limits.
  const std::string& owner() const noexcept;

  /// Same as for `rate_limiter`; another client may take the units meanwhile.
  [[nodiscard]] std::optional<rate_refusal> check(rate_charges charges,
                                                  time_point now) const;

  /// Same as for `rate_limiter`. The names live as long as the shared state.
  std::vector<status> available(time_point now) const;

  // -- transitions ------------------------------------------------------------

  /// Same as for `rate_limiter`. Waiting for `retry_after` is no reservation:
  /// another client may be faster.
  [[nodiscard]] std::optional<rate_refusal> acquire(rate_charges charges,
                                                    time_point now);

  /// Same for a single charge.
  [[nodiscard]] std::optional<rate_refusal> acquire(rate_charge charge,
                                                    time_point now);

  /// Same as for `rate_limiter`.
  void charge(rate_charges charges, time_point now);

  /// Same for a single charge.
  void charge(rate_charge charge, time_point now);

private:
  friend class rate_gate;

  struct state;

  std::shared_ptr<state> state_;
};

/// All limits of one client: those of its connection, and those it shares. All
/// or nothing over all of them, also while others take from the shared ones.
///
/// Not thread-safe; one client owns one gate. The shared limiters are.
class rate_gate {
public:
  // -- member types -----------------------------------------------------------

  using time_point = rate_limiter::time_point;

  // -- constructors, destructors, and assignment operators --------------------

  /// Creates a gate that refuses nothing.
  rate_gate() noexcept = default;

  /// @param own the limits of one connection.
  /// @param shared duplicates are no harm.
  explicit rate_gate(std::vector<rate_limit> own,
                     std::vector<shared_rate_limiter> shared = {});

  // -- transitions ------------------------------------------------------------

  /// Resets the limits of the connection for a new one.
  void reconnected();

  /// Halves the limits of all later connections, see `slowed`.
  void slow_down();

  /// Same as for `rate_limiter`.
  [[nodiscard]] std::optional<rate_refusal> acquire(rate_charges charges,
                                                    time_point now);

  /// Same as for `rate_limiter`.
  void charge(rate_charges charges, time_point now);

private:
  std::optional<rate_refusal> acquire_from(size_t index, rate_charges charges,
                                           time_point now,
                                           std::optional<rate_refusal> refusal);

  std::vector<rate_limit> limits_;
  rate_limiter own_;
  std::vector<shared_rate_limiter> shared_; // in the order of locking
};

} // namespace zenws
