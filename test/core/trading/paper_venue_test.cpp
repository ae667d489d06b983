// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE paper_venue

#include "zenws/trading/paper_venue.hpp"

#include "support/unit_test.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace zenws;
using namespace zenws::market;
using namespace zenws::trading;

namespace {

const auto x = instrument_name::make("X").value();

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

order_key key(std::string_view id) {
  return {.instrument = x, .id = client_order_id::make(id).value()};
}

order_request limit(order_side side, std::string_view amount,
                    std::string_view price) {
  return {.instrument = x,
          .side = side,
          .amount = number(amount),
          .price = number(price)};
}

order_request market_order(order_side side, std::string_view amount) {
  return {.instrument = x,
          .side = side,
          .type = order_type::market,
          .amount = number(amount)};
}

order_request stop(order_side side, std::string_view amount,
                   std::string_view trigger) {
  auto result = market_order(side, amount);
  result.type = order_type::stop_market;
  result.trigger = number(trigger);
  return result;
}

struct level {
  std::string_view price;
  std::string_view amount;
};

struct fixture {
  paper_venue uut;
  order_book book;
  account_updates out;
  int64_t clock = 0;

  fixture() {
    show({{"99", "10"}, {"98", "20"}}, {{"101", "10"}, {"102", "20"}});
  }

  venue_time next_time() {
    return venue_time{std::chrono::milliseconds{++clock}};
  }

  /// Makes the book.
  void show(const std::vector<level>& bids, const std::vector<level>& asks) {
    std::vector<level_change> levels;
    for (auto& y : bids)
      levels.push_back({.side = book_side::bid,
                        .price = number(y.price),
                        .amount = number(y.amount)});
    for (auto& y : asks)
      levels.push_back({.side = book_side::ask,
                        .price = number(y.price),
                        .amount = number(y.amount)});
    book_snapshot snapshot;
    snapshot.instrument = x;
    snapshot.time = next_time();
    snapshot.levels = levels;
    take(snapshot);
  }

  void lose() {
    take(book_lost{.instrument = x, .time = next_time()});
  }

  void trade_at(std::string_view price, std::string_view amount,
                trade_direction direction) {
    take(trade{.instrument = x,
               .time = next_time(),
               .price = number(price),
               .amount = number(amount),
               .direction = direction});
  }

  void take(const update& y) {
    out.clear();
    book.apply(y);
    uut.received(y, book, out);
  }

  void place(std::string_view id, const order_request& order) {
    out.clear();
    uut.place(key(id), order, &book, out);
  }

  error amend(std::string_view id, std::optional<decimal> amount,
              std::optional<decimal> price) {
    out.clear();
    return uut.amend({.order = key(id), .amount = amount, .price = price},
                     &book, out);
  }

  template <class T>
  std::vector<T> news() const {
    std::vector<T> result;
    for (auto& y : out)
      if (auto* item = std::get_if<T>(&y))
        result.push_back(*item);
    return result;
  }

  /// Returns the fills that were told as text.
  std::string fills() const {
    std::string result;
    for (auto& y : news<fill>())
      result += (result.empty() ? "" : " ") + to_string(y.amount) + '@'
                + to_string(y.price)
                + (y.liquidity == fill_liquidity::maker ? "m" : "t");
    return result;
  }

  /// Returns what was told last about orders.
  order_report last() const {
    auto reports = news<order_report>();
    if (reports.empty())
      CAF_FAIL("nothing was told about an order");
    return reports.back();
  }

  std::string state() const {
    return std::string{to_string(last().state)};
  }

  std::string held() const {
    return to_string(uut.position("X"));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(paper_venue_tests, fixture)

// -- at once ------------------------------------------------------------------

CAF_TEST(a market order takes the levels of the book and the best first) {
  place("a", market_order(order_side::buy, "15"));
  CAF_CHECK_EQUAL(fills(), "10@101t 5@102t");
  CAF_CHECK_EQUAL(state(), "filled");
  CAF_CHECK_EQUAL(held(), "15");
  CAF_CHECK(news<position>().back().amount == number("15"));
  CAF_CHECK(last().time == book.time());
  place("b", market_order(order_side::sell, "12"));
  CAF_CHECK_EQUAL(fills(), "10@99t 2@98t");
  CAF_CHECK_EQUAL(held(), "3");
}

CAF_TEST(the book does not notice what is taken) {
  place("a", market_order(order_side::buy, "10"));
  place("b", market_order(order_side::buy, "10"));
  CAF_CHECK_EQUAL(fills(), "10@101t");
}

CAF_TEST(a market order beyond the book is canceled with what it has) {
  place("a", market_order(order_side::buy, "40"));
  CAF_CHECK_EQUAL(fills(), "10@101t 20@102t");
  CAF_CHECK_EQUAL(state(), "canceled");
  CAF_CHECK(last().filled == number("30"));
  CAF_CHECK(!last().reason.empty());
}

CAF_TEST(without a valid book orders are rejected with a reason) {
  lose();
  place("a", market_order(order_side::buy, "1"));
  CAF_CHECK_EQUAL(state(), "rejected");
  CAF_CHECK_EQUAL(last().reason, "there is no valid book");
  place("b", limit(order_side::buy, "1", "90"));
  CAF_CHECK_EQUAL(state(), "rejected");
  out.clear();
  uut.place(key("c"), market_order(order_side::buy, "1"), nullptr, out);
  CAF_CHECK_EQUAL(state(), "rejected");
  CAF_CHECK(uut.open_orders("X").empty());
}

CAF_TEST(a side without prices rejects market orders) {
  show({{"99", "10"}}, {});
  place("a", market_order(order_side::buy, "1"));
  CAF_CHECK_EQUAL(state(), "rejected");
  place("b", limit(order_side::buy, "1", "200"));
  CAF_CHECK_EQUAL(state(), "open");
}

CAF_TEST(a marketable limit order takes what its price allows and rests) {
  place("a", limit(order_side::buy, "15", "101"));
  CAF_CHECK_EQUAL(fills(), "10@101t");
  CAF_CHECK_EQUAL(state(), "open");
  CAF_CHECK(last().filled == number("10"));
}

CAF_TEST(immediate or cancel and fill or kill never rest) {
  auto order = limit(order_side::buy, "15", "101");
  order.validity = time_in_force::immediate_or_cancel;
  place("a", order);
  CAF_CHECK_EQUAL(fills(), "10@101t");
  CAF_CHECK_EQUAL(state(), "canceled");
  order.validity = time_in_force::fill_or_kill;
  place("b", order);
  CAF_CHECK_EQUAL(fills(), "");
  CAF_CHECK_EQUAL(state(), "canceled");
  order.price = number("102");
  place("c", order);
  CAF_CHECK_EQUAL(fills(), "10@101t 5@102t");
  CAF_CHECK_EQUAL(state(), "filled");
}

CAF_TEST(an order that is post only is rejected rather than traded at once) {
  auto order = limit(order_side::sell, "1", "99");
  order.post_only = true;
  place("a", order);
  CAF_CHECK_EQUAL(fills(), "");
  CAF_CHECK_EQUAL(state(), "rejected");
  order.price = number("100");
  place("b", order);
  CAF_CHECK_EQUAL(state(), "open");
}

CAF_TEST(an order that only reduces never turns the position) {
  auto order = market_order(order_side::sell, "15");
  order.reduce_only = true;
  place("a", order);
  CAF_CHECK_EQUAL(state(), "rejected");
  uut.hold(x, number("4"));
  place("b", order);
  CAF_CHECK_EQUAL(fills(), "4@99t");
  CAF_CHECK_EQUAL(state(), "canceled");
  CAF_CHECK_EQUAL(held(), "0");
}

CAF_TEST(a resting order that only reduces ends with the position) {
  uut.hold(x, number("4"));
  auto order = limit(order_side::sell, "5", "101");
  order.reduce_only = true;
  place("a", order);
  CAF_CHECK_EQUAL(state(), "open");
  trade_at("102", "3", trade_direction::buy);
  CAF_CHECK_EQUAL(fills(), "3@101m");
  trade_at("102", "3", trade_direction::buy);
  CAF_CHECK_EQUAL(fills(), "1@101m");
  CAF_CHECK_EQUAL(state(), "canceled");
  CAF_CHECK_EQUAL(held(), "0");
}

CAF_TEST(orders that make no sense are rejected) {
  place("a", market_order(order_side::buy, "0"));
  CAF_CHECK_EQUAL(state(), "rejected");
  auto order = limit(order_side::buy, "1", "90");
  order.price.reset();
  place("b", order);
  CAF_CHECK_EQUAL(last().reason, "there is no price");
  auto without = stop(order_side::buy, "1", "1");
  without.trigger.reset();
  place("c", without);
  CAF_CHECK_EQUAL(last().reason, "there is no trigger");
}

// -- in the queue -------------------------------------------------------------

CAF_TEST(trades at the price shorten the queue and then fill) {
  place("a", limit(order_side::buy, "5", "99")); // behind 10
  trade_at("99", "4", trade_direction::sell);
  CAF_CHECK(out.empty());
  trade_at("99", "8", trade_direction::sell); // 6 of the queue
  CAF_CHECK_EQUAL(fills(), "2@99m");
  CAF_CHECK_EQUAL(state(), "open");
  trade_at("99", "8", trade_direction::sell);
  CAF_CHECK_EQUAL(fills(), "3@99m");
  CAF_CHECK_EQUAL(state(), "filled");
  CAF_CHECK_EQUAL(held(), "5");
}

CAF_TEST(trades of the other side or of an unknown one fill nothing) {
  place("a", limit(order_side::buy, "5", "99"));
  trade_at("99", "100", trade_direction::buy);
  CAF_CHECK(out.empty());
  trade_at("99", "100", trade_direction::unknown);
  CAF_CHECK(out.empty());
}

CAF_TEST(trades outside the book and late ones fill nothing) {
  place("a", limit(order_side::buy, "5", "99"));
  trade news{.instrument = x,
             .time = next_time(),
             .price = number("90"),
             .amount = number("50"),
             .direction = trade_direction::sell};
  for (auto kind : {trade_kind::block, trade_kind::placeholder,
                    trade_kind::insurance_fund, trade_kind::other}) {
    news.kind = kind;
    take(news);
    CAF_CHECK(out.empty());
  }
  news.kind = trade_kind::regular;
  news.is_late = true;
  take(news);
  CAF_CHECK(out.empty());
  news.is_late = false;
  news.kind = trade_kind::liquidation;
  take(news);
  CAF_CHECK_EQUAL(fills(), "5@99m");
}

CAF_TEST(trades from before the order fill nothing) {
  auto before = next_time();
  show({{"99", "10"}}, {{"101", "10"}});
  place("a", limit(order_side::buy, "5", "99"));
  take(trade{.instrument = x,
             .time = before,
             .price = number("90"),
             .amount = number("50"),
             .direction = trade_direction::sell});
  CAF_CHECK(out.empty());
}

CAF_TEST(a trade through the price fills with what it has) {
  place("a", limit(order_side::buy, "5", "99"));
  trade_at("98", "2", trade_direction::sell);
  CAF_CHECK_EQUAL(fills(), "2@99m");
  trade_at("98", "20", trade_direction::unknown);
  CAF_CHECK_EQUAL(fills(), "3@99m");
  CAF_CHECK_EQUAL(state(), "filled");
}

CAF_TEST(own orders share a trade by price and age) {
  place("a", limit(order_side::buy, "5", "98"));
  place("b", limit(order_side::buy, "5", "99"));
  place("c", limit(order_side::buy, "5", "99"));
  trade_at("97", "12", trade_direction::sell);
  CAF_CHECK_EQUAL(fills(), "5@99m 5@99m 2@98m");
  CAF_CHECK(news<fill>()[0].order.id == key("b").id);
  CAF_CHECK(news<fill>()[1].order.id == key("c").id);
}

CAF_TEST(the other side that comes to cross fills at the own price) {
  place("a", limit(order_side::buy, "5", "100"));
  show({{"98", "20"}}, {{"100", "3"}, {"102", "20"}});
  CAF_CHECK_EQUAL(fills(), "3@100m");
  // It is taken already.
  show({{"98", "20"}}, {{"100", "3"}, {"102", "25"}});
  CAF_CHECK(out.empty());
  show({{"98", "20"}}, {{"99", "1"}, {"100", "4"}});
  CAF_CHECK_EQUAL(fills(), "1@100m 1@100m");
  CAF_CHECK_EQUAL(state(), "filled");
}

CAF_TEST(what an order has taken does not fill its rest) {
  place("a", limit(order_side::buy, "15", "101"));
  CAF_CHECK_EQUAL(fills(), "10@101t");
  show({{"99", "11"}}, {{"101", "10"}, {"102", "20"}});
  CAF_CHECK(out.empty());
  show({{"99", "11"}}, {{"101", "4"}, {"102", "20"}});
  show({{"99", "11"}}, {{"101", "6"}, {"102", "20"}}); // 2 have come
  CAF_CHECK_EQUAL(fills(), "2@101m");
}

CAF_TEST(a smaller level shortens the queue and no more than it must) {
  place("a", limit(order_side::buy, "5", "99")); // behind 10
  show({{"99", "25"}}, {{"101", "10"}});
  show({{"99", "12"}}, {{"101", "10"}}); // those behind
  trade_at("99", "10", trade_direction::sell);
  CAF_CHECK(out.empty());
  trade_at("99", "1", trade_direction::sell);
  CAF_CHECK_EQUAL(fills(), "1@99m");
}

CAF_TEST(what left the book ahead of an order is not in the queue) {
  place("a", limit(order_side::buy, "5", "99"));
  show({{"99", "3"}}, {{"101", "10"}});
  trade_at("99", "4", trade_direction::sell);
  CAF_CHECK_EQUAL(fills(), "1@99m");
}

CAF_TEST(a trade that the book has shown before does not count twice) {
  place("a", limit(order_side::buy, "5", "99"));
  auto time = next_time();
  show({{"99", "4"}}, {{"101", "10"}});
  auto sold = [&](std::string_view amount, venue_time at) {
    take(trade{.instrument = x,
               .time = at,
               .price = number("99"),
               .amount = number(amount),
               .direction = trade_direction::sell});
  };
  sold("6", time); // the cause
  sold("4", next_time());
  CAF_CHECK(out.empty());
  sold("4", next_time());
  CAF_CHECK_EQUAL(fills(), "4@99m");
}

CAF_TEST(a lost book leaves orders as they are) {
  place("a", limit(order_side::buy, "5", "99"));
  lose();
  CAF_CHECK(out.empty());
  CAF_CHECK_EQUAL(uut.open_orders("X").size(), 1u);
  show({{"99", "2"}}, {{"101", "10"}});
  CAF_CHECK(out.empty());
  trade_at("99", "3", trade_direction::sell);
  CAF_CHECK_EQUAL(fills(), "1@99m");
}

// -- changes ------------------------------------------------------------------

CAF_TEST(a smaller amount keeps the place in the queue) {
  place("a", limit(order_side::buy, "5", "99"));
  trade_at("99", "10", trade_direction::sell);
  CAF_CHECK(!amend("a", number("4"), number("99")));
  CAF_CHECK(last().amount == number("4"));
  trade_at("99", "1", trade_direction::sell);
  CAF_CHECK_EQUAL(fills(), "1@99m");
}

CAF_TEST(a larger amount or another price loses the place) {
  place("a", limit(order_side::buy, "5", "99"));
  trade_at("99", "10", trade_direction::sell);
  CAF_CHECK(!amend("a", number("6"), std::nullopt));
  trade_at("99", "10", trade_direction::sell);
  CAF_CHECK(out.empty());
  CAF_CHECK(!amend("a", number("6"), number("98")));
  trade_at("98", "20", trade_direction::sell);
  CAF_CHECK(out.empty());
  trade_at("98", "6", trade_direction::sell);
  CAF_CHECK_EQUAL(fills(), "6@98m");
}

CAF_TEST(an amended price may trade at once) {
  place("a", limit(order_side::buy, "5", "99"));
  CAF_CHECK(!amend("a", std::nullopt, number("101")));
  CAF_CHECK_EQUAL(fills(), "5@101t");
  CAF_CHECK_EQUAL(state(), "filled");
}

CAF_TEST(a change that is refused changes nothing) {
  auto order = limit(order_side::buy, "5", "99");
  order.post_only = true;
  place("a", order);
  CAF_CHECK_EQUAL(amend("a", std::nullopt, number("101")).code,
                  ec::request_refused);
  trade_at("98", "2", trade_direction::sell);
  CAF_CHECK_EQUAL(amend("a", number("2"), std::nullopt).code,
                  ec::request_refused);
  CAF_CHECK_EQUAL(amend("b", number("2"), std::nullopt).code,
                  ec::request_refused);
  lose();
  CAF_CHECK_EQUAL(amend("a", std::nullopt, number("98")).code,
                  ec::request_refused);
  auto known = uut.report(key("a"));
  CAF_CHECK(known.amount == number("5"));
  CAF_CHECK(known.price == number("99"));
  CAF_CHECK(!amend("a", number("4"), std::nullopt)); // keeps its place
}

CAF_TEST(cancellations are told and also of orders that are not known) {
  place("a", limit(order_side::buy, "5", "99"));
  place("b", limit(order_side::buy, "5", "98"));
  out.clear();
  uut.cancel(key("a"), out);
  CAF_CHECK_EQUAL(state(), "canceled");
  CAF_CHECK(last().amount == number("5"));
  out.clear();
  uut.cancel(key("z"), out);
  CAF_CHECK_EQUAL(state(), "canceled");
  CAF_CHECK(!last().filled);
  out.clear();
  uut.cancel_all("Y", out);
  CAF_CHECK(out.empty());
  uut.cancel_all({}, out);
  CAF_CHECK(last().order.id == key("b").id);
  CAF_CHECK(uut.open_orders("X").empty());
}

CAF_TEST(an instrument that is closed cancels its orders) {
  place("a", limit(order_side::buy, "5", "99"));
  take(instrument_state{.instrument = x, .state = trading_state::closed});
  CAF_CHECK_EQUAL(state(), "canceled");
}

// -- stops --------------------------------------------------------------------

CAF_TEST(stops wait for the price of a trade) {
  place("a", stop(order_side::buy, "5", "105"));
  CAF_CHECK_EQUAL(state(), "open");
  trade_at("104", "1", trade_direction::buy);
  CAF_CHECK(out.empty());
  trade_at("105", "1", trade_direction::buy);
  CAF_CHECK_EQUAL(fills(), "5@101t");
  CAF_CHECK_EQUAL(state(), "filled");
  auto order = stop(order_side::sell, "5", "95");
  order.type = order_type::stop_limit;
  order.price = number("100");
  place("b", order);
  trade_at("94", "1", trade_direction::sell);
  CAF_CHECK_EQUAL(fills(), "");
  CAF_CHECK_EQUAL(state(), "open");
  trade_at("101", "2", trade_direction::buy);
  CAF_CHECK_EQUAL(fills(), "2@100m");
}

CAF_TEST(a stop whose price is reached already is carried out) {
  trade_at("106", "1", trade_direction::buy);
  place("a", stop(order_side::buy, "5", "105"));
  CAF_CHECK_EQUAL(fills(), "5@101t");
}

CAF_TEST(a stop that is triggered without a book waits for one) {
  place("a", stop(order_side::sell, "5", "95"));
  lose();
  trade_at("95", "1", trade_direction::sell);
  CAF_CHECK(out.empty());
  show({{"94", "20"}}, {{"96", "10"}});
  CAF_CHECK_EQUAL(fills(), "5@94t");
}

CAF_TEST(a stop that waits for a book is not filled by trades until then) {
  trade_at("95", "1", trade_direction::sell);
  lose();
  auto order = stop(order_side::sell, "5", "95");
  order.type = order_type::stop_limit;
  order.price = number("97");
  place("a", order);
  auto before = next_time();
  show({{"94", "20"}}, {{"98", "10"}});
  CAF_CHECK_EQUAL(state(), "open");
  take(trade{.instrument = x,
             .time = before,
             .price = number("97"),
             .amount = number("5"),
             .direction = trade_direction::buy});
  CAF_CHECK(out.empty());
  trade_at("97", "5", trade_direction::buy);
  CAF_CHECK_EQUAL(fills(), "5@97m");
}

CAF_TEST(stops can be changed and canceled) {
  auto order = stop(order_side::buy, "5", "105");
  order.reduce_only = true; // there is nothing to reduce yet
  place("a", order);
  CAF_CHECK(!amend("a", number("7"), std::nullopt));
  CAF_CHECK_EQUAL(amend("a", std::nullopt, number("9")).code,
                  ec::request_refused);
  trade_at("105", "1", trade_direction::buy);
  CAF_CHECK_EQUAL(state(), "canceled");
  CAF_CHECK_EQUAL(last().reason, "nothing is left to reduce");
}

// -- names and numbers --------------------------------------------------------

CAF_TEST(names of orders and fills are unique) {
  place("a", market_order(order_side::buy, "15"));
  auto first = news<fill>();
  CAF_REQUIRE_EQUAL(first.size(), 2u);
  place("b", market_order(order_side::buy, "15"));
  auto second = news<fill>();
  CAF_CHECK(first[0].id != first[1].id);
  CAF_CHECK(first[0].id != second[0].id);
  CAF_CHECK(first[0].order.venue_id != second[0].order.venue_id);
  CAF_CHECK(!first[0].order.venue_id.empty());
}

CAF_TEST(sums that cannot be kept exactly are refused) {
  show({{"99", "10"}}, {{"101", "0.0000000001"}, {"102", "9e18"}});
  place("a", limit(order_side::buy, "9e18", "102"));
  CAF_CHECK_EQUAL(fills(), "");
  CAF_CHECK_EQUAL(state(), "rejected");
  CAF_CHECK_EQUAL(last().reason, "a sum cannot be kept exactly");
  CAF_CHECK_EQUAL(held(), "0");
  uut.hold(x, number("9e18"));
  place("b", market_order(order_side::buy, "0.0000000001"));
  CAF_CHECK_EQUAL(state(), "rejected");
  place("c", limit(order_side::buy, "0.0000000001", "99"));
  trade_at("98", "1", trade_direction::sell);
  CAF_CHECK_EQUAL(state(), "canceled");
  CAF_CHECK_EQUAL(fills(), "");
  CAF_CHECK_EQUAL(held(), "9000000000000000000");
}

CAF_TEST_FIXTURE_SCOPE_END()
