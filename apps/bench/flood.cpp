// SPDX-License-Identifier: BSD-3-Clause

#include "flood.hpp"

#include "audience.hpp"
#include "cases.hpp"
#include "flood_sink.hpp"
#include "notifications.hpp"
#include "raw_beast.hpp"
#include "raw_bytes.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace zenws::bench {

namespace {

// Bytes of the flood that measures the speed of a variant.
constexpr uint64_t pilot_bytes = 16 * 1024 * 1024;

// The most bytes of a flood: over TLS the server holds all of them.
constexpr uint64_t max_flood_bytes = 1024 * 1024 * 1024;

double rate_of(const sample& x) {
  return x.front().value;
}

comparison flood_comparison(const options& opts, const server_address& where,
                            size_t size) {
  auto content = opts.dialect == "deribit" ? flood_content::notifications
                                           : flood_content::plain;
  auto entry = [&](const char* name, auto receive) {
    return timed(name, opts.seconds, size, [=](uint64_t count) {
      return receive(where, flood_order{count, size, content});
    });
  };
  comparison result;
  result.bench = "flood";
  result.label = to_string(where.below) + '/' + std::to_string(size);
  if (content != flood_content::plain)
    result.label += '/' + opts.dialect;
  result.variants = {
    entry("limit", raw_flood),
    entry("beast-sync", beast_sync_flood),
    entry("beast-async", beast_async_flood),
    entry("scheduled", zenws_flood{opts.policy, placement::scheduled}),
    entry("co-located", zenws_flood{opts.policy, placement::co_located}),
  };
  if (opts.watched) {
    zenws_flood scheduled{opts.policy, placement::scheduled};
    zenws_flood co_located{opts.policy, placement::co_located};
    scheduled.watched = co_located.watched = true;
    result.variants.push_back(entry("watched-scheduled", scheduled));
    result.variants.push_back(entry("watched-co-located", co_located));
  }
  if (!opts.typed)
    return result;
  auto typed = [&](const char* name, placement place, size_t subscribers) {
    result.variants.push_back(entry(
      name, zenws_flood{opts.policy, place, subscribers, flood_form::typed}));
  };
  typed("typed-scheduled", placement::scheduled, 1);
  typed("typed-co-located", placement::co_located, 1);
  typed("typed-x100", placement::scheduled, 100);
  return result;
}

// Adds how fast watched runtimes are next to those that nobody watches.
void report_audience(const comparison& cases, const medians& all, report& out) {
  for (std::string name : {"scheduled", "co-located"}) {
    auto alone = all.find(name);
    auto watched = all.find("watched-" + name);
    if (alone != all.end() && watched != all.end())
      out.add({cases.bench, cases.label + "/watched-" + name, "of-unwatched",
               rate_of(watched->second) / rate_of(alone->second), "1"});
  }
}

// Adds the share of the machine's limit that zenws reaches.
void report_shares(const comparison& cases, const medians& all, report& out) {
  auto limit = all.find("limit");
  if (limit == all.end())
    return;
  for (auto* name :
       {"scheduled", "co-located", "typed-scheduled", "typed-co-located"})
    if (auto i = all.find(name); i != all.end())
      out.add({cases.bench, cases.label + '/' + name, "of-limit",
               rate_of(i->second) / rate_of(limit->second), "1"});
}

} // namespace

sample zenws_flood::operator()(const server_address& from,
                               flood_order order) const {
  if (form == flood_form::typed)
    return receive_typed(from, order);
  actor_host host{policy};
  std::optional<audience> watching;
  if (watched)
    watching.emplace(host.loops());
  auto of_channels = order.content == flood_content::notifications;
  // The answer to the subscription comes before the flood.
  auto first_sequence = uint64_t{of_channels ? 2u : 1u};
  auto progress = std::make_shared<flood_progress>(subscribers);
  std::vector<caf::actor> sinks;
  for (size_t i = 0; i < subscribers; ++i)
    sinks.push_back(
      host.spawn<flood_sink>(where, progress, order, first_sequence));
  if (of_channels)
    order.start = flood_start::on_subscribe;
  auto cfg = of_channels ? venue_config_for(from, order)
                         : config_for(from, flood_target(order));
  auto client = host.connect(cfg,
                             of_channels ? std::vector<caf::actor>{} : sinks);
  if (of_channels)
    for (auto& x : sinks)
      host.subscribe(client, x, flood_channels());
  auto spent = progress->wait();
  host.close(client);
  for (auto& x : sinks)
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  return spent.per_message(order.count * subscribers);
}

sample zenws_flood::receive_typed(const server_address& from,
                                  flood_order order) const {
  actor_host host{policy};
  auto progress = std::make_shared<flood_progress>(subscribers);
  order.start = flood_start::on_subscribe;
  auto client = host.connect(venue_config_for(from, order), {});
  std::vector<caf::actor> sinks;
  // The answer to the subscription comes before the flood.
  for (size_t i = 0; i < subscribers; ++i)
    sinks.push_back(
      host.spawn<typed_flood_sink>(where, progress, order.count + 1));
  host.subscribe_market(client, sinks, flood_instruments());
  auto spent = progress->wait();
  host.close(client);
  for (auto& x : sinks)
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  return spent.per_message(order.count);
}

client_config config_for(const server_address& where,
                         const std::string& target) {
  client_config result;
  result.url = where.url(target);
  if (where.below == transport::tls)
    result.tls.ca_file = where.ca_file;
  return result;
}

client_config venue_config_for(const server_address& where,
                               const flood_order& order) {
  auto result = config_for(where, flood_target(order));
  result.venue.dialect = "deribit";
  result.heartbeat.kind = heartbeat_kind::none; // its answer would be one more
  return result;
}

variant timed(std::string name, double seconds, size_t size,
              const flood_function& receive) {
  auto count = std::make_shared<uint64_t>(0);
  auto measure = [=] {
    if (*count == 0) {
      auto pilot = std::max<uint64_t>(pilot_bytes / size, 1000);
      auto wanted = seconds * rate_of(receive(pilot));
      *count = std::clamp(static_cast<uint64_t>(wanted), pilot,
                          max_flood_bytes / size);
    }
    return receive(*count);
  };
  return {std::move(name), measure};
}

void run_flood(const options& opts, const server_process& server, report& out) {
  for (auto size : opts.sizes) {
    auto cases = flood_comparison(opts, server.floods(), size);
    auto all = run(cases, opts, out);
    report_shares(cases, all, out);
    report_audience(cases, all, out);
  }
}

} // namespace zenws::bench
