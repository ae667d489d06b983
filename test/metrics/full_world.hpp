// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "support/market_inbox.hpp"
#include "support/node_world.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include "zenws/metrics/metrics_collector.hpp"

#include "support/scrape.hpp"

#include <memory>
#include <string>

namespace zenws::test_support {

/// A node with a client of everything that has metrics: its market data are
/// followed, it is recorded, makes calls, beats, has a limit, carries the
/// orders of a desk, and another node follows it.
struct full_world {
  full_world() {
    auto started = here.ask<client_actor>(here.supervisor,
                                          start_client{feed()});
    CAF_REQUIRE(started);
    client = *started;
    CAF_REQUIRE(here.ask<uint64_t>(client, await_ready{}));
    CAF_REQUIRE(here.ask<rpc_result>(client, call{"public/get_time"}));
    start_desk();
    metrics.add_gateway("gateway", here.gateway->stats());
    follow_from_the_other_node();
  }

  client_spec feed() {
    auto result = deribit_at(*venue, "feed");
    result.config.venue.login = login_mode::required;
    result.config.heartbeat = {
      .kind = heartbeat_kind::ping_pong, .interval = 20ms, .max_missed = 100};
    result.credentials = demo_account;
    result.record_to = recorder_options{.path = folder.file("feed.jsonl"),
                                        .flush_interval = 5ms};
    result.limits.additional_rates
      = {{.name = "orders",
          .pool = "orders",
          .scope = limit_scope::account,
          .rule = token_bucket_config{.capacity = 5}}};
    return result;
  }

  void start_desk() {
    order_desk_options options{.account = client, .market = client};
    options.desk.ledger.owner = "desk";
    options.desk.instruments = {{"BTC-PERPETUAL", {}}};
    options.journal = trading::journal_mode::off;
    metrics.add_desk("maker", options.stats);
    metrics.add_sink("archive", std::make_shared<sink_stats>());
    auto started = start_order_desk(here.sys, options);
    CAF_REQUIRE(started);
    desk = *started;
  }

  void follow_from_the_other_node() {
    remote = there.client("feed");
    auto [subscriber, in] = there.collect(remote);
    CAF_REQUIRE(subscriber);
  }

  market_inbox_ptr follow_market(market::data_kinds kinds) {
    auto in = std::make_shared<market_inbox>();
    auto report = here.ask<market_report>(
      client,
      subscribe_market{.instruments = {"BTC-PERPETUAL"},
                       .kinds = kinds,
                       .subscriber = here.sys.spawn<market_collector>(in)});
    CAF_REQUIRE(report);
    return in;
  }

  scrape scraped() const {
    return scrape{metrics.text()};
  }

  std::unique_ptr<sim::server> venue = start_server();
  temporary_folder folder;
  gateway_world here;
  subscriber_world there{here.gateway->port()};
  metrics_collector metrics{here.rt};
  client_actor client;
  client_actor remote;
  order_desk_actor desk;
};

} // namespace zenws::test_support
