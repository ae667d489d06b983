// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE patterns

// The three ways to run a client.

#include "support/actor_test.hpp"
#include "support/world.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : world {
  fixture() {
    if (auto problem = server.start())
      CAF_FAIL(*problem);
  }

  client_spec spec(const std::string& name) {
    return {.name = name, .config = quick(server.url("/echo"))};
  }

  supervisor_actor supervise(supervisor_config cfg) {
    cfg.policy.restart_backoff = {.min = 1ms, .max = 10ms, .jitter = 0};
    auto result = rt.start_supervisor(std::move(cfg));
    CAF_REQUIRE(result);
    return *result;
  }

  client_actor find(const std::string& name) {
    auto result = rt.find_client(name);
    CAF_REQUIRE(result);
    return *result;
  }

  sim::server server;
};

// A tree in which clients that were started at run time must not get lost.
struct desk_fixture : fixture {
  // Starts a supervisor of clients, beside `siblings`, and a client.
  void start_desk(supervision_policy policy,
                  std::vector<child_spec> siblings = {}) {
    siblings.insert(siblings.begin(),
                    rt.child(client_supervisor_config{
                      .name = "clients",
                      .limit = {.max_restarts = 1, .period = 1h},
                      .scope = restart_scope::shared,
                      .restart_backoff = {.min = 1ms, .max = 10ms}}));
    top = supervise(
      {.name = "desk", .policy = policy, .children = std::move(siblings)});
    auto list = ask<child_list>(top, which_children{});
    CAF_REQUIRE(list);
    clients
      = caf::actor_cast<client_supervisor_actor>(list->children.at(0).address);
    auto setup = spec("feed");
    setup.config.url = server.url("/ws/api/v2");
    setup.config.venue.dialect = "deribit";
    auto started = ask<client_actor>(clients, start_client{setup});
    CAF_REQUIRE(started);
    feed = *started;
    subscriber = sys.spawn(collecting, in);
    auto report = ask<channel_report>(
      feed,
      subscribe_channels{{{.name = "trades.BTC-PERPETUAL.100ms"}}, subscriber});
    CAF_REQUIRE(report && report->all_granted());
    CAF_REQUIRE(in->wait_for_state(client_state::ready, 1));
  }

  // The address, the subscriber and its channel: all is as it was.
  void check_feed(uint64_t epoch) {
    CAF_REQUIRE(in->wait_for_state(client_state::ready, epoch));
    auto status = ask<client_status>(feed, get_status{});
    CAF_REQUIRE(status);
    CAF_CHECK_EQUAL(status->channels, 1u);
    CAF_CHECK_EQUAL(status->subscribers, 1u);
    CAF_CHECK_EQUAL(find("feed"), feed);
    auto all = in->events();
    CAF_CHECK(std::none_of(all.begin(), all.end(), [](auto& x) {
      return x.kind == event_kind::ended;
    }));
  }

  supervisor_actor top;
  client_supervisor_actor clients;
  client_actor feed;
  caf::actor subscriber;
  inbox_ptr in = std::make_shared<inbox>();
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(patterns_tests, fixture)

// -- 1: without supervision ---------------------------------------------------

CAF_TEST(a client without supervision connects and sends and closes) {
  auto uut = rt.connect(spec("alone"));
  CAF_REQUIRE(uut);
  CAF_CHECK(ask<uint64_t>(*uut, await_ready{}));
  auto [subscriber, in] = collect(*uut);
  CAF_CHECK(!tell(*uut, send_text{"hello"}));
  CAF_CHECK(in->wait_for_text("hello"));
  CAF_CHECK(!tell(*uut, close_client{}));
  CAF_CHECK(server.wait_for_connections(0, patience));
}

CAF_TEST(a client ends with an owner that is linked to it) {
  auto uut = rt.connect(spec("owned"));
  CAF_REQUIRE(uut);
  CAF_REQUIRE(ask<uint64_t>(*uut, await_ready{}));
  auto owner = sys.spawn(
    [client = *uut](caf::event_based_actor* self, int) {
      self->link_to(client);
      return caf::behavior{[](int) {}};
    },
    0);
  self->send_exit(owner, caf::exit_reason::user_shutdown);
  await_end_of(*uut);
  CAF_CHECK(server.wait_for_connections(0, patience));
}

// -- 2: a client supervisor in the tree of the application --------------------

CAF_TEST(a client supervisor is a child like any other) {
  auto top = supervise(
    {.name = "app",
     .children = {rt.child(client_supervisor_config{.name = "clients"})}});
  auto list = ask<child_list>(top, which_children{});
  CAF_REQUIRE(list);
  auto clients
    = caf::actor_cast<client_supervisor_actor>(list->children.at(0).address);
  auto feed = ask<client_actor>(clients, start_client{spec("feed")});
  CAF_REQUIRE(feed);
  CAF_REQUIRE(ask<uint64_t>(*feed, await_ready{}));
  CAF_CHECK_EQUAL(find("feed"), *feed);
  auto tree = ask<tree_node>(top, get_tree{});
  CAF_REQUIRE(tree);
  auto text = to_text(*tree);
  CAF_CHECK(
    text.starts_with("app (running, strategy one_for_one)\n"
                     "└── clients (running, clients 1, limit 10 in 60 s)\n"
                     "    └── feed (ready, epoch 1, up "));
  // The whole tree ends from the top, with goodbyes.
  self->send_exit(top, caf::exit_reason::user_shutdown);
  await_end_of(top);
  CAF_CHECK(server.wait_for_connections(0, patience));
  CAF_CHECK(!rt.find_client("feed"));
  CAF_CHECK(rt.clients().list().empty());
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST_FIXTURE_SCOPE(desk_tests, desk_fixture)

CAF_TEST(clients that were started at run time survive a killed supervisor) {
  start_desk({});
  self->send_exit(clients, caf::exit_reason::kill);
  check_feed(2);
}

CAF_TEST(clients that were started at run time survive a limit) {
  start_desk({});
  self->send_exit(feed, caf::exit_reason::kill);
  check_feed(2);
  self->send_exit(feed, caf::exit_reason::kill);
  check_feed(3);
}

CAF_TEST(
  clients that were started at run time survive the failure of a sibling) {
  child_spec sibling{.id = "sibling"};
  sibling.start = [](caf::actor_system& of) -> caf::expected<caf::actor> {
    return of.spawn([](caf::event_based_actor*,
                       int) { return caf::behavior{[](int x) { return x; }}; },
                    0);
  };
  start_desk({.strategy = restart_strategy::one_for_all}, {sibling});
  auto list = ask<child_list>(top, which_children{});
  CAF_REQUIRE(list);
  self->send_exit(list->children.at(1).address, caf::exit_reason::kill);
  check_feed(2);
}

CAF_TEST(clients whose supervisor is not started again end loudly) {
  start_desk({});
  auto watcher = watch();
  CAF_CHECK(!tell(top, terminate_child{"clients"}));
  auto last = in->wait_for_kind(event_kind::ended);
  CAF_REQUIRE(last);
  CAF_CHECK(watcher->wait_for_kind(event_kind::ended));
  CAF_CHECK(!rt.find_client("feed"));
  CAF_CHECK_EQUAL(tell(feed, send_text{"x"}), ec::client_stopped);
  CAF_CHECK(in->events().back().kind == event_kind::ended);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST_FIXTURE_SCOPE(own_supervisor_tests, fixture)

// -- 3: clients as children of the user's own supervisor ----------------------

CAF_TEST(a client keeps its subscribers as a child of any supervisor) {
  auto in = std::make_shared<inbox>();
  auto subscriber = sys.spawn(collecting, in);
  auto feed = spec("feed");
  feed.subscribers = {{subscriber}};
  auto top = supervise({.name = "desk", .children = {rt.child(feed)}});
  auto uut = find("feed");
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  self->send_exit(uut, caf::exit_reason::kill);
  CAF_CHECK(in->wait_for_kind(event_kind::restarting));
  CAF_CHECK(in->wait_for_kind(event_kind::restarted));
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_CHECK(!tell(uut, send_text{"again"}));
  CAF_CHECK(in->wait_for_text("again"));
  auto list = ask<child_list>(top, which_children{});
  CAF_REQUIRE(list);
  CAF_CHECK_EQUAL(list->children.at(0).restarts, 1u);
  CAF_CHECK(list->children.at(0).kind == child_kind::client);
}

CAF_TEST(a client that is given up can be started again by its id) {
  auto in = std::make_shared<inbox>();
  auto subscriber = sys.spawn(collecting, in);
  auto feed = spec("feed");
  feed.subscribers = {{subscriber}};
  feed.config.headers = {{"Authorization", "Bearer outdated"}};
  server.apply(sim::fault_refuse{.status = 401});
  auto top = supervise({.name = "desk", .children = {rt.child(feed)}});
  auto event = in->wait_for_kind(event_kind::gave_up);
  CAF_REQUIRE(event);
  CAF_CHECK_EQUAL(event->reason.code, ec::upgrade_refused);
  CAF_CHECK(in->wait_for_kind(event_kind::ended));
  auto uut = find("feed");
  CAF_CHECK_EQUAL(tell(uut, send_text{"x"}), ec::client_stopped);
  server.apply(sim::fault_accept{});
  CAF_REQUIRE(ask<caf::actor>(top, restart_child{"feed"}));
  CAF_CHECK(ask<uint64_t>(uut, await_ready{}));
  CAF_CHECK(in->wait_for_state(client_state::ready));
}

CAF_TEST(an engine starts over when its feed does) {
  std::atomic<int> engines{0};
  child_spec engine{.id = "engine"};
  engine.start = [&](caf::actor_system& of) -> caf::expected<caf::actor> {
    ++engines;
    return of.spawn([](caf::event_based_actor*,
                       int) { return caf::behavior{[](int x) { return x; }}; },
                    0);
  };
  auto top = supervise({.name = "desk",
                        .policy = {.strategy = restart_strategy::rest_for_one},
                        .children = {rt.child(spec("feed")), engine}});
  auto uut = find("feed");
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  CAF_CHECK_EQUAL(engines.load(), 1);
  // An outage is none of the engine's business...
  server.apply(sim::fault_drop{});
  CAF_CHECK(eventually(
    [&] { return ask<client_status>(uut, get_status{})->epoch == 2; }));
  CAF_CHECK_EQUAL(engines.load(), 1);
  // ...a crash is.
  self->send_exit(uut, caf::exit_reason::kill);
  CAF_CHECK(eventually([&] {
    return ask<child_counts>(top, count_children{})->active == 2
           && engines == 2;
  }));
  CAF_CHECK(eventually([&] {
    auto status = ask<client_status>(uut, get_status{});
    return status && status->epoch == 3;
  }));
}

CAF_TEST(subscribers survive the supervisor of their client) {
  auto in = std::make_shared<inbox>();
  auto subscriber = sys.spawn(collecting, in);
  auto feed = spec("feed");
  feed.subscribers = {{subscriber}};
  supervisor_config inner{.name = "inner", .children = {rt.child(feed)}};
  auto top = supervise({.name = "top", .children = {rt.child(inner)}});
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 1));
  auto list = ask<child_list>(top, which_children{});
  CAF_REQUIRE(list);
  self->send_exit(list->children.at(0).address, caf::exit_reason::kill);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_CHECK(eventually([&] {
    auto uut = rt.find_client("feed");
    return uut && !tell(*uut, send_text{"again"});
  }));
  CAF_CHECK(in->wait_for_text("again"));
}

CAF_TEST(an outage of one venue ends no tree and leaves the others alone) {
  sim::server away;
  CAF_REQUIRE(!away.start());
  for (auto strategy :
       {restart_strategy::one_for_one, restart_strategy::rest_for_one}) {
    auto gone = spec("gone");
    gone.config.url = away.url("/echo");
    gone.config.backoff.max_attempts = 1;
    away.apply(sim::fault_refuse{.status = 503});
    auto top
      = supervise({.name = "desk",
                   .policy = {.strategy = strategy,
                              .limit = {.max_restarts = 1, .period = 1h}},
                   .children = {rt.child(spec("healthy")), rt.child(gone)}});
    auto restarts = [&](size_t index) {
      return ask<child_list>(top, which_children{})
        ->children.at(index)
        .restarts;
    };
    CAF_CHECK(eventually([&] { return restarts(1) > 20; }));
    away.apply(sim::fault_accept{});
    // An incarnation that ends answers pending `await_ready` requests.
    CAF_CHECK(eventually([&] {
      return static_cast<bool>(ask<uint64_t>(find("gone"), await_ready{}));
    }));
    CAF_CHECK_EQUAL(restarts(0), 0u);
    CAF_CHECK_EQUAL(ask<uint64_t>(find("healthy"), await_ready{}), 1u);
    self->send_exit(top, caf::exit_reason::user_shutdown);
    await_end_of(top);
  }
}

// -- names and watchers -------------------------------------------------------

CAF_TEST(a supervisor without references lives as long as the runtime) {
  CAF_REQUIRE(
    rt.start_supervisor({.name = "top", .children = {rt.child(spec("feed"))}}));
  auto uut = rt.find_client("feed");
  CAF_REQUIRE(uut);
  CAF_REQUIRE(ask<uint64_t>(*uut, await_ready{}));
  for (size_t i = 0; i < 100; ++i)
    CAF_REQUIRE(!tell(*uut, send_text{"still here"}));
  CAF_CHECK(rt.find_client("feed"));
}

CAF_TEST(names are unique in a runtime) {
  auto one = rt.supervise({.name = "one"});
  auto two = rt.supervise({.name = "two"});
  CAF_REQUIRE(ask<client_actor>(one, start_client{spec("feed")}));
  auto again = ask<client_actor>(two, start_client{spec("feed")});
  CAF_REQUIRE(!again);
  CAF_CHECK_EQUAL(caf_compat::code_of(again.error()), ec::already_exists);
  CAF_REQUIRE_EQUAL(rt.clients().list().size(), 1u);
  auto found = rt.clients().find("feed");
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->supervisor, "one");
  CAF_CHECK(!tell(one, stop_client{"feed"}));
  CAF_CHECK(!rt.find_client("feed"));
  CAF_CHECK(ask<client_actor>(two, start_client{spec("feed")}));
}

CAF_TEST(a watcher receives the events of all trees) {
  std::mutex mtx;
  std::vector<std::string> log;
  auto watcher = sys.spawn(
    [&](caf::event_based_actor*, int) -> caf::behavior {
      return {
        [&](const supervision_event& event) {
          std::lock_guard guard{mtx};
          log.push_back(event.supervisor + '/' + event.child + ' '
                        + std::string{to_string(event.kind)});
        },
        [&](const client_event& event) {
          if (event.state != client_state::ready)
            return;
          std::lock_guard guard{mtx};
          log.push_back(event.client + " ready");
        },
      };
    },
    0);
  auto logged = [&](const std::string& line) {
    return eventually([&] {
      std::lock_guard guard{mtx};
      return std::find(log.begin(), log.end(), line) != log.end();
    });
  };
  rt.watch(watcher);
  auto clients = rt.supervise(
    {.name = "clients", .restart_backoff = {.min = 1ms, .max = 10ms}});
  auto uut = ask<client_actor>(clients, start_client{spec("feed")});
  CAF_REQUIRE(uut);
  CAF_CHECK(logged("clients/feed started"));
  CAF_CHECK(logged("feed ready"));
  self->send_exit(*uut, caf::exit_reason::kill);
  CAF_CHECK(logged("clients/feed restarting"));
  CAF_CHECK(logged("clients/feed restarted"));
  CAF_CHECK(!tell(clients, stop_client{"feed"}));
  CAF_CHECK(logged("clients/feed stopped"));
  auto desk = supervise({.name = "desk", .children = {rt.child(spec("own"))}});
  CAF_CHECK(logged("desk/own started"));
  CAF_CHECK(logged("own ready"));
  rt.unwatch(watcher);
  self->send_exit(desk, caf::exit_reason::user_shutdown);
  await_end_of(desk);
  self->send_exit(watcher, caf::exit_reason::user_shutdown);
  await_end_of(watcher);
  CAF_CHECK(std::find(log.begin(), log.end(), "desk/own stopped") == log.end());
}

CAF_TEST_FIXTURE_SCOPE_END()
