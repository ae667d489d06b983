// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <vector>

namespace zenws::bench {

/// Change of a series from its first point to its last, by the line of least
/// squares through the means of ten blocks: neighbors are no independent
/// points.
struct trend {
  double mean = 0;

  double change = 0;

  /// Two standard errors of it.
  double uncertainty = 0;
};

/// @pre there are as many values of y as of x, which ascend.
/// @throws std::runtime_error if there are too few for the blocks.
trend trend_of(const std::vector<double>& x, const std::vector<double>& y);

} // namespace zenws::bench
