// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE actor_log

#include "support/unit_test.hpp"
#include "support/world.hpp"

#include <stdexcept>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : world {
  client_spec spec(const std::string& name) {
    return {.name = name,
            .config = quick(server->url("/echo")),
            .classify_refusal = refusals_are_final};
  }

  client_actor start(const client_supervisor_actor& supervisor) {
    auto result = ask<client_actor>(supervisor, start_client{spec("feed")});
    CAF_REQUIRE(result);
    CAF_REQUIRE(ask<uint64_t>(*result, await_ready{}));
    return *result;
  }

  log_entry wait_for(std::string_view text) {
    auto result = entries->wait_for(text);
    if (!result)
      CAF_FAIL("no log entry with: " << text);
    return *result;
  }

  std::unique_ptr<sim::server> server = start_server();
};

child_spec failing_child() {
  child_spec result{.id = "worker"};
  result.start = [](caf::actor_system& of) -> caf::expected<caf::actor> {
    return of.spawn(
      [](caf::event_based_actor* self, int) {
        caf_compat::tell_later(*self, 1ms, 0);
        return caf::behavior{
          [self](int) { self->quit(caf::sec::runtime_error); }};
      },
      0);
  };
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(actor_log_tests, fixture)

CAF_TEST(a restart is a warning) {
  auto uut = start(rt.supervise({.name = "venue"}));
  self->send_exit(uut, caf::exit_reason::kill);
  auto entry = wait_for("is to be restarted");
  CAF_CHECK(entry.level == log_level::warning);
  CAF_CHECK(entry.component.ends_with("supervisor"));
  CAF_CHECK_EQUAL(entry.client, "feed");
  CAF_CHECK_EQUAL(field_of(entry, "supervisor"), "venue");
}

CAF_TEST(too many restarts are errors) {
  auto uut = start(rt.supervise({.name = "venue", .alarming_restarts = 1}));
  self->send_exit(uut, caf::exit_reason::kill);
  CAF_CHECK(wait_for("is to be restarted").level == log_level::error);
}

CAF_TEST(a client that is given up is an error) {
  auto uut = start(rt.supervise({.name = "venue"}));
  server->apply(sim::fault_refuse{.status = 403});
  server->apply(sim::fault_drop{});
  auto entry = wait_for("is given up");
  CAF_CHECK(entry.level == log_level::error);
  CAF_CHECK(entry.component.ends_with("supervisor"));
  CAF_CHECK_EQUAL(entry.client, "feed");
}

CAF_TEST(children that are no clients are logged as such) {
  supervisor_config cfg{.name = "top", .children = {failing_child()}};
  cfg.policy.limit.max_restarts = 1;
  CAF_REQUIRE(rt.start_supervisor(std::move(cfg)));
  auto entry = wait_for("is to be restarted");
  CAF_CHECK(entry.level == log_level::warning);
  CAF_CHECK_EQUAL(entry.component, "zenws.supervisor");
  CAF_CHECK_EQUAL(entry.client, "");
  CAF_CHECK_EQUAL(field_of(entry, "child"), "worker");
  CAF_CHECK(wait_for("ends with all its children").level == log_level::error);
}

CAF_TEST(a pool that cannot grow is an error) {
  auto full = rt.supervise({.name = "full", .max_children = 1});
  start(full);
  CAF_REQUIRE(rt.start_pool({.name = "desk",
                             .tag = "t",
                             .starter = full,
                             .member = spec(""),
                             .min_size = 1}));
  auto entry = wait_for("cannot start a member");
  CAF_CHECK(entry.level == log_level::error);
  CAF_CHECK_EQUAL(entry.component, "zenws.pool");
  CAF_CHECK_EQUAL(entry.client, "desk-1");
  CAF_CHECK_EQUAL(field_of(entry, "pool"), "desk");
}

CAF_TEST(unhandled messages and errors are warnings) {
  auto uut = rt.connect(spec("alone"));
  CAF_REQUIRE(uut);
  auto any = caf::actor_cast<caf::actor>(*uut);
  caf_compat::anon_send(any, std::string{"password"});
  caf_compat::anon_send(any, make_error(ec::invalid_data));
  for (auto text : {"unhandled message", "unhandled error"}) {
    auto entry = wait_for(text);
    CAF_CHECK(entry.level == log_level::warning);
    CAF_CHECK_EQUAL(entry.component, "zenws.client");
    CAF_CHECK_EQUAL(entry.client, "alone");
    CAF_CHECK(entry.text.find("password") == std::string::npos);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(a sink that throws ends nothing) {
  auto server = start_server();
  world here{1, [](caf::actor_system_config& cfg) {
               dynamic_cast<log_config&>(cfg).log = [](const log_entry&) {
                 throw std::runtime_error{"disk full"};
               };
             }};
  auto uut = here.ask<client_actor>(
    here.rt.supervise(), start_client{{.config = quick(server->url("/echo"))}});
  CAF_REQUIRE(uut);
  CAF_REQUIRE(here.ask<uint64_t>(*uut, await_ready{}));
  here.self->send_exit(*uut, caf::exit_reason::kill);
  CAF_CHECK(eventually([&] { return server->upgrades_total() == 2; }));
}
