// SPDX-License-Identifier: BSD-3-Clause

#include "trend.hpp"

#include <cmath>
#include <cstddef>
#include <numeric>
#include <stdexcept>

namespace zenws::bench {

trend trend_of(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() < 3)
    throw std::runtime_error{"too few readings for a trend"};
  auto n = static_cast<double>(x.size());
  auto mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
  auto mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double sxx = 0;
  double sxy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    sxx += (x[i] - mean_x) * (x[i] - mean_x);
    sxy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  auto slope = sxy / sxx;
  double residual = 0;
  for (size_t i = 0; i < x.size(); ++i)
    residual += std::pow(y[i] - mean_y - slope * (x[i] - mean_x), 2);
  auto span = x.back() - x.front();
  return {slope * span, 2 * std::sqrt(residual / (n - 2) / sxx) * span};
}

} // namespace zenws::bench
