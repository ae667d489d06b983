// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/session/login_schedule.hpp"

#include "zenws/defaults.hpp"
#include "zenws/timing/internal/deadlines.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

constexpr unsigned max_doublings = 5;

// Venues send any number.
constexpr std::chrono::seconds max_lifetime = std::chrono::years{100};

} // namespace

std::optional<login_schedule::time_point>
login_schedule::next_deadline() const noexcept {
  auto result = credentials_due_;
  internal::keep_earlier(result, renew_at_);
  internal::keep_earlier(result, ends_at_);
  return result;
}

bool login_schedule::accept_credentials() noexcept {
  return std::exchange(credentials_due_, std::nullopt).has_value();
}

void login_schedule::granted(std::chrono::seconds lifetime, time_point now,
                             std::chrono::seconds renew_after) noexcept {
  failed_renewals_ = 0;
  is_refused_ = false;
  granted_at_ = now;
  renew_at_ = ends_at_ = std::nullopt;
  if (renew_after.count() > 0)
    renew_at_ = now + std::min(renew_after, max_lifetime);
  if (lifetime.count() <= 0)
    return;
  time_point::duration bounded = std::min(lifetime, max_lifetime);
  ends_at_ = now + bounded;
  if (!renew_at_)
    renew_at_ = now + bounded / 5 * 4;
}

void login_schedule::refused(time_point now) noexcept {
  if (credentials_due_ || std::exchange(is_refused_, true))
    return; // one renewal for all refusals
  auto doublings = std::min(useless_logins_, max_doublings);
  auto earliest = granted_at_
                  + defaults::login_renewal_delay * (1 << doublings);
  useless_logins_ = now < earliest ? useless_logins_ + 1 : 0;
  renew_at_ = std::max(now, earliest);
}

std::chrono::milliseconds
login_schedule::delay_renewal(time_point now) noexcept {
  auto doublings = std::min(failed_renewals_++, max_doublings);
  auto delay = defaults::login_renewal_delay * (1 << doublings);
  renew_at_ = now + delay;
  return delay;
}

bool login_schedule::credentials_overdue(time_point now) noexcept {
  return internal::take_if_due(credentials_due_, now);
}

bool login_schedule::renewal_due(time_point now) noexcept {
  return internal::take_if_due(renew_at_, now);
}

bool login_schedule::ended(time_point now) noexcept {
  return internal::take_if_due(ends_at_, now);
}

} // namespace zenws
