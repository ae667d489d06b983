// SPDX-License-Identifier: BSD-3-Clause

#include "cases.hpp"
#include "comparison.hpp"
#include "flood.hpp"
#include "idle_probe.hpp"
#include "peer_program.hpp"
#include "ping_pong.hpp"
#include "raw_beast.hpp"

#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace zenws::bench {

namespace {

using peers = std::vector<peer_program>;

constexpr size_t idle_connections = 500;

comparison floods(const options& opts, const server_address& where, size_t size,
                  const peers& others) {
  comparison result{.bench = "peers",
                    .label = to_string(where.below) + "/flood/"
                             + std::to_string(size)};
  auto add = [&](const std::string& name, const flood_function& receive) {
    result.variants.push_back(timed(name, opts.seconds, size, receive));
  };
  auto with_order = [&where, size](auto receive) {
    return [=, &where](uint64_t count) {
      return receive(where, flood_order{count, size, flood_content::plain});
    };
  };
  add(comparison::beast, with_order(beast_async_flood));
  add("zenws", with_order(zenws_flood{opts.policy, placement::scheduled}));
  add("zenws-co-located",
      with_order(zenws_flood{opts.policy, placement::co_located}));
  for (auto& x : others)
    add(x.name(),
        [=, &where](uint64_t count) { return x.flood(where, count, size); });
  return result;
}

comparison round_trips(const options& opts, const server_address& where,
                       const peers& others) {
  comparison result{.bench = "peers",
                    .label = to_string(where.below) + "/echo"};
  auto count = opts.round_trips;
  auto add = [&](const std::string& name, std::function<sample()> measure) {
    result.variants.push_back({name, std::move(measure)});
  };
  add(comparison::beast, [=, &where] {
    return percentiles(
      beast_round_trips(where, warm_up_trips, count, payload_bytes));
  });
  add("zenws", [=, &opts, &where] {
    return percentiles(
      zenws_round_trips(where, opts.policy, placement::scheduled, {}, count));
  });
  add("zenws-co-located", [=, &opts, &where] {
    return percentiles(
      zenws_round_trips(where, opts.policy, placement::co_located, {}, count));
  });
  for (auto& x : others)
    add(x.name(),
        [=, &where] { return x.round_trips(where, count, payload_bytes); });
  return result;
}

comparison idle(const server_address& where, const peers& others) {
  comparison result{.bench = "peers",
                    .label = to_string(where.below) + "/idle"};
  auto add = [&](const std::string& name, auto bytes) {
    result.variants.push_back(
      {name, [=] {
         return sample{{"resident", "KiB/client", bytes() / 1024}};
       }});
  };
  add("zenws", [&where] { return idle_bytes(where, idle_connections); });
  for (auto& x : others)
    add(x.name(),
        [=, &where] { return x.idle_bytes(where, idle_connections); });
  return result;
}

} // namespace

void run_peers(const options& opts, const server_process& server, report& out) {
  auto others = find_peers();
  if (others.empty())
    throw std::runtime_error{"no peers on this machine: ./dev bench peers "
                             "installs them"};
  for (auto size : opts.sizes)
    run(floods(opts, server.floods(), size, others), opts, out);
  run(idle(server.address(), others), opts, out);
  // As the case rtt.
  server_process apart{server.address().below, cores::apart};
  core_guard guard{cores::apart};
  run(round_trips(opts, apart.address(), others), opts, out);
}

} // namespace zenws::bench
