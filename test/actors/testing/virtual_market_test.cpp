// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE virtual_market

#include "zenws/testing/virtual_market.hpp"

#include "support/actor_test.hpp"
#include "support/market_inbox.hpp"
#include "support/temporary_folder.hpp"

using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

std::string trade_of(uint64_t sequence) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":)"
         R"("trades.X.100ms","data":[{"trade_seq":)"
         + std::to_string(sequence)
         + R"(,"timestamp":1700000000000,"price":10,"amount":1,)"
           R"("direction":"buy","instrument_name":"X"}]}})";
}

struct virtual_config : caf::actor_system_config {
  virtual_config() {
    load_types(*this);
  }
};

struct fixture : test_coordinator_fixture<virtual_config> {
  temporary_folder folder;

  std::string path = folder.file("market.jsonl");

  /// One trade each second.
  void record(uint64_t count) {
    std::vector<testing::timed_message> messages;
    for (uint64_t i = 1; i <= count; ++i)
      messages.push_back({std::chrono::seconds{i}, trade_of(i)});
    CAF_REQUIRE(!testing::write_recording(path, messages));
  }

  replay_options options() const {
    return {.path = path, .dialect = "deribit"};
  }
};

// Counts trades, and how many there were each minute by its own timer.
struct counter_state {
  size_t trades = 0;
  std::vector<size_t> minutes;
};

caf::behavior counter(caf::stateful_actor<counter_state>* self,
                      std::shared_ptr<counter_state> to) {
  caf_compat::tell_later(*self, 1min, uint64_t{1});
  return {
    [=](const market_batch& batch) { to->trades += batch.size(); },
    [](const client_event&) {},
    [=](uint64_t) {
      to->minutes.push_back(std::exchange(to->trades, 0));
      caf_compat::tell_later(*self, 1min, uint64_t{1});
    },
  };
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(virtual_market_tests, fixture)

CAF_TEST(an hour of a recording takes no time and timers go with it) {
  record(3600);
  testing::virtual_market uut{sys, options()};
  auto count = std::make_shared<counter_state>();
  auto subscriber = sys.spawn(counter, count);
  caf_compat::tell(
    *self, uut.source(),
    subscribe_market{{"X"},
                     {data_kind::trades},
                     caf::actor_cast<market_subscriber>(subscriber)});
  uut.run();
  auto summary = uut.play();
  CAF_REQUIRE(summary);
  CAF_CHECK_EQUAL(summary->messages, 3600u);
  CAF_REQUIRE_EQUAL(count->minutes.size(), 59u);
  for (auto minute : count->minutes)
    CAF_CHECK(minute >= 59 && minute <= 61);
  anon_send_exit(subscriber, caf::exit_reason::user_shutdown);
}

CAF_TEST(a gap in a recording is told) {
  CAF_REQUIRE(
    !testing::write_recording(path, {{0s, trade_of(1)}, {1s, trade_of(4)}}));
  testing::virtual_market uut{sys, options()};
  auto in = std::make_shared<market_inbox>();
  auto subscriber = sys.spawn<market_collector>(in);
  caf_compat::tell(*self, uut.source(),
                   subscribe_market{{"X"}, {data_kind::trades}, subscriber});
  uut.run();
  CAF_CHECK(uut.play());
  auto gaps = in->all<trade_gap>();
  CAF_REQUIRE_EQUAL(gaps.size(), 1u);
  CAF_CHECK_EQUAL(gaps[0].after, 1u);
  CAF_CHECK_EQUAL(gaps[0].before, 4u);
  CAF_CHECK_EQUAL(in->all<trade>().size(), 2u);
}

CAF_TEST(a recording can be played again) {
  record(3);
  testing::virtual_market uut{sys, options()};
  auto in = std::make_shared<market_inbox>();
  auto subscriber = sys.spawn<market_collector>(in);
  caf_compat::tell(*self, uut.source(),
                   subscribe_market{{"X"}, {data_kind::trades}, subscriber});
  uut.run();
  CAF_CHECK(uut.play());
  CAF_CHECK(uut.play());
  CAF_CHECK_EQUAL(in->all<trade>().size(), 6u);
  CAF_CHECK(in->all<trade_gap>().empty());
}

CAF_TEST(what cannot be played is told) {
  std::string problem;
  try {
    testing::virtual_market{sys, {}};
  } catch (const std::invalid_argument& ex) {
    problem = ex.what();
  }
  CAF_CHECK(problem.find("path") != std::string::npos);
  testing::virtual_market uut{sys, options()};
  CAF_CHECK(!uut.play());
}

CAF_TEST_FIXTURE_SCOPE_END()
