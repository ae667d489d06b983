// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE client_supervisor

#include "support/unit_test.hpp"
#include "support/world.hpp"
#include "zenws/actors/client/internal/durable_state.hpp"

#include <map>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : world {
  std::unique_ptr<sim::server> server = start_server();

  client_supervisor_actor supervisor = rt.supervise();

  client_actor start(const std::string& path = "/echo", std::string name = {}) {
    auto result = ask<client_actor>(
      supervisor, start_client{{.name = std::move(name),
                                .config = quick(server->url(path)),
                                .classify_refusal = refusals_are_final}});
    CAF_REQUIRE(result);
    return *result;
  }
};

// Lets each incarnation run as far as it can before its supervisor goes on.
struct stalling_host : client_runtime {
  explicit stalling_host(world& where) : where_(where) {
    barrier_ = where.rt.spawn_function_on_loop(
      0,
      [](caf::event_based_actor*, int) -> caf::behavior {
        return {[](int x) { return x; }};
      },
      0);
  }

  caf::actor_system& system() noexcept override {
    return where_.sys;
  }

  const event_stream_ptr& events() noexcept override {
    return where_.rt.events();
  }

  caf::error adopt(durable_state& state, const client_actor& address,
                   const std::string& supervisor) override {
    return where_.rt.adopt(state, address, supervisor);
  }

  const client_registry_ptr& shared_registry() noexcept override {
    return where_.rt.shared_registry();
  }

  const supervisor_registry_ptr& supervisors() noexcept override {
    return where_.rt.supervisors();
  }

  client_actor spawn_incarnation(durable_state_ptr state) override {
    auto result = where_.rt.spawn_incarnation(std::move(state));
    // The loop takes its jobs in order.
    caf::scoped_actor self{where_.sys};
    for (int i = 0; i < 3; ++i)
      self->request(barrier_, caf::infinite, i)
        .receive([](int) {}, [](const caf::error&) {});
    return result;
  }

private:
  world& where_;
  caf::actor barrier_;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(client_supervisor_tests, fixture)

CAF_TEST(subscribers of a killed client receive data again) {
  auto uut = start();
  auto [subscriber, in] = collect(uut);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 1));
  caf::anon_send_exit(uut, caf::exit_reason::kill);
  CAF_REQUIRE(in->wait_for_kind(event_kind::restarted));
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_CHECK_EQUAL(tell(uut, send_text{"after the crash"}), caf::none);
  CAF_CHECK(in->wait_for_text("after the crash"));
}

CAF_TEST(a stopped client is gone and not restarted) {
  auto uut = start("/echo", "feed");
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  CAF_CHECK_EQUAL(tell(supervisor, stop_client{"feed"}), caf::none);
  CAF_CHECK(caf_compat::is_orderly_exit(end_of(uut)));
  auto list = ask<client_list>(supervisor, list_clients{});
  CAF_REQUIRE(list);
  CAF_CHECK_EQUAL(list->clients.size(), 0u);
  CAF_CHECK_EQUAL(tell(uut, send_text{"x"}), ec::client_stopped);
}

CAF_TEST(epochs and sequence numbers go on after a restart) {
  auto uut = start();
  auto [subscriber, in] = collect(uut);
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  CAF_CHECK_EQUAL(tell(uut, send_text{"one"}), caf::none);
  CAF_REQUIRE(in->wait_for_messages(1));
  caf::anon_send_exit(uut, caf::exit_reason::kill);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_CHECK_EQUAL(tell(uut, send_text{"two"}), caf::none);
  CAF_REQUIRE(in->wait_for_messages(2));
  auto got = in->messages();
  CAF_CHECK_EQUAL(got[1].epoch, 2u);
  CAF_CHECK_EQUAL(got[1].sequence, 2u);
  CAF_CHECK_EQUAL(got[1].client_id, got[0].client_id);
}

CAF_TEST(an incarnation does not run before its address leads to it) {
  stalling_host host{*this};
  auto strict = sys.spawn<client_supervisor>(
    client_supervisor_config{.restart_backoff = {.min = 1ms, .max = 1ms}},
    host);
  // Kills each incarnation at its first sign of life, and then sends to the
  // next one: the kill must reach it, and so must the message.
  struct log {
    std::mutex mtx;
    std::vector<caf::error> problems;
    size_t restarts = 0;
  };
  auto seen = std::make_shared<log>();
  auto in = std::make_shared<inbox>();
  auto subscriber = rt.spawn_function_on_loop(
    0,
    [seen, in](caf::event_based_actor* self, runtime* where) -> caf::behavior {
      return {
        [=](const client_event& event) {
          in->put(event);
          if (event.state != client_state::resolving)
            return;
          auto address = where->find_client("feed");
          if (event.epoch == 0 && seen->restarts++ < 3)
            return self->send_exit(*address, caf::exit_reason::kill);
          self
            ->request(*address, caf::infinite,
                      send_text{"early", queue_until(patience)})
            .then([] {},
                  [=](caf::error& reason) {
                    std::lock_guard guard{seen->mtx};
                    seen->problems.push_back(std::move(reason));
                  });
        },
        [=](const message_batch& batch) { in->put(batch); },
      };
    },
    &rt);
  CAF_REQUIRE(ask<client_actor>(
    strict, start_client{{.name = "feed",
                          .config = quick(server->url("/echo")),
                          .subscribers = {{subscriber}},
                          .loop = 0}}));
  CAF_REQUIRE(in->wait_for_text("early"));
  auto list = ask<client_list>(strict, list_clients{});
  CAF_REQUIRE(list);
  CAF_CHECK(list->clients.at(0).restarts == 3u);
  self->send_exit(strict, caf::exit_reason::user_shutdown);
  await_end_of(strict);
  std::lock_guard guard{seen->mtx};
  CAF_CHECK(seen->problems.empty());
}

CAF_TEST(a fatal error is not restarted but told) {
  server->apply(sim::fault_refuse{.status = 403});
  auto uut = start();
  CAF_CHECK_EQUAL(caf_compat::code_of(end_of(uut)), ec::upgrade_refused);
  CAF_CHECK_EQUAL(server->upgrades_total(), 1u);
  auto list = ask<client_list>(supervisor, list_clients{});
  CAF_REQUIRE(list);
  CAF_REQUIRE_EQUAL(list->clients.size(), 1u);
  CAF_CHECK(list->clients[0].child == child_state::gave_up);
}

CAF_TEST(names are unique and a name that was given up is free) {
  auto first = start("/echo", "feed");
  auto again = ask<client_actor>(
    supervisor,
    start_client{{.name = "feed", .config = quick(server->url("/echo"))}});
  CAF_REQUIRE(!again);
  CAF_CHECK_EQUAL(caf_compat::code_of(again.error()), ec::already_exists);
  server->apply(sim::fault_refuse{.status = 403});
  server->apply(sim::fault_drop{});
  await_end_of(first);
  server->apply(sim::fault_accept{});
  auto second = start("/echo", "feed");
  CAF_CHECK(ask<uint64_t>(second, await_ready{}));
}

CAF_TEST(a configuration with problems never starts) {
  auto uut = ask<client_actor>(supervisor,
                               start_client{{.config = {.url = "nonsense"}}});
  CAF_REQUIRE(!uut);
  CAF_CHECK_EQUAL(caf_compat::code_of(uut.error()), ec::invalid_config);
}

CAF_TEST(stopping an unknown client says so) {
  CAF_CHECK_EQUAL(tell(supervisor, stop_client{"nobody"}), ec::not_found);
}

CAF_TEST(the tree shows every client) {
  auto uut = start("/echo", "feed");
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  auto tree = ask<tree_node>(supervisor, get_tree{});
  CAF_REQUIRE(tree);
  auto text = to_text(*tree);
  CAF_CHECK(text.starts_with("client-supervisor (running, clients 1, limit "
                             "10 in 60 s)\n└── feed (ready, epoch 1, up "));
  CAF_CHECK(text.find("ws://127.0.0.1:") != std::string::npos);
}

CAF_TEST(names that other nodes choose cannot make up lines) {
  auto bad = "feed\r\nready";
  tree_node root{.name = bad, .state = "running", .details = {{"url", bad}}};
  CAF_CHECK_EQUAL(to_text(root), "feed??ready (running, url feed??ready)\n");
  supervision_event event{.kind = supervision_event_kind::ended,
                          .supervisor = bad,
                          .child = bad,
                          .reason = bad,
                          .node = bad};
  CAF_CHECK_EQUAL(describe(event).find_first_of("\r\n"), std::string::npos);
}

CAF_TEST(past the limit one client is given up and the others live on) {
  auto strict
    = rt.supervise({.limit = {.max_restarts = 3, .period = 60s},
                    .restart_backoff = {.min = 1ms, .max = 1ms, .jitter = 0}});
  auto spawn = [&](const std::string& name) {
    auto result = ask<client_actor>(
      strict,
      start_client{{.name = name, .config = quick(server->url("/echo"))}});
    CAF_REQUIRE(result);
    return *result;
  };
  auto healthy = spawn("healthy");
  auto doomed = spawn("doomed");
  auto [subscriber, in] = collect(doomed);
  for (uint64_t epoch = 1; epoch <= 4; ++epoch) {
    CAF_REQUIRE(in->wait_for_state(client_state::ready, epoch));
    caf::anon_send_exit(doomed, caf::exit_reason::kill);
  }
  auto last = in->wait_for_kind(event_kind::gave_up);
  CAF_REQUIRE(last);
  CAF_CHECK_EQUAL(last->reason.code, ec::restart_limit);
  CAF_CHECK_EQUAL(caf_compat::code_of(end_of(doomed)), ec::restart_limit);
  CAF_CHECK_EQUAL(tell(doomed, send_text{"x"}), ec::client_stopped);
  CAF_CHECK_EQUAL(ask<uint64_t>(healthy, await_ready{}), 1u);
}

CAF_TEST(with a shared limit the supervisor ends with all its clients) {
  auto strict
    = rt.supervise({.limit = {.max_restarts = 1, .period = 60s},
                    .scope = restart_scope::shared,
                    .restart_backoff = {.min = 1ms, .max = 1ms, .jitter = 0}});
  std::vector<client_actor> clients;
  for (auto name : {"a", "b"}) {
    auto x = ask<client_actor>(
      strict,
      start_client{{.name = name, .config = quick(server->url("/echo"))}});
    CAF_REQUIRE(x);
    CAF_REQUIRE(ask<uint64_t>(*x, await_ready{}));
    clients.push_back(*x);
  }
  for (auto& x : clients)
    caf::anon_send_exit(x, caf::exit_reason::kill);
  CAF_CHECK_EQUAL(caf_compat::code_of(end_of(strict)), ec::restart_limit);
  for (auto& x : clients)
    await_end_of(x);
}

CAF_TEST(a lost heartbeat leads to a restart) {
  auto cfg = quick(server->url("/echo"));
  cfg.heartbeat = {.interval = 50ms, .max_missed = 2};
  auto uut = ask<client_actor>(supervisor, start_client{{.config = cfg}});
  CAF_REQUIRE(uut);
  auto [subscriber, in] = collect(*uut);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 1));
  server->apply(sim::fault_stall{});
  auto restarting = in->wait_for_kind(event_kind::restarting);
  CAF_REQUIRE(restarting);
  CAF_CHECK_EQUAL(restarting->reason.code, ec::heartbeat_lost);
  CAF_CHECK(in->wait_for_state(client_state::ready, 2));
}

CAF_TEST(retries that are used up lead to a restart and then to the server) {
  auto cfg = quick(server->url("/echo"));
  cfg.backoff.max_attempts = 2;
  auto in = std::make_shared<inbox>();
  auto subscriber = sys.spawn(collecting, in);
  client_spec spec{
    .name = "feed", .config = cfg, .subscribers = {{subscriber}}};
  auto uut = ask<client_actor>(supervisor, start_client{std::move(spec)});
  CAF_REQUIRE(uut);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 1));
  server->stop_listening();
  auto restart = in->wait_for_kind(event_kind::restarting);
  CAF_REQUIRE(restart);
  CAF_CHECK_EQUAL(restart->reason.code, ec::retries_exhausted);
  CAF_REQUIRE(!server->listen_again());
  CAF_CHECK(in->wait_for_state(client_state::ready, 2));
  auto list = ask<client_list>(supervisor, list_clients{});
  CAF_REQUIRE(list);
  CAF_CHECK(list->clients.at(0).child == child_state::running);
}

CAF_TEST(requests that concern the client wait for its next incarnation) {
  // Only a request brings it.
  auto patient
    = rt.supervise({.restart_backoff
                    = {.min = 1h, .max = 1h, .jitter = 0, .stable_after = 1h}});
  auto uut = ask<client_actor>(
    patient,
    start_client{{.name = "feed", .config = quick(server->url("/echo"))}});
  CAF_REQUIRE(uut);
  auto [subscriber, in] = collect(*uut);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 1));
  caf::anon_send_exit(*uut, caf::exit_reason::kill);
  CAF_REQUIRE(in->wait_for_kind(event_kind::restarting));
  CAF_CHECK_EQUAL(tell(*uut, send_text{"x"}), ec::not_connected);
  caf::timespan timeout = patience;
  auto other = std::make_shared<inbox>();
  auto subscribed = self->request(*uut, timeout,
                                  subscribe{sys.spawn(collecting, other)});
  auto ready = self->request(*uut, timeout, await_ready{});
  auto followed = self->request(*uut, timeout, subscribe_market{});
  CAF_CHECK_EQUAL(ask<client_actor>(patient, restart_client{"feed"}), *uut);
  auto fail = [](caf::error& x) { CAF_FAIL(caf_compat::to_text(x)); };
  std::move(subscribed).receive([] { /* done */ }, fail);
  std::move(ready).receive([](uint64_t epoch) { CAF_CHECK_EQUAL(epoch, 2u); },
                           fail);
  std::move(followed).receive(
    [](const market_report&) { CAF_FAIL("it names no instrument"); },
    [](const caf::error& x) {
      CAF_CHECK_EQUAL(caf_compat::code_of(x), ec::invalid_config);
    });
  CAF_CHECK(other->wait_for_state(client_state::ready, 2));
}

CAF_TEST(a hundred clients survive a server that is gone for many attempts) {
  auto in = std::make_shared<inbox>();
  auto subscriber = sys.spawn(collecting, in);
  std::map<std::string, client_actor> clients;
  for (size_t i = 0; i < 100; ++i) {
    auto name = std::to_string(i);
    auto x = start("/echo", name);
    CAF_REQUIRE_EQUAL(tell(x, subscribe{subscriber}), caf::none);
    CAF_REQUIRE(ask<uint64_t>(x, await_ready{}));
    clients.emplace(name, x);
  }
  server->stop_listening();
  for (auto& [name, x] : clients)
    CAF_REQUIRE(in->wait_for_event([&name = name](const client_event& event) {
      return event.client == name && event.kind == event_kind::state_changed
             && event.state == client_state::backing_off && event.attempt > 5;
    }));
  CAF_REQUIRE(!server->listen_again());
  for (auto& [name, x] : clients)
    CAF_CHECK_EQUAL(ask<uint64_t>(x, await_ready{}), 2u);
  auto list = ask<client_list>(supervisor, list_clients{});
  CAF_REQUIRE(list);
  size_t restarts = 0;
  for (auto& x : list->clients)
    restarts += x.restarts;
  CAF_CHECK_EQUAL(list->clients.size(), 100u);
  CAF_CHECK_EQUAL(restarts, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
