// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE latency_histogram

#include "zenws/latency_histogram.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

namespace {

using duration = latency_histogram::duration;

constexpr double percents[] = {0,  0.1, 1,  10,   25,    50, 75,
                               90, 95,  99, 99.9, 99.99, 100};

/// The same by sorting.
duration exact_percentile(const std::vector<duration>& sorted, double percent) {
  auto rank = std::ceil(percent / 100 * static_cast<double>(sorted.size()));
  return sorted[static_cast<size_t>(std::max(rank, 1.0)) - 1];
}

/// Returns whether `actual` is within 1/64 of `expected`.
bool close(duration actual, duration expected) {
  return std::abs(actual.count() - expected.count()) * 64 <= expected.count();
}

latency_histogram histogram_of(const std::vector<duration>& values) {
  latency_histogram result;
  for (auto value : values)
    result.record(value);
  return result;
}

/// Latencies as they are: around a typical one, with a long tail.
std::vector<duration> random_values(std::mt19937_64& rng, size_t count) {
  std::lognormal_distribution<double> dist{static_cast<double>(rng() % 20), 2};
  std::vector<duration> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back(std::min(duration{static_cast<int64_t>(dist(rng))},
                              latency_histogram::max_value));
  return result;
}

void check_against_sorting(std::vector<duration> values) {
  auto uut = histogram_of(values);
  std::sort(values.begin(), values.end());
  for (auto percent : percents)
    CAF_REQUIRE(
      close(uut.percentile(percent), exact_percentile(values, percent)));
  double sum = 0;
  for (auto value : values)
    sum += static_cast<double>(value.count());
  CAF_REQUIRE(uut.max() == values.back());
  CAF_REQUIRE_EQUAL(uut.count(), values.size());
  CAF_REQUIRE_EQUAL(uut.clamped(), 0u);
  auto mean = sum / static_cast<double>(values.size());
  CAF_REQUIRE(std::abs(uut.mean().count() - mean) <= mean * 1e-9);
}

} // namespace

CAF_TEST(an empty histogram tells zero) {
  latency_histogram uut;
  CAF_CHECK_EQUAL(uut.count(), 0u);
  CAF_CHECK(uut.max() == 0us);
  CAF_CHECK_EQUAL(uut.mean().count(), 0.0);
  for (auto percent : percents)
    CAF_CHECK(uut.percentile(percent) == 0us);
}

CAF_TEST(a single value is every percentile) {
  for (auto value : {0us, 1us, 63us, 64us, 65us, 1'000'000us}) {
    auto uut = histogram_of({value});
    for (auto percent : percents)
      CAF_CHECK(close(uut.percentile(percent), value));
    CAF_CHECK(uut.percentile(100) <= uut.max());
    CAF_CHECK(uut.max() == value);
  }
}

// Whole milliseconds, a hundred of them, sorted on each question.
CAF_TEST(small values are exact) {
  std::vector<duration> values;
  for (int i = 1; i <= 50; ++i)
    values.push_back(duration{i});
  auto uut = histogram_of(values);
  CAF_CHECK(uut.percentile(50) == 25us);
  CAF_CHECK(uut.percentile(90) == 45us);
  CAF_CHECK(uut.percentile(99) == 50us);
  CAF_CHECK_EQUAL(uut.mean().count(), 25.5);
}

CAF_TEST(each value is told within one part in 64) {
  for (int64_t value = 0; value < latency_histogram::max_value.count();
       value += 1 + value / 500) {
    latency_histogram uut;
    uut.record(duration{value});
    // Lifts the maximum, which percentiles never exceed.
    uut.record(latency_histogram::max_value);
    CAF_REQUIRE(close(uut.percentile(50), duration{value}));
  }
}

CAF_TEST(percentiles agree with sorting) {
  std::mt19937_64 rng{choose_seed()};
  for (int i = 0; i < 200; ++i)
    check_against_sorting(random_values(rng, 1 + rng() % 3'000));
}

CAF_TEST(values beyond the range are clamped and counted) {
  auto uut = histogram_of({-5us, 10us, latency_histogram::max_value,
                           latency_histogram::max_value + 1us, duration::min(),
                           duration::max()});
  CAF_CHECK_EQUAL(uut.count(), 6u);
  CAF_CHECK_EQUAL(uut.clamped(), 4u);
  CAF_CHECK(uut.max() == latency_histogram::max_value);
  CAF_CHECK(uut.percentile(0) == 0us);
  CAF_CHECK(close(uut.percentile(100), latency_histogram::max_value));
}

CAF_TEST(percents out of range are limited) {
  auto uut = histogram_of({1us, 2us, 3us});
  auto nan = std::numeric_limits<double>::quiet_NaN();
  CAF_CHECK(uut.percentile(-1) == 1us);
  CAF_CHECK(uut.percentile(nan) == 1us);
  CAF_CHECK(uut.percentile(1'000) == 3us);
}

CAF_TEST(merging is like recording everything in one) {
  std::mt19937_64 rng{choose_seed()};
  auto first = random_values(rng, 1'000);
  auto second = random_values(rng, 500);
  auto uut = histogram_of(first);
  uut.merge(histogram_of(second));
  first.insert(first.end(), second.begin(), second.end());
  auto all = histogram_of(first);
  for (auto percent : percents)
    CAF_CHECK(uut.percentile(percent) == all.percentile(percent));
  CAF_CHECK(uut.max() == all.max());
  CAF_CHECK_EQUAL(uut.count(), all.count());
  CAF_CHECK_EQUAL(uut.mean().count(), all.mean().count());
}

CAF_TEST(a reset forgets everything) {
  auto uut = histogram_of({1us, -1us});
  uut.reset();
  CAF_CHECK_EQUAL(uut.count(), 0u);
  CAF_CHECK_EQUAL(uut.clamped(), 0u);
  CAF_CHECK(uut.max() == 0us);
  CAF_CHECK(uut.percentile(50) == 0us);
}
