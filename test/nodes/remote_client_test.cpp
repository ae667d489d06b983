// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE remote_client

#include "support/node_world.hpp"
#include "support/unit_test.hpp"

#include "zenws/nodes/internal/node_relay.hpp"

#include <future>
#include <memory>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto trades = "trades.BTC-PERPETUAL.100ms";
constexpr auto book = "book.BTC-PERPETUAL.100ms";

// A supervisor that tells of a client only once it works.
client_supervisor_actor::behavior_type
tell_late(client_supervisor_actor::pointer self, client_supervisor_actor real) {
  auto pass_on = [=](auto& request) {
    return caf_compat::delegate(*self, real, request);
  };
  return {
    [=](start_client& start) {
      auto promise = self->make_response_promise<client_actor>();
      self->request(real, caf::infinite, std::move(start))
        .then([=](const client_actor& started) {
          self->request(started, caf::infinite, await_ready{})
            .then([=](uint64_t) mutable { promise.deliver(started); });
        });
      return promise;
    },
    [=](stop_client& request) { return pass_on(request); },
    [=](restart_client& request) { return pass_on(request); },
    [=](list_clients& request) { return pass_on(request); },
    [=](count_clients& request) { return pass_on(request); },
    [=](get_limits& request) { return pass_on(request); },
    [=](get_tree& request) { return pass_on(request); },
  };
}

// Events that a node that starts a client receives, in order.
struct hearing {
  std::vector<std::string> heard;
  std::promise<std::vector<std::string>> result;
};

caf::behavior start_and_listen(caf::event_based_actor* self,
                               node_relay_actor relay, client_spec spec,
                               std::shared_ptr<hearing> to) {
  self
    ->request(relay, caf::infinite,
              start_stream{std::move(spec), caf::actor{self},
                           stream_interest::everything})
    .then([=](const opened_stream&) { to->heard.push_back("opened"); });
  return {
    [=](const client_event& event) {
      to->heard.emplace_back(to_string(event.state));
      if (event.state != client_state::ready)
        return;
      to->result.set_value(to->heard);
      self->quit();
    },
    [](const stream_transfer&) {},
  };
}

struct fixture {
  fixture() {
    auto started = here.ask<client_actor>(here.supervisor,
                                          start_client{deribit_at(*venue)});
    CAF_REQUIRE(started);
    at_home = *started;
    CAF_REQUIRE(here.ask<uint64_t>(at_home, await_ready{}));
  }

  std::unique_ptr<sim::server> venue = start_server();
  gateway_world here;
  client_actor at_home;
  subscriber_world there{here.gateway->port()};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(remote_client_tests, fixture)

CAF_TEST(all that a client receives reaches another node) {
  auto uut = there.client("desk");
  auto [subscriber, in] = there.collect(uut);
  CAF_REQUIRE(subscriber);
  CAF_REQUIRE(in->wait_for_state(client_state::ready));
  here.follow(at_home, {trades});
  CAF_REQUIRE(in->wait_for_messages(10));
  auto got = in->messages();
  for (size_t i = 1; i < 10; ++i)
    CAF_CHECK_EQUAL(got[i].sequence, got[i - 1].sequence + 1);
}

CAF_TEST(the end of a client reaches another node once and last) {
  auto uut = there.client("desk");
  auto [subscriber, in] = there.collect(uut);
  CAF_REQUIRE(in->wait_for_state(client_state::ready));
  CAF_CHECK(!here.tell(here.supervisor, stop_client{"desk"}));
  there.await_end_of(uut);
  CAF_REQUIRE(in->wait_for_kind(event_kind::ended));
  auto all = in->events();
  CAF_CHECK(all.back().kind == event_kind::ended);
  CAF_CHECK_EQUAL(
    std::count_if(all.begin(), all.end(),
                  [](auto& x) { return x.kind == event_kind::ended; }),
    1);
  CAF_CHECK_EQUAL(there.tell(uut, send_text{"x"}), ec::client_stopped);
}

CAF_TEST(channels are sorted out where they are wanted) {
  auto uut = there.client("desk");
  auto [first, of_trades] = there.follow(uut, {trades});
  auto [second, of_book] = there.follow(uut, {book});
  CAF_REQUIRE(of_trades->wait_for_messages(10));
  CAF_REQUIRE(of_book->wait_for_messages(10));
  CAF_CHECK_EQUAL(unauthenticated(of_trades, 10, trades), 0u);
  CAF_CHECK_EQUAL(unauthenticated(of_book, 10, book), 0u);
}

CAF_TEST(requests work as they do at home) {
  auto uut = there.client("desk");
  CAF_CHECK_EQUAL(there.status_of(uut).name, "desk");
  auto answer = there.ask<rpc_result>(uut, call{.method = "public/get_time"});
  CAF_CHECK(answer);
  auto refused = there.ask<rpc_result>(uut, call{.method = "public/nothing"});
  CAF_REQUIRE(!refused);
  CAF_CHECK(rpc_error_of(refused.error()).has_value());
  CAF_CHECK(there.ask<uint64_t>(uut, await_ready{}));
  CAF_CHECK(there.ask<state_metrics>(uut, get_state_metrics{}));
  CAF_CHECK(there.ask<heartbeat_health>(uut, get_heartbeat_health{}));
}

CAF_TEST(the supervisor of the gateway can be used from afar) {
  auto spec = deribit_at(*venue, "another");
  auto uut = there.ask<client_actor>(there.link->gateway(), start_client{spec});
  if (!uut)
    CAF_FAIL(caf_compat::to_text(uut.error()));
  CAF_REQUIRE(uut);
  CAF_CHECK(there.ask<uint64_t>(*uut, await_ready{}));
  auto list = there.ask<client_list>(there.link->gateway(), list_clients{});
  CAF_REQUIRE(list);
  CAF_CHECK_EQUAL(list->clients.size(), 2u);
  auto limits = there.ask<limit_levels>(there.link->gateway(), get_limits{});
  CAF_REQUIRE(limits);
  CAF_CHECK(
    std::any_of(limits->limits.begin(), limits->limits.end(), [](auto& x) {
      return x.name == "Deribit matching requests" && x.available > 0;
    }));
  auto tree = there.ask<tree_node>(there.link->gateway(), get_tree{});
  CAF_REQUIRE(tree);
  CAF_MESSAGE(to_text(*tree));
  CAF_CHECK_EQUAL(tree->children.size(), 2u);
  CAF_CHECK(!there.tell(there.link->gateway(), stop_client{"another"}));
  there.await_end_of(*uut);
  auto twice = there.ask<client_actor>(there.link->gateway(),
                                       get_client{"nobody"});
  CAF_REQUIRE(!twice);
  CAF_CHECK(caf_compat::code_of(twice.error()) == ec::not_found);
}

CAF_TEST(watchers receive the events of the gateway) {
  using kind = supervision_event_kind;
  subscriber_world watching{here.gateway->port(), {.events = true}};
  auto in = watching.watch();
  auto spec = deribit_at(*venue, "another");
  CAF_REQUIRE(here.ask<client_actor>(here.supervisor, start_client{spec}));
  auto started = in->wait_for_news(kind::started, "another");
  CAF_REQUIRE(started);
  CAF_CHECK_EQUAL(started->node, "gateway");
  auto ready = in->wait_for_state(client_state::ready);
  CAF_REQUIRE(ready);
  CAF_CHECK_EQUAL(ready->client, "another");
  CAF_CHECK_EQUAL(ready->node, "gateway");
  CAF_CHECK(!here.tell(here.supervisor, stop_client{"another"}));
  CAF_CHECK(in->wait_for_news(kind::stopped, "another"));
}

// Events between the answer to the node and the first run of its relay were
// lost.
CAF_TEST(no event is lost from the moment a node is connected) {
  auto release = std::make_shared<std::promise<void>>();
  auto released = release->get_future().share();
  auto barrier = here.rt.spawn_function_on_loop(
    0, [released](caf::event_based_actor*) { released.wait(); });
  subscriber_world watching{here.gateway->port(), {.events = true}};
  auto in = watching.watch();
  here.rt.events()->publish(supervision_event{.child = "early"}, nullptr);
  release->set_value();
  CAF_CHECK(in->wait_for_news(supervision_event_kind::started, "early"));
}

CAF_TEST(events of other nodes are not passed on) {
  using kind = supervision_event_kind;
  subscriber_world middle{here.gateway->port(), {.events = true}};
  auto of_middle = middle.rt.supervise();
  auto server = gateway_server::start(middle.rt, of_middle, {.name = "middle"});
  CAF_REQUIRE(server);
  subscriber_world far{(*server)->port(), {.events = true}};
  auto in = far.watch();
  auto near = middle.watch();
  auto start = [&](node_world& where, const client_supervisor_actor& by,
                   const std::string& name) {
    auto spec = deribit_at(*venue, name);
    return where.ask<client_actor>(by, start_client{spec});
  };
  CAF_REQUIRE(start(here, here.supervisor, "foreign"));
  CAF_REQUIRE(near->wait_for_news(kind::started, "foreign"));
  CAF_REQUIRE(start(middle, of_middle, "own"));
  auto started = in->wait_for_news(kind::started, "own");
  CAF_REQUIRE(started);
  CAF_CHECK_EQUAL(started->node, "middle");
  CAF_CHECK_EQUAL(in->news().size(), 1u);
}

CAF_TEST(a client with something of its own node is refused at once) {
  auto problem_with = [&](auto change) {
    auto spec = deribit_at(*venue, "other");
    change(spec);
    auto refused = there.ask<client_actor>(there.link->gateway(),
                                           start_client{std::move(spec)});
    CAF_REQUIRE(!refused);
    CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::invalid_config);
    return caf_compat::to_text(refused.error());
  };
  auto key_log
    = problem_with([](auto& x) { x.config.tls.key_log_file = "/tmp/keys"; });
  CAF_CHECK(key_log.find("config.tls.key_log_file: ") != std::string::npos);
  auto others = problem_with([](auto& x) {
    x.provider = [](const dial_parameters& configured,
                    uint64_t) -> result<dial_parameters> { return configured; };
    x.classify_refusal = [](const refusal&) { return refusal_ruling{}; };
  });
  CAF_CHECK(others.find("provider, classify_refusal: ") != std::string::npos);
}

CAF_TEST(a stream without a receiver is refused) {
  auto in = std::make_shared<inbox>();
  auto link = here.sys.spawn(collecting, in);
  auto session = here.ask<gateway_session>(here.gateway->address(),
                                           join_gateway{.connector = link});
  CAF_REQUIRE(session);
  auto open = here.ask<opened_stream>(session->relay, open_stream{"desk", {}});
  CAF_REQUIRE(!open);
  CAF_CHECK(caf_compat::code_of(open.error()) == ec::invalid_config);
  auto start = here.ask<opened_stream>(
    session->relay, start_stream{deribit_at(*venue, "other"), {}});
  CAF_REQUIRE(!start);
  CAF_CHECK(caf_compat::code_of(start.error()) == ec::invalid_config);
  here.self->send_exit(link, caf::exit_reason::user_shutdown);
}

CAF_TEST(a node that asks for a client again has it once) {
  auto in = std::make_shared<inbox>();
  auto link = here.sys.spawn(collecting, in);
  auto session = here.ask<gateway_session>(here.gateway->address(),
                                           join_gateway{.connector = link});
  CAF_REQUIRE(session);
  for (auto i = 0; i < 3; ++i)
    CAF_CHECK(
      here.ask<opened_stream>(session->relay, open_stream{"desk", link}));
  auto tree = here.ask<tree_node>(here.gateway->address(), get_tree{});
  CAF_REQUIRE(tree);
  auto& details = tree->children.back().details;
  auto streams = std::find_if(details.begin(), details.end(),
                              [](auto& x) { return x.name == "streams"; });
  CAF_REQUIRE(streams != details.end());
  CAF_CHECK_EQUAL(streams->value, "1");
  here.self->send_exit(link, caf::exit_reason::user_shutdown);
}

// A node that hears first that its client is ready cannot use it yet.
CAF_TEST(nothing comes ahead of the answer that opens a stream) {
  auto link = here.sys.spawn(collecting, std::make_shared<inbox>());
  auto late = here.sys.spawn(tell_late, here.supervisor);
  auto relay = here.rt.spawn_on_loop<node_relay>(
    0, here.rt,
    relay_options{.node = "far",
                  .connector = link,
                  .silence_limit = patience,
                  .max_stream_bytes = stream_options{}.budget_bytes,
                  .supervisor = late},
    std::make_shared<relay_stats>());
  auto state = std::make_shared<hearing>();
  here.sys.spawn(start_and_listen, relay, deribit_at(*venue, "other"), state);
  auto result = state->result.get_future();
  CAF_REQUIRE(result.wait_for(patience) == std::future_status::ready);
  auto heard = result.get();
  CAF_CHECK_EQUAL(heard.front(), "opened");
  for (auto& x : {link, caf::actor_cast<caf::actor>(late),
                  caf::actor_cast<caf::actor>(relay)})
    here.self->send_exit(x, caf::exit_reason::user_shutdown);
}

CAF_TEST(a gateway cannot be joined from its own system) {
  gateway_options options{.port = here.gateway->port(),
                          .connect_within = 200ms};
  auto link = connect_gateway(here.rt, options);
  CAF_REQUIRE(!link);
  CAF_CHECK_EQUAL(caf_compat::code_of(link.error()), ec::invalid_config);
}

CAF_TEST_FIXTURE_SCOPE_END()
