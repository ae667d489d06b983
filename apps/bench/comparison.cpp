// SPDX-License-Identifier: BSD-3-Clause

#include "comparison.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <optional>

namespace zenws::bench {

namespace {

void tell_progress(const comparison& cases, const variant& entry, size_t round,
                   size_t rounds) {
  std::fprintf(stderr, "%s %s/%s: round %zu of %zu\n", cases.bench.c_str(),
               cases.label.c_str(), entry.name.c_str(), round, rounds);
}

sample median_of(const std::vector<sample>& samples) {
  sample result = samples.front();
  for (size_t i = 0; i < result.size(); ++i) {
    std::vector<double> values;
    values.reserve(samples.size());
    for (auto& x : samples)
      values.push_back(x[i].value);
    result[i].value = median(std::move(values));
  }
  return result;
}

std::optional<double> baseline_of(const medians& all,
                                  const std::string& variant,
                                  const std::string& metric) {
  auto i = all.find(variant);
  if (i != all.end())
    for (auto& x : i->second)
      if (x.metric == metric)
        return x.value;
  return std::nullopt;
}

bool takes_part(const options& opts, const variant& entry) {
  auto& only = opts.only;
  return only.empty()
         || std::find(only.begin(), only.end(), entry.name) != only.end();
}

} // namespace

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  auto n = values.size();
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

double quantile(std::vector<double>& values, double q) {
  auto rank = static_cast<size_t>(q * static_cast<double>(values.size()));
  auto pos = values.begin()
             + static_cast<std::ptrdiff_t>(std::min(rank, values.size() - 1));
  std::nth_element(values.begin(), pos, values.end());
  return *pos;
}

sample percentiles(std::vector<double> durations) {
  return {
    {"p50", "us", quantile(durations, 0.5)},
    {"p99", "us", quantile(durations, 0.99)},
  };
}

medians run(const comparison& cases, const options& opts, report& out) {
  std::map<std::string, std::vector<sample>> samples;
  for (size_t round = 1; round <= opts.rounds; ++round) {
    for (auto& entry : cases.variants) {
      if (!takes_part(opts, entry))
        continue;
      tell_progress(cases, entry, round, opts.rounds);
      samples[entry.name].push_back(entry.measure());
    }
  }
  medians result;
  for (auto& [name, measured] : samples)
    result.emplace(name, median_of(measured));
  for (auto& entry : cases.variants)
    if (auto i = result.find(entry.name); i != result.end())
      for (auto& x : i->second)
        out.add({cases.bench, cases.label + '/' + entry.name, x.metric, x.value,
                 x.unit, baseline_of(result, cases.baseline, x.metric)});
  return result;
}

} // namespace zenws::bench
