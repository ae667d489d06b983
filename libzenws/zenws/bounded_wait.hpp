// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <algorithm>
#include <chrono>

namespace zenws {

/// Returns `wait`, limited to between 0 and a day: longer ones would make the
/// sum with any clock's time wrap around.
constexpr std::chrono::milliseconds
bounded_wait(std::chrono::milliseconds wait) noexcept {
  using std::chrono::milliseconds;
  return std::clamp(wait, milliseconds{0},
                    milliseconds{std::chrono::hours{24}});
}

} // namespace zenws
