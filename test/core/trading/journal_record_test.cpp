// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE journal_record

#include "zenws/trading/internal/journal_record.hpp"

#include "support/unit_test.hpp"

#include <string>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::internal;
using namespace zenws::market;
using namespace zenws::trading;

namespace {

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

const auto x = instrument_name::make("X").value();

order_record sample_order() {
  order_record result;
  auto& content = result.content;
  content.key = {x, client_order_id::make("desk1").value(),
                 venue_order_id::make("v1").value()};
  content.terms = {.instrument = x,
                   .side = order_side::sell,
                   .type = order_type::stop_limit,
                   .amount = number("-0.000001"),
                   .price = number("123456789012345678"),
                   .trigger = number("1e64"),
                   .validity = time_in_force::fill_or_kill,
                   .post_only = true,
                   .reduce_only = true,
                   .venue_members = R"({"a":1})"};
  content.state = order_state::canceled;
  content.filled = number("1e-64");
  content.reason = std::string(1000, 'r');
  result.is_known = true;
  result.end = venue_order_state::expired;
  result.terms_time = venue_time{-5s};
  return result;
}

fill sample_fill() {
  return {.order = sample_order().content.key,
          .id = fill_id::make("f1").value(),
          .side = order_side::sell,
          .price = number("1.5"),
          .amount = number("2"),
          .fee = number("-0.1"),
          .fee_currency = asset_name::make("BTC").value(),
          .liquidity = fill_liquidity::maker,
          .time = venue_time{7us}};
}

std::string sample_bytes() {
  journal_encoder encoder;
  encoder.add(42, sample_order());
  encoder.add(sample_fill());
  encoder.add(x, number("-3"));
  encoder.add(7, order_record{});
  encoder.add(fill{});
  return std::string{encoder.bytes()};
}

} // namespace

CAF_TEST(a record is read as it was written) {
  journal_record uut;
  CAF_REQUIRE(decode(sample_bytes(), uut));
  CAF_REQUIRE_EQUAL(uut.orders.size(), 2u);
  auto& order = uut.orders[0];
  auto expected = sample_order();
  CAF_CHECK_EQUAL(order.number, 42u);
  CAF_CHECK(order.content.content == expected.content);
  CAF_CHECK(order.content.is_known);
  CAF_CHECK(order.content.end == expected.end);
  CAF_CHECK(order.content.terms_time == expected.terms_time);
  CAF_CHECK(uut.orders[1].content.content == trading::order{});
  CAF_CHECK(!uut.orders[1].content.end);
  CAF_REQUIRE_EQUAL(uut.fills.size(), 2u);
  CAF_CHECK(uut.fills[0] == sample_fill());
  CAF_CHECK(uut.fills[1] == fill{});
  CAF_REQUIRE_EQUAL(uut.positions.size(), 1u);
  CAF_CHECK(uut.positions[0].instrument == x);
  CAF_CHECK(uut.positions[0].amount == number("-3"));
}

CAF_TEST(an encoder begins anew) {
  journal_encoder uut;
  uut.add(x, number("1"));
  uut.clear();
  CAF_CHECK(uut.bytes().empty());
}

CAF_TEST(bytes that end too early make no sense) {
  journal_encoder encoder;
  encoder.add(42, sample_order());
  std::string bytes{encoder.bytes()};
  for (size_t size = 1; size < bytes.size(); ++size) {
    journal_record uut;
    CAF_CHECK(!decode(bytes.substr(0, size), uut));
  }
}

CAF_TEST(a part that nobody knows makes no sense) {
  journal_record uut;
  CAF_CHECK(!decode("\x7f", uut));
}
