// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE pool

#include "support/market_inbox.hpp"
#include "support/unit_test.hpp"
#include "support/world.hpp"

#include <set>
#include <string>

using namespace zenws;
using namespace zenws::test_support;

namespace {

using market::data_kind;

const std::string btc = "BTC-PERPETUAL";
const std::string eth = "ETH-PERPETUAL";

// Three servers, so that each member can be hurt on its own.
struct fixture : world {
  fixture() : supervisor(rt.supervise({.name = "venue"})) {
    // nop
  }

  std::unique_ptr<sim::server> start_server() {
    auto result = std::make_unique<sim::server>();
    if (auto problem = result->start())
      CAF_FAIL(*problem);
    return result;
  }

  client_spec spec(const std::string& name, const sim::server& where,
                   const std::string& path = "/ws/api/v2") {
    client_spec result{
      .name = name, .tag = "t", .config = quick(where.url(path))};
    result.config.venue.dialect = "json_rpc";
    result.classify_refusal = refusals_are_final;
    return result;
  }

  client_actor start(client_spec setup) {
    auto client = ask<client_actor>(supervisor, start_client{std::move(setup)});
    CAF_REQUIRE(client);
    CAF_REQUIRE(ask<uint64_t>(*client, await_ready{}));
    return *client;
  }

  // A member for each server.
  void start_members(size_t n) {
    for (size_t i = 0; i < n; ++i) {
      servers.push_back(start_server());
      members.push_back(start(spec("m" + std::to_string(i), *servers[i])));
    }
  }

  // Same with market data.
  void start_venues(size_t n) {
    for (size_t i = 0; i < n; ++i) {
      servers.push_back(start_server());
      auto member = spec("m" + std::to_string(i), *servers.back());
      member.config.venue.dialect = "deribit";
      members.push_back(start(member));
    }
  }

  struct market_subscription {
    caf::expected<market_report> report;
    market_subscriber subscriber;
    market_inbox_ptr in;
  };

  market_subscription follow_market(const pool_actor& uut,
                                    std::vector<std::string> instruments,
                                    market::data_kinds kinds) {
    auto in = std::make_shared<market_inbox>();
    market_subscriber subscriber = sys.spawn<market_collector>(in);
    auto report = ask<market_report>(
      uut, subscribe_market{std::move(instruments), kinds, subscriber});
    return {std::move(report), subscriber, in};
  }

  pool_actor start_pool(pool_config cfg = {}) {
    cfg.tag = "t";
    auto result = rt.start_pool(std::move(cfg));
    CAF_REQUIRE(result);
    return *result;
  }

  pool_health health_of(const pool_actor& uut) {
    auto result = ask<pool_health>(uut, get_pool_health{});
    CAF_REQUIRE(result);
    return *result;
  }

  member_info info(const pool_actor& uut, const std::string& name) {
    for (auto& x : health_of(uut).members)
      if (x.name == name)
        return x;
    return {};
  }

  // Which servers saw a message.
  std::vector<size_t> seen(const std::string& text) {
    std::vector<size_t> result;
    for (auto& x : servers) {
      size_t n = 0;
      for (auto& message : x->received())
        n += message.text.find(text) != std::string::npos ? 1u : 0u;
      result.push_back(n);
    }
    return result;
  }

  caf::expected<rpc_result>
  call_test(const pool_actor& uut, if_unknown on_unknown = if_unknown::fail) {
    return ask<rpc_result>(
      uut, call_balanced{{.method = "public/test", .answer_within = 5s},
                         on_unknown});
  }

  client_supervisor_actor supervisor;
  std::vector<std::unique_ptr<sim::server>> servers;
  std::vector<client_actor> members;
};

using counts = std::vector<size_t>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(pool_tests, fixture)

// -- requests -----------------------------------------------------------------

CAF_TEST(equal members take turns) {
  start_members(3);
  auto uut = start_pool();
  for (int i = 0; i < 9; ++i)
    CAF_REQUIRE(call_test(uut));
  CAF_CHECK_EQUAL(seen("public/test"), (counts{3, 3, 3}));
  auto health = health_of(uut);
  CAF_CHECK_EQUAL(health.requests, 9u);
  CAF_CHECK_EQUAL(health.failovers, 0u);
  CAF_CHECK_EQUAL(health.members.size(), 3u);
  for (auto& x : health.members)
    CAF_CHECK_EQUAL(x.health, 100);
}

CAF_TEST(members that are not ready are not chosen) {
  start_members(2);
  auto uut = start_pool();
  servers[0]->stop_listening();
  CAF_REQUIRE(eventually([&] { return info(uut, "m0").health == 0; }));
  for (int i = 0; i < 4; ++i)
    CAF_CHECK(call_test(uut));
  CAF_CHECK_EQUAL(seen("public/test"), (counts{0, 4}));
  CAF_REQUIRE(!servers[0]->listen_again());
  CAF_CHECK(eventually([&] { return info(uut, "m0").health == 100; }));
}

CAF_TEST(without a ready member requests fail at once and were not sent) {
  auto uut = start_pool();
  auto result = call_test(uut);
  CAF_REQUIRE(!result);
  CAF_CHECK_EQUAL(caf_compat::code_of(result.error()), ec::not_connected);
  CAF_CHECK(outcome_of(ec::not_connected) == send_outcome::not_sent);
}

CAF_TEST(a member that hangs is chosen only if there is no other) {
  start_members(2);
  auto uut = start_pool({.health = {.hung_after = 50ms}});
  servers[0]->apply(sim::fault_stall{});
  // One of these two hangs.
  for (int i = 0; i < 2; ++i)
    caf_compat::anon_send(uut, call_balanced{{.method = "public/test"}});
  CAF_REQUIRE(eventually([&] { return info(uut, "m0").health == 1; }));
  for (int i = 0; i < 5; ++i)
    CAF_CHECK(call_test(uut));
  CAF_CHECK(info(uut, "m1").health == 100);
  servers[0]->apply(sim::fault_resume{});
  CAF_CHECK(eventually([&] { return info(uut, "m0").health >= 70; }));
}

CAF_TEST(requests that certainly did not arrive go to another member) {
  for (int i = 0; i < 2; ++i) {
    servers.push_back(start_server());
    auto member = spec("m" + std::to_string(i), *servers.back());
    member.config.venue.max_pending_calls = i == 0 ? 1 : 100;
    members.push_back(start(member));
  }
  auto uut = start_pool();
  servers[0]->apply(sim::fault_stall{});
  caf_compat::anon_send(members[0], call{.method = "public/get_time"});
  CAF_REQUIRE(eventually([&] {
    return ask<client_status>(members[0], get_status{})->pending_calls == 1;
  }));
  for (int i = 0; i < 4; ++i)
    CAF_CHECK(call_test(uut));
  CAF_CHECK_EQUAL(seen("public/test"), (counts{0, 4}));
  CAF_CHECK(health_of(uut).failovers == 1u);
  CAF_CHECK(info(uut, "m0").errors == 1u);
}

CAF_TEST(requests that may have arrived are repeated only if allowed) {
  start_members(2);
  auto uut = start_pool();
  auto lose = [&](if_unknown on_unknown) {
    for (auto& x : servers) {
      x->clear_log();
      x->apply(sim::fault_stall{});
    }
    auto pending = self->request(
      uut, caf::infinite,
      call_balanced{{.method = "public/get_time", .answer_within = 60s},
                    on_unknown});
    // The member that got it loses its connection; the other one may answer.
    auto busy = [&] {
      for (size_t i = 0; i < 2; ++i)
        if (info(uut, "m" + std::to_string(i)).pending > 0)
          return static_cast<int>(i);
      return -1;
    };
    CAF_REQUIRE(eventually([&] { return busy() >= 0; }));
    auto first = static_cast<size_t>(busy());
    servers[1 - first]->apply(sim::fault_resume{});
    servers[first]->stop_listening();
    caf::error result;
    std::move(pending).receive([](rpc_result&) {},
                               [&](caf::error& x) { result = x; });
    CAF_REQUIRE(!servers[first]->listen_again());
    servers[first]->apply(sim::fault_resume{});
    for (auto& x : members)
      CAF_REQUIRE(ask<uint64_t>(x, await_ready{}));
    return result;
  };
  auto reason = lose(if_unknown::fail);
  CAF_CHECK_EQUAL(caf_compat::code_of(reason), ec::disconnected);
  CAF_CHECK(health_of(uut).failovers == 0u);
  CAF_CHECK(!lose(if_unknown::repeat));
  CAF_CHECK(health_of(uut).failovers == 1u);
}

CAF_TEST(requests that the peer refuses are refused) {
  start_members(2);
  auto uut = start_pool();
  auto result
    = ask<rpc_result>(uut, call_balanced{{.method = "public/no_such_method"},
                                         if_unknown::repeat});
  CAF_REQUIRE(!result);
  CAF_CHECK_EQUAL(caf_compat::code_of(result.error()), ec::request_refused);
  CAF_CHECK(health_of(uut).failovers == 0u);
}

// -- members ------------------------------------------------------------------

CAF_TEST(members come and go with their supervisor) {
  start_members(1);
  auto uut = start_pool();
  CAF_CHECK(health_of(uut).members.size() == 1u);
  servers.push_back(start_server());
  start(spec("late", *servers[1]));
  auto other = spec("other", *servers[1]);
  other.tag = "something else";
  start(other);
  CAF_CHECK(eventually([&] { return health_of(uut).members.size() == 2; }));
  CAF_CHECK(!tell(supervisor, stop_client{"late"}));
  CAF_CHECK(eventually([&] { return health_of(uut).members.size() == 1; }));
  CAF_CHECK(info(uut, "m0").health == 100);
}

CAF_TEST(a member that is killed is one again once it is restarted) {
  start_members(2);
  auto uut = start_pool();
  self->send_exit(members[0], caf::exit_reason::kill);
  CAF_CHECK(eventually([&] {
    return servers[0]->upgrades_total() == 2 && info(uut, "m0").health == 100;
  }));
}

CAF_TEST(a pool keeps its minimum size) {
  servers.push_back(start_server());
  auto uut
    = start_pool({.starter = supervisor,
                  .member = spec("", *servers[0]),
                  .min_size = 3,
                  .refill_backoff = {.min = 1ms, .max = 10ms, .jitter = 0}});
  CAF_REQUIRE(servers[0]->wait_for_connections(3, patience));
  CAF_REQUIRE(eventually([&] { return info(uut, "pool-2").health == 100; }));
  CAF_CHECK(!tell(supervisor, stop_client{"pool-2"}));
  CAF_CHECK(eventually([&] { return info(uut, "pool-4").health == 100; }));
  CAF_CHECK(health_of(uut).members.size() == 3u);
}

CAF_TEST(members that are lost without a word are replaced) {
  servers.push_back(start_server());
  // A member unknown outside of the pool.
  auto silent = sys.spawn<client_supervisor>(
    client_supervisor_config{.name = "silent"}, rt);
  CAF_REQUIRE(
    ask<client_actor>(silent, start_client{spec("lost", *servers[0])}));
  auto uut
    = start_pool({.starter = supervisor,
                  .member = spec("", *servers[0]),
                  .min_size = 1,
                  .refill_backoff = {.min = 1ms, .max = 10ms, .jitter = 0}});
  CAF_CHECK_EQUAL(health_of(uut).members.size(), 1u);
  self->send_exit(silent, caf::exit_reason::kill);
  CAF_CHECK(eventually([&] {
    auto health = health_of(uut);
    return health.members.size() == 1 && health.members[0].name == "pool-1";
  }));
}

CAF_TEST(a member that was given up is one again once it is started again) {
  start_members(1);
  auto uut = start_pool();
  servers[0]->apply(sim::fault_refuse{.status = 403});
  servers[0]->apply(sim::fault_drop{});
  CAF_REQUIRE(eventually([&] { return health_of(uut).members.empty(); }));
  servers[0]->apply(sim::fault_accept{});
  CAF_REQUIRE(ask<client_actor>(supervisor, restart_client{"m0"}));
  CAF_CHECK(eventually([&] { return info(uut, "m0").health == 100; }));
}

CAF_TEST(a configuration that makes no sense is refused in full) {
  auto result
    = rt.start_pool({.max_attempts = 0, .min_size = 2, .max_size = 1});
  CAF_REQUIRE(!result);
  auto detail = caf_compat::detail_of(result.error());
  for (auto field : {"tag", "max_attempts", "min_size", "starter"})
    CAF_CHECK(detail.find(field) != std::string::npos);
}

// -- channels -----------------------------------------------------------------

CAF_TEST(channels are spread and no member has more than it can) {
  servers.push_back(start_server());
  auto member = spec("", *servers[0]);
  member.config.venue.dialect = "deribit";
  auto uut = start_pool({.max_channels_per_member = 2,
                         .starter = supervisor,
                         .member = member,
                         .min_size = 1,
                         .max_size = 2});
  CAF_REQUIRE(eventually([&] { return info(uut, "pool-1").health == 100; }));
  auto in = std::make_shared<inbox>();
  auto subscriber = sys.spawn(collecting, in);
  auto report = ask<channel_report>(
    uut, subscribe_channels{{{.name = "trades.BTC-PERPETUAL.100ms"},
                             {.name = "book.BTC-PERPETUAL.100ms"},
                             {.name = "ticker.BTC-PERPETUAL.100ms"},
                             {.name = "trades.ETH-PERPETUAL.100ms"}},
                            subscriber});
  CAF_REQUIRE(report);
  CAF_CHECK(report->all_granted());
  CAF_CHECK(info(uut, "pool-1").channels == 2u);
  CAF_CHECK(info(uut, "pool-2").channels == 2u);
  CAF_CHECK(in->wait_for_messages(10));
  // All are full, and no more may be started.
  auto more = ask<channel_report>(
    uut,
    subscribe_channels{{{.name = "book.ETH-PERPETUAL.100ms"}}, subscriber});
  CAF_REQUIRE(more);
  CAF_REQUIRE_EQUAL(more->outcomes.size(), 1u);
  CAF_CHECK(more->outcomes[0].kind == outcome_kind::rejected);
  CAF_CHECK_EQUAL(more->outcomes[0].reason.code, ec::too_many_channels);
  // Requests given up make room.
  CAF_CHECK(!tell(uut, unsubscribe_channels{{"trades.ETH-PERPETUAL.100ms"},
                                            subscriber}));
  more = ask<channel_report>(
    uut,
    subscribe_channels{{{.name = "book.ETH-PERPETUAL.100ms"}}, subscriber});
  CAF_REQUIRE(more);
  CAF_CHECK(more->all_granted());
}

CAF_TEST(the end of another child of the same name is no loss) {
  start_members(1);
  auto uut = start_pool();
  CAF_CHECK_EQUAL(health_of(uut).members.size(), 1u);
  auto in = watch();
  auto end = [](caf::event_based_actor* self, int) { self->quit(); };
  auto start = [=](caf::actor_system& of) -> caf::expected<caf::actor> {
    return of.spawn(end, 0);
  };
  CAF_REQUIRE(rt.start_supervisor(
    {.name = "others",
     .children = {{.id = "m0",
                   .start = start,
                   .policy = {.restart = restart_type::temporary}}}}));
  CAF_CHECK(in->wait_for_news(supervision_event_kind::ended, "m0"));
  CAF_CHECK_EQUAL(health_of(uut).members.size(), 1u);
}

CAF_TEST(channels of a lost member go to others) {
  for (int i = 0; i < 2; ++i) {
    servers.push_back(start_server());
    auto member = spec("m" + std::to_string(i), *servers.back());
    member.config.venue.dialect = "deribit";
    members.push_back(start(member));
  }
  auto uut = start_pool();
  auto in = std::make_shared<inbox>();
  auto subscriber = sys.spawn(collecting, in);
  auto report = ask<channel_report>(
    uut, subscribe_channels{{{.name = "trades.BTC-PERPETUAL.100ms"},
                             {.name = "trades.ETH-PERPETUAL.100ms"}},
                            subscriber});
  CAF_REQUIRE(report);
  CAF_CHECK(info(uut, "m0").channels == 1u);
  CAF_CHECK(info(uut, "m1").channels == 1u);
  CAF_CHECK(!tell(supervisor, stop_client{"m0"}));
  CAF_CHECK(eventually([&] { return info(uut, "m1").channels == 2; }));
  CAF_CHECK(health_of(uut).moved == 1u);
  // Both arrive through the one that is left.
  auto id = ask<client_status>(members[1], get_status{})->id;
  CAF_CHECK(eventually([&] {
    std::set<std::string> seen;
    for (auto& x : in->messages())
      for (auto name :
           {"trades.BTC-PERPETUAL.100ms", "trades.ETH-PERPETUAL.100ms"})
        if (x.client_id == id && x.payload.find(name) != std::string::npos)
          seen.insert(name);
    return seen.size() == 2;
  }));
}

CAF_TEST(channels of a member that stays away go to others) {
  for (int i = 0; i < 2; ++i) {
    servers.push_back(start_server());
    auto member = spec("m" + std::to_string(i), *servers.back());
    member.config.venue.dialect = "deribit";
    members.push_back(start(member));
  }
  auto uut = start_pool({.reshard_after = 50ms});
  auto in = std::make_shared<inbox>();
  auto subscriber = sys.spawn(collecting, in);
  CAF_REQUIRE(ask<channel_report>(
    uut, subscribe_channels{{{.name = "trades.BTC-PERPETUAL.100ms"},
                             {.name = "trades.ETH-PERPETUAL.100ms"}},
                            subscriber}));
  servers[0]->stop_listening();
  CAF_CHECK(eventually([&] { return info(uut, "m1").channels == 2; }));
  CAF_REQUIRE(!servers[0]->listen_again());
  CAF_REQUIRE(ask<uint64_t>(members[0], await_ready{}));
  auto status = ask<client_status>(members[0], get_status{});
  CAF_REQUIRE(status);
  CAF_CHECK_EQUAL(status->channels, 0u);
}

CAF_TEST(channels go with their subscriber) {
  servers.push_back(start_server());
  auto member = spec("m0", *servers[0]);
  member.config.venue.dialect = "deribit";
  start(member);
  auto uut = start_pool();
  auto subscriber = sys.spawn(collecting, std::make_shared<inbox>());
  CAF_REQUIRE(ask<channel_report>(
    uut,
    subscribe_channels{{{.name = "trades.BTC-PERPETUAL.100ms"}}, subscriber}));
  CAF_CHECK(info(uut, "m0").channels == 1u);
  self->send_exit(subscriber, caf::exit_reason::kill);
  CAF_CHECK(eventually([&] { return info(uut, "m0").channels == 0; }));
}

// -- market data --------------------------------------------------------------

CAF_TEST(instruments are spread over the members) {
  start_venues(2);
  auto uut = start_pool();
  auto [report, subscriber, in]
    = follow_market(uut, {btc, eth}, {data_kind::book, data_kind::trades});
  CAF_REQUIRE(report);
  CAF_CHECK_EQUAL(report->outcomes.size(), 4u);
  CAF_CHECK(report->all_granted());
  CAF_CHECK_EQUAL(info(uut, "m0").channels, 1u);
  CAF_CHECK_EQUAL(info(uut, "m1").channels, 1u);
  CAF_CHECK(in->wait_for<market::book_change>(20));
  CAF_CHECK(in->wait_for<market::trade>(5));
  CAF_CHECK(eventually([&, in = in] {
    return in->book(btc).is_valid() && in->book(eth).is_valid();
  }));
  CAF_CHECK_EQUAL(in->broken(), 0u);
  CAF_CHECK(!tell(uut, unsubscribe_market{{btc, eth},
                                          {data_kind::book, data_kind::trades},
                                          subscriber}));
  for (auto& member : members)
    CAF_CHECK(eventually(
      [&] { return ask<client_status>(member, get_status{})->channels == 0; }));
  CAF_CHECK_EQUAL(info(uut, "m0").channels, 0u);
}

CAF_TEST(instruments beyond the room of the members are refused) {
  start_venues(1);
  auto uut = start_pool({.max_channels_per_member = 1});
  auto [report, subscriber, in] = follow_market(uut, {btc, eth},
                                                {data_kind::book});
  CAF_REQUIRE(report);
  CAF_REQUIRE_EQUAL(report->outcomes.size(), 2u);
  size_t refused = 0;
  for (auto& x : report->outcomes)
    if (x.outcome == outcome_kind::rejected) {
      ++refused;
      CAF_CHECK_EQUAL(x.instrument, eth);
      CAF_CHECK_EQUAL(x.reason.code, ec::too_many_channels);
    }
  CAF_CHECK_EQUAL(refused, 1u);
  CAF_CHECK(in->wait_for<market::book_change>(3));
}

CAF_TEST(another member begins the books of a lost one anew) {
  start_venues(2);
  auto uut = start_pool();
  auto [report, subscriber, in]
    = follow_market(uut, {btc, eth}, {data_kind::book, data_kind::trades});
  CAF_REQUIRE(report);
  CAF_REQUIRE(in->wait_for<market::book_snapshot>(2));
  CAF_CHECK(!tell(supervisor, stop_client{"m0"}));
  CAF_CHECK(eventually([&] { return info(uut, "m1").channels == 2; }));
  CAF_CHECK_EQUAL(health_of(uut).moved, 1u);
  CAF_CHECK(in->wait_for<market::book_lost>(1));
  CAF_CHECK(in->wait_for<market::trade_gap>(1));
  CAF_CHECK(in->wait_for<market::book_snapshot>(3));
  CAF_CHECK(eventually([&, in = in] {
    return in->book(btc).is_valid() && in->book(eth).is_valid();
  }));
  CAF_CHECK(in->wait_for_next<market::book_change>());
  CAF_CHECK_EQUAL(in->broken(), 0u);
}

CAF_TEST(instruments of a member that stays away go to another one) {
  start_venues(2);
  auto uut = start_pool({.reshard_after = 50ms});
  auto [report, subscriber, in] = follow_market(uut, {btc, eth},
                                                {data_kind::book});
  CAF_REQUIRE(report);
  CAF_REQUIRE(in->wait_for<market::book_snapshot>(2));
  servers[0]->stop_listening();
  CAF_CHECK(eventually([&] { return info(uut, "m1").channels == 2; }));
  CAF_CHECK(in->wait_for<market::book_snapshot>(3));
  CAF_REQUIRE(!servers[0]->listen_again());
  CAF_REQUIRE(ask<uint64_t>(members[0], await_ready{}));
  CAF_CHECK(eventually([&] {
    return ask<client_status>(members[0], get_status{})->channels == 0;
  }));
  CAF_CHECK(eventually([&, in = in] {
    return in->book(btc).is_valid() && in->book(eth).is_valid();
  }));
  CAF_CHECK_EQUAL(in->broken(), 0u);
}

CAF_TEST(an instrument that is named twice is answered once) {
  start_venues(1);
  auto uut = start_pool();
  auto [report, subscriber, in] = follow_market(uut, {btc, btc},
                                                {data_kind::book});
  CAF_REQUIRE(report);
  CAF_CHECK_EQUAL(report->outcomes.size(), 1u);
  CAF_CHECK(report->all_granted());
}

CAF_TEST(market data goes with its subscriber) {
  start_venues(1);
  auto uut = start_pool();
  auto [report, subscriber, in] = follow_market(uut, {btc}, {data_kind::book});
  CAF_REQUIRE(report);
  CAF_REQUIRE(in->wait_for<market::book_change>(1));
  self->send_exit(subscriber, caf::exit_reason::user_shutdown);
  CAF_CHECK(eventually([&] { return info(uut, "m0").channels == 0; }));
  CAF_CHECK(eventually([&] {
    return ask<client_status>(members[0], get_status{})->channels == 0;
  }));
}

CAF_TEST(a pool begins books anew on request) {
  start_venues(1);
  auto uut = start_pool();
  auto [report, subscriber, in] = follow_market(uut, {btc}, {data_kind::book});
  CAF_REQUIRE(report);
  CAF_REQUIRE(in->wait_for<market::book_change>(1));
  CAF_CHECK(!tell(uut, renew_market{{btc, eth}}));
  CAF_CHECK(in->wait_for<market::book_lost>(1));
  CAF_CHECK(in->wait_for<market::book_snapshot>(2));
}

CAF_TEST_FIXTURE_SCOPE_END()
