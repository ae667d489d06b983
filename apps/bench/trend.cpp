// SPDX-License-Identifier: BSD-3-Clause

#include "trend.hpp"

#include <cmath>
#include <cstddef>
#include <numeric>
#include <stdexcept>

namespace zenws::bench {

namespace {

constexpr size_t blocks = 10;

double mean_of(const std::vector<double>& values, size_t begin, size_t end) {
  auto sum = std::accumulate(values.begin() + static_cast<ptrdiff_t>(begin),
                             values.begin() + static_cast<ptrdiff_t>(end), 0.0);
  return sum / static_cast<double>(end - begin);
}

std::vector<double> means_of(const std::vector<double>& values) {
  std::vector<double> result;
  for (size_t i = 0; i < blocks; ++i)
    result.push_back(mean_of(values, i * values.size() / blocks,
                             (i + 1) * values.size() / blocks));
  return result;
}

} // namespace

trend trend_of(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() < blocks)
    throw std::runtime_error{"too few readings for a trend"};
  auto xs = means_of(x);
  auto ys = means_of(y);
  auto mean_x = mean_of(xs, 0, blocks);
  auto mean_y = mean_of(ys, 0, blocks);
  double sxx = 0;
  double sxy = 0;
  for (size_t i = 0; i < blocks; ++i) {
    sxx += (xs[i] - mean_x) * (xs[i] - mean_x);
    sxy += (xs[i] - mean_x) * (ys[i] - mean_y);
  }
  auto slope = sxy / sxx;
  double residual = 0;
  for (size_t i = 0; i < blocks; ++i)
    residual += std::pow(ys[i] - mean_y - slope * (xs[i] - mean_x), 2);
  auto span = x.back() - x.front();
  return {mean_y, slope * span,
          2 * std::sqrt(residual / (blocks - 2) / sxx) * span};
}

} // namespace zenws::bench
