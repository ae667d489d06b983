// SPDX-License-Identifier: BSD-3-Clause

#include "cores.hpp"

#include <thread>

namespace zenws::bench {

namespace {

void run_on(unsigned first, unsigned last) {
  cpu_set_t which;
  CPU_ZERO(&which);
  for (auto i = first; i < last; ++i)
    CPU_SET(i, &which);
  sched_setaffinity(0, sizeof(which), &which);
}

} // namespace

core_guard::core_guard(cores where) {
  CPU_ZERO(&before_);
  sched_getaffinity(0, sizeof(before_), &before_);
  auto n = std::thread::hardware_concurrency();
  if (where == cores::one)
    run_on(0, 1);
  else if (where == cores::apart && n > 1)
    run_on(1, n);
}

core_guard::~core_guard() {
  sched_setaffinity(0, sizeof(before_), &before_);
}

void place_server(cores where) {
  if (where != cores::any)
    run_on(0, 1);
}

} // namespace zenws::bench
