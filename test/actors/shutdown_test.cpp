// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE shutdown

// The end of a runtime with all that it has.

#include "actors/recording/recording_fixture.hpp"

#include "support/unit_test.hpp"

#include <atomic>
#include <filesystem>
#include <memory>

using namespace zenws;
using namespace zenws::test_support;

namespace {

namespace fs = std::filesystem;

size_t count_entries(const char* directory) {
  fs::directory_iterator all{directory};
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

size_t num_threads() {
  return count_entries("/proc/self/task");
}

size_t num_files() {
  return count_entries("/proc/self/fd");
}

using counter = std::shared_ptr<std::atomic<size_t>>;

// Sends all at once and counts the outcomes.
void sender(caf::event_based_actor* self, client_actor to, size_t count,
            counter accepted, counter over) {
  for (size_t i = 0; i < count; ++i)
    self->request(to, caf::infinite, send_text{"message " + std::to_string(i)})
      .then(
        [=] {
          ++*accepted;
          ++*over;
        },
        [=](const caf::error&) { ++*over; });
}

// Has time to say all before it closes, also on a slow machine.
client_config patient(std::string url) {
  auto result = quick(std::move(url));
  result.close_timeout = patience;
  return result;
}

struct fixture : recording_fixture {
  fixture() {
    if (auto problem = server.start())
      CAF_FAIL(*problem);
  }

  size_t count(sim::message_kind kind) const {
    auto all = server.received();
    auto is_one = [&](auto& x) {
      return x.kind == kind
             && (kind != sim::message_kind::close || x.close_code == 1001);
    };
    return static_cast<size_t>(std::count_if(all.begin(), all.end(), is_one));
  }

  sim::server server;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(shutdown_tests, fixture)

CAF_TEST(nothing is left of a runtime and all is said before) {
  constexpr size_t num_clients = 5;
  constexpr size_t num_messages = 500;
  auto accepted = std::make_shared<std::atomic<size_t>>(0);
  auto over = std::make_shared<std::atomic<size_t>>(0);
  auto threads = num_threads();
  auto files = num_files();
  {
    system_config cfg;
    caf::actor_system sys{cfg};
    auto actors = caf_compat::running_actors(sys);
    caf::scoped_actor self{sys};
    std::vector<caf::actor> senders;
    {
      runtime rt{sys};
      auto supervisor = rt.supervise();
      auto top = rt.start_supervisor(
        {.name = "top",
         .children = {
           rt.child({.name = "own", .config = patient(server.url("/echo"))})}});
      CAF_REQUIRE(top);
      auto pool
        = rt.start_pool({.tag = "t",
                         .starter = supervisor,
                         .member = {.config = patient(server.url("/echo"))},
                         .min_size = 2});
      CAF_REQUIRE(pool);
      std::vector<client_actor> clients;
      for (size_t i = 0; i < num_clients; ++i) {
        client_spec spec{.config = patient(server.url("/echo"))};
        if (i == 0)
          spec.record_to = options();
        self->request(supervisor, patience, start_client{std::move(spec)})
          .receive([&](client_actor& x) { clients.push_back(x); },
                   [](caf::error& x) { CAF_FAIL(caf_compat::to_text(x)); });
      }
      for (auto& x : clients)
        self->request(x, patience, await_ready{})
          .receive([](uint64_t) {},
                   [](caf::error& e) { CAF_FAIL(caf_compat::to_text(e)); });
      CAF_REQUIRE(server.wait_for_connections(num_clients + 3, patience));
      for (auto& x : clients)
        senders.push_back(sys.spawn(sender, x, num_messages, accepted, over));
      CAF_REQUIRE(eventually([&] { return *accepted > 0; }));
    }
    // Each message was accepted and written, or refused; none is open.
    CAF_CHECK(eventually([&] { return *over == num_clients * num_messages; }));
    CAF_CHECK_EQUAL(server.connection_count(), 0u);
    CAF_CHECK_EQUAL(count(sim::message_kind::text), accepted->load());
    CAF_CHECK_EQUAL(count(sim::message_kind::close), num_clients + 3);
    senders.clear();
    CAF_CHECK(eventually([&] {
      return caf_compat::running_actors(sys) == actors + 1; // `self`
    }));
  }
  CAF_CHECK(eventually([&] { return num_threads() == threads; }));
  CAF_CHECK_EQUAL(num_files(), files);
  // The recording goes to the end, with the goodbye.
  auto recorded = read_recording();
  auto is_close = [](auto& x) {
    return x.direction == recorded_direction::out
           && x.type == recorded_type::close;
  };
  CAF_CHECK(std::any_of(recorded.begin(), recorded.end(), is_close));
}

CAF_TEST(a peer that does not answer the close delays the end briefly) {
  world here;
  // So that only the patience of the client itself can end it.
  auto supervisor = here.rt.supervise({.shutdown_timeout = 1h});
  auto cfg = quick(server.url("/echo"));
  cfg.close_timeout = 200ms;
  auto uut = here.ask<client_actor>(supervisor, start_client{{.config = cfg}});
  CAF_REQUIRE(uut);
  CAF_REQUIRE(here.ask<uint64_t>(*uut, await_ready{}));
  server.apply(sim::fault_stall{});
}

CAF_TEST(the end of a runtime logs whom it waits for) {
  log_collector_ptr entries;
  {
    world here{1, [](caf::actor_system_config& cfg) {
                 cfg.set("zenws.end-notice", caf::timespan{1ms});
               }};
    entries = here.entries;
    child_spec stubborn{.id = "stubborn"};
    stubborn.policy.shutdown = 100ms; // far more than the notice
    stubborn.start = [](caf::actor_system& of) -> caf::expected<caf::actor> {
      return of.spawn(
        [](caf::event_based_actor* self, int) {
          caf_compat::on_exit_message(*self, [](const caf::actor_addr&,
                                                const caf::error&) {});
          return caf::behavior{[](int) {}};
        },
        0);
    };
    CAF_REQUIRE(
      here.rt.start_supervisor({.name = "desk", .children = {stubborn}}));
  }
  auto entry = entries->wait_for("the end of a runtime waits for");
  CAF_REQUIRE(entry);
  CAF_CHECK(entry->level == log_level::warning);
  CAF_CHECK_EQUAL(entry->component, "zenws.runtime");
  CAF_CHECK(entry->text.find("zenws.supervisor (") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
