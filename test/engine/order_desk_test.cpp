// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE order_desk

// An engine that sends orders, in virtual time.

#include "trading_engine/engine.hpp"

#include "zenws/testing/fake_clients.hpp"

#include "support/actor_test.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;

namespace {

constexpr auto instrument = "BTC-PERPETUAL";

struct config : caf::actor_system_config {
  config() {
    load_types(*this);
  }
};

struct fixture : test_coordinator_fixture<config> {
  fixture() {
    fakes.answer_calls([this](const call& command) {
      calls.push_back(command);
      return answer(command);
    });
  }

  ~fixture() {
    stop();
    anon_send_exit(client, caf::exit_reason::user_shutdown);
    sched.run();
  }

  // -- the venue --------------------------------------------------------------

  result<std::string> answer(const call& command) {
    if (command.method == "public/get_instrument")
      return terms;
    if (command.method == "private/get_open_orders_by_instrument")
      return '[' + open_orders + ']';
    if (command.method == "private/get_position")
      return R"({"size":)" + position + '}';
    if (command.method == "private/cancel") {
      open_orders = foreign_order;
      return std::string{"{}"};
    }
    if (command.method == "private/get_order_state_by_label")
      return '[' + found_by_label + ']';
    if (order_error)
      return order_error;
    return std::string{R"({"order":{}})"};
  }

  std::vector<std::string> methods() const {
    std::vector<std::string> result;
    for (auto& x : calls)
      result.push_back(x.method);
    return result;
  }

  size_t count(std::string_view method) const {
    return static_cast<size_t>(
      std::ranges::count(calls, method, &call::method));
  }

  const call& last(std::string_view method) {
    auto i = std::ranges::find(calls.rbegin(), calls.rend(), method,
                               &call::method);
    CAF_REQUIRE(i != calls.rend());
    return *i;
  }

  // -- the engine -------------------------------------------------------------

  void start() {
    engine::engine_options options;
    options.market.instruments = {instrument};
    options.ledger = ledger;
    start(std::move(options));
  }

  void start(engine::engine_options options) {
    uut = sys.spawn<engine::engine>(std::move(options), caf::actor{});
    self->send(uut, engine::attach_client{client});
    sched.run();
    fakes.enter("venue", client_state::ready);
    fakes.receive(
      "venue",
      {R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":)"
       R"("book.BTC-PERPETUAL.100ms","data":{"type":"snapshot",)"
       R"("timestamp":1,"instrument_name":"BTC-PERPETUAL","change_id":1,)"
       R"("bids":[["new",99.5,10]],"asks":[["new",100.5,10]]}}})"});
    sched.run();
  }

  void stop() {
    self->send_exit(uut, caf::exit_reason::user_shutdown);
    uut = nullptr;
    sched.run();
  }

  void pass(std::chrono::milliseconds time) {
    for (; time > 0ms; time -= 100ms) {
      sched.advance_time(100ms);
      sched.run();
    }
  }

  void trade(int contracts) {
    self->send(uut, engine::trade_now{{instrument, contracts}});
    sched.run();
  }

  engine::engine_report report() {
    engine::engine_report result;
    auto answer = self->request(uut, caf::infinite, engine::get_report{});
    sched.run();
    answer.receive([&](engine::engine_report& x) { result = std::move(x); },
                   [](const caf::error& reason) { CAF_FAIL(reason); });
    return result;
  }

  std::string terms = R"({"settlement_currency":"BTC","base_currency":"BTC",)"
                      R"("contract_size":10.0})";
  std::string open_orders;
  std::string position = "0.0";
  std::string found_by_label;
  error order_error;
  std::vector<call> calls;
  testing::fake_clients fakes{sys};
  client_actor client = fakes.connect(
    {.name = "venue",
     .config = {.url = "ws://example.org", .venue = {.dialect = "deribit"}}});
  engine::order_ledger_ptr ledger
    = std::make_shared<engine::order_ledger>("run", 0);
  caf::actor uut;

  static constexpr const char* foreign_order
    = R"({"order_id":"3","label":"run-x-1"})";
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(order_desk_tests, fixture)

// -- before the first decision ------------------------------------------------

CAF_TEST(nothing is traded before the venue has reported its state) {
  start();
  trade(1);
  CAF_CHECK(calls.empty());
  pass(1s);
  CAF_CHECK(methods()
            == (std::vector<std::string>{
              "public/get_instrument", "private/get_open_orders_by_instrument",
              "private/get_position"}));
  CAF_CHECK_EQUAL(report().hindrance, "");
  trade(1);
  CAF_CHECK_EQUAL(count("private/buy"), 1u);
}

CAF_TEST(an engine whose venue tells no terms trades nothing and says so) {
  terms = "{}";
  start();
  pass(10s);
  trade(1);
  CAF_CHECK_EQUAL(count("private/buy"), 0u);
  CAF_CHECK(report().hindrance.find("public/get_instrument")
            != std::string::npos);
  // 1, 2, 4 and 8 seconds lie between the questions.
  CAF_CHECK_EQUAL(calls.size(), 4u);
}

CAF_TEST(the position is that of the venue) {
  position = "-30.0";
  start();
  pass(1s);
  CAF_CHECK(report().instruments.at(0).position == -3);
  trade(1);
  CAF_CHECK(report().instruments.at(0).position == -2);
}

CAF_TEST(open orders of an earlier engine are cancelled and no others) {
  open_orders = std::string{R"({"order_id":"7","label":"run-5-1"},)"}
                + foreign_order;
  start();
  pass(1s);
  CAF_CHECK_EQUAL(count("private/cancel"), 1u);
  CAF_CHECK(last("private/cancel").params.find(R"("7")") != std::string::npos);
  CAF_CHECK_EQUAL(count("private/get_open_orders_by_instrument"), 2u);
  CAF_CHECK_EQUAL(calls.back().method, "private/get_position");
}

CAF_TEST(currency and amount come from the venue) {
  terms = R"({"settlement_currency":"USDC","base_currency":"BTC",)"
          R"("contract_size":0.0001})";
  start();
  pass(1s);
  order_error = {ec::outcome_unknown};
  trade(-3);
  CAF_CHECK(last("private/sell").params.find(R"("amount":0.0003)")
            != std::string::npos);
  pass(4s);
  CAF_CHECK(
    last("private/get_order_state_by_label").params.find(R"("currency":"USDC")")
    != std::string::npos);
}

// -- outcome of orders --------------------------------------------------------

CAF_TEST(an order whose outcome is unknown is asked about and not sent again) {
  for (auto code : {ec::outcome_unknown, ec::partly_done, ec::request_timeout,
                    ec::disconnected})
    for (auto is_there : {true, false}) {
      fixture world;
      world.start();
      world.pass(1s);
      world.order_error = {code};
      world.trade(1);
      world.found_by_label = is_there ? R"({"label":"run-1-1"})" : "";
      world.position = is_there ? "10.0" : "0.0";
      world.pass(2s);
      CAF_CHECK_EQUAL(world.count("private/get_order_state_by_label"), 0u);
      CAF_CHECK_EQUAL(world.report().orders.unknown, 1u);
      world.trade(1);
      world.pass(2s);
      CAF_CHECK_EQUAL(world.count("private/get_order_state_by_label"), 1u);
      CAF_CHECK_EQUAL(world.count("private/buy"), 1u);
      auto now = world.report();
      CAF_CHECK_EQUAL(now.orders.acked, is_there ? 1u : 0u);
      CAF_CHECK_EQUAL(now.orders.absent, is_there ? 0u : 1u);
      CAF_CHECK_EQUAL(now.orders.unknown, 0u);
      // As the venue says, not as was assumed.
      CAF_CHECK_EQUAL(world.count("private/get_position"), 2u);
      CAF_CHECK_EQUAL(now.instruments.at(0).position, is_there ? 1 : 0);
    }
}

CAF_TEST(an order that was refused is not sent again at once) {
  for (auto code : {ec::request_refused, ec::try_later, ec::rate_limited}) {
    fixture world;
    world.start();
    world.pass(1s);
    world.order_error = {code};
    for (auto pause : {1s, 2s, 4s}) {
      auto before = world.count("private/buy");
      world.trade(1);
      CAF_CHECK_EQUAL(world.count("private/buy"), before + 1);
      CAF_CHECK(world.report().instruments.at(0).position == 0);
      CAF_CHECK(!world.report().hindrance.empty());
      world.pass(pause - 100ms);
      world.trade(1);
      CAF_CHECK_EQUAL(world.count("private/buy"), before + 1);
      world.pass(200ms);
    }
    world.order_error = {};
    world.trade(1);
    CAF_CHECK_EQUAL(world.report().orders.acked, 1u);
    CAF_CHECK_EQUAL(world.report().hindrance, "");
  }
}

// -- the next engine ----------------------------------------------------------

CAF_TEST(outcomes unknown to one engine are found by the next one) {
  start();
  pass(1s);
  order_error = {ec::disconnected};
  trade(1);
  CAF_CHECK_EQUAL(report().orders.unknown, 1u);
  stop();
  calls.clear();
  order_error = {};
  found_by_label = R"({"label":"run-1-1"})";
  position = "10.0";
  start();
  pass(1s);
  trade(1);
  CAF_CHECK_EQUAL(count("private/buy"), 0u);
  pass(3s);
  CAF_CHECK(last("private/get_order_state_by_label").params.find(R"("run-1-1")")
            != std::string::npos);
  CAF_CHECK_EQUAL(calls.back().method, "private/get_position");
  CAF_CHECK(report().instruments.at(0).position == 1);
  CAF_CHECK_EQUAL(report().orders.acked, 1u);
  trade(1);
  CAF_CHECK(last("private/buy").params.find(R"("run-2-1")")
            != std::string::npos);
}

CAF_TEST(an engine waits for orders that an earlier process may have open) {
  engine::engine_options options;
  options.market.instruments = {instrument};
  options.ledger = ledger;
  options.settle_first = 3s;
  start(options);
  pass(2s);
  CAF_CHECK_EQUAL(calls.size(), 1u);
  pass(2s);
  CAF_CHECK_EQUAL(calls.back().method, "private/get_position");
}

CAF_TEST_FIXTURE_SCOPE_END()
