#define CAF_SUITE my_strategy

#include "zenws/actors/all.hpp"
#include "zenws/testing/virtual_market.hpp"

#include "caf/test/dsl.hpp"

#include <filesystem>

using namespace std::chrono_literals;

struct strategy_config : caf::actor_system_config {
  strategy_config() {
    zenws::load_types(*this);
  }
};

using strategy_fixture = test_coordinator_fixture<strategy_config>;

std::string trade_at(int sequence, int price) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":)"
         R"("trades.X.100ms","data":[{"trade_seq":)"
         + std::to_string(sequence) + R"(,"timestamp":1700000000000,"price":)"
         + std::to_string(price)
         + R"(,"amount":1,"direction":"buy","instrument_name":"X"}]}})";
}

using price_ptr = std::shared_ptr<zenws::market::decimal>;

caf::behavior strategy(caf::event_based_actor*, price_ptr highest) {
  return {
    [highest](const zenws::market_batch& batch) {
      for (auto& x : batch)
        if (auto* trade = std::get_if<zenws::market::trade>(&x))
          *highest = std::max(*highest, trade->price);
    },
    [](const zenws::client_event&) {},
  };
}

CAF_TEST_FIXTURE_SCOPE(my_strategy_tests, strategy_fixture)

CAF_TEST(the strategy sees the highest price of an hour) {
  auto path = std::filesystem::temp_directory_path() / "my_strategy.jsonl";
  auto written = zenws::testing::write_recording(
    path.string(), {{0min, trade_at(1, 10)},
                    {30min, trade_at(2, 30)},
                    {60min, trade_at(3, 20)}});
  CAF_REQUIRE(!written);
  zenws::testing::virtual_market market{
    sys, {.path = path.string(), .dialect = "deribit"}};
  auto highest = std::make_shared<zenws::market::decimal>();
  auto subscriber = sys.spawn(strategy, highest);
  zenws::anon_send(market.source(),
                   zenws::subscribe_market{
                     .instruments = {"X"},
                     .kinds = {zenws::market::data_kind::trades},
                     .subscriber
                     = caf::actor_cast<zenws::market_subscriber>(subscriber),
                   });
  market.run();
  auto summary = market.play(); // at its pace, in no time
  CAF_REQUIRE(summary);
  CAF_CHECK_EQUAL(summary->messages, 3u);
  CAF_CHECK_EQUAL(to_string(*highest), "30");
  std::filesystem::remove(path);
}

CAF_TEST_FIXTURE_SCOPE_END()
