// SPDX-License-Identifier: BSD-3-Clause

#include "meter.hpp"

#include "allocations.hpp"

#include <sys/resource.h>

namespace zenws::bench {

namespace {

double seconds_of(const timeval& x) noexcept {
  return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_usec) * 1e-6;
}

} // namespace

void meter::start() {
  begin_ = now();
}

void meter::stop() {
  end_ = now();
}

double meter::seconds() const noexcept {
  return std::chrono::duration<double>(end_.time - begin_.time).count();
}

double meter::cpu_share() const noexcept {
  return (end_.cpu_seconds - begin_.cpu_seconds) / seconds();
}

double meter::allocations_per(uint64_t count) const noexcept {
  auto allocated = static_cast<double>(end_.allocations - begin_.allocations);
  return allocated / static_cast<double>(count);
}

sample meter::per_message(uint64_t messages) const {
  auto n = static_cast<double>(messages);
  auto cpu = end_.cpu_seconds - begin_.cpu_seconds;
  return {
    {"messages", "1/s", n / seconds()},
    {"cpu", "us/message", cpu * 1e6 / n},
    {"allocations", "1/message", allocations_per(messages)},
  };
}

meter::reading meter::now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return {std::chrono::steady_clock::now(),
          seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
          allocations()};
}

} // namespace zenws::bench
