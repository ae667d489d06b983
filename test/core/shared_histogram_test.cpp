// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE shared_histogram

#include "support/unit_test.hpp"

#include "zenws/shared_histogram.hpp"

#include <atomic>
#include <chrono>
#include <thread>

using namespace zenws;
using namespace std::chrono_literals;

CAF_TEST(a bucket includes its upper limit) {
  shared_histogram uut;
  uut.record(10us);
  uut.record(10us + 1ns);
  uut.record(10s);
  uut.record(10s + 1ns);
  auto counts = uut.read();
  CAF_CHECK_EQUAL(counts.buckets[0], 1u);
  CAF_CHECK_EQUAL(counts.buckets[1], 1u);
  CAF_CHECK_EQUAL(counts.buckets[12], 1u);
  CAF_CHECK_EQUAL(counts.buckets[13], 1u);
  CAF_CHECK_EQUAL(counts.count(), 4u);
  CAF_CHECK(counts.sum == 20s + 20us + 2ns);
}

CAF_TEST(a negative duration counts as none) {
  shared_histogram uut;
  uut.record(-5s);
  auto counts = uut.read();
  CAF_CHECK_EQUAL(counts.buckets[0], 1u);
  CAF_CHECK(counts.sum == 0ns);
}

CAF_TEST(counts are added up) {
  shared_histogram first;
  shared_histogram second;
  first.record(1ms);
  second.record(1ms);
  second.record(2s);
  auto sum = first.read();
  sum += second.read();
  CAF_CHECK_EQUAL(sum.count(), 3u);
  CAF_CHECK_EQUAL(sum.buckets[4], 2u);
  CAF_CHECK(sum.sum == 2002ms);
}

CAF_TEST(nothing is lost while others read) {
  constexpr uint64_t total = 100'000;
  shared_histogram uut;
  std::atomic<bool> done{false};
  uint64_t last = 0;
  auto went_back = false;
  std::thread reader{[&] {
    while (!done) {
      auto count = uut.read().count();
      went_back |= count < last;
      last = count;
    }
  }};
  for (uint64_t i = 0; i < total; ++i)
    uut.record(std::chrono::microseconds{i});
  done = true;
  reader.join();
  CAF_CHECK(!went_back);
  CAF_CHECK_EQUAL(uut.read().count(), total);
}
