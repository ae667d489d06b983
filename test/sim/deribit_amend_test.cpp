// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE deribit_amend

#include "deribit_trader.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto instrument = R"("instrument_name":"BTC-PERPETUAL")";

struct fixture {
  json_text edit(const std::string& label, const std::string& more) {
    return uut.call("private/edit_by_label",
                    labeled(label, ',' + std::string{instrument} + more));
  }

  json_text trades(const std::string& more) {
    return uut.call("private/get_user_trades_by_instrument",
                    '{' + std::string{instrument} + more + '}');
  }

  std::unique_ptr<sim::server> server = start_server();
  trader uut{*server};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(deribit_amend_tests, fixture)

// -- changes ------------------------------------------------------------------

CAF_TEST(an order is changed by its label) {
  auto id = uut.buy("a").str("/result/order/order_id");
  auto edited = edit("a", R"(,"amount":20,"price":51000)");
  CAF_CHECK_EQUAL(edited.str("/result/order/order_id"), id);
  CAF_CHECK_EQUAL(edited.real("/result/order/amount"), 20.0);
  CAF_CHECK_EQUAL(edited.real("/result/order/price"), 51000.0);
  CAF_CHECK(edited.find("/result/order/replaced")->GetBool());
}

CAF_TEST(a label that is no name of one order changes nothing) {
  CAF_CHECK_EQUAL(edit("a", R"(,"amount":20)").num("/error/code"), 10004);
  uut.buy("a");
  uut.buy("a");
  CAF_CHECK_EQUAL(edit("a", R"(,"amount":20)").num("/error/code"), 10004);
  CAF_CHECK_EQUAL(edit("a", "").num("/error/code"), 10004);
}

CAF_TEST(a change cannot undo fills nor come late) {
  uut.buy("a", R"(,"amount":30,"price":50000)");
  uut.turn("fill_order", labeled("a", R"(,"amount":20)"));
  CAF_CHECK_EQUAL(edit("a", R"(,"amount":20)").num("/error/code"), 11008);
  CAF_CHECK_EQUAL(
    edit("a", R"(,"amount":40,"valid_until":1000)").num("/error/code"), 13888);
  auto edited = edit("a", R"(,"amount":40)");
  CAF_CHECK_EQUAL(edited.real("/result/order/filled_amount"), 20.0);
}

CAF_TEST(a post only change that would take cancels the order) {
  uut.buy("a", R"(,"price":50000,"post_only":true,"reject_post_only":true)");
  auto refused = edit("a", R"(,"amount":10,"price":90000,"post_only":true,)"
                           R"("reject_post_only":true)");
  CAF_CHECK_EQUAL(refused.num("/error/code"), 11054);
  CAF_CHECK_EQUAL(uut.state_of("a"), "cancelled");
}

// -- cancellations ------------------------------------------------------------

CAF_TEST(cancellations tell the orders if they are asked to) {
  uut.buy("a");
  uut.buy("b");
  auto gone = uut.call("private/cancel_by_label",
                       labeled("a", R"(,"currency":"BTC","detailed":true)"));
  CAF_CHECK_EQUAL(gone.str("/result/0/result/0/order_state"), "cancelled");
  CAF_CHECK_EQUAL(gone.str("/result/0/result/0/cancel_reason"), "user_request");
  CAF_CHECK_EQUAL(gone.str("/result/0/instrument_name"), "BTC-PERPETUAL");
  auto none = uut.call("private/cancel_by_label",
                       labeled("b", R"(,"currency":"ETH","detailed":true)"));
  CAF_CHECK(none.find("/result")->IsArray());
  CAF_CHECK_EQUAL(none.size("/result"), 0u);
  auto all = [&](const std::string& name) {
    return uut.call("private/cancel_all_by_instrument",
                    R"({"instrument_name":")" + name + R"("})");
  };
  CAF_CHECK_EQUAL(all("ETH-PERPETUAL").num("/result"), 0);
  CAF_CHECK_EQUAL(all("BTC-PERPETUAL").num("/result"), 1);
  CAF_CHECK_EQUAL(all("NO-SUCH").num("/error/code"), -32602);
}

// -- trades -------------------------------------------------------------------

CAF_TEST(the trades of an account are told in either order) {
  for (auto label : {"a", "b", "c"})
    uut.buy(label, R"(,"type":"market")");
  auto latest = trades(R"(,"count":2)");
  CAF_CHECK_EQUAL(latest.size("/result/trades"), 2u);
  CAF_CHECK_EQUAL(latest.str("/result/trades/0/label"), "c");
  CAF_CHECK(latest.find("/result/has_more")->GetBool());
  auto oldest = trades(R"(,"sorting":"asc","start_timestamp":1000)");
  CAF_CHECK_EQUAL(oldest.size("/result/trades"), 3u);
  CAF_CHECK_EQUAL(oldest.str("/result/trades/0/label"), "a");
  CAF_CHECK(!oldest.find("/result/has_more")->GetBool());
  auto seq = oldest.num("/result/trades/1/trade_seq");
  auto since = trades(R"(,"sorting":"asc","start_seq":)" + std::to_string(seq));
  CAF_CHECK_EQUAL(since.size("/result/trades"), 2u);
  CAF_CHECK_EQUAL(
    trades(R"(,"start_timestamp":9999999999999)").size("/result/trades"), 0u);
  CAF_CHECK_EQUAL(trades(R"(,"count":1001)").num("/error/code"), -32602);
}

CAF_TEST(trades of a time need both of its ends) {
  uut.buy("a", R"(,"type":"market")");
  auto ask = [&](const std::string& more) {
    return uut.call("private/get_user_trades_by_instrument_and_time",
                    '{' + std::string{instrument} + more + '}');
  };
  CAF_CHECK_EQUAL(ask(R"(,"start_timestamp":1)").num("/error/code"), -32602);
  CAF_CHECK_EQUAL(ask(R"(,"start_timestamp":1,"end_timestamp":9999999999999)")
                    .size("/result/trades"),
                  1u);
  CAF_CHECK_EQUAL(
    ask(R"(,"start_timestamp":1,"end_timestamp":2)").size("/result/trades"),
    0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
