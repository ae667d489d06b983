// SPDX-License-Identifier: BSD-3-Clause

#include "cases.hpp"
#include "flood.hpp"

#include <string>

namespace zenws::bench {

namespace {

comparison fanout_comparison(const options& opts, const server_address& where,
                             placement place) {
  comparison result;
  result.bench = "fanout";
  result.label = to_string(where.below) + '/' + std::to_string(payload_bytes)
                 + (place == placement::scheduled ? "/scheduled"
                                                  : "/co-located");
  for (size_t n : {1, 10, 100, 1000}) {
    zenws_flood flood{opts.policy, place, n};
    auto receive = [=](uint64_t count) {
      auto figures = flood(where, {count, payload_bytes});
      figures.push_back(
        {"each", "1/s", figures.front().value / static_cast<double>(n)});
      return figures;
    };
    // The pilot counts messages, of which there are `n` times as many.
    auto seconds = opts.seconds / static_cast<double>(n);
    result.variants.push_back(
      timed("x" + std::to_string(n), seconds, payload_bytes, receive));
  }
  return result;
}

} // namespace

void run_fanout(const options& opts, const server_process& server,
                report& out) {
  for (auto place : {placement::scheduled, placement::co_located})
    run(fanout_comparison(opts, server.floods(), place), opts, out);
}

} // namespace zenws::bench
