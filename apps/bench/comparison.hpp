// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "options.hpp"
#include "report.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace zenws::bench {

/// One measured value.
struct figure {
  std::string metric;
  std::string unit;
  double value = 0;
};

/// All values of one measurement; the same metrics each time.
using sample = std::vector<figure>;

/// An implementation of the job that is measured.
struct variant {
  std::string name;
  std::function<sample()> measure;
};

/// Several ways of doing one job. They take turns, so that whatever slows the
/// machine down for a while slows down all of them.
struct comparison {
  /// The usual baseline.
  static constexpr const char* beast = "beast-async";

  std::string bench;

  /// Precedes a variant's name: `plain/128`.
  std::string label;

  std::vector<variant> variants;

  /// The variant that the others are compared with, if it is there.
  std::string baseline = beast;
};

/// The middle of some values, which must be at least one.
double median(std::vector<double> values);

/// The value that a share `q` of the values does not exceed.
double quantile(std::vector<double>& values, double q);

/// The median and the 99th percentile of durations in microseconds.
sample percentiles(std::vector<double> durations);

/// The medians of a comparison by variant.
using medians = std::map<std::string, sample>;

/// Measures all variants as often as the options say and reports the medians.
/// Prints its progress to the standard error.
medians run(const comparison& cases, const options& opts, report& out);

} // namespace zenws::bench
