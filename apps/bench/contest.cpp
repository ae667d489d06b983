#include "contest.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <optional>

namespace zenws::bench {

namespace {

void tell_progress(const contest& what, const contestant& who, size_t round,
                   size_t rounds) {
  std::fprintf(stderr, "%s %s/%s: round %zu of %zu\n", what.bench.c_str(),
               what.what.c_str(), who.name.c_str(), round, rounds);
}

sample median_of(const std::vector<sample>& samples) {
  sample result = samples.front();
  for (size_t i = 0; i < result.size(); ++i) {
    std::vector<double> values;
    for (auto& x : samples)
      values.push_back(x[i].value);
    result[i].value = median(std::move(values));
  }
  return result;
}

std::optional<double> value_of(const contest& what, const medians& all,
                               const std::string& metric) {
  for (size_t i = 0; i < all.size(); ++i)
    if (what.contestants[i].name == contest::baseline)
      for (auto& x : all[i])
        if (x.metric == metric)
          return x.value;
  return std::nullopt;
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

medians run(const contest& what, size_t rounds, report& out) {
  auto n = what.contestants.size();
  std::vector<std::vector<sample>> samples(n);
  for (size_t round = 1; round <= rounds; ++round) {
    for (size_t i = 0; i < n; ++i) {
      tell_progress(what, what.contestants[i], round, rounds);
      samples[i].push_back(what.contestants[i].measure());
    }
  }
  medians result;
  for (auto& x : samples)
    result.push_back(median_of(x));
  for (size_t i = 0; i < n; ++i)
    for (auto& x : result[i])
      out.add({what.bench, what.what + '/' + what.contestants[i].name,
               x.metric, x.value, x.unit, value_of(what, result, x.metric)});
  return result;
}

} // namespace zenws::bench
