#pragma once

#include <algorithm>
#include <chrono>

namespace zenws {

/// Returns how long a request may wait that asks for `wait`: not less than no
/// time, and at most a day. What is beyond reason would make the sum with any
/// clock's time wrap around.
constexpr std::chrono::milliseconds
bounded_wait(std::chrono::milliseconds wait) noexcept {
  using std::chrono::milliseconds;
  return std::clamp(wait, milliseconds{0},
                    milliseconds{std::chrono::hours{24}});
}

} // namespace zenws
