// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/fwd.hpp"

#include <chrono>
#include <cstdint>

namespace zenws {

/// A limit of the kind "`refill` tokens every `per`, at most `capacity` of them
/// saved up". In a time of length T it lets `capacity + refill * T / per`
/// through: the right thing for credits that a venue counts the same way, the
/// wrong one for "at most N in any second", which is a `rolling_window`.
struct token_bucket_config {
  /// Tokens in a full bucket, 1 to `token_bucket::ceiling`.
  uint64_t capacity = 1;

  /// Tokens that return each `per`, 1 to `token_bucket::ceiling`.
  uint64_t refill = 1;

  /// At most `defaults::rate_period_ceiling`.
  std::chrono::nanoseconds per = std::chrono::seconds{1};

  bool operator==(const token_bucket_config&) const = default;
};

/// Tokens that return continuously and may be overdrawn.
///
/// Exact: the level is an integer, counted in the fraction of a token that one
/// nanosecond brings, so that nothing is rounded however long it runs. A
/// fraction of a token that one request leaves is there for the next.
///
/// Pure: the caller brings the time, not before the epoch of the clock. A time
/// before the latest one counts as the latest one: threads read the clock
/// before they wait for a lock. Not thread-safe. Out-of-range values are
/// clamped; use `validate` to reject them.
class token_bucket {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  // -- constants --------------------------------------------------------------

  /// Most tokens of a bucket and of one charge; a larger cost counts as this.
  static constexpr uint64_t ceiling = 1'000'000'000'000;

  // -- constructors, destructors, and assignment operators --------------------

  /// Creates a full bucket.
  explicit token_bucket(const token_bucket_config& cfg) noexcept;

  // -- properties -------------------------------------------------------------

  /// The most that one request can ever take.
  uint64_t capacity() const noexcept {
    return capacity_;
  }

  /// Returns the whole tokens that can be taken; negative in debt.
  int64_t available(time_point now) const noexcept;

  /// Returns the earliest time, `now` at the earliest, at which `cost` tokens
  /// can be taken if none are taken before. Exact to the nanosecond, the one
  /// before is too early. Beyond the range of the clock it is the end of it.
  /// @pre `cost <= capacity()`
  time_point ready_at(uint64_t cost, time_point now) const noexcept;

  // -- transitions ------------------------------------------------------------

  /// Takes `cost` tokens, even into debt, which is refilled first, so the
  /// average rate holds.
  void charge(uint64_t cost, time_point now) noexcept;

private:
  __extension__ using wide = __int128;

  wide level_at(time_point now) const noexcept;

  uint64_t capacity_;
  int64_t refill_;    // fractions of a token in a nanosecond
  int64_t fractions_; // fractions in a token
  time_point last_{};
  wide level_; // in fractions of a token
};

} // namespace zenws
