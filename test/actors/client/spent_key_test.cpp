// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE spent_key

#include "actors/recording/recording_fixture.hpp"
#include "support/scripted_peer.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include <atomic>
#include <memory>
#include <string>

using namespace zenws;
using namespace zenws::test_support;

namespace {

// As long as a listen key, another one each time.
std::string key(int number) {
  return "LK" + std::to_string(number) + std::string(59, 'a') + "9Z";
}

// Reports to each connection but the last that its key has ended, and repeats
// the key, as Binance does.
struct key_venue {
  std::atomic<int> connections{0};

  scripted_peer peer{[this](scripted_peer::stream& client) {
    return serve(client, ++connections);
  }};

  static scripted_peer::task serve(scripted_peer::stream& client, int number) {
    auto event = R"({"stream":")" + key(number)
                 + R"(","data":{"e":"listenKeyExpired","E":1625135449173}})";
    auto order = R"({"stream":")" + key(number)
                 + R"(","data":{"e":"executionReport","i":7}})";
    for (auto& text : {order, number == 1 ? event : order})
      if (auto [code, n] = co_await client.async_write(
            boost::asio::buffer(text), scripted_peer::tuple);
          code)
        co_return;
    for (;;) {
      boost::beast::flat_buffer in;
      if (auto [code, n] = co_await client.async_read(in, scripted_peer::tuple);
          code)
        co_return;
    }
  }
};

struct fixture : venue_world, recording_fixture {};

} // namespace

CAF_TEST_FIXTURE_SCOPE(spent_key_tests, fixture)

// The socket stays open and brings nothing any more: an hour of fills was found
// by a poll only (nautechsystems/nautilus_trader, issue 3861).
CAF_TEST(a key that ends is replaced and shows nowhere) {
  key_venue venue;
  auto dialed = std::make_shared<std::atomic<int>>(0);
  client_spec spec{.config = quick(venue.peer.url())};
  spec.config.venue.dialect = "binance";
  spec.record_to = options();
  spec.record_to->compression = recording_compression::none; // to be read
  spec.provider = [dialed](const dial_parameters& configured,
                           uint64_t) -> result<dial_parameters> {
    auto url = configured.url + "stream?streams=" + key(++*dialed);
    return dial_parameters{std::move(url), {}};
  };
  auto [uut, events] = connect_watched(spec);
  auto replaced = events->wait_for_kind(event_kind::connection_replaced);
  CAF_REQUIRE(replaced);
  CAF_CHECK_EQUAL(replaced->reason.code, ec::connection_spent);
  CAF_CHECK_EQUAL(dialed->load(), 2);
  auto status = to_json(status_of(uut));
  CAF_CHECK_EQUAL(tell(uut, close_client{}), caf::none);
  CAF_REQUIRE(events->wait_for_kind(event_kind::ended));
  for (auto number : {1, 2}) {
    CAF_CHECK(status.find(key(number)) == std::string::npos);
    CAF_CHECK(eventually(
      [&] { return contents().find("executionReport") != std::string::npos; }));
    CAF_CHECK(contents().find(key(number)) == std::string::npos);
    for (auto& x : events->events())
      CAF_CHECK(describe(x).find(key(number)) == std::string::npos);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
