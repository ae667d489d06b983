// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE supervisor_limits

// Limits that a supervisor applies to its clients.

#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

rate_limit quota(const std::string& name, uint64_t n,
                 limit_scope scope = limit_scope::account) {
  return {name, "quota", scope, rolling_window_config{n, 1h}};
}

struct fixture : venue_world {
  std::unique_ptr<sim::server> server = start_server();

  client_spec spec(const std::string& name) {
    client_spec result{.name = name, .config = quick(server->url())};
    result.config.venue.dialect = "deribit";
    return result;
  }

  client_actor start(const client_supervisor_actor& supervisor,
                     client_spec setup) {
    auto result = ask<client_actor>(supervisor, start_client{std::move(setup)});
    CAF_REQUIRE(result);
    CAF_REQUIRE(ask<uint64_t>(*result, await_ready{}));
    return *result;
  }

  // Returns the number of calls, of `n`, that are let through.
  size_t calls_at(const client_actor& client, size_t n) {
    std::vector<call> calls(n, call{.method = "public/get_time"});
    return count_of(ask_at_once<rpc_result>(client, calls), ec::none);
  }

  std::vector<limit_level> levels(const client_supervisor_actor& supervisor) {
    auto result = ask<limit_levels>(supervisor, get_limits{});
    CAF_REQUIRE(result);
    return result->limits;
  }

  limit_level level(const client_supervisor_actor& supervisor,
                    const std::string& name) {
    for (auto& x : levels(supervisor))
      if (x.name == name)
        return x;
    CAF_FAIL("no limit of the name " << name);
  }

  // Each call draws on the quota beside the venue's limits.
  static limit_overrides beside(rate_limit limit) {
    return {.additional_rates = {std::move(limit)},
            .additional_costs = {{"public/get_time", {{"quota", 1}}}}};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(supervisor_limits_tests, fixture)

CAF_TEST(by default the limits of the venue hold and their levels are told) {
  auto supervisor = rt.supervise({.account = "main"});
  CAF_CHECK(levels(supervisor).empty());
  start(supervisor, spec("a"));
  auto orders = level(supervisor, "Deribit matching requests");
  CAF_CHECK(orders.scope == limit_scope::account);
  CAF_CHECK_EQUAL(orders.owner, "127.0.0.1/main");
  CAF_CHECK_EQUAL(orders.capacity, 17u);
  CAF_CHECK_EQUAL(orders.available, 17);
  CAF_CHECK_EQUAL(orders.next_free.count(), 0);
}

CAF_TEST(a quota of the user holds for all clients beside the limits of the venue) {
  auto supervisor = rt.supervise({.limits = beside(quota("my quota", 5))});
  auto a = start(supervisor, spec("a"));
  auto b = start(supervisor, spec("b"));
  CAF_CHECK_EQUAL(calls_at(a, 3), 3u);
  CAF_CHECK_EQUAL(calls_at(b, 3), 2u);
  auto uut = level(supervisor, "my quota");
  CAF_CHECK_EQUAL(uut.capacity, 5u);
  CAF_CHECK_EQUAL(uut.available, 0);
  CAF_CHECK(uut.next_free > 59min);
  CAF_CHECK(uut.next_free <= 1h);
  auto credits = level(supervisor, "Deribit non-matching credits");
  CAF_CHECK_LESS(credits.available, static_cast<int64_t>(credits.capacity));
}

CAF_TEST(limits of the user hold instead of those of the venue) {
  auto supervisor = rt.supervise(
    {.limits = {.rates = {{quota("only", 2)}},
                .costs = {{"public/get_time", {{"quota", 1}}}}}});
  auto uut = start(supervisor, spec("a"));
  CAF_CHECK_EQUAL(calls_at(uut, 3), 2u);
  CAF_CHECK_EQUAL(levels(supervisor).size(), 1u);
}

CAF_TEST(a limit of one connection holds for each client alone) {
  auto supervisor = rt.supervise(
    {.limits = beside(quota("each", 2, limit_scope::connection))});
  auto a = start(supervisor, spec("a"));
  auto b = start(supervisor, spec("b"));
  CAF_CHECK_EQUAL(calls_at(a, 3), 2u);
  CAF_CHECK_EQUAL(calls_at(b, 3), 2u);
}

CAF_TEST(supervisors share limits by the names of host and account) {
  auto config = [&](const std::string& account) {
    client_supervisor_config result{.name = account};
    result.limits = beside(quota("my quota", 5));
    result.limits.host = "the venue";
    result.account = account;
    return result;
  };
  auto first = rt.supervise(config("one"));
  auto second = rt.supervise(config("one"));
  auto stranger = rt.supervise(config("two"));
  CAF_CHECK_EQUAL(calls_at(start(first, spec("a")), 4), 4u);
  CAF_CHECK_EQUAL(calls_at(start(second, spec("b")), 4), 1u);
  CAF_CHECK_EQUAL(calls_at(start(stranger, spec("c")), 4), 4u);
  CAF_CHECK_EQUAL(level(second, "my quota").owner, "the venue/one");
  CAF_CHECK_EQUAL(level(second, "my quota").available, 0);
  CAF_CHECK_EQUAL(level(stranger, "my quota").available, 1);
}

CAF_TEST(settings of a client come first) {
  auto supervisor = rt.supervise({.limits = beside(quota("my quota", 5))});
  auto own = spec("a");
  own.limits.additional_rates = {quota("my quota", 1)};
  CAF_CHECK_EQUAL(calls_at(start(supervisor, own), 3), 1u);
}

CAF_TEST(attempts to connect draw on a limit of the user) {
  auto supervisor = rt.supervise(
    {.limits = {.additional_rates = {{"my dials", "dials", limit_scope::host,
                                      rolling_window_config{3, 1h}}}}});
  start(supervisor, spec("a"));
  start(supervisor, spec("b"));
  auto uut = level(supervisor, "my dials");
  CAF_CHECK_EQUAL(uut.owner, "127.0.0.1");
  CAF_CHECK_EQUAL(uut.available, 1);
}

CAF_TEST(limits that make no sense are refused) {
  client_supervisor_config cfg{.limits = beside(quota("", 0))};
  CAF_CHECK_EQUAL(validate(cfg).size(), 2u);
  auto supervisor = rt.supervise(cfg);
  auto uut = ask<client_actor>(supervisor, start_client{spec("a")});
  CAF_REQUIRE(!uut);
  CAF_CHECK_EQUAL(caf_compat::code_of(uut.error()), ec::invalid_config);
}

CAF_TEST_FIXTURE_SCOPE_END()
