// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE registry_feed

#include "support/scrape.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include "zenws/metrics/metrics_collector.hpp"
#include "zenws/metrics/registry_feed.hpp"
#include "zenws/testing/mock_exchange.hpp"

#include <caf/telemetry/collector/prometheus.hpp>

#include <atomic>
#include <string>
#include <thread>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : venue_world {
  // What CAF's own exporter shows, without its time stamps.
  scrape exported() {
    caf::telemetry::collector::prometheus exporter;
    exporter.min_scrape_interval(caf::timespan{0});
    auto page = exporter.collect_from(sys.metrics());
    std::string result;
    std::string line;
    for (char ch : page) {
      line += ch;
      if (ch != '\n')
        continue;
      if (!line.starts_with('#'))
        line = line.substr(0, line.rfind(' ')) + '\n';
      result += line;
      line.clear();
    }
    return scrape{result};
  }

  client_actor start_echo() {
    client_spec spec{.name = "feed", .config = quick(exchange.url("/echo"))};
    auto uut = ask<client_actor>(supervisor, start_client{std::move(spec)});
    CAF_REQUIRE(uut);
    CAF_REQUIRE(ask<uint64_t>(*uut, await_ready{}));
    return *uut;
  }

  void echo(const client_actor& uut, const inbox_ptr& in) {
    auto n = in->count();
    CAF_CHECK(!tell(uut, send_text{"hello"}));
    CAF_CHECK(in->wait_for_messages(n + 1));
  }

  testing::mock_exchange exchange;
  client_supervisor_actor supervisor = rt.supervise({.name = "desk"});
  metrics_collector metrics{rt};
};

constexpr auto received = "zenws_client_received_messages_total";

constexpr auto ready = "zenws_client_ready";

} // namespace

CAF_TEST_FIXTURE_SCOPE(registry_feed_tests, fixture)

CAF_TEST(the exporter of CAF shows all counters and gauges) {
  auto uut = start_echo();
  auto [subscriber, in] = collect(uut);
  echo(uut, in);
  scrape own{metrics.text()};
  registry_feed feed{sys, metrics, 1h};
  auto page = exported();
  size_t seen = 0;
  for (auto& [name, family] : own.families()) {
    if (!name.starts_with("zenws_"))
      continue;
    ++seen;
    auto expected = family.type == "histogram" ? name + "_count" : name;
    auto i = page.families().find(expected);
    if (i == page.families().end()) {
      CAF_ERROR("not exported: " << expected);
      continue;
    }
    CAF_CHECK(i->second.labels == family.labels);
    if (family.type != "histogram")
      CAF_CHECK_EQUAL(i->second.type, family.type);
  }
  CAF_CHECK(seen > 20);
  CAF_CHECK_EQUAL(page.get(received, {{"client", "feed"}}), 1.0);
  CAF_CHECK_EQUAL(page.get(ready, {{"client", "feed"}}), 1.0);
  CAF_CHECK_EQUAL(page.get("zenws_loops"), 1.0);
}

CAF_TEST(what changes is copied again) {
  auto uut = start_echo();
  auto [subscriber, in] = collect(uut);
  registry_feed feed{sys, metrics, 1h};
  CAF_CHECK_EQUAL(exported().get(received), 0.0);
  echo(uut, in);
  feed.update();
  echo(uut, in);
  echo(uut, in);
  feed.update();
  feed.update();
  CAF_CHECK_EQUAL(exported().get(received), 3.0);
}

CAF_TEST(of a client that is gone the counters stay and the gauges are zero) {
  auto uut = start_echo();
  auto [subscriber, in] = collect(uut);
  echo(uut, in);
  registry_feed feed{sys, metrics, 1h};
  CAF_CHECK(!tell(supervisor, stop_client{"feed"}));
  CAF_CHECK(eventually([&] {
    feed.update();
    auto page = exported();
    return page.find(ready) == 0.0 && page.get(received) == 1.0;
  }));
}

CAF_TEST(another feed goes on where the last one has ended) {
  auto uut = start_echo();
  auto [subscriber, in] = collect(uut);
  for (int i = 1; i <= 3; ++i) {
    echo(uut, in);
    registry_feed feed{sys, metrics, 1h};
    CAF_CHECK_EQUAL(exported().get(received), static_cast<double>(i));
  }
}

CAF_TEST(a client that is started again counts on) {
  registry_feed feed{sys, metrics, 1h};
  for (int i = 1; i <= 2; ++i) {
    auto uut = start_echo();
    auto [subscriber, in] = collect(uut);
    echo(uut, in);
    feed.update();
    CAF_CHECK_EQUAL(exported().get(received), static_cast<double>(i));
    CAF_CHECK(!tell(supervisor, stop_client{"feed"}));
    CAF_CHECK(eventually([&] {
      feed.update();
      return exported().find(ready) == 0.0;
    }));
  }
}

CAF_TEST(threads may update at a time) {
  auto uut = start_echo();
  auto [subscriber, in] = collect(uut);
  registry_feed feed{sys, metrics, 1ms};
  std::atomic<bool> done = false;
  std::thread other{[&] {
    while (!done)
      feed.update();
  }};
  for (int i = 0; i < 50; ++i)
    echo(uut, in);
  done = true;
  other.join();
  feed.update();
  CAF_CHECK_EQUAL(exported().get(received), 50.0);
}

CAF_TEST(the feed copies by itself) {
  auto uut = start_echo();
  auto [subscriber, in] = collect(uut);
  registry_feed feed{sys, metrics, 1ms};
  echo(uut, in);
  CAF_CHECK(eventually([&] { return exported().get(received) == 1.0; }));
}

CAF_TEST_FIXTURE_SCOPE_END()
