#define CAF_SUITE client_handover

#include "world.hpp"

#include "zenws/json_value.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

using namespace zenws;
using namespace zenws::test;

namespace {

constexpr auto stream = "btcusdt@trade";

struct fixture : world {
  // Announces the end of each connection shortly after its begin.
  std::unique_ptr<sim::server> server = start_server(
    {.tick = 1ms, .binance = {.max_age = 2s, .shutdown_notice = 1800ms}});

  client_spec spec(const caf::actor& subscriber) const {
    client_spec result{.config = quick(server->url("/stream"))};
    result.config.venue.dialect = "binance";
    result.subscribers = {{subscriber}};
    return result;
  }
};

std::optional<int64_t> trade_number(const std::string& text) {
  return find_member(find_member(text, "data").text, "t").integer();
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(client_handover_tests, fixture)

CAF_TEST(connections that the venue ends are replaced without a gap) {
  auto in = std::make_shared<inbox>();
  auto subscriber = sys.spawn(collecting, in);
  auto uut = rt.connect(spec(subscriber));
  CAF_REQUIRE(uut);
  auto report = ask<channel_report>(*uut, subscribe_channels{{{.name = stream}},
                                                             subscriber});
  CAF_REQUIRE(report && report->all_granted());
  CAF_REQUIRE(in->wait_for_event([](auto& x) {
    return x.kind == event_kind::connection_replaced && x.epoch >= 4;
  }));
  CAF_REQUIRE(in->wait_for_messages(in->count() + 50));
  std::set<int64_t> numbers;
  uint64_t last_epoch = 0;
  uint64_t last_sequence = 0;
  for (auto& x : in->messages()) {
    CAF_CHECK_GREATER_OR_EQUAL(x.epoch, last_epoch);
    CAF_CHECK_GREATER(x.sequence, last_sequence);
    last_epoch = x.epoch;
    last_sequence = x.sequence;
    if (auto number = trade_number(x.payload))
      numbers.insert(*number);
  }
  CAF_REQUIRE(!numbers.empty());
  auto span = static_cast<size_t>(*numbers.rbegin() - *numbers.begin()) + 1;
  CAF_CHECK_EQUAL(numbers.size(), span);
  size_t times_ready = 0;
  for (auto& x : in->events())
    times_ready += x.kind == event_kind::state_changed
                   && x.state == client_state::ready;
  CAF_CHECK_EQUAL(times_ready, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
