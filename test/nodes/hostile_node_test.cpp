// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE hostile_node

#include "support/node_world.hpp"
#include "support/unit_test.hpp"

#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>

#include <limits>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto trades = "trades.BTC-PERPETUAL.100ms";

template <class Enum>
constexpr auto no_such = static_cast<Enum>(200);

// A node that has joined, and sends senseless messages to all actors that it
// can reach: each arrives over the network, as from a foreign program.
struct fixture {
  fixture() {
    CAF_REQUIRE(here.ask<client_actor>(here.supervisor,
                                       start_client{deribit_at(*venue)}));
    auto address = there.sys.middleman().remote_actor<gateway_actor>(
      "127.0.0.1", here.gateway->port());
    CAF_REQUIRE(address);
    gateway = *address;
    link = there.sys.spawn(collecting, std::make_shared<inbox>());
    auto session = there.ask<gateway_session>(gateway,
                                              join_gateway{.connector = link});
    CAF_REQUIRE(session);
    relay = session->relay;
    auto stream = there.ask<opened_stream>(relay, open_stream{"desk", link});
    CAF_REQUIRE(stream);
    desk = stream->client;
    number = stream->stream;
  }

  ~fixture() {
    // Everything that was said has been heard, and nobody else noticed.
    CAF_CHECK(there.ask<client_status>(desk, get_status{}));
    subscriber_world decent{here.gateway->port()};
    auto [subscriber, in] = decent.follow(decent.client("desk"), {trades});
    CAF_CHECK(in->wait_for_messages(10));
    there.self->send_exit(link, caf::exit_reason::user_shutdown);
  }

  template <class Handle, class Request>
  ec refusal_of(const Handle& whom, Request request) {
    return caf_compat::code_of(there.tell(whom, std::move(request)));
  }

  template <class T, class Handle, class Request>
  ec refusal_of(const Handle& whom, Request request) {
    auto answer = there.ask<T>(whom, std::move(request));
    return answer ? ec::none : caf_compat::code_of(answer.error());
  }

  std::unique_ptr<sim::server> venue = start_server();
  gateway_world here;
  node_world there;
  caf::actor link;
  gateway_actor gateway;
  node_relay_actor relay;
  client_actor desk;
  uint64_t number = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hostile_node_tests, fixture)

CAF_TEST(a null address is no subscriber) {
  CAF_CHECK_EQUAL(refusal_of(desk, subscribe{}), ec::invalid_config);
  CAF_CHECK_EQUAL(refusal_of(desk, unsubscribe{}), ec::not_found);
  CAF_CHECK_EQUAL(refusal_of<channel_report>(
                    desk, subscribe_channels{{{.name = trades}}, {}}),
                  ec::invalid_config);
  CAF_CHECK_EQUAL(refusal_of(desk, unsubscribe_channels{{trades}, {}}),
                  ec::not_found);
  CAF_CHECK_EQUAL(refusal_of<market_report>(
                    desk, subscribe_market{{"X"}, {market::data_kind::book}}),
                  ec::invalid_config);
  CAF_CHECK_EQUAL(
    refusal_of(desk, unsubscribe_market{{"X"}, {market::data_kind::book}}),
    ec::not_found);
  auto spec = deribit_at(*venue, "other");
  spec.subscribers = {subscribe{}};
  CAF_CHECK_EQUAL(refusal_of<client_actor>(gateway, start_client{spec}),
                  ec::invalid_config);
}

CAF_TEST(values that do not exist are refused) {
  auto policy = no_such<overflow_policy>;
  auto content = no_such<subscription_content>;
  CAF_CHECK_EQUAL(refusal_of(desk, subscribe{link, {.policy = policy}}),
                  ec::invalid_config);
  CAF_CHECK_EQUAL(refusal_of(desk, subscribe{link, {.content = content}}),
                  ec::invalid_config);
  CAF_CHECK_EQUAL(
    refusal_of<opened_stream>(
      relay, open_stream{"desk", link, {}, stream_options{.policy = policy}}),
    ec::invalid_config);
  auto interest = no_such<stream_interest>;
  CAF_CHECK_EQUAL(
    refusal_of<opened_stream>(relay, open_stream{"desk", link, interest}),
    ec::invalid_config);
  market::data_kinds book{market::data_kind::book};
  CAF_CHECK_EQUAL(
    refusal_of<market_report>(
      relay, add_stream_market{number, {"X"}, book, 0, no_such<market_pace>}),
    ec::invalid_config);
  CAF_CHECK_EQUAL(
    refusal_of<market_report>(
      desk,
      subscribe_market{.instruments = {"X"},
                       .kinds = book,
                       .subscriber = caf::actor_cast<market_subscriber>(link),
                       .options = {.policy = policy}}),
    ec::invalid_config);
  CAF_CHECK_EQUAL(
    refusal_of<market_report>(relay, add_stream_market{number, {}, book}),
    ec::invalid_config);
  auto access = no_such<channel_access>;
  CAF_CHECK_EQUAL(
    refusal_of<channel_report>(
      desk, subscribe_channels{{{.name = trades, .access = access}}, link}),
    ec::invalid_config);
}

CAF_TEST(clients that cannot work are not started) {
  auto refusal = [&](auto change) {
    auto spec = deribit_at(*venue, "other");
    change(spec);
    return refusal_of<client_actor>(gateway, start_client{spec});
  };
  CAF_CHECK_EQUAL(refusal([](auto& x) { x.config.url = "file:///etc/passwd"; }),
                  ec::invalid_config);
  CAF_CHECK_EQUAL(refusal([](auto& x) { x.config.venue.dialect = "?"; }),
                  ec::invalid_config);
  CAF_CHECK_EQUAL(
    refusal([](auto& x) { x.config.heartbeat.kind = no_such<heartbeat_kind>; }),
    ec::invalid_config);
  CAF_CHECK_EQUAL(
    refusal([](auto& x) { x.config.venue.login = no_such<login_mode>; }),
    ec::invalid_config);
  CAF_CHECK_EQUAL(
    refusal([](auto& x) { x.config.tls.verify = no_such<tls_verify>; }),
    ec::invalid_config);
}

CAF_TEST(
  a client that logs its keys into a file of the gateway is not started) {
  auto spec = deribit_at(*venue, "other");
  spec.config.tls.key_log_file = "/tmp/keys";
  // There is no answer: CAF drops what cannot be read.
  caf_compat::tell(*there.self, gateway, start_client{spec});
  auto list = there.ask<client_list>(gateway, list_clients{});
  CAF_REQUIRE(list);
  CAF_REQUIRE_EQUAL(list->clients.size(), 1u);
  CAF_CHECK_EQUAL(list->clients.front().name, "desk");
}

CAF_TEST(a gateway sets the limits of streams) {
  auto refusal = [&](size_t window, size_t budget) {
    return refusal_of<opened_stream>(
      relay,
      open_stream{
        "desk", link, {}, {overflow_policy::drop_newest, window, budget}});
  };
  auto most = gateway_config{}.max_stream_bytes;
  CAF_CHECK_EQUAL(refusal(0, most), ec::invalid_config);
  CAF_CHECK_EQUAL(refusal(most, 0), ec::invalid_config);
  CAF_CHECK_EQUAL(refusal(most + 1, most), ec::invalid_config);
  CAF_CHECK_EQUAL(refusal(most, most + 1), ec::invalid_config);
  CAF_CHECK_EQUAL(refusal(most, most), ec::none);
}

CAF_TEST(streams that do not exist cannot be used) {
  auto none = number + 1'000'000;
  auto everything = std::numeric_limits<uint64_t>::max();
  caf_compat::tell(*there.self, relay, widen_stream{none});
  caf_compat::tell(*there.self, relay, remove_stream_channels{none, {trades}});
  caf_compat::tell(*there.self, relay, remove_stream_market{none, {"X"}, {}});
  caf_compat::tell(*there.self, relay, close_stream{none});
  caf_compat::tell(*there.self, relay, grant_credit{none, everything});
  caf_compat::tell(*there.self, relay, grant_credit{number, everything});
  CAF_CHECK_EQUAL(refusal_of<channel_report>(
                    relay, add_stream_channels{none, {{.name = trades}}}),
                  ec::not_found);
  CAF_CHECK_EQUAL(refusal_of<market_report>(
                    relay,
                    add_stream_market{none, {"X"}, {market::data_kind::book}}),
                  ec::not_found);
  CAF_CHECK_EQUAL(refusal_of<opened_stream>(relay, open_stream{"?", link}),
                  ec::not_found);
}

CAF_TEST(errors without a request end no actor) {
  auto broker = here.sys.middleman().named_broker<caf::io::basp_broker>(
    caf_compat::actor_name("BASP"));
  here.sys.registry().put(caf_compat::actor_name("broker"),
                          caf::actor_cast<caf::strong_actor_ptr>(broker));
  auto its_proxy = there.sys.middleman().remote_lookup(
    caf_compat::actor_name("broker"), gateway.node());
  CAF_REQUIRE(its_proxy);
  auto send = [](const auto& whom) {
    caf_compat::anon_send(caf::actor_cast<caf::actor>(whom),
                          make_error(ec::invalid_data));
  };
  send(gateway);
  send(relay);
  send(desk);
  send(its_proxy);
  here.sys.registry().erase(caf_compat::actor_name("broker"));
  CAF_CHECK(there.ask<client_list>(gateway, list_clients{}));
  CAF_CHECK(!there.tell(relay, node_heartbeat{}));
}

CAF_TEST(senseless requests to a gateway are refused) {
  CAF_CHECK_EQUAL(refusal_of<gateway_session>(gateway, join_gateway{}),
                  ec::invalid_config);
  CAF_CHECK_EQUAL(refusal_of<gateway_session>(
                    gateway, join_gateway{.protocol = 7, .connector = link}),
                  ec::not_supported);
  CAF_CHECK_EQUAL(refusal_of<client_actor>(gateway, restart_client{"?"}),
                  ec::not_found);
  CAF_CHECK_EQUAL(refusal_of(gateway, stop_client{"?"}), ec::not_found);
}

CAF_TEST_FIXTURE_SCOPE_END()
