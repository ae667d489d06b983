// SPDX-License-Identifier: BSD-3-Clause

#include "actor_host.hpp"
#include "cases.hpp"
#include "comparison.hpp"
#include "flood.hpp"
#include "meter.hpp"
#include "tick_rival.hpp"
#include "tick_strategy.hpp"
#include "tick_venue.hpp"

#include "zenws/actors/desk/order_desk.hpp"

#include "support/temporary_folder.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace zenws::bench {

namespace {

using trading::journal_mode;

// Waits until a client has traded.
sample measure(tick_venue& venue) {
  meter spent;
  spent.start();
  auto durations = venue.durations();
  spent.stop();
  auto cpu = spent.seconds() * spent.cpu_share();
  auto orders = static_cast<double>(durations.size());
  auto result = percentiles(durations);
  result.push_back({"p99.9", "us", quantile(durations, 0.999)});
  result.push_back({"cpu", "us/order", cpu * 1e6 / orders});
  return result;
}

market::decimal number(int64_t value) {
  return market::decimal::make(value, 0).value();
}

order_desk_options desk_options(const client_actor& client, journal_mode mode,
                                const std::string& path) {
  order_desk_options result;
  result.account = client;
  result.market = client;
  result.desk.ledger.owner = "bench";
  result.desk.instruments = {{tick_instrument,
                              {.order_amount = number(1'000),
                               .order_value = number(100'000'000),
                               .position = number(1'000'000'000),
                               .price_distance = 0.05,
                               .orders_per_second = 100'000,
                               .open_orders = 200}}};
  result.journal_path = path;
  result.journal = mode;
  return result;
}

client_actor connect(actor_host& host, const server_address& where) {
  client_spec spec;
  spec.config = config_for(where, "/ws/api/v2");
  spec.config.venue.dialect = "deribit";
  spec.config.venue.login = login_mode::required;
  spec.credentials = [] {
    return result<credentials>{credentials{"demo", "demo-secret"}};
  };
  // Orders come sooner than the venue would let them.
  spec.limits.rates.emplace();
  spec.loop = 0;
  auto client = host.loops().connect(std::move(spec));
  if (!client)
    throw std::runtime_error{caf_compat::to_text(client.error())};
  return std::move(*client);
}

order_desk_actor start_desk(actor_host& host, placement where,
                            order_desk_options options) {
  auto desk = where == placement::co_located
                ? start_order_desk(host.loops().system(), host.loops().loop(0),
                                   std::move(options))
                : start_order_desk(host.loops().system(), std::move(options));
  if (!desk)
    throw std::runtime_error{caf_compat::to_text(desk.error())};
  return std::move(*desk);
}

sample measure_zenws(tick_venue& venue, placement where, journal_mode mode) {
  test_support::temporary_folder folder;
  actor_host host{"sharing"};
  auto client = connect(host, venue.address());
  auto desk = start_desk(host, where,
                         desk_options(client, mode, folder.file("orders.db")));
  auto strategy = host.spawn<tick_strategy>(where, desk);
  host.subscribe_market(client, {strategy}, {tick_instrument});
  auto result = measure(venue);
  caf::anon_send_exit(strategy, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(desk, caf::exit_reason::user_shutdown);
  host.close(client);
  return result;
}

sample measure_rival(tick_venue& venue) {
  tick_rival rival{venue.address()};
  return measure(venue);
}

} // namespace

void run_tick_to_trade(const options& opts, report& out) {
  auto where = opts.placement.value_or(cores::apart);
  tick_venue venue{where, opts.round_trips};
  core_guard guard{where};
  auto entry = [&](const char* name, placement place, journal_mode mode) {
    return variant{name, [&venue, place, mode] {
                     return measure_zenws(venue, place, mode);
                   }};
  };
  comparison cases;
  cases.bench = "tick-to-trade";
  cases.label = "deribit";
  cases.variants = {
    {comparison::beast, [&] { return measure_rival(venue); }},
    entry("co-located", placement::co_located, journal_mode::off),
    entry("co-located-async", placement::co_located, journal_mode::async),
    entry("scheduled", placement::scheduled, journal_mode::off),
    entry("scheduled-async", placement::scheduled, journal_mode::async),
  };
  run(cases, opts, out);
}

} // namespace zenws::bench
