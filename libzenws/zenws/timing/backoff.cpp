// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/timing/backoff.hpp"

#include "zenws/timing/internal/duration_check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace zenws {

namespace {

using internal::check_duration;
using internal::text_of;

constexpr auto max_count = std::numeric_limits<uint64_t>::max();

// Also cures NaN, which compares false to everything.
double clamped(double value, double least, double most) noexcept {
  return value >= least ? std::min(value, most) : least;
}

} // namespace

// -- backoff_config -----------------------------------------------------------

// Comparisons are written such that NaN fails them.
std::vector<config_problem> validate(const backoff_config& cfg,
                                     const std::string& path) {
  std::vector<config_problem> out;
  check_duration(cfg.min, path + "min", out);
  check_duration(cfg.max, path + "max", out);
  if (cfg.max < cfg.min)
    out.push_back({path + "max", "is " + text_of(cfg.max) + ", less than "
                                   + path + "min, which is "
                                   + text_of(cfg.min)});
  if (!(cfg.factor >= 1 && cfg.factor <= defaults::backoff_factor_ceiling))
    out.push_back({path + "factor", "must be between 1 and 100"});
  if (!(cfg.jitter >= 0 && cfg.jitter <= 1))
    out.push_back({path + "jitter", "must be between 0 and 1"});
  check_duration(cfg.stable_after, path + "stable_after", out);
  if (cfg.retry_after_ceiling < std::chrono::milliseconds{0}
      || cfg.retry_after_ceiling > defaults::demanded_wait_ceiling)
    out.push_back(
      {path + "retry_after_ceiling", "must be between 0 ms and a week"});
  return out;
}

// -- constructors, destructors, and assignment operators ----------------------

backoff::backoff(const backoff_config& cfg, uint64_t steps) noexcept
  : cfg_(cfg), step_(steps) {
  // nop
}

// -- properties ---------------------------------------------------------------

std::chrono::milliseconds backoff::delay(const backoff_config& cfg,
                                         uint64_t step,
                                         double jitter) noexcept {
  constexpr auto ceiling
    = static_cast<double>(defaults::duration_ceiling.count());
  auto min = clamped(static_cast<double>(cfg.min.count()), 1, ceiling);
  auto max = clamped(static_cast<double>(cfg.max.count()), min, ceiling);
  auto factor = clamped(cfg.factor, 1, defaults::backoff_factor_ceiling);
  // pow() may well reach infinity, which the cap makes finite before
  // anything is converted to an integer.
  auto full = std::min(min * std::pow(factor, static_cast<double>(step)), max);
  auto random = clamped(cfg.jitter, 0, 1) * clamped(jitter, 0, 1);
  auto count = std::max(std::round(full * (1 - random)), 1.0);
  return std::chrono::milliseconds{static_cast<int64_t>(count)};
}

// -- transitions --------------------------------------------------------------

void backoff::first_attempt() noexcept {
  count_attempt();
}

std::optional<std::chrono::milliseconds> backoff::next(double jitter) noexcept {
  if (cfg_.max_attempts != backoff_config::unlimited
      && attempts_ >= cfg_.max_attempts)
    return std::nullopt;
  count_attempt();
  if (std::exchange(immediate_, false))
    return std::chrono::milliseconds{0};
  auto result = delay(cfg_, step_, jitter);
  if (step_ < max_count)
    ++step_;
  return result;
}

std::chrono::milliseconds backoff::spread(std::chrono::milliseconds demanded,
                                          double jitter) noexcept {
  using std::chrono::milliseconds;
  constexpr milliseconds least = std::chrono::seconds{1};
  constexpr milliseconds most = std::chrono::minutes{1};
  auto width = std::clamp(demanded / 10, least, most);
  auto count = static_cast<double>(width.count()) * clamped(jitter, 0, 1);
  return demanded + milliseconds{static_cast<int64_t>(count)};
}

void backoff::connected_for(std::chrono::nanoseconds uptime) noexcept {
  if (uptime < cfg_.stable_after)
    return;
  attempts_ = 0;
  step_ = 0;
  immediate_ = true;
}

void backoff::count_attempt() noexcept {
  if (attempts_ < max_count)
    ++attempts_;
}

} // namespace zenws
