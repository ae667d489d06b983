// SPDX-License-Identifier: BSD-3-Clause

#include "cases.hpp"
#include "client_fleet.hpp"
#include "environment.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

namespace zenws::bench {

namespace {

using clock = std::chrono::steady_clock;

/// What clients know of their server before the storm.
enum class acquaintance { none, session };

// Starts all clients at once.
void measure_storm(const options& opts, const server_process& server,
                   size_t count, size_t loops, acquaintance before,
                   report& out) {
  auto& where = server.address();
  auto label = to_string(where.below) + '/' + std::to_string(count) + '/'
               + (before == acquaintance::session ? "resumed" : "new")
               + "/loops-" + std::to_string(loops);
  std::vector<double> ready;
  std::vector<double> spent;
  for (size_t round = 1; round <= opts.rounds; ++round) {
    std::fprintf(stderr, "storm %s: round %zu of %zu\n", label.c_str(), round,
                 opts.rounds);
    client_fleet all{where, {}, with_loops(loops)};
    if (before == acquaintance::session)
      all.grow_to(1);
    auto cpu = server.cpu_time();
    auto begin = clock::now();
    all.start(count);
    all.await_all();
    ready.push_back(milliseconds_of(clock::now() - begin));
    spent.push_back(milliseconds_of(server.cpu_time() - cpu));
  }
  auto took = median(std::move(ready));
  auto cost = median(std::move(spent));
  out.add({"storm", label, "all-ready", took, "ms"});
  out.add({"storm", label, "cpu-of-server", cost, "ms"});
  out.add({"storm", label, "of-server", took / cost, "1"});
}

} // namespace

void run_storm(const options& opts, const server_process& server, report& out) {
  auto count = std::min(opts.clients.back(),
                        raise_file_limit() - reserved_files);
  if (server.address().below == transport::tls)
    count = std::min(count, opts.max_tls_clients);
  for (size_t loops : {1u, 2u}) {
    measure_storm(opts, server, count, loops, acquaintance::none, out);
    if (server.address().below == transport::tls)
      measure_storm(opts, server, count, loops, acquaintance::session, out);
  }
}

} // namespace zenws::bench
