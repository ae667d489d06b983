// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE outlet.desk

#include "outlet_fixture.hpp"
#include "support/unit_test.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

// Writes down what it is asked for.
struct fake_desk {
  std::shared_ptr<std::vector<std::string>> log
    = std::make_shared<std::vector<std::string>>();

  order_desk_actor start(caf::actor_system& sys) {
    return caf::actor_cast<order_desk_actor>(sys.spawn(behave, log));
  }

  static caf::behavior
  behave(caf::event_based_actor* self,
         const std::shared_ptr<std::vector<std::string>>& to) {
    auto watcher = std::make_shared<caf::actor>();
    return {
      [=](const place_order& x) -> caf::result<trading::order_key> {
        to->push_back("place " + to_string(x.order.amount));
        if (x.order.amount > market::decimal::parse("100"))
          return make_error(error{ec::risk_refused, "order_amount"});
        trading::order_key key{x.order.instrument,
                               *trading::client_order_id::make("d1")};
        trading::order_event news{trading::order_event_kind::accepted,
                                  {key, x.order}};
        if (*watcher)
          caf_compat::tell(*self, *watcher, news);
        return key;
      },
      [to](const cancel_order& x) {
        to->push_back("cancel " + std::string{x.id.view()});
      },
      [to](const cancel_orders& x) {
        to->push_back("cancel all of " + x.instrument);
      },
      [to](const amend_order& x) {
        to->push_back("amend " + std::string{x.change.order.id.view()} + " to "
                      + (x.change.amount ? to_string(*x.change.amount) : "-")
                      + " at "
                      + (x.change.price ? to_string(*x.change.price) : "-"));
      },
      [to](const halt_trading& x) { to->push_back("halt: " + x.reason); },
      [to](const resume_trading&) { to->push_back("resume"); },
      [watcher](const watch_desk& x) {
        *watcher = caf::actor_cast<caf::actor>(x.watcher);
      },
    };
  }
};

struct fixture : outlet_fixture {
  fixture() {
    outlet_options options;
    options.desks.emplace("main", desk.start(sys));
    start_with_tokens(std::move(options));
  }

  fake_desk desk;
};

std::string order_of(const std::string& amount) {
  return R"({"id":1,"op":"order","desk":"main","instrument":"BTC",)"
         R"("side":"buy","type":"market","amount":")"
         + amount + "\"}";
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(outlet_desk_tests, fixture)

CAF_TEST(orders are placed and canceled and watched) {
  auto program = connect(trader_token);
  CAF_CHECK_EQUAL(
    program->ask(R"({"id":2,"op":"subscribe","desk":"main"})")["result"],
    "done");
  program->send(order_of("10.5"));
  std::string order;
  auto news = program->read_until([&](auto& x) {
    if (x["id"] == "1")
      order = x.json()["result"]["order"].GetString();
    return x["type"] == "order";
  });
  CAF_CHECK_EQUAL(news["desk"], "main");
  CAF_CHECK_EQUAL(news["event"], "accepted");
  CAF_CHECK_EQUAL(news["amount"], "10.5");
  CAF_CHECK_EQUAL(
    program->ask(
      R"({"id":3,"op":"cancel","desk":"main","order":"d1"})")["result"],
    "done");
  CAF_CHECK_EQUAL(
    program->ask(
      R"({"id":4,"op":"cancel","desk":"main","instrument":"BTC"})")["result"],
    "done");
  std::vector<std::string> expected{"place 10.5", "cancel d1",
                                    "cancel all of BTC"};
  CAF_CHECK(*desk.log == expected);
}

CAF_TEST(orders are amended) {
  auto program = connect(trader_token);
  auto amend = [&](const std::string& members) {
    return program->ask(R"({"id":1,"op":"amend","desk":"main","order":"d1")"
                        + members + '}');
  };
  CAF_CHECK_EQUAL(amend(R"(,"amount":"7.5","price":100)")["result"], "done");
  CAF_CHECK_EQUAL(amend(R"(,"price":"99.5")")["result"], "done");
  CAF_CHECK_EQUAL(amend("").code(), "bad_request");
  std::vector<std::string> expected{"amend d1 to 7.5 at 100",
                                    "amend d1 to - at 99.5"};
  CAF_CHECK(*desk.log == expected);
}

CAF_TEST(the kill switch is thrown and reset) {
  auto program = connect(trader_token);
  for (auto request :
       {R"({"id":1,"op":"halt","desk":"main","reason":"too late"})",
        R"({"id":2,"op":"halt","desk":"main"})",
        R"({"id":3,"op":"resume","desk":"main"})"})
    CAF_CHECK_EQUAL(program->ask(request)["result"], "done");
  std::vector<std::string> expected{"halt: too late",
                                    "halt: a program of the outlet", "resume"};
  CAF_CHECK(*desk.log == expected);
  for (auto* text : {"trader throws the kill switch of main",
                     "trader resets the kill switch of main"})
    CAF_CHECK(entries->wait_for(text));
}

CAF_TEST(an order that is refused was not sent) {
  auto answer = connect(trader_token)->ask(order_of("1000"));
  CAF_CHECK_EQUAL(answer.code(), "risk_refused");
  CAF_CHECK(answer.json()["error"]["outcome"] == "not_sent");
}

CAF_TEST(without the right no desk is asked) {
  for (auto& token : {reader_token, caller_token, std::string{}}) {
    auto program = connect(token);
    CAF_CHECK_EQUAL(program->ask(order_of("1")).code(), "not_allowed");
    CAF_CHECK_EQUAL(
      program->ask(R"({"id":3,"op":"cancel","desk":"main","order":"d1"})")
        .code(),
      "not_allowed");
    CAF_CHECK_EQUAL(
      program->ask(R"({"id":4,"op":"resume","desk":"main"})").code(),
      "not_allowed");
  }
  CAF_CHECK(desk.log->empty());
}

CAF_TEST(a desk that is not there is named) {
  auto answer = connect(trader_token)
                  ->ask(R"({"id":3,"op":"cancel","desk":"x","order":"d1"})");
  CAF_CHECK_EQUAL(answer.code(), "not_found");
}

CAF_TEST_FIXTURE_SCOPE_END()
