// SPDX-License-Identifier: BSD-3-Clause

#include "report.hpp"

#include <cmath>
#include <cstdio>

namespace zenws::bench {

namespace {

using text = char[48];

// Nine digits are more than any measurement has.
void print_number(text& out, std::optional<double> x) {
  if (x && std::isfinite(*x))
    std::snprintf(out, sizeof(out), "%.9g", *x);
  else
    std::snprintf(out, sizeof(out), "null");
}

// Four digits that count, and no exponent for the eye to stumble on.
void print_rounded(text& out, std::optional<double> x) {
  if (!x || !std::isfinite(*x))
    std::snprintf(out, sizeof(out), "-");
  else if (std::abs(*x) >= 100)
    std::snprintf(out, sizeof(out), "%.0f", *x);
  else
    std::snprintf(out, sizeof(out), "%.*f", std::abs(*x) >= 1 ? 2 : 4, *x);
}

std::optional<double> ratio_of(const row& x) {
  if (!x.baseline || *x.baseline == 0)
    return std::nullopt;
  return x.value / *x.baseline;
}

} // namespace

void report::note(const std::string& line) const {
  if (format_ == format::table)
    std::printf("%s\n", line.c_str());
}

void report::add(const row& figure) {
  if (format_ == format::json)
    print_json(figure);
  else
    print_table(figure);
  std::fflush(stdout);
}

// All strings are names of the bench's own: nothing to escape.
void report::print_json(const row& figure) const {
  text value, baseline, ratio;
  print_number(value, figure.value);
  print_number(baseline, figure.baseline);
  print_number(ratio, ratio_of(figure));
  std::printf(R"({"bench":"%s","case":"%s","metric":"%s","value":%s,)"
              R"("unit":"%s","baseline":%s,"ratio":%s})"
              "\n",
              figure.bench.c_str(), figure.label.c_str(), figure.metric.c_str(),
              value, figure.unit.c_str(), baseline, ratio);
}

void report::print_table(const row& figure) {
  constexpr auto layout = "%-7s %-30s %-12s %12s %-10s %12s %7s\n";
  if (bench_ != figure.bench) {
    bench_ = figure.bench;
    std::printf("\n");
    std::printf(layout, "bench", "case", "metric", "value", "unit", "baseline",
                "ratio");
  }
  text value, baseline, ratio;
  print_rounded(value, figure.value);
  print_rounded(baseline, figure.baseline);
  print_rounded(ratio, ratio_of(figure));
  std::printf(layout, figure.bench.c_str(), figure.label.c_str(),
              figure.metric.c_str(), value, figure.unit.c_str(), baseline,
              ratio);
}

} // namespace zenws::bench
