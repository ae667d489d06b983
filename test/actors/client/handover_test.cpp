// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE client_handover

#include "core/connection/peer_frames.hpp"
#include "support/scripted_peer.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include "zenws/json/json_value.hpp"

#include <boost/asio/write.hpp>

#include <numeric>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto stream = "btcusdt@trade";

struct fixture : venue_world {
  // Connects to a Binance and asks for trades.
  inbox_ptr follow_trades(std::string url) {
    client_spec spec{.config = quick(std::move(url))};
    spec.config.venue.dialect = "binance";
    auto in = std::make_shared<inbox>();
    auto subscriber = sys.spawn(collecting, in);
    spec.subscribers = {{subscriber}};
    auto uut = rt.connect(std::move(spec));
    CAF_REQUIRE(uut);
    auto report = ask<channel_report>(
      *uut, subscribe_channels{{{.name = stream}}, subscriber});
    CAF_REQUIRE(report && report->all_granted());
    return in;
  }
};

std::string trade(int number, size_t padding = 0) {
  return R"({"stream":"btcusdt@trade","data":{"e":"trade","t":)"
         + std::to_string(number) + R"(,"s":")" + std::string(padding, 'x')
         + R"("}})";
}

using peer_stream = scripted_peer::stream;

constexpr auto tuple = scripted_peer::tuple;

scripted_peer::task say(peer_stream& client, std::string text) {
  co_await client.async_write(boost::asio::buffer(text), tuple);
}

// Grants the first thing that the client asks for.
scripted_peer::task grant(peer_stream& client) {
  boost::beast::flat_buffer in;
  co_await client.async_read(in, tuple);
  auto request = boost::beast::buffers_to_string(in.data());
  auto id = std::string{find_member(request, "id").text};
  co_await say(client, R"({"result":null,"id":)" + id + '}');
}

scripted_peer::task read_to_the_end(peer_stream& client) {
  boost::system::error_code code;
  while (!code) {
    boost::beast::flat_buffer in;
    std::tie(code, std::ignore) = co_await client.async_read(in, tuple);
  }
}

// Takes bytes, but answers none of them.
scripted_peer::task ignore_to_the_end(peer_stream& client) {
  boost::system::error_code code;
  char bytes[1024];
  while (!code)
    std::tie(code, std::ignore) = co_await client.next_layer().async_read_some(
      boost::asio::buffer(bytes), tuple);
}

// -- connections of a venue ---------------------------------------------------

scripted_peer::task leave(peer_stream& client) {
  co_await grant(client);
  co_await say(client, trade(1));
  co_await say(client, R"({"e":"serverShutdown","E":1})");
}

// Has another trade, which is there just before the answer to the next ping.
scripted_peer::task leave_late(peer_stream& client) {
  co_await leave(client);
  client.control_callback([&client](auto kind, auto) {
    if (kind == boost::beast::websocket::frame_type::ping)
      boost::asio::write(client.next_layer(),
                         boost::asio::buffer(peer::text(trade(2))));
  });
  co_await read_to_the_end(client);
}

// Sends no more, not even pongs.
scripted_peer::task leave_silently(peer_stream& client) {
  co_await leave(client);
  co_await ignore_to_the_end(client);
}

scripted_peer::task bring(peer_stream& client, int first, int last,
                          size_t padding) {
  co_await grant(client);
  for (auto i = first; i <= last; ++i)
    co_await say(client, trade(i, padding));
  co_await read_to_the_end(client);
}

// Returns the numbers of those messages that are trades.
std::vector<int64_t> numbers_of(const std::vector<inbox::message>& messages) {
  std::vector<int64_t> result;
  for (auto& x : messages)
    if (auto number
        = find_member(find_member(x.payload, "data").text, "t").integer())
      result.push_back(*number);
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(client_handover_tests, fixture)

CAF_TEST(connections that the venue ends are replaced without a gap) {
  // Announces the end of each connection shortly after its begin.
  auto server = start_server(
    {.tick = 1ms, .binance = {.max_age = 2s, .shutdown_notice = 1800ms}});
  auto in = follow_trades(server->url("/stream"));
  CAF_REQUIRE(in->wait_for_event([](auto& x) {
    return x.kind == event_kind::connection_replaced && x.epoch >= 4;
  }));
  CAF_REQUIRE(in->wait_for_messages(in->count() + 50));
  uint64_t last_epoch = 0;
  uint64_t last_sequence = 0;
  auto all = in->messages();
  for (auto& x : all) {
    CAF_CHECK_GREATER_OR_EQUAL(x.epoch, last_epoch);
    CAF_CHECK_GREATER(x.sequence, last_sequence);
    last_epoch = x.epoch;
    last_sequence = x.sequence;
  }
  auto trades = numbers_of(all);
  std::set<int64_t> numbers{trades.begin(), trades.end()};
  CAF_REQUIRE(!numbers.empty());
  auto span = static_cast<size_t>(*numbers.rbegin() - *numbers.begin()) + 1;
  CAF_CHECK_EQUAL(numbers.size(), span);
  size_t times_ready = 0;
  for (auto& x : in->events())
    times_ready += x.kind == event_kind::state_changed
                   && x.state == client_state::ready;
  CAF_CHECK_EQUAL(times_ready, 1u);
}

CAF_TEST(late messages on the old connection are not lost) {
  scripted_peer venue{[first = true](peer_stream& client) mutable {
    return std::exchange(first, false) ? leave_late(client)
                                       : bring(client, 3, 3, 0);
  }};
  auto in = follow_trades(venue.url());
  CAF_REQUIRE(in->wait_for_messages(3));
  auto all = in->messages();
  CAF_CHECK(numbers_of(all) == (std::vector<int64_t>{1, 2, 3}));
  CAF_CHECK_EQUAL(all[1].epoch, 1u);
  CAF_CHECK_EQUAL(all[2].epoch, 2u);
}

CAF_TEST(a successor with much to say waits for its turn) {
  // More than is held back.
  constexpr size_t bytes = 1024 * 1024;
  constexpr int last = 40;
  scripted_peer venue{[first = true](peer_stream& client) mutable {
    return std::exchange(first, false) ? leave_silently(client)
                                       : bring(client, 2, last, bytes);
  }};
  auto in = follow_trades(venue.url());
  CAF_REQUIRE(in->wait_for_messages(last));
  auto all = in->messages();
  std::vector<int64_t> expected(last);
  std::iota(expected.begin(), expected.end(), 1);
  CAF_CHECK(numbers_of(all) == expected);
  CAF_CHECK_EQUAL(all.back().epoch, 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
