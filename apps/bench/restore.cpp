// SPDX-License-Identifier: BSD-3-Clause

#include "actor_host.hpp"
#include "cases.hpp"
#include "comparison.hpp"
#include "flood.hpp"
#include "market_channels.hpp"
#include "raw_beast.hpp"
#include "restore_watch.hpp"

#include <stdexcept>

namespace zenws::bench {

namespace {

constexpr auto path = "/ws/api/v2";

// The venue's limits play no part: there is credit for ten requests, of 500
// channels each.
constexpr size_t numbers_of_channels[] = {100, 1'000, 5'000};

constexpr std::chrono::seconds restore_patience{30};

// The first retry comes at once, so to say.
client_config config_of(const server_address& server) {
  auto result = config_for(server, path);
  result.venue.dialect = "deribit";
  result.backoff.min = std::chrono::milliseconds{1};
  return result;
}

// Has the server drop a client that has its channels, and watches it return.
sample restore_once(const server_address& server, const std::string& policy,
                    placement where, size_t channels) {
  actor_host host{policy};
  auto promise = std::make_shared<std::promise<restoration>>();
  auto result = promise->get_future();
  auto watch = host.spawn<restore_watch>(where, promise);
  auto client = host.connect(config_of(server), {});
  host.subscribe(client, watch, market_channels(channels));
  send_command(server,
               R"({"fault":"drop","path":")" + std::string{path} + R"("})");
  if (result.wait_for(restore_patience) != std::future_status::ready)
    throw std::runtime_error{"the client does not return"};
  auto seen = result.get();
  if (host.status(client).channels != channels)
    throw std::runtime_error{"channels are lost"};
  host.close(client);
  caf::anon_send_exit(watch, caf::exit_reason::user_shutdown);
  return {
    {"restored", "ms", milliseconds_of(seen.ready - seen.opened)},
    {"first-data", "ms", milliseconds_of(seen.fed - seen.opened)},
    {"from-dial", "ms", milliseconds_of(seen.ready - seen.dialed)},
  };
}

} // namespace

void run_restore(const options& opts, const server_process& server,
                 report& out) {
  auto& address = server.address();
  for (auto channels : numbers_of_channels) {
    comparison cases;
    cases.bench = "restore";
    cases.label = to_string(address.below) + '/' + std::to_string(channels);
    for (auto where : {placement::scheduled, placement::co_located}) {
      auto name = where == placement::scheduled ? "scheduled" : "co-located";
      cases.variants.push_back({name, [&opts, &address, where, channels] {
                                  return restore_once(address, opts.policy,
                                                      where, channels);
                                }});
    }
    run(cases, opts, out);
  }
}

} // namespace zenws::bench
