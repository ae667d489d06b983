// SPDX-License-Identifier: BSD-3-Clause

#include "cases.hpp"
#include "comparison.hpp"
#include "flood.hpp"
#include "ping_pong.hpp"
#include "raw_beast.hpp"

#include <memory>
#include <utility>

namespace zenws::bench {

namespace {

sample round_trip_figures(std::vector<double> durations) {
  auto result = percentiles(durations);
  result.push_back({"p99.9", "us", quantile(durations, 0.999)});
  return result;
}

// Longer than a round trip: the loop never sleeps.
constexpr caf::timespan busy_poll = std::chrono::milliseconds{10};

} // namespace

void run_rtt(const options& opts, const server_process& server, report& out) {
  auto& where = server.address();
  auto count = opts.round_trips;
  auto entry = [&](const char* name, const char* policy, placement place,
                   caf::timespan busy = {}) {
    return variant{name, [=, &where] {
                     return round_trip_figures(
                       zenws_round_trips(where, policy, place, busy, count));
                   }};
  };
  comparison cases;
  cases.bench = "rtt";
  cases.label = to_string(where.below) + '/' + std::to_string(payload_bytes);
  cases.variants = {
    {comparison::beast,
     [=, &where] {
       return round_trip_figures(
         beast_round_trips(where, warm_up_trips, count, payload_bytes));
     }},
    entry("co-located", "sharing", placement::co_located),
    entry("co-located-busy", "sharing", placement::co_located, busy_poll),
    entry("scheduled-sharing", "sharing", placement::scheduled),
    entry("scheduled-stealing", "stealing", placement::scheduled),
  };
  run(cases, opts, out);
}

} // namespace zenws::bench
