// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE outlet.text

#include "support/unit_test.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/outlet/internal/desk_text.hpp"
#include "zenws/outlet/internal/outlet_text.hpp"

#include <string>

using namespace zenws;

namespace {

market::decimal decimal_of(std::string_view text) {
  return market::decimal::parse(text).value();
}

market::instrument_name instrument_of_text(std::string_view text) {
  return market::instrument_name::make(text).value();
}

struct fixture {
  outlet_source source{outlet_topic::channel, "<a>\"\n", "x"};

  std::string message(std::string_view payload,
                      message_kind kind = message_kind::text) {
    return outlet_message(source, 2, {kind, payload, 3, {}});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outlet_text_tests, fixture)

CAF_TEST(JSON is passed on as it was received) {
  CAF_CHECK_EQUAL(message("{ \"x\" : 1e400,\"y\":\"</script>\\u0001\"}"),
                  R"({"client":"<a>\"\n","channel":"x","epoch":2,"seq":3,)"
                  R"("received_us":0,)"
                  "\"data\":{ \"x\" : 1e400,\"y\":\"</script>\\u0001\"}}");
}

CAF_TEST(what is no JSON is passed on as its bytes) {
  auto end = [&](std::string_view text) {
    auto result = message(text);
    return result.substr(result.find("\"received_us\":0,") + 16);
  };
  CAF_CHECK_EQUAL(end("}{"), R"("base64":"fXs="})");
  CAF_CHECK_EQUAL(end(""), R"("base64":""})");
  CAF_CHECK_EQUAL(end("\"\x01\""), R"("base64":"IgEi"})");
  CAF_CHECK_EQUAL(end(R"(1},"injected":{"x":1)").substr(0, 9), "\"base64\":");
  CAF_CHECK_EQUAL(end(std::string_view{"1\0", 2}), R"("base64":"MQA="})");
}

CAF_TEST(binary messages are marked) {
  CAF_CHECK_EQUAL(message("1", message_kind::binary),
                  R"({"client":"<a>\"\n","channel":"x","epoch":2,"seq":3,)"
                  R"("received_us":0,"binary":true,"base64":"MQ=="})");
}

CAF_TEST(numbers of market data keep all their digits) {
  market::trade trade{.instrument = instrument_of_text("B"), .message = 5};
  trade.price = decimal_of("61000.50");
  trade.amount = decimal_of("0.123456789012345678");
  trade.direction = market::trade_direction::sell;
  source.topic = outlet_topic::market;
  CAF_CHECK_EQUAL(
    outlet_update(source, 1, trade),
    R"({"client":"<a>\"\n","instrument":"B","kind":"trades","epoch":1,)"
    R"("seq":5,"type":"trade","price":"61000.5",)"
    R"("amount":"0.123456789012345678","direction":"sell",)"
    R"("cause":"regular"})");
}

CAF_TEST(a level that is removed has the amount 0) {
  using market::book_side;
  market::level_change levels[]
    = {{book_side::bid, market::level_action::set, 0, 0, decimal_of("1"),
        decimal_of("2")},
       {book_side::ask, market::level_action::remove, 0, 0, decimal_of("3"),
        decimal_of("4")}};
  market::book_change change;
  change.instrument = instrument_of_text("B");
  change.levels = levels;
  auto text = outlet_update(source, 1, change);
  CAF_CHECK(text.ends_with(
    R"("type":"change","bids":[["1","2"]],"asks":[["3","0"]]})"));
}

CAF_TEST(a failure tells what it means for the venue) {
  auto text = outlet_failure(1, make_error(error{ec::disconnected, "x"}));
  CAF_CHECK(text.starts_with(R"({"id":1,"error":{"code":"disconnected",)"));
  CAF_CHECK(text.find(R"("outcome":"unknown")") != std::string::npos);
  rpc_error told{.code = -3, .message = "no <b>"};
  text = outlet_failure(1, make_error(error{ec::request_refused}, told));
  CAF_CHECK(text.find(R"("outcome":"refused","venue":{"code":-3,)"
                      R"("message":"no <b>"})")
            != std::string::npos);
}

CAF_TEST(a request without an id is refused without one) {
  CAF_CHECK_EQUAL(outlet_refusal({}, {"c", "t\x01", "r"}),
                  R"({"id":null,"error":{"code":"c","text":"t\u0001",)"
                  R"("remedy":"r"}})");
}

CAF_TEST(events have what they know) {
  client_event event{.kind = event_kind::state_changed,
                     .state = client_state::backing_off,
                     .epoch = 4,
                     .attempt = 2,
                     .retry_in = std::chrono::milliseconds{250},
                     .reason = error{ec::connection_lost}};
  auto text = outlet_event({outlet_topic::events, "a"}, event);
  CAF_CHECK(text.starts_with(
    R"({"client":"a","event":"state_changed","state":"backing_off","epoch":4,)"
    R"("attempt":2,"retry_in_ms":250,"reason":{"code":"connection_lost",)"));
}

CAF_TEST(orders are told with their state) {
  trading::order_event news{.kind = trading::order_event_kind::filled};
  news.content.key.instrument = instrument_of_text("B");
  news.content.key.id = trading::client_order_id::make("d1").value();
  news.content.terms.amount = decimal_of("10");
  news.content.filled = decimal_of("10");
  news.content.state = trading::order_state::filled;
  CAF_CHECK_EQUAL(
    desk_text({outlet_topic::desk, "d"}, news),
    R"({"desk":"d","type":"order","event":"filled","instrument":"B",)"
    R"("order":"d1","state":"filled","side":"buy","order_type":"limit",)"
    R"("amount":"10","filled":"10"})");
}

CAF_TEST_FIXTURE_SCOPE_END()
