// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"
#include "zenws/error.hpp"
#include "zenws/fwd.hpp"
#include "zenws/limits/rolling_window.hpp"
#include "zenws/limits/token_bucket.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zenws {

// -- values -------------------------------------------------------------------

/// Scope in which a limit is shared. Clients that share one must draw on one
/// limiter, or the limit holds for none of them.
enum class limit_scope : uint8_t {
  /// Each connection has its own, and each new one a fresh one.
  connection,
  /// All connections of one account.
  account,
  /// All connections from this host (its address) to one venue.
  host,
};

/// Returns the name of the enumerator.
std::string_view to_string(limit_scope scope) noexcept;

/// One limit of a venue.
struct rate_limit {
  /// Name for people, for example "messages per second".
  std::string name{};

  /// Pool of the requests that draw on it. Several limits may name the same
  /// pool ("20 a second and 600 a minute"); a charge to the pool is charged to
  /// all of them.
  std::string pool{};

  limit_scope scope = limit_scope::connection;

  std::variant<token_bucket_config, rolling_window_config> rule{};

  /// Units reserved for messages that cannot wait: answers to pings and
  /// heartbeats, logins. Requests leave them alone. Less than the limit holds;
  /// as much as the venue may demand within a window.
  uint64_t reserve = 0;

  bool operator==(const rate_limit&) const = default;
};

/// Returns every problem of a limit, none if it is valid.
std::vector<config_problem> validate(const rate_limit& limit);

/// Returns a limit that lets through half as much: after a venue has ended a
/// connection for too many requests, its own figure is not to be believed.
rate_limit slowed(rate_limit limit);

/// Returns those of `limits` that have this scope, in the same order.
std::vector<rate_limit> with_scope(const std::vector<rate_limit>& limits,
                                   limit_scope scope);

/// Cost of one request. A pool that no limit names is unlimited: a dialect
/// states the costs, a user decides which limits there are.
struct rate_charge {
  std::string_view pool{};

  uint64_t cost = 1;
};

/// The charges of one request; several for the same pool add up.
using rate_charges = std::span<const rate_charge>;

/// A `rate_charge` that owns the name of its pool, for configurations.
struct rate_draw {
  std::string pool{};

  uint64_t cost = 1;
};

/// Refusal of a request.
struct rate_refusal {
  /// `ec::rate_limited`, or `ec::request_too_costly` if the cost exceeds the
  /// whole limit: no waiting helps.
  ec code = ec::rate_limited;

  /// Name of the limit; the one that takes longest if there are several.
  std::string limit{};

  limit_scope scope = limit_scope::connection;

  /// Time from now until the same request is accepted if no other request is
  /// made: exact, not a nanosecond more than that. 0 for
  /// `ec::request_too_costly`.
  std::chrono::nanoseconds retry_after{0};

  bool operator==(const rate_refusal&) const = default;
};

/// Returns the refusal as an error that names the limit and the time to wait.
error as_error(const rate_refusal& refusal);

// -- limiter ------------------------------------------------------------------

/// The limits that a client must obey, all or nothing: a request that one limit
/// refuses takes nothing from the others.
///
/// Pure: the caller brings the time. A time before the latest one counts as the
/// latest one. Not thread-safe, see `shared_rate_limiter`. The limits of a
/// connection begin anew with the next one: make a new limiter.
class rate_limiter {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  /// Level of one limit.
  struct status {
    std::string_view limit{};

    /// Units that can be taken now; negative in debt.
    int64_t available = 0;

    uint64_t capacity = 0;

    limit_scope scope = limit_scope::connection;

    /// Time until a request of one unit is let through; 0 for now.
    std::chrono::nanoseconds next_free{0};
  };

  // -- constructors, destructors, and assignment operators --------------------

  /// Creates a limiter that refuses nothing.
  rate_limiter() noexcept = default;

  explicit rate_limiter(const std::vector<rate_limit>& limits);

  // -- properties -------------------------------------------------------------

  /// Checks whether a request could be made now, without making it.
  [[nodiscard]] std::optional<rate_refusal> check(rate_charges charges,
                                                  time_point now);

  /// Returns the level of each limit.
  std::vector<status> available(time_point now);

  // -- transitions ------------------------------------------------------------

  /// Takes the cost of a request from all its limits, or nothing at all; leaves
  /// their reserves.
  /// @returns nothing if the request may be made, else the refusal.
  [[nodiscard]] std::optional<rate_refusal> acquire(rate_charges charges,
                                                    time_point now);

  /// Same for a single charge.
  [[nodiscard]] std::optional<rate_refusal> acquire(rate_charge charge,
                                                    time_point now);

  /// Takes the cost of a request, from the reserve too, even into debt. For
  /// messages that cannot wait and count nevertheless: pongs, answers to
  /// heartbeats. Requests that come after wait until the debt is paid, so the
  /// average rate holds.
  void charge(rate_charges charges, time_point now);

  /// Same for a single charge.
  void charge(rate_charge charge, time_point now);

private:
  struct meter {
    rate_limit limit;
    std::variant<token_bucket, rolling_window> level;
  };

  std::vector<meter> meters_;
};

/// Returns the refusal that lasts longer, or the one there is; one that lasts
/// for ever before any other.
std::optional<rate_refusal> longer(std::optional<rate_refusal> x,
                                   std::optional<rate_refusal> y);

} // namespace zenws
