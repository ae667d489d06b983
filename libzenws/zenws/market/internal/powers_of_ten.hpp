// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace zenws::internal {

/// 10 to the power of 0 to 18, all that fit 63 bits.
inline constexpr auto powers_of_ten = [] {
  std::array<int64_t, 19> result{1};
  for (size_t i = 1; i < result.size(); ++i)
    result[i] = result[i - 1] * 10;
  return result;
}();

} // namespace zenws::internal
