// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE flow

#include "support/scripted_peer.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include "zenws/flows/flow.hpp"

#include <caf/async/blocking_consumer.hpp>

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <variant>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr uint64_t flood = 400;

// Sends much more than the budget of a subscriber once it is asked.
scripted_peer::task flood_when_asked(scripted_peer::stream& client) {
  auto text = std::string(1'000, 'x');
  for (;;) {
    boost::beast::flat_buffer in;
    if (auto [code, n] = co_await client.async_read(in, scripted_peer::tuple);
        code)
      co_return;
    for (uint64_t i = 0; i < flood; ++i)
      if (auto [code, n] = co_await client.async_write(
            boost::asio::buffer(text), scripted_peer::tuple);
          code)
        co_return;
  }
}

template <class Batch>
auto reader_of(caf::async::consumer_resource<Batch> from) {
  auto result = caf::async::make_blocking_consumer(std::move(from));
  CAF_REQUIRE(result);
  return std::move(*result);
}

template <class Batch>
caf::async::read_result
pull(caf::async::blocking_consumer<Batch>& from, Batch& to) {
  return from.pull(caf::async::delay_errors, to, patience);
}

// Reads until the flow ends, or for a number of messages.
template <class Batch>
uint64_t
read(caf::async::blocking_consumer<Batch>& from, uint64_t limit = UINT64_MAX) {
  uint64_t result = 0;
  Batch batch;
  while (result < limit && pull(from, batch) == caf::async::read_result::ok) {
    result += batch.size();
    batch = Batch{};
  }
  return result;
}

// Same for all messages of a client, none of which may be missing.
uint64_t read_all(caf::async::blocking_consumer<message_batch>& from,
                  uint64_t limit) {
  uint64_t result = 0;
  message_batch batch;
  while (result < limit && pull(from, batch) == caf::async::read_result::ok) {
    for (auto message : batch)
      CAF_REQUIRE_EQUAL(message.sequence, ++result);
    batch = message_batch{};
  }
  return result;
}

// Reads all that there is for now.
// @returns why there is no more.
template <class Batch>
caf::async::read_result drain(caf::async::blocking_consumer<Batch>& from) {
  Batch batch;
  for (;;) {
    auto result = from.pull(caf::async::delay_errors, batch, 0ms);
    if (result != caf::async::read_result::ok)
      return result;
    batch = Batch{};
  }
}

template <class Batch>
ec reason_of_end(caf::async::blocking_consumer<Batch>& from) {
  Batch batch;
  CAF_REQUIRE(pull(from, batch) == caf::async::read_result::abort);
  return code_of(from.abort_reason());
}

template <class Batch>
bool is_complete(caf::async::blocking_consumer<Batch>& from) {
  Batch batch;
  return pull(from, batch) == caf::async::read_result::stop;
}

struct fixture : venue_world {
  scripted_peer peer{scripted_peer::serve_fun{flood_when_asked}};

  std::unique_ptr<sim::server> exchange = start_server();

  static subscription_options small(overflow_policy policy) {
    return {.policy = policy, .budget_bytes = 64 * 1024};
  }

  client_spec peer_spec(std::chrono::milliseconds max_pause) const {
    client_spec result{.config = quick(peer.url())};
    result.config.heartbeat.kind = heartbeat_kind::none;
    result.config.max_reading_pause = max_pause;
    return result;
  }

  // A client with one subscriber, of its events.
  std::pair<client_actor, inbox_ptr>
  connect_to_peer(std::chrono::milliseconds max_pause = 1h) {
    auto result = connect_watched(peer_spec(max_pause));
    CAF_REQUIRE(ask<uint64_t>(result.first, await_ready{}));
    return result;
  }

  client_actor connect_to_exchange() {
    client_spec spec{.config = quick(exchange->url())};
    spec.config.venue.dialect = "deribit";
    return connect_watched(std::move(spec)).first;
  }

  bool has_subscribers(const client_actor& uut, uint32_t n) {
    return eventually([&] { return status_of(uut).subscribers == n; });
  }

  void ask_for_flood(const client_actor& uut) {
    CAF_REQUIRE(has_subscribers(uut, 2));
    CAF_REQUIRE(!tell(uut, send_text{"go"}));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(flow_tests, fixture)

CAF_TEST(a flow has all messages and completes with its client) {
  auto [uut, events] = connect_to_peer();
  auto in = reader_of(as_resource(sys, uut));
  ask_for_flood(uut);
  CAF_CHECK_EQUAL(read_all(in, flood), flood);
  CAF_CHECK(!tell(uut, close_client{}));
  CAF_CHECK(is_complete(in));
}

CAF_TEST(a consumer that does not ask slows the venue down) {
  auto [uut, events] = connect_to_peer();
  auto in
    = reader_of(as_resource(sys, uut, small(overflow_policy::backpressure)));
  ask_for_flood(uut);
  CAF_CHECK(events->wait_for_kind(event_kind::reading_paused));
  CAF_CHECK(status_of(uut).messages_received < flood);
  CAF_CHECK_EQUAL(read_all(in, flood), flood);
  CAF_CHECK_EQUAL(status_of(uut).messages_dropped, 0u);
}

CAF_TEST(a flow fails rather than to have a gap) {
  for (auto policy :
       {overflow_policy::disconnect_subscriber, overflow_policy::drop_newest,
        overflow_policy::backpressure}) {
    auto [uut, events] = connect_to_peer(1ms);
    auto in = reader_of(as_resource(sys, uut, small(policy)));
    ask_for_flood(uut);
    CAF_CHECK(
      eventually([&] { return status_of(uut).messages_received == flood; }));
    // Losses are told with the next message.
    CAF_CHECK(eventually([&] {
      return drain(in) == caf::async::read_result::abort
             || tell(uut, send_text{"go"});
    }));
    CAF_CHECK_EQUAL(code_of(in.abort_reason()), ec::subscriber_overflow);
  }
}

CAF_TEST(who gives a flow up is unsubscribed) {
  auto [uut, events] = connect_to_peer();
  {
    auto in = reader_of(as_resource(sys, uut));
    CAF_CHECK(has_subscribers(uut, 2));
  }
  CAF_CHECK(has_subscribers(uut, 1));
  {
    auto never_read = as_resource(sys, uut);
    CAF_CHECK(has_subscribers(uut, 2));
  }
  CAF_CHECK(has_subscribers(uut, 1));
}

CAF_TEST(an actor observes a flow) {
  auto [uut, events] = connect_to_peer();
  auto total = std::make_shared<std::promise<size_t>>();
  sys.spawn([=, client = uut](caf::event_based_actor* observer) {
    as_observable(*observer, client)
      .map([](const message_batch& x) { return x.size(); })
      .scan(size_t{0}, [](size_t a, size_t b) { return a + b; })
      .filter([](size_t n) { return n >= flood; })
      .take(1)
      .for_each([=](size_t n) { total->set_value(n); });
  });
  ask_for_flood(uut);
  auto result = total->get_future();
  CAF_REQUIRE(result.wait_for(patience) == std::future_status::ready);
  CAF_CHECK_EQUAL(result.get(), flood);
  CAF_CHECK(has_subscribers(uut, 1));
}

CAF_TEST(a flow of channels fails with what the venue says) {
  auto uut = connect_to_exchange();
  auto in = reader_of(
    as_resource(sys, uut, {{.name = "trades.BTC-PERPETUAL.100ms"}}));
  CAF_CHECK(read(in, 5) >= 5);
  auto refused = reader_of(as_resource(sys, uut, {{.name = "no.such"}}));
  CAF_CHECK_EQUAL(reason_of_end(refused), ec::subscription_rejected);
}

CAF_TEST(market data is a flow) {
  auto uut = connect_to_exchange();
  auto in = reader_of(as_resource(
    sys, uut, subscribe_market{{"BTC-PERPETUAL"}, {market::data_kind::book}}));
  market_batch batch;
  CAF_REQUIRE(pull(in, batch) == caf::async::read_result::ok);
  CAF_REQUIRE(!batch.empty());
  CAF_CHECK(std::holds_alternative<market::book_snapshot>(*batch.begin()));
  CAF_CHECK(read(in, 5) >= 5);
  auto refused = reader_of(as_resource(sys, uut, subscribe_market{}));
  CAF_CHECK_EQUAL(reason_of_end(refused), ec::invalid_config);
  CAF_CHECK(!tell(uut, close_client{}));
  read(in);
  CAF_CHECK(is_complete(in));
}

CAF_TEST(a flow outlives the crash of its client) {
  auto supervisor = rt.supervise();
  auto [uut, events] = start_watched(supervisor, peer_spec(1h));
  auto in = reader_of(as_resource(sys, uut));
  CAF_CHECK(has_subscribers(uut, 2));
  self->send_exit(uut, caf::exit_reason::kill);
  CAF_REQUIRE(events->wait_for_kind(event_kind::restarted));
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  ask_for_flood(uut);
  CAF_CHECK_EQUAL(read_all(in, flood), flood);
  CAF_CHECK(!tell(uut, close_client{}));
  CAF_CHECK(is_complete(in));
}

CAF_TEST_FIXTURE_SCOPE_END()
