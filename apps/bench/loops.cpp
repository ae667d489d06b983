// SPDX-License-Identifier: BSD-3-Clause

#include "actor_host.hpp"
#include "cases.hpp"
#include "flood.hpp"
#include "flood_sink.hpp"
#include "notifications.hpp"

#include <memory>
#include <string>
#include <vector>

namespace zenws::bench {

namespace {

constexpr size_t clients = 8;

// Each client has a flood of its own, and one subscriber for its market data.
sample receive(const server_address& from, flood_order order, size_t loops) {
  actor_host host{"sharing", with_loops(loops)};
  auto progress = std::make_shared<flood_progress>(clients);
  order.content = flood_content::notifications;
  order.start = flood_start::on_subscribe;
  std::vector<client_actor> all;
  for (size_t i = 0; i < clients; ++i)
    all.push_back(host.connect(venue_config_for(from, order), {}));
  std::vector<caf::actor> sinks;
  for (auto& client : all) {
    // The answer to the subscription comes before the flood.
    sinks.push_back(host.spawn<typed_flood_sink>(placement::scheduled, progress,
                                                 order.count + 1));
    host.subscribe_market(client, {sinks.back()}, flood_instruments());
  }
  auto spent = progress->wait();
  for (auto& client : all)
    host.close(client);
  for (auto& x : sinks)
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  return spent.per_message(order.count * clients);
}

} // namespace

void run_loops(const options& opts, const server_process& server, report& out) {
  auto& where = server.floods();
  auto size = min_notification_size();
  comparison cases;
  cases.bench = "loops";
  cases.label = to_string(where.below) + '/' + std::to_string(clients);
  cases.baseline = "1";
  for (size_t loops : {1u, 2u})
    cases.variants.push_back(
      timed(std::to_string(loops), opts.seconds, size, [=](uint64_t count) {
        return receive(where, {.count = count / clients, .size = size}, loops);
      }));
  run(cases, opts, out);
}

} // namespace zenws::bench
