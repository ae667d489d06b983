// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace zenws {

struct health_config {
  /// A member hangs once it has answered nothing for so long while requests are
  /// pending.
  std::chrono::milliseconds hung_after = std::chrono::seconds{2};

  /// Errors are forgotten once the last one is that old, or by a success.
  std::chrono::milliseconds error_memory = std::chrono::seconds{60};
};

/// Health of one of several connections, judged by its traffic.
///
/// Pure: the caller brings the time. Not thread-safe.
class member_health {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Score of a member without problems.
  static constexpr uint8_t best = 100;

  /// Score of a member that hangs: taken only if there is no better one.
  static constexpr uint8_t hung = 1;

  /// Score of a member that must not be taken.
  static constexpr uint8_t none = 0;

  explicit member_health(const health_config& cfg = {}) noexcept : cfg_(cfg) {
    // nop
  }

  /// Reports a request to the member.
  void sent(time_point now) noexcept;

  /// Reports an answer, `latency` after its request.
  void answered(std::chrono::microseconds latency, time_point now) noexcept;

  /// Reports a request that failed because of the member.
  void failed(time_point now) noexcept;

  /// Reports the end of a request that says nothing about the member.
  void withdrawn(time_point now) noexcept;

  bool hangs(time_point now) const noexcept;

  size_t pending() const noexcept {
    return pending_;
  }

  size_t errors(time_point now) const noexcept;

  /// Moving average over about the last eight answers.
  std::chrono::microseconds latency() const noexcept {
    return latency_;
  }

  /// 100, less up to 40 for pending requests (10 each), up to 30 for latency (1
  /// for each 25 ms) and up to 20 for recent errors (15 each). Above `hung`
  /// unless the member hangs.
  uint8_t score(time_point now) const noexcept;

private:
  void over(time_point now) noexcept;

  health_config cfg_;
  size_t pending_ = 0;
  size_t errors_ = 0;
  time_point last_error_{};
  time_point silent_since_{}; // while something is pending
  std::chrono::microseconds latency_{0};
};

} // namespace zenws
