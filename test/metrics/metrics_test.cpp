// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE metrics

#include "support/scrape.hpp"
#include "support/scripted_peer.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include "zenws/metrics/metrics_collector.hpp"
#include "zenws/testing/mock_exchange.hpp"

#include <future>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

// A subscriber that lets go of nothing.
class hoarder : public subscriber_actor::base {
public:
  explicit hoarder(caf::actor_config& cfg) : subscriber_actor::base(cfg) {
    // nop
  }

  behavior_type make_behavior() override {
    return {
      [this](const message_batch& batch) { held_.push_back(batch); },
      [](const client_event&) {},
    };
  }

private:
  std::vector<message_batch> held_;
};

struct fixture : venue_world {
  client_spec echo(std::string name) {
    return {.name = std::move(name),
            .config = quick(exchange.url("/echo")),
            .classify_refusal = refusals_are_final};
  }

  client_actor start(client_spec spec) {
    auto uut = ask<client_actor>(supervisor, start_client{std::move(spec)});
    CAF_REQUIRE(uut);
    CAF_REQUIRE(ask<uint64_t>(*uut, await_ready{}));
    return *uut;
  }

  scrape scraped() const {
    return scrape{metrics.text()};
  }

  bool becomes(const char* name, double expected,
               const scrape::labels& labels = {}) {
    return eventually([&] { return scraped().get(name, labels) == expected; });
  }

  testing::mock_exchange exchange;
  client_supervisor_actor supervisor = rt.supervise({.name = "desk"});
  metrics_collector metrics{rt};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(metrics_tests, fixture)

CAF_TEST(messages and bytes are counted in both directions) {
  auto uut = start(echo("feed"));
  auto [subscriber, in] = collect(uut);
  CAF_CHECK_EQUAL(tell(uut, send_text{"hello"}), caf::none);
  CAF_CHECK_EQUAL(tell(uut, send_binary{"123"}), caf::none);
  CAF_CHECK(in->wait_for_messages(2));
  scrape::labels feed{
    {"client", "feed"}, {"dialect", "raw"}, {"supervisor", "desk"}};
  auto now = scraped();
  CAF_CHECK_EQUAL(now.get("zenws_client_received_messages_total", feed), 2);
  CAF_CHECK_EQUAL(now.get("zenws_client_received_bytes_total", feed), 8);
  CAF_CHECK_EQUAL(now.get("zenws_client_sent_messages_total", feed), 2);
  CAF_CHECK_EQUAL(now.get("zenws_client_sent_bytes_total", feed), 8);
  CAF_CHECK_EQUAL(now.get("zenws_client_ready", feed), 1);
  CAF_CHECK_EQUAL(now.get("zenws_client_connections_total", feed), 1);
  feed["state"] = "ready";
  CAF_CHECK_EQUAL(now.get("zenws_client_state", feed), 1);
  CAF_CHECK(becomes("zenws_client_subscribers", 1, {{"client", "feed"}}));
}

CAF_TEST(a crash and the restart after it are counted) {
  auto uut = start(echo("feed"));
  auto news = watch();
  caf::anon_send_exit(uut, caf::exit_reason::kill);
  CAF_REQUIRE(news->wait_for_news(supervision_event_kind::restarted, "feed"));
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  auto now = scraped();
  CAF_CHECK_EQUAL(now.get("zenws_client_restarts_total"), 1);
  CAF_CHECK_EQUAL(now.get("zenws_client_connections_total"), 2);
  CAF_CHECK_EQUAL(now.get("zenws_supervisor_restarts_total"), 1);
  CAF_CHECK_EQUAL(now.get("zenws_supervisor_children", {{"state", "running"}}),
                  1);
}

CAF_TEST(a client that was given up is shown as dead) {
  auto news = watch();
  auto uut = start(echo("feed"));
  exchange.refuse(403);
  exchange.drop();
  CAF_REQUIRE(news->wait_for_news(supervision_event_kind::gave_up, "feed"));
  CAF_CHECK(becomes("zenws_supervisor_children", 1, {{"state", "gave_up"}}));
  auto now = scraped();
  CAF_CHECK_EQUAL(now.get("zenws_supervisor_given_up_total"), 1);
  CAF_CHECK_EQUAL(now.get("zenws_supervisor_children", {{"state", "running"}}),
                  0);
  CAF_CHECK_EQUAL(now.find("zenws_client_ready"), std::optional{0.0});
  CAF_CHECK_EQUAL(now.get("zenws_client_state", {{"state", "stopped"}}), 1);
}

CAF_TEST(a client that was stopped vanishes) {
  start(echo("gone"));
  start(echo("stays"));
  CAF_CHECK_EQUAL(tell(supervisor, stop_client{"gone"}), caf::none);
  auto now = scraped();
  CAF_CHECK(!now.find("zenws_client_ready", {{"client", "gone"}}));
  CAF_CHECK(now.find("zenws_client_ready", {{"client", "stays"}}));
  CAF_CHECK_EQUAL(now.get("zenws_supervisor_children", {{"state", "running"}}),
                  1);
  CAF_CHECK_EQUAL(now.get("zenws_supervisor_children", {{"state", "stopped"}}),
                  0);
}

CAF_TEST(a supervisor that has ended vanishes) {
  auto shown = [&] {
    return scraped().find("zenws_supervisor_restarts_total",
                          {{"supervisor", "other"}});
  };
  auto other = rt.supervise({.name = "other"});
  CAF_CHECK_EQUAL(shown(), std::optional{0.0});
  self->send_exit(other, caf::exit_reason::user_shutdown);
  CAF_CHECK(eventually([&] { return !shown(); }));
}

CAF_TEST(messages that a slow subscriber loses are counted) {
  auto spec = echo("feed");
  spec.subscribers
    = {{caf::actor_cast<caf::actor>(sys.spawn<hoarder>()),
        {.policy = overflow_policy::drop_newest, .budget_bytes = 1024}}};
  auto uut = start(spec);
  auto [fast, in] = collect(uut);
  std::string text(1'000, 'x');
  for (size_t i = 1; i <= 10; ++i) {
    CAF_CHECK_EQUAL(tell(uut, send_text{text}), caf::none);
    CAF_REQUIRE(in->wait_for_messages(i));
  }
  CAF_CHECK(eventually([&] {
    auto status = status_of(uut);
    return status.messages_dropped > 0
           && scraped().get("zenws_client_dropped_messages_total")
                == static_cast<double>(status.messages_dropped);
  }));
}

CAF_TEST(pauses for a slow subscriber are counted) {
  auto spec = echo("feed");
  spec.subscribers = {{caf::actor_cast<caf::actor>(sys.spawn<hoarder>()),
                       {.budget_bytes = 1024}}};
  auto uut = start(spec);
  std::string text(2'000, 'x');
  CAF_CHECK_EQUAL(tell(uut, send_text{text}), caf::none);
  CAF_CHECK_EQUAL(tell(uut, send_text{text}), caf::none);
  CAF_CHECK(becomes("zenws_client_reading_pauses_total", 1));
}

CAF_TEST(what the dialect cannot read is counted) {
  auto spec = echo("feed");
  spec.config.venue.dialect = "json_rpc";
  auto uut = start(spec);
  CAF_CHECK_EQUAL(tell(uut, send_text{"{\"a\":"}), caf::none);
  CAF_CHECK(becomes("zenws_client_malformed_messages_total", 1));
}

CAF_TEST(calls and heartbeats are measured) {
  client_spec spec{.name = "venue", .config = quick(exchange.url())};
  spec.config.venue.dialect = "deribit";
  spec.config.heartbeat
    = {.kind = heartbeat_kind::ping_pong, .interval = 20ms, .max_missed = 100};
  auto uut = start(spec);
  CAF_CHECK(ask<rpc_result>(uut, call{"public/get_time"}));
  CAF_CHECK(becomes("zenws_client_call_seconds_count", 1));
  CAF_CHECK(eventually([&] {
    return scraped().get("zenws_client_heartbeat_seconds_count") >= 3;
  }));
  auto now = scraped();
  auto all = now.get("zenws_client_call_seconds_bucket", {{"le", "+Inf"}});
  CAF_CHECK_EQUAL(all, 1);
  CAF_CHECK_LESS(now.get("zenws_client_call_seconds_sum"), 20);
  CAF_CHECK_GREATER(now.get("zenws_client_call_seconds_sum"), 0);
  CAF_CHECK_EQUAL(now.get("zenws_client_pending_calls"), 0);
}

CAF_TEST(latencies survive a restart) {
  client_spec spec{.name = "venue", .config = quick(exchange.url())};
  spec.config.venue.dialect = "deribit";
  auto uut = start(spec);
  CAF_CHECK(ask<rpc_result>(uut, call{"public/get_time"}));
  CAF_CHECK(ask<client_actor>(supervisor, restart_client{"venue"}));
  CAF_CHECK(ask<uint64_t>(uut, await_ready{}));
  CAF_CHECK(ask<rpc_result>(uut, call{"public/get_time"}));
  CAF_CHECK(becomes("zenws_client_call_seconds_count", 2));
}

CAF_TEST(channels that fall silent are shown while they are wanted) {
  client_spec spec{.name = "venue", .config = quick(exchange.url())};
  spec.config.venue.dialect = "deribit";
  auto uut = start(spec);
  auto channel = "trades.BTC-PERPETUAL.100ms";
  auto [subscriber, in]
    = follow_specs(uut, {{.name = channel, .silent_after = 500ms}});
  CAF_REQUIRE(in->wait_for_messages(1));
  CAF_CHECK_EQUAL(scraped().get("zenws_client_silent_channels"), 0);
  exchange.server().apply(sim::fault_silence{.channel = channel});
  CAF_REQUIRE(in->wait_for_kind(event_kind::channel_silent));
  CAF_CHECK(becomes("zenws_client_silent_channels", 1));
  CAF_CHECK_EQUAL(scraped().get("zenws_client_channels"), 1);
  self->send_exit(subscriber, caf::exit_reason::user_shutdown);
  CAF_CHECK(becomes("zenws_client_channels", 0));
  CAF_CHECK(becomes("zenws_client_silent_channels", 0));
}

CAF_TEST(a loop that is busy is scraped all the same) {
  auto uut = start(echo("feed"));
  std::promise<void> release;
  auto blocked = release.get_future().share();
  auto blocker = rt.spawn_function_on_loop(
    0,
    [](caf::event_based_actor*, std::shared_future<void> end) -> caf::behavior {
      return {[end](int) { end.wait(); }};
    },
    blocked);
  caf_compat::tell(*self, blocker, 1);
  CAF_CHECK(eventually(
    [&] { return scraped().get("zenws_loop_running_turn_seconds") > 0.05; }));
  auto now = scraped();
  CAF_CHECK_EQUAL(now.get("zenws_client_ready"), 1);
  CAF_CHECK_EQUAL(now.get("zenws_loops"), 1);
  auto turns = now.get("zenws_loop_turn_seconds_count");
  release.set_value();
  CAF_CHECK(eventually([&] {
    auto after = scraped();
    return after.get("zenws_loop_turn_seconds_count") > turns
           && after.get("zenws_loop_turn_seconds_sum") > 0.05;
  }));
  CAF_CHECK_GREATER(scraped().get("zenws_loop_cpu_seconds_total"), 0);
}

CAF_TEST(the levels of shared limits are shown) {
  auto spec = echo("feed");
  spec.account = "main";
  spec.limits.additional_rates = {{.name = "orders",
                                   .pool = "orders",
                                   .scope = limit_scope::account,
                                   .rule = token_bucket_config{.capacity = 5}}};
  start(spec);
  scrape::labels orders{
    {"limit", "orders"}, {"owner", "127.0.0.1/main"}, {"scope", "account"}};
  auto now = scraped();
  CAF_CHECK_EQUAL(now.get("zenws_limit_capacity", orders), 5);
  CAF_CHECK_EQUAL(now.get("zenws_limit_available", orders), 5);
}

CAF_TEST(names with markup are escaped and secrets do not show) {
  auto name = "a\"b\\c\n{x=\"y\"} é";
  auto spec = echo(name);
  spec.config.url += "?key=geheim";
  spec.config.headers = {{"Authorization", "Bearer geheim"}};
  start(spec);
  CAF_CHECK_EQUAL(scraped().get("zenws_client_ready", {{"client", name}}), 1);
  CAF_CHECK(metrics.text().find("geheim") == std::string::npos);
  CAF_CHECK(metrics.text().find("127.0.0.1:") == std::string::npos);
}

CAF_TEST(metrics of the program come along) {
  struct own : prometheus::Collectable {
    std::vector<prometheus::MetricFamily> Collect() const override {
      prometheus::ClientMetric metric;
      metric.gauge.value = 7;
      return {{"my_orders", "Mine.", prometheus::MetricType::Gauge, {metric}}};
    }
  };
  metrics.add(std::make_shared<own>());
  CAF_CHECK_EQUAL(scraped().get("my_orders"), 7);
}

CAF_TEST_FIXTURE_SCOPE_END()
