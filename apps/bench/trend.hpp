// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <vector>

namespace zenws::bench {

/// Change of a series from its first point to its last, by the line of least
/// squares.
struct trend {
  double change = 0;

  /// Two standard errors of it.
  double uncertainty = 0;

  /// Returns whether the series grows by no more than chance explains, or by
  /// too little to matter.
  bool is_flat(double tolerance) const noexcept {
    return change <= uncertainty || change <= tolerance;
  }
};

/// @pre there are as many values of y as of x, which differ.
/// @throws std::runtime_error if there are less than three.
trend trend_of(const std::vector<double>& x, const std::vector<double>& y);

} // namespace zenws::bench
