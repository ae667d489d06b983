// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE order_ledger

#include "zenws/trading/order_ledger.hpp"

#include "support/unit_test.hpp"

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::trading;

namespace {

// Until a request arrives, or never does.
constexpr auto longest_way = 100ms;

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

venue_time at(int64_t seconds) {
  return venue_time{std::chrono::seconds{seconds}};
}

/// What the venue tells of an order; what is empty it does not tell.
struct details {
  std::string amount{};
  std::string price{};
  std::string filled{};
  std::string reason{};
  std::string venue_id{}; // "v1" for order 1 and so on, if empty
  std::string instrument = "X";
  order_side side = order_side::buy;
  int64_t time = 0;
};

std::optional<decimal> told_number(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional{number(text)};
}

/// Orders of the desk: number 1 has the id "desk000000001".
struct fixture {
  using enum venue_order_state;

  using duration = std::chrono::milliseconds;

  order_ledger uut{{.owner = "desk"}};
  order_ledger::news news;
  order_ledger::time_point now{1h};

  static client_order_id id(uint64_t order) {
    return order_numbers{"desk"}.id_of(order);
  }

  static std::string name(const client_order_id& id) {
    return std::to_string(order_numbers{"desk"}.number_of(id).value_or(0));
  }

  static order_key key(uint64_t order, const details& x) {
    order_key result{.instrument = instrument_name::make(x.instrument).value(),
                     .id = order == 0 ? client_order_id{} : id(order)};
    auto name = x.venue_id.empty() ? "v" + std::to_string(order) : x.venue_id;
    result.venue_id = venue_order_id::make(name).value();
    return result;
  }

  /// Makes a ledger that has not seen anything.
  void begin(ledger_config cfg) {
    cfg.owner = "desk";
    uut = order_ledger{std::move(cfg)};
  }

  // -- news as text -----------------------------------------------------------

  static std::string text_of(const order_event& x) {
    auto& order = x.content;
    auto result = std::string{to_string(x.kind)} + ' ' + name(order.key.id);
    switch (x.kind) {
      case order_event_kind::partially_filled:
        return result + " to " + to_string(order.filled);
      case order_event_kind::amended:
        return result + " to " + to_string(order.terms.amount) + '@'
               + to_string(order.terms.price.value_or(decimal{}));
      case order_event_kind::resolved:
        return result + " as " + std::string{to_string(order.state)};
      case order_event_kind::rejected:
      case order_event_kind::canceled:
      case order_event_kind::expired:
        return result + (order.reason.empty() ? "" : " (" + order.reason + ')');
      default:
        return result;
    }
  }

  /// Returns what the ledger has told since the last time.
  std::string told() {
    std::string result;
    for (auto& x : std::exchange(news, {})) {
      if (!result.empty())
        result += ", ";
      if (auto* event = std::get_if<order_event>(&x))
        result += text_of(*event);
      else if (auto* trade = std::get_if<fill>(&x))
        result += "fill " + name(trade->order.id) + " of "
                  + to_string(trade->amount);
    }
    return result;
  }

  /// Returns state, amount filled and amount of an order.
  std::string stands(uint64_t order) {
    auto* x = uut.find(id(order));
    if (x == nullptr)
      return "forgotten";
    return std::string{to_string(x->state)} + ' ' + to_string(x->filled) + '/'
           + to_string(x->terms.amount);
  }

  static std::string names(const std::vector<const order*>& orders) {
    std::string result;
    for (auto* x : orders)
      result += (result.empty() ? "" : " ") + name(x->key.id);
    return result;
  }

  std::string open_orders() {
    return names(uut.open_orders());
  }

  std::string position(std::string_view instrument = "X") {
    auto result = uut.position(instrument);
    return result ? to_string(*result) : "none";
  }

  std::string reason(uint64_t order) {
    return uut.find(id(order))->reason;
  }

  // -- requests ---------------------------------------------------------------

  std::string place(std::string_view amount, details x = {}) {
    order_request terms{.instrument
                        = instrument_name::make(x.instrument).value(),
                        .side = x.side,
                        .amount = number(amount),
                        .price = number("100")};
    (void) uut.place(terms, now + longest_way, news);
    return told();
  }

  /// Places some orders of 10 each.
  void place_all(int count) {
    for (; count > 0; --count)
      place("10");
  }

  std::string keep_back(uint64_t order) {
    uut.kept_back(id(order), "no connection", news);
    return told();
  }

  std::string acknowledge(uint64_t order) {
    uut.acknowledged(id(order), news);
    return told();
  }

  std::string refuse(uint64_t order) {
    uut.refused(id(order), "no margin", news);
    return told();
  }

  std::string lose(uint64_t order) {
    uut.lost(id(order), now + longest_way, news);
    return told();
  }

  // -- facts ------------------------------------------------------------------

  static order_report make_report(uint64_t order, venue_order_state state,
                                  const details& x) {
    return {.order = key(order, x),
            .side = x.side,
            .state = state,
            .amount = told_number(x.amount),
            .price = told_number(x.price),
            .filled = told_number(x.filled),
            .time = at(x.time),
            .reason = x.reason};
  }

  /// @param order 0 if the venue uses its own id only.
  std::string report(uint64_t order, venue_order_state state,
                     const details& x = {}) {
    uut.apply(make_report(order, state, x), news);
    return told();
  }

  std::string trade(uint64_t order, std::string_view fill_name,
                    std::string_view amount, const details& x = {}) {
    uut.apply(fill{.order = key(order, x),
                   .id = fill_id::make(fill_name).value(),
                   .side = x.side,
                   .price = number("100"),
                   .amount = number(amount),
                   .time = at(x.time)},
              news);
    return told();
  }

  std::string absent(uint64_t order) {
    uut.absent(id(order), now, news);
    return told();
  }

  /// The venue tells that these orders of X are open, and no other ones.
  std::string list(std::initializer_list<uint64_t> orders,
                   uint64_t asked_after) {
    std::vector<order_report> reports;
    for (auto order : orders)
      reports.push_back(make_report(order, open, {}));
    uut.all_open("X", reports, asked_after, news);
    return told();
  }

  // -- questions --------------------------------------------------------------

  /// Returns the orders that are asked for after some time.
  std::string asked(duration time) {
    now += time;
    std::string result;
    for (auto& x : uut.due_questions(now))
      result += (result.empty() ? "" : " ") + name(x.id);
    return result;
  }

  /// Returns the milliseconds until the next question, "now" or "never".
  std::string next() {
    auto due = uut.next_question();
    if (!due)
      return "never";
    auto rest = std::chrono::duration_cast<duration>(*due - now);
    return rest <= 0ms ? "now" : std::to_string(rest.count());
  }

  /// The venue tells that an order is open, as it was asked.
  void answer(uint64_t order) {
    report(order, open);
    uut.clear_doubt(id(order));
  }

  // -- restarts ---------------------------------------------------------------

  std::string begin_anew() {
    uut.begin_anew(now + longest_way, news);
    return told();
  }

  /// Goes on with a ledger that is restored from this one.
  void restart() {
    order_ledger result{{.owner = "desk"}};
    for (uint64_t i = 1; i <= uut.last_number(); ++i)
      if (uut.find(id(i)) != nullptr)
        result.restore(uut.record_of(id(i)));
    if (auto amount = uut.position("X"))
      result.restore_position("X", *amount);
    result.restore_number(uut.last_number());
    uut = std::move(result);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(order_ledger_tests, fixture)

// -- the first news -----------------------------------------------------------

CAF_TEST(an order is pending until somebody tells of it) {
  CAF_CHECK_EQUAL(place("10"), "pending 1");
  CAF_CHECK_EQUAL(stands(1), "pending 0/10");
  CAF_CHECK_EQUAL(open_orders(), "1");
  CAF_CHECK_EQUAL(position(), "0");
  CAF_CHECK_EQUAL(next(), "never");
  CAF_CHECK(!uut.is_unclear("X"));
  CAF_CHECK_EQUAL(uut.counters().placed, 1u);
}

CAF_TEST(orders are numbered) {
  CAF_CHECK_EQUAL(uut.last_number(), 0u);
  CAF_CHECK_EQUAL(place("10"), "pending 1");
  CAF_CHECK_EQUAL(place("5"), "pending 2");
  CAF_CHECK_EQUAL(uut.last_number(), 2u);
  CAF_CHECK_EQUAL(uut.number_of(id(2)), 2u);
  CAF_CHECK_EQUAL(stands(2), "pending 0/5");
  CAF_CHECK_EQUAL(open_orders(), "1 2");
}

CAF_TEST(a report accepts an order) {
  place("10");
  CAF_CHECK_EQUAL(report(1, open), "accepted 1");
  CAF_CHECK_EQUAL(stands(1), "open 0/10");
  CAF_CHECK_EQUAL(report(1, open), "");
  CAF_CHECK(uut.find(id(1))->key.venue_id == "v1");
}

CAF_TEST(an answer accepts an order) {
  place("10");
  CAF_CHECK_EQUAL(acknowledge(1), "accepted 1");
  CAF_CHECK_EQUAL(acknowledge(1), "");
  CAF_CHECK_EQUAL(report(1, open), "");
  CAF_CHECK_EQUAL(stands(1), "open 0/10");
}

CAF_TEST(a fill accepts an order) {
  place("10");
  CAF_CHECK_EQUAL(trade(1, "a", "3"),
                  "fill 1 of 3, accepted 1, partially_filled 1 to 3");
  CAF_CHECK_EQUAL(stands(1), "partially_filled 3/10");
  CAF_CHECK_EQUAL(acknowledge(1), "");
  CAF_CHECK_EQUAL(report(1, open), "");
  CAF_CHECK_EQUAL(stands(1), "partially_filled 3/10");
}

CAF_TEST(the first news may be the last) {
  place_all(5);
  CAF_CHECK_EQUAL(trade(1, "a", "10"), "fill 1 of 10, accepted 1, filled 1");
  CAF_CHECK_EQUAL(report(2, filled, {.filled = "10"}), "accepted 2, filled 2");
  CAF_CHECK_EQUAL(report(3, canceled, {.reason = "by hand"}),
                  "accepted 3, canceled 3 (by hand)");
  CAF_CHECK_EQUAL(report(4, expired), "accepted 4, expired 4");
  CAF_CHECK_EQUAL(report(5, rejected, {.reason = "post only"}),
                  "rejected 5 (post only)");
  CAF_CHECK_EQUAL(open_orders(), "");
}

CAF_TEST(an end may tell what was filled before) {
  place_all(2);
  CAF_CHECK_EQUAL(report(1, canceled, {.filled = "3"}),
                  "accepted 1, partially_filled 1 to 3, canceled 1");
  CAF_CHECK_EQUAL(report(2, expired, {.filled = "3"}),
                  "accepted 2, partially_filled 2 to 3, expired 2");
  CAF_CHECK_EQUAL(position(), "6");
}

CAF_TEST(news have the time of the venue) {
  place("10");
  uut.apply(make_report(1, open, {.time = 7}), news);
  auto* accepted = std::get_if<order_event>(&news.back());
  CAF_REQUIRE(accepted != nullptr);
  CAF_CHECK(accepted->time == at(7));
  news.clear();
  uut.lost(id(1), now, news);
  uut.absent(id(1), now + longest_way, news);
  auto* canceled = std::get_if<order_event>(&news.back());
  CAF_REQUIRE(canceled != nullptr);
  CAF_CHECK(canceled->time == venue_time{});
}

CAF_TEST(news have the order as it is afterwards) {
  place("10");
  report(1, open);
  uut.apply(make_report(1, canceled, {.filled = "3"}), news);
  CAF_REQUIRE_EQUAL(news.size(), 2u);
  for (auto& x : news)
    CAF_CHECK(std::get<order_event>(x).content == *uut.find(id(1)));
}

CAF_TEST(states and events have names) {
  CAF_CHECK_EQUAL(to_string(order_state::pending), "pending");
  CAF_CHECK_EQUAL(to_string(order_state::unknown), "unknown");
  CAF_CHECK_EQUAL(to_string(order_event_kind::pending), "pending");
  CAF_CHECK_EQUAL(to_string(order_event_kind::resolved), "resolved");
  CAF_CHECK_EQUAL(to_string(venue_order_state::open), "open");
  CAF_CHECK_EQUAL(to_string(venue_order_state::expired), "expired");
  CAF_CHECK_EQUAL(to_string(order_side::sell), "sell");
  CAF_CHECK_EQUAL(to_string(order_type::stop_market), "stop_market");
  CAF_CHECK_EQUAL(to_string(time_in_force::fill_or_kill), "fill_or_kill");
  CAF_CHECK_EQUAL(to_string(fill_liquidity::taker), "taker");
}

// -- fills --------------------------------------------------------------------

CAF_TEST(fills add up) {
  place("10");
  report(1, open);
  CAF_CHECK_EQUAL(trade(1, "a", "3"), "fill 1 of 3, partially_filled 1 to 3");
  CAF_CHECK_EQUAL(trade(1, "b", "4"), "fill 1 of 4, partially_filled 1 to 7");
  CAF_CHECK_EQUAL(trade(1, "c", "3"), "fill 1 of 3, filled 1");
  CAF_CHECK_EQUAL(stands(1), "filled 10/10");
  CAF_CHECK_EQUAL(position(), "10");
  CAF_CHECK_EQUAL(open_orders(), "");
  CAF_CHECK_EQUAL(uut.counters().fills, 3u);
}

CAF_TEST(fills add up exactly) {
  place("0.3");
  trade(1, "a", "0.1");
  trade(1, "b", "0.1");
  CAF_CHECK_EQUAL(trade(1, "c", "0.1"), "fill 1 of 0.1, filled 1");
  CAF_CHECK_EQUAL(position(), "0.3");
}

CAF_TEST(a fill that is told twice counts once) {
  place("10");
  trade(1, "a", "3");
  CAF_CHECK_EQUAL(trade(1, "a", "3"), "");
  CAF_CHECK_EQUAL(stands(1), "partially_filled 3/10");
  CAF_CHECK_EQUAL(position(), "3");
  CAF_CHECK_EQUAL(uut.counters().fills, 1u);
  CAF_CHECK_EQUAL(uut.counters().repeated, 1u);
}

CAF_TEST(fills of two orders may have one name) {
  place_all(2);
  trade(1, "a", "3");
  CAF_CHECK_EQUAL(trade(2, "a", "3"),
                  "fill 2 of 3, accepted 2, partially_filled 2 to 3");
}

CAF_TEST(a fill after its report tells no other amount) {
  place("10");
  CAF_CHECK_EQUAL(report(1, open, {.filled = "3"}),
                  "accepted 1, partially_filled 1 to 3");
  CAF_CHECK_EQUAL(trade(1, "a", "3"), "fill 1 of 3");
  CAF_CHECK_EQUAL(position(), "3");
}

CAF_TEST(a report after its fill tells no other amount) {
  place("10");
  trade(1, "a", "3");
  CAF_CHECK_EQUAL(report(1, open, {.filled = "3"}), "");
  CAF_CHECK_EQUAL(position(), "3");
}

CAF_TEST(a report that comes late takes nothing back) {
  place("10");
  trade(1, "a", "3");
  CAF_CHECK_EQUAL(report(1, open, {.filled = "0"}), "");
  CAF_CHECK_EQUAL(report(1, open, {.filled = "2"}), "");
  CAF_CHECK_EQUAL(stands(1), "partially_filled 3/10");
}

CAF_TEST(an order may be filled by reports alone) {
  place("10");
  CAF_CHECK_EQUAL(report(1, open, {.filled = "3"}),
                  "accepted 1, partially_filled 1 to 3");
  CAF_CHECK_EQUAL(report(1, open, {.filled = "7"}), "partially_filled 1 to 7");
  CAF_CHECK_EQUAL(report(1, filled, {.filled = "10"}), "filled 1");
  CAF_CHECK_EQUAL(position(), "10");
  CAF_CHECK_EQUAL(uut.counters().fills, 0u);
}

CAF_TEST(of reports and fills the larger amount counts) {
  place("10");
  report(1, open, {.filled = "5"});
  CAF_CHECK_EQUAL(trade(1, "a", "3"), "fill 1 of 3");
  CAF_CHECK_EQUAL(stands(1), "partially_filled 5/10");
  CAF_CHECK_EQUAL(trade(1, "b", "4"), "fill 1 of 4, partially_filled 1 to 7");
  CAF_CHECK_EQUAL(position(), "7");
}

CAF_TEST(a fill is told with the whole name of its order) {
  place("10");
  report(1, open);
  news.clear();
  uut.apply(fill{.order = key(0, {.venue_id = "v1"}),
                 .id = fill_id::make("a").value(),
                 .amount = number("3")},
            news);
  auto* trade = std::get_if<fill>(&news.front());
  CAF_REQUIRE(trade != nullptr);
  CAF_CHECK(trade->order == uut.find(id(1))->key);
  CAF_CHECK(trade->order.id == id(1));
}

CAF_TEST(fills that no number holds are told nevertheless) {
  place("9223372036854775807");
  trade(1, "a", "9223372036854775806");
  CAF_CHECK_EQUAL(trade(1, "b", "0.1"), "fill 1 of 0.1");
  CAF_CHECK_EQUAL(stands(1), "partially_filled "
                             "9223372036854775806/9223372036854775807");
  CAF_CHECK_EQUAL(trade(1, "c", "0.9"), "fill 1 of 0.9, filled 1");
}

// -- the end ------------------------------------------------------------------

CAF_TEST(the end of an order is told once) {
  place("10");
  report(1, open);
  CAF_CHECK_EQUAL(report(1, canceled), "canceled 1");
  CAF_CHECK_EQUAL(report(1, canceled), "");
  CAF_CHECK_EQUAL(report(1, expired), "");
  CAF_CHECK_EQUAL(stands(1), "canceled 0/10");
}

CAF_TEST(an order is not open again after its end) {
  place("10");
  report(1, canceled);
  CAF_CHECK_EQUAL(report(1, open), "");
  CAF_CHECK_EQUAL(acknowledge(1), "");
  CAF_CHECK_EQUAL(lose(1), "");
  CAF_CHECK_EQUAL(stands(1), "canceled 0/10");
  CAF_CHECK_EQUAL(open_orders(), "");
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(a late fill changes the amount but not the end) {
  place_all(2);
  report(1, canceled);
  CAF_CHECK_EQUAL(trade(1, "a", "3"), "fill 1 of 3, partially_filled 1 to 3");
  CAF_CHECK_EQUAL(stands(1), "canceled 3/10");
  report(2, expired);
  CAF_CHECK_EQUAL(trade(2, "a", "3"), "fill 2 of 3, partially_filled 2 to 3");
  CAF_CHECK_EQUAL(stands(2), "expired 3/10");
  CAF_CHECK_EQUAL(position(), "6");
  CAF_CHECK_EQUAL(open_orders(), "");
  CAF_CHECK_EQUAL(uut.counters().contradicted, 0u);
}

CAF_TEST(late fills of a filled order are told) {
  place("10");
  report(1, filled, {.filled = "10"});
  CAF_CHECK_EQUAL(trade(1, "a", "4"), "fill 1 of 4");
  CAF_CHECK_EQUAL(trade(1, "b", "6"), "fill 1 of 6");
  CAF_CHECK_EQUAL(position(), "10");
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(a canceled order may turn out to be filled) {
  place_all(2);
  report(1, canceled);
  CAF_CHECK_EQUAL(trade(1, "a", "10"), "fill 1 of 10, filled 1");
  report(2, canceled);
  CAF_CHECK_EQUAL(report(2, filled, {.filled = "10"}), "filled 2");
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(a filled order is not canceled) {
  place_all(3);
  // The amount of the report is one that the order was amended to.
  report(3, filled, {.filled = "8"});
  CAF_CHECK_EQUAL(report(3, canceled), "");
  CAF_CHECK_EQUAL(stands(3), "filled 8/10");
  trade(1, "a", "10");
  CAF_CHECK_EQUAL(report(1, canceled), "");
  CAF_CHECK_EQUAL(stands(1), "filled 10/10");
  report(2, filled, {.filled = "10"});
  CAF_CHECK_EQUAL(report(2, expired), "");
  CAF_CHECK_EQUAL(stands(2), "filled 10/10");
}

CAF_TEST(an order that is filled without any amount is filled or asked for) {
  place("10");
  CAF_CHECK_EQUAL(report(1, filled), "accepted 1, filled 1");
  CAF_CHECK(stands(1) == "filled 10/10" || next() != "never");
}

CAF_TEST(the rest of an order may be rejected) {
  place("10");
  trade(1, "a", "3");
  CAF_CHECK_EQUAL(report(1, rejected, {.reason = "self trade"}),
                  "canceled 1 (self trade)");
  CAF_CHECK_EQUAL(stands(1), "canceled 3/10");
}

CAF_TEST(a fill may come after the rejection of the rest) {
  place("10");
  report(1, rejected, {.reason = "self trade"});
  CAF_CHECK_EQUAL(trade(1, "a", "3"),
                  "fill 1 of 3, resolved 1 as canceled, "
                  "partially_filled 1 to 3, canceled 1 (self trade)");
}

CAF_TEST(more may be filled than was wanted) {
  place("10");
  CAF_CHECK_EQUAL(trade(1, "a", "11"), "fill 1 of 11, accepted 1, filled 1");
  CAF_CHECK_EQUAL(uut.counters().contradicted, 1u);
  CAF_CHECK_EQUAL(trade(1, "b", "1"), "fill 1 of 1");
  CAF_CHECK_EQUAL(uut.counters().contradicted, 1u);
  CAF_CHECK_EQUAL(stands(1), "filled 12/10");
  CAF_CHECK_EQUAL(position(), "12");
}

CAF_TEST(words of the venue replace each other) {
  place("10");
  report(1, canceled, {.reason = "4"});
  report(1, canceled);
  CAF_CHECK_EQUAL(reason(1), "4");
  report(1, canceled, {.reason = "margin call"});
  CAF_CHECK_EQUAL(reason(1), "margin call");
}

// -- amendments ---------------------------------------------------------------

CAF_TEST(an amendment of anybody is told) {
  place("10");
  report(1, open, {.amount = "10", .price = "100", .time = 1});
  CAF_CHECK_EQUAL(report(1, open, {.amount = "12", .price = "101", .time = 2}),
                  "amended 1 to 12@101");
  CAF_CHECK_EQUAL(report(1, open, {.amount = "12", .price = "101", .time = 2}),
                  "");
  CAF_CHECK_EQUAL(report(1, open, {.price = "99", .time = 3}),
                  "amended 1 to 12@99");
  CAF_CHECK_EQUAL(report(1, open, {.amount = "11", .time = 4}),
                  "amended 1 to 11@99");
  CAF_CHECK_EQUAL(report(1, open, {.time = 5}), "");
  CAF_CHECK_EQUAL(stands(1), "open 0/11");
}

CAF_TEST(the venue may take an order with other terms) {
  place("10");
  CAF_CHECK_EQUAL(report(1, open, {.amount = "9", .price = "100"}),
                  "accepted 1, amended 1 to 9@100");
}

CAF_TEST(a report from before an amendment brings no terms) {
  place("10");
  report(1, open, {.amount = "12", .price = "101", .time = 2});
  CAF_CHECK_EQUAL(report(1, open, {.amount = "10", .price = "100", .time = 1}),
                  "");
  CAF_CHECK_EQUAL(stands(1), "open 0/12");
  CAF_CHECK_EQUAL(report(1, open, {.amount = "10", .filled = "3", .time = 1}),
                  "partially_filled 1 to 3");
  CAF_CHECK_EQUAL(stands(1), "partially_filled 3/12");
}

CAF_TEST(of two reports of one time the last one counts) {
  place("10");
  report(1, open, {.amount = "12", .time = 2});
  CAF_CHECK_EQUAL(report(1, open, {.amount = "11", .time = 2}),
                  "amended 1 to 11@100");
}

CAF_TEST(an amendment is told before the fill of its report) {
  place("10");
  report(1, open);
  CAF_CHECK_EQUAL(report(1, open, {.amount = "12", .filled = "3"}),
                  "amended 1 to 12@100, partially_filled 1 to 3");
}

CAF_TEST(an order may be amended to what is filled) {
  place("10");
  trade(1, "a", "3");
  CAF_CHECK_EQUAL(report(1, open, {.amount = "3", .filled = "3"}), "filled 1");
  CAF_CHECK_EQUAL(stands(1), "filled 3/3");
}

CAF_TEST(an order may be amended to less than is filled) {
  place("10");
  trade(1, "a", "3");
  CAF_CHECK_EQUAL(report(1, open, {.amount = "2"}), "filled 1");
  CAF_CHECK_EQUAL(position(), "3");
}

CAF_TEST(an order that seems filled may have been amended before) {
  place_all(2);
  trade(1, "a", "10");
  CAF_CHECK_EQUAL(report(1, open, {.amount = "15", .filled = "10", .time = 2}),
                  "resolved 1 as partially_filled");
  CAF_CHECK_EQUAL(open_orders(), "1 2");
  CAF_CHECK_EQUAL(trade(1, "b", "5"), "fill 1 of 5, filled 1");
  trade(2, "a", "10");
  CAF_CHECK_EQUAL(report(2, canceled,
                         {.amount = "15", .filled = "10", .time = 2}),
                  "resolved 2 as canceled, canceled 2");
  CAF_CHECK_EQUAL(open_orders(), "");
  CAF_CHECK_EQUAL(position(), "25");
}

CAF_TEST(an order that is over is not amended) {
  place("10");
  report(1, canceled);
  CAF_CHECK_EQUAL(report(1, open, {.amount = "12", .price = "101"}), "");
  CAF_CHECK_EQUAL(open_orders(), "");
}

// -- refusals -----------------------------------------------------------------

CAF_TEST(a refusal ends a pending order) {
  place("10");
  CAF_CHECK_EQUAL(refuse(1), "rejected 1 (no margin)");
  CAF_CHECK_EQUAL(refuse(1), "");
  CAF_CHECK_EQUAL(open_orders(), "");
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(a refusal means nothing against facts) {
  place_all(4);
  report(1, open);
  acknowledge(2);
  trade(3, "a", "3");
  report(4, canceled);
  for (uint64_t order = 1; order <= 4; ++order)
    CAF_CHECK_EQUAL(refuse(order), "");
  CAF_CHECK_EQUAL(open_orders(), "1 2 3");
  CAF_CHECK_EQUAL(reason(1), "");
}

CAF_TEST(an order that was refused and is there comes back) {
  place("10");
  refuse(1);
  CAF_CHECK_EQUAL(report(1, open), "resolved 1 as open");
  CAF_CHECK_EQUAL(open_orders(), "1");
  CAF_CHECK_EQUAL(uut.counters().contradicted, 1u);
  CAF_CHECK_EQUAL(asked(longest_way), "1");
}

CAF_TEST(an order that was refused and trades comes back) {
  place_all(2);
  refuse(1);
  CAF_CHECK_EQUAL(
    trade(1, "a", "3"),
    "fill 1 of 3, resolved 1 as partially_filled, partially_filled 1 to 3");
  refuse(2);
  CAF_CHECK_EQUAL(trade(2, "a", "10"), "fill 2 of 10, filled 2");
  CAF_CHECK_EQUAL(open_orders(), "1");
  CAF_CHECK_EQUAL(position(), "13");
  CAF_CHECK_EQUAL(uut.counters().contradicted, 2u);
}

CAF_TEST(an order that came back is not refused again) {
  place("10");
  refuse(1);
  report(1, open);
  CAF_CHECK_EQUAL(refuse(1), "");
  CAF_CHECK_EQUAL(report(1, canceled, {.reason = "by hand"}),
                  "canceled 1 (by hand)");
}

CAF_TEST(an order that came back has no reason) {
  place_all(2);
  refuse(1);
  lose(2);
  now += longest_way;
  absent(2);
  report(1, open);
  report(2, open);
  CAF_CHECK_EQUAL(reason(1), "");
  CAF_CHECK_EQUAL(reason(2), "");
  CAF_CHECK_EQUAL(report(1, canceled), "canceled 1");
  CAF_CHECK_EQUAL(trade(2, "a", "10"), "fill 2 of 10, filled 2");
  CAF_CHECK_EQUAL(reason(2), "");
}

CAF_TEST(a rejection by the venue agrees with a refusal) {
  place("10");
  refuse(1);
  CAF_CHECK_EQUAL(report(1, rejected), "");
  CAF_CHECK_EQUAL(stands(1), "rejected 0/10");
  CAF_CHECK_EQUAL(uut.counters().contradicted, 0u);
}

CAF_TEST(what was kept back is rejected and counted) {
  place_all(2);
  CAF_CHECK_EQUAL(keep_back(1), "rejected 1 (no connection)");
  CAF_CHECK_EQUAL(keep_back(1), "");
  lose(2);
  CAF_CHECK_EQUAL(keep_back(2),
                  "resolved 2 as rejected, rejected 2 (no connection)");
  CAF_CHECK_EQUAL(uut.counters().kept_back, 2u);
  CAF_CHECK_EQUAL(open_orders(), "");
}

CAF_TEST(what the venue has was not kept back) {
  place("10");
  report(1, open);
  CAF_CHECK_EQUAL(keep_back(1), "");
  CAF_CHECK_EQUAL(stands(1), "open 0/10");
  CAF_CHECK_EQUAL(uut.counters().kept_back, 0u);
}

CAF_TEST(requests about unknown orders change nothing) {
  CAF_CHECK_EQUAL(keep_back(1), "");
  CAF_CHECK_EQUAL(acknowledge(1), "");
  CAF_CHECK_EQUAL(refuse(1), "");
  CAF_CHECK_EQUAL(lose(1), "");
  CAF_CHECK_EQUAL(absent(1), "");
  uut.doubt(id(1));
  uut.clear_doubt(id(1));
  CAF_CHECK_EQUAL(next(), "never");
  CAF_CHECK_EQUAL(uut.counters().kept_back, 0u);
}

// -- outcomes that are open ---------------------------------------------------

CAF_TEST(an order without an answer is unknown) {
  place("10");
  CAF_CHECK_EQUAL(lose(1), "unknown 1");
  CAF_CHECK_EQUAL(lose(1), "");
  CAF_CHECK_EQUAL(stands(1), "unknown 0/10");
  CAF_CHECK_EQUAL(open_orders(), "1");
  CAF_CHECK(uut.is_unclear("X"));
  CAF_CHECK_EQUAL(uut.counters().ever_unknown, 1u);
}

CAF_TEST(any fact resolves an unknown order) {
  place_all(7);
  for (uint64_t order = 1; order <= 7; ++order)
    CAF_CHECK_EQUAL(lose(order), "unknown " + std::to_string(order));
  CAF_CHECK_EQUAL(report(1, open), "resolved 1 as open");
  CAF_CHECK_EQUAL(acknowledge(2), "resolved 2 as open");
  CAF_CHECK_EQUAL(
    trade(3, "a", "3"),
    "fill 3 of 3, resolved 3 as partially_filled, partially_filled 3 to 3");
  CAF_CHECK_EQUAL(trade(4, "a", "10"),
                  "fill 4 of 10, resolved 4 as filled, filled 4");
  CAF_CHECK_EQUAL(report(5, canceled), "resolved 5 as canceled, canceled 5");
  CAF_CHECK_EQUAL(report(6, rejected), "resolved 6 as rejected, rejected 6");
  CAF_CHECK_EQUAL(refuse(7), "resolved 7 as rejected, rejected 7 (no margin)");
  CAF_CHECK(!uut.is_unclear("X"));
}

CAF_TEST(an unknown order is asked for when it must have arrived) {
  place("10");
  lose(1);
  CAF_CHECK_EQUAL(next(), "100");
  CAF_CHECK_EQUAL(asked(longest_way - 1ms), "");
  CAF_CHECK_EQUAL(asked(1ms), "1");
}

CAF_TEST(absence proves nothing while an order may arrive) {
  place("10");
  lose(1);
  now += longest_way - 1ms;
  CAF_CHECK_EQUAL(absent(1), "");
  CAF_CHECK_EQUAL(stands(1), "unknown 0/10");
  now += 1ms;
  CAF_CHECK_EQUAL(absent(1),
                  "resolved 1 as rejected, rejected 1 (it never arrived)");
  CAF_CHECK(!uut.is_unclear("X"));
  CAF_CHECK_EQUAL(open_orders(), "");
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(a later request moves the time of arrival) {
  place("10");
  now += 50ms;
  lose(1);
  now += longest_way - 1ms;
  CAF_CHECK_EQUAL(absent(1), "");
  uut.lost(id(1), now - 10s, news);
  CAF_CHECK_EQUAL(next(), "1");
}

CAF_TEST(an order that is known and absent is canceled) {
  place_all(2);
  report(1, open);
  trade(2, "a", "3");
  now += longest_way;
  CAF_CHECK_EQUAL(absent(1), "canceled 1 (the venue does not have it any "
                             "more)");
  CAF_CHECK_EQUAL(absent(2), "canceled 2 (the venue does not have it any "
                             "more)");
  CAF_CHECK_EQUAL(stands(2), "canceled 3/10");
  CAF_CHECK_EQUAL(absent(1), "");
}

CAF_TEST(a pending order that is absent is rejected) {
  place("10");
  CAF_CHECK_EQUAL(absent(1), "");
  now += longest_way;
  CAF_CHECK_EQUAL(absent(1), "rejected 1 (it never arrived)");
}

CAF_TEST(absence agrees with an end) {
  place_all(2);
  report(1, canceled);
  trade(2, "a", "10");
  now += longest_way;
  CAF_CHECK_EQUAL(absent(1), "");
  CAF_CHECK_EQUAL(reason(1), "");
  CAF_CHECK_EQUAL(absent(2), "");
  CAF_CHECK_EQUAL(stands(2), "filled 10/10");
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(a filled order that is absent has no reason) {
  place("10");
  trade(1, "a", "10");
  now += longest_way;
  absent(1);
  CAF_CHECK_EQUAL(reason(1), "");
}

CAF_TEST(an order that was absent and is there comes back) {
  place_all(2);
  lose(1);
  report(2, open);
  now += longest_way;
  absent(1);
  absent(2);
  CAF_CHECK_EQUAL(report(1, open), "resolved 1 as open");
  CAF_CHECK_EQUAL(
    trade(2, "a", "3"),
    "fill 2 of 3, resolved 2 as partially_filled, partially_filled 2 to 3");
  CAF_CHECK_EQUAL(uut.counters().contradicted, 2u);
  CAF_CHECK_EQUAL(open_orders(), "1 2");
  CAF_CHECK_EQUAL(asked(0ms), "1 2");
}

CAF_TEST(an order that came back may be absent again) {
  place("10");
  report(1, open);
  now += longest_way;
  absent(1);
  report(1, open);
  CAF_CHECK_EQUAL(asked(0ms), "1");
  CAF_CHECK_EQUAL(absent(1), "canceled 1 (the venue does not have it any "
                             "more)");
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(an order that was absent and is over now was over) {
  place("10");
  report(1, open);
  now += longest_way;
  absent(1);
  CAF_CHECK_EQUAL(report(1, canceled), "");
  CAF_CHECK_EQUAL(stands(1), "canceled 0/10");
  CAF_CHECK_EQUAL(uut.counters().contradicted, 0u);
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(an order that never arrived and is over did arrive) {
  place("10");
  lose(1);
  now += longest_way;
  absent(1);
  CAF_CHECK_EQUAL(report(1, canceled, {.reason = "by hand"}),
                  "resolved 1 as canceled, canceled 1 (by hand)");
  CAF_CHECK_EQUAL(uut.counters().contradicted, 1u);
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(an order that the venue takes after all is asked for) {
  // It may rest in the book: it is not over because an answer said so before.
  place_all(2);
  lose(1);
  now += longest_way;
  absent(1);
  acknowledge(1);
  CAF_CHECK_NOT_EQUAL(next(), "never");
  uut.clear_doubt(id(1));
  refuse(2);
  acknowledge(2);
  CAF_CHECK_NOT_EQUAL(next(), "never");
}

CAF_TEST(a lost request about a known order leaves its state) {
  place("10");
  report(1, open);
  CAF_CHECK_EQUAL(lose(1), "");
  CAF_CHECK_EQUAL(stands(1), "open 0/10");
  CAF_CHECK(!uut.is_unclear("X"));
  CAF_CHECK_EQUAL(uut.counters().ever_unknown, 0u);
  CAF_CHECK_EQUAL(asked(longest_way), "1");
}

CAF_TEST(orders of unknown outcome are counted by instruments) {
  place("10");
  place("10");
  place("10", {.instrument = "Y"});
  lose(1);
  lose(2);
  CAF_CHECK(uut.is_unclear("X"));
  CAF_CHECK(!uut.is_unclear("Y"));
  lose(3);
  CAF_CHECK(uut.is_unclear("Y"));
  report(1, open);
  CAF_CHECK(uut.is_unclear("X"));
  report(2, canceled);
  CAF_CHECK(!uut.is_unclear("X"));
  CAF_CHECK(uut.is_unclear("Y"));
  now += longest_way;
  absent(3);
  CAF_CHECK(!uut.is_unclear("Y"));
  CAF_CHECK_EQUAL(uut.counters().ever_unknown, 3u);
}

// -- all open orders ----------------------------------------------------------

CAF_TEST(orders that are not among the open ones are asked for) {
  place_all(3);
  for (uint64_t order = 1; order <= 3; ++order)
    report(order, open);
  CAF_CHECK_EQUAL(list({2}, 3), "");
  CAF_CHECK_EQUAL(asked(longest_way), "1 3");
  CAF_CHECK_EQUAL(open_orders(), "1 2 3");
}

CAF_TEST(orders that were placed later need not be among the open ones) {
  place_all(3);
  CAF_CHECK_EQUAL(list({}, 2), "");
  CAF_CHECK_EQUAL(asked(longest_way), "1 2");
}

CAF_TEST(orders of other instruments are not among the open ones) {
  place("10", {.instrument = "Y"});
  list({}, 1);
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(orders that are over are not among the open ones) {
  place_all(2);
  report(1, canceled);
  refuse(2);
  list({}, 2);
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(open orders tell the same as any report) {
  place_all(3);
  lose(2);
  refuse(3);
  CAF_CHECK_EQUAL(list({1, 2, 3}, 3),
                  "accepted 1, resolved 2 as open, resolved 3 as open");
}

CAF_TEST(open orders may be named by the venue only) {
  place_all(2);
  report(1, open);
  report(2, open);
  std::vector reports{make_report(0, open, {.venue_id = "v1"})};
  uut.all_open("X", reports, 2, news);
  CAF_CHECK_EQUAL(asked(longest_way), "2");
}

// -- questions ----------------------------------------------------------------

CAF_TEST(pauses between questions grow) {
  begin({.first_pause = 200ms, .longest_pause = 1s});
  place("10");
  lose(1);
  CAF_CHECK_EQUAL(asked(longest_way), "1");
  for (auto pause : {200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    CAF_CHECK_EQUAL(next(), std::to_string(pause.count()));
    CAF_CHECK_EQUAL(asked(pause - 1ms), "");
    CAF_CHECK_EQUAL(asked(1ms), "1");
  }
}

CAF_TEST(each order has its own pauses) {
  place_all(2);
  lose(1);
  CAF_CHECK_EQUAL(asked(longest_way), "1");
  lose(2);
  CAF_CHECK_EQUAL(next(), "100");
  CAF_CHECK_EQUAL(asked(longest_way), "2");
  CAF_CHECK_EQUAL(next(), "400");
  CAF_CHECK_EQUAL(asked(400ms), "1");
  CAF_CHECK_EQUAL(next(), "100");
  CAF_CHECK_EQUAL(asked(100ms), "2");
}

CAF_TEST(an answer ends a doubt) {
  place("10");
  report(1, open);
  uut.doubt(id(1));
  CAF_CHECK_EQUAL(stands(1), "open 0/10");
  CAF_CHECK_EQUAL(asked(longest_way), "1");
  answer(1);
  CAF_CHECK_EQUAL(next(), "never");
  CAF_CHECK_EQUAL(asked(1h), "");
}

CAF_TEST(pauses are short again after an answer) {
  // An order whose cancellation is refused now and then, for a day.
  place("10");
  report(1, open);
  for (int i = 0; i < 10; ++i) {
    uut.doubt(id(1));
    CAF_CHECK_EQUAL(asked(10min), "1");
    answer(1);
  }
  uut.doubt(id(1));
  CAF_CHECK_EQUAL(asked(10min), "1");
  CAF_CHECK_EQUAL(next(), "500");
}

CAF_TEST(a message without a question leaves the doubt) {
  place("10");
  lose(1);
  report(1, open); // it may be older than a cancellation, for example
  CAF_CHECK_EQUAL(asked(longest_way), "1");
}

CAF_TEST(an order stays in doubt as long as it is unknown) {
  place("10");
  lose(1);
  uut.clear_doubt(id(1));
  CAF_CHECK_EQUAL(asked(longest_way), "1");
}

CAF_TEST(the end of an order ends its questions) {
  place_all(3);
  for (uint64_t order = 1; order <= 3; ++order)
    lose(order);
  report(1, canceled);
  refuse(2);
  report(3, filled, {.filled = "10"});
  CAF_CHECK_EQUAL(next(), "never");
  CAF_CHECK_EQUAL(asked(1h), "");
}

CAF_TEST(orders that are over are not in doubt) {
  place("10");
  report(1, canceled);
  uut.doubt(id(1));
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(an order filled by its fills alone is asked for after a pause) {
  place("10");
  now += longest_way;
  trade(1, "a", "10");
  CAF_CHECK_EQUAL(next(), "now");
  CAF_CHECK_EQUAL(asked(0ms), "");
  CAF_CHECK_EQUAL(next(), "500");
  CAF_CHECK_EQUAL(asked(499ms), "");
  CAF_CHECK_EQUAL(asked(1ms), "1");
  CAF_CHECK_EQUAL(asked(1s), "1");
  report(1, filled, {.filled = "10"});
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(the report that follows the last fill saves the question) {
  place("10");
  now += longest_way;
  trade(1, "a", "10");
  CAF_CHECK_EQUAL(asked(0ms), "");
  CAF_CHECK_EQUAL(report(1, filled, {.filled = "10"}), "");
  CAF_CHECK_EQUAL(asked(1h), "");
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(an order that was in doubt before its last fill is asked for at once) {
  place("10");
  lose(1);
  trade(1, "a", "10");
  CAF_CHECK_EQUAL(asked(longest_way), "1");
  uut.clear_doubt(id(1));
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(questions name the order to the venue) {
  place("10");
  report(1, open);
  uut.doubt(id(1));
  auto keys = uut.due_questions(now + longest_way);
  CAF_REQUIRE_EQUAL(keys.size(), 1u);
  CAF_CHECK(keys[0] == uut.find(id(1))->key);
  CAF_CHECK(keys[0].venue_id == "v1");
}

// -- names --------------------------------------------------------------------

CAF_TEST(orders of others change nothing) {
  place("10");
  for (auto name :
       {"", "mine", "risk000000001", "desk1000000001", "DESK000000001"}) {
    order_key other{.instrument = instrument_name::make("X").value(),
                    .id = client_order_id::make(name).value(),
                    .venue_id = venue_order_id::make("77").value()};
    uut.apply(order_report{.order = other, .filled = number("5")}, news);
    uut.apply(fill{.order = other, .amount = number("5")}, news);
    CAF_CHECK(!uut.is_own(other));
  }
  CAF_CHECK_EQUAL(told(), "");
  CAF_CHECK_EQUAL(position(), "0");
  CAF_CHECK_EQUAL(uut.counters().adopted, 0u);
  CAF_CHECK_EQUAL(uut.counters().repeated, 0u);
}

CAF_TEST(positions and balances change nothing) {
  account_update held = trading::position{
    .instrument = instrument_name::make("X").value(), .amount = number("5")};
  account_update owned = balance{.total = number("5")};
  uut.apply(held, news);
  uut.apply(owned, news);
  CAF_CHECK_EQUAL(told(), "");
  CAF_CHECK_EQUAL(position(), "0");
}

CAF_TEST(any update is taken for what it is) {
  place("10");
  account_update accepted = make_report(1, open, {});
  uut.apply(accepted, news);
  CAF_CHECK_EQUAL(told(), "accepted 1");
  account_update traded = fill{.order = key(1, {}), .amount = number("3")};
  uut.apply(traded, news);
  CAF_CHECK_EQUAL(told(), "fill 1 of 3, partially_filled 1 to 3");
}

CAF_TEST(an order may be named by the venue only) {
  place("10");
  CAF_CHECK_EQUAL(trade(0, "a", "3", {.venue_id = "77"}), "");
  report(1, open, {.venue_id = "77"});
  CAF_CHECK_EQUAL(trade(0, "a", "3", {.venue_id = "77"}),
                  "fill 1 of 3, partially_filled 1 to 3");
  CAF_CHECK_EQUAL(report(0, canceled, {.venue_id = "77"}), "canceled 1");
  CAF_CHECK(uut.is_own(key(0, {.venue_id = "77"})));
  CAF_CHECK(!uut.is_own(key(0, {.venue_id = "78"})));
}

CAF_TEST(an order is found by any of its names) {
  place("10");
  CAF_CHECK(uut.find(key(0, {.venue_id = "77"})) == nullptr);
  report(1, open, {.venue_id = "77"});
  auto* expected = uut.find(id(1));
  CAF_REQUIRE(expected != nullptr);
  CAF_CHECK(uut.find(key(1, {})) == expected);
  CAF_CHECK(uut.find(key(0, {.venue_id = "77"})) == expected);
  CAF_CHECK(uut.find(key(0, {.venue_id = "77", .instrument = "Y"})) == nullptr);
  CAF_CHECK(uut.find(key(2, {.venue_id = "77"})) == nullptr);
}

CAF_TEST(a fill names its order for later) {
  place("10");
  trade(1, "a", "3", {.venue_id = "77"});
  CAF_CHECK_EQUAL(trade(0, "b", "3", {.venue_id = "77"}),
                  "fill 1 of 3, partially_filled 1 to 6");
}

CAF_TEST(the venue may give an order another name) {
  place("10");
  report(1, open, {.venue_id = "77"});
  report(1, open, {.venue_id = "78"});
  CAF_CHECK(uut.find(id(1))->key.venue_id == "78");
  CAF_CHECK_EQUAL(trade(0, "a", "3", {.venue_id = "77"}),
                  "fill 1 of 3, partially_filled 1 to 3");
  report(1, open, {.venue_id = "78"});
  CAF_CHECK_EQUAL(report(0, canceled, {.venue_id = "78"}), "canceled 1");
}

CAF_TEST(a name of the venue belongs to an instrument) {
  place("10");
  place("10", {.instrument = "Y"});
  report(1, open, {.venue_id = "7"});
  report(2, open, {.venue_id = "7", .instrument = "Y"});
  CAF_CHECK_EQUAL(trade(0, "a", "3", {.venue_id = "7"}),
                  "fill 1 of 3, partially_filled 1 to 3");
  CAF_CHECK_EQUAL(trade(0, "a", "4", {.venue_id = "7", .instrument = "Y"}),
                  "fill 2 of 4, partially_filled 2 to 4");
  CAF_CHECK(!uut.is_own(key(0, {.venue_id = "7", .instrument = "Z"})));
}

CAF_TEST(open orders are told by instruments) {
  place("10");
  place("10", {.instrument = "Y"});
  place("10");
  CAF_CHECK_EQUAL(names(uut.open_orders("X")), "1 3");
  CAF_CHECK_EQUAL(names(uut.open_orders("Y")), "2");
  CAF_CHECK_EQUAL(names(uut.open_orders("Z")), "");
}

// -- orders of an earlier process ---------------------------------------------

CAF_TEST(an order with our name is adopted) {
  CAF_CHECK_EQUAL(report(7, open,
                         {.amount = "10",
                          .price = "101",
                          .filled = "3",
                          .side = order_side::sell}),
                  "pending 7, accepted 7, partially_filled 7 to 3");
  CAF_CHECK_EQUAL(stands(7), "partially_filled 3/10");
  CAF_CHECK(uut.find(id(7))->terms.price == number("101"));
  CAF_CHECK(uut.find(id(7))->terms.instrument == "X");
  CAF_CHECK(uut.find(id(7))->key.venue_id == "v7");
  CAF_CHECK_EQUAL(position(), "-3");
  CAF_CHECK_EQUAL(uut.counters().adopted, 1u);
  CAF_CHECK_EQUAL(uut.counters().placed, 0u);
}

CAF_TEST(new orders have numbers beyond those adopted) {
  report(7, open, {.amount = "10"});
  CAF_CHECK_EQUAL(uut.last_number(), 7u);
  CAF_CHECK_EQUAL(place("10"), "pending 8");
}

CAF_TEST(an order is adopted by its fill) {
  CAF_CHECK_EQUAL(trade(7, "a", "3"), "pending 7, fill 7 of 3, accepted 7, "
                                      "partially_filled 7 to 3");
  CAF_CHECK_EQUAL(stands(7), "partially_filled 3/0");
  CAF_CHECK_EQUAL(report(7, open, {.amount = "10", .price = "100"}), "");
  CAF_CHECK_EQUAL(stands(7), "partially_filled 3/10");
  CAF_CHECK_EQUAL(trade(7, "b", "7"), "fill 7 of 7, filled 7");
}

CAF_TEST(an order is adopted with its end) {
  CAF_CHECK_EQUAL(report(7, canceled, {.amount = "10"}),
                  "pending 7, accepted 7, canceled 7");
  CAF_CHECK_EQUAL(report(8, rejected, {.amount = "10"}),
                  "pending 8, rejected 8");
  CAF_CHECK_EQUAL(report(9, filled, {.amount = "10", .filled = "10"}),
                  "pending 9, accepted 9, filled 9");
  CAF_CHECK_EQUAL(open_orders(), "");
}

CAF_TEST(orders are adopted in any order) {
  // Some venues tell the newest of the open orders first.
  CAF_CHECK_EQUAL(list({9, 7, 8}, 0),
                  "pending 9, accepted 9, pending 7, accepted 7, "
                  "pending 8, accepted 8");
  CAF_CHECK_EQUAL(open_orders(), "7 8 9");
  CAF_CHECK_EQUAL(place("10"), "pending 10");
}

CAF_TEST(a new process asks for all that its ledger knows) {
  place_all(4);
  report(2, open);
  report(3, canceled);
  lose(4);
  CAF_CHECK_EQUAL(begin_anew(), "unknown 1");
  CAF_CHECK(uut.is_unclear("X"));
  CAF_CHECK_EQUAL(stands(2), "open 0/10");
  CAF_CHECK_EQUAL(asked(longest_way - 1ms), "");
  CAF_CHECK_EQUAL(asked(1ms), "1 2 4");
}

CAF_TEST(a new process waits for what the old one has sent) {
  place("10");
  now += longest_way;
  begin_anew();
  CAF_CHECK_EQUAL(absent(1), "");
  now += longest_way;
  CAF_CHECK_EQUAL(absent(1),
                  "resolved 1 as rejected, rejected 1 (it never arrived)");
}

// -- keeping ------------------------------------------------------------------

CAF_TEST(a ledger goes on where it was kept) {
  place_all(4);
  report(2, open, {.amount = "12", .filled = "2", .time = 5});
  lose(3);
  report(4, canceled, {.filled = "1"});
  restart();
  CAF_CHECK_EQUAL(stands(1), "pending 0/10");
  CAF_CHECK_EQUAL(stands(2), "partially_filled 2/12");
  CAF_CHECK_EQUAL(stands(3), "unknown 0/10");
  CAF_CHECK_EQUAL(stands(4), "canceled 1/10");
  CAF_CHECK_EQUAL(open_orders(), "1 2 3");
  CAF_CHECK_EQUAL(position(), "3");
  CAF_CHECK(uut.is_unclear("X"));
  CAF_CHECK_EQUAL(place("10"), "pending 5");
}

CAF_TEST(a ledger that was kept knows what was told) {
  place_all(2);
  report(1, open, {.amount = "12", .time = 5});
  trade(1, "a", "3");
  report(2, canceled);
  restart();
  CAF_CHECK_EQUAL(trade(1, "a", "3"), "");
  CAF_CHECK_EQUAL(uut.counters().repeated, 1u);
  CAF_CHECK_EQUAL(report(1, open, {.amount = "10", .time = 4}), "");
  CAF_CHECK_EQUAL(report(2, open), "");
  CAF_CHECK_EQUAL(refuse(1), "");
  CAF_CHECK_EQUAL(trade(0, "b", "4", {.venue_id = "v1"}),
                  "fill 1 of 4, partially_filled 1 to 7");
  CAF_CHECK_EQUAL(position(), "7");
}

CAF_TEST(a ledger that was kept begins anew) {
  place_all(3);
  lose(2);
  report(3, open);
  restart();
  CAF_CHECK_EQUAL(begin_anew(), "unknown 1");
  CAF_CHECK_EQUAL(asked(longest_way), "1 2 3");
  CAF_CHECK_EQUAL(report(1, open), "resolved 1 as open");
  CAF_CHECK_EQUAL(absent(2),
                  "resolved 2 as rejected, rejected 2 (it never arrived)");
  CAF_CHECK(!uut.is_unclear("X"));
}

CAF_TEST(a ledger that was kept can be contradicted) {
  place_all(2);
  refuse(1);
  report(2, open);
  now += longest_way;
  absent(2);
  restart();
  CAF_CHECK_EQUAL(stands(1), "rejected 0/10");
  CAF_CHECK_EQUAL(stands(2), "canceled 0/10");
  CAF_CHECK_EQUAL(next(), "never");
  CAF_CHECK_EQUAL(list({1, 2}, 2), "resolved 1 as open, resolved 2 as open");
  CAF_CHECK_EQUAL(uut.counters().contradicted, 2u);
}

CAF_TEST(a ledger that was kept asks for orders filled by fills alone) {
  place_all(2);
  trade(1, "a", "10");
  report(2, filled, {.filled = "10"});
  restart();
  CAF_CHECK_EQUAL(asked(longest_way), "");
  CAF_CHECK_EQUAL(asked(500ms), "1");
}

CAF_TEST(what is kept does not replace what is known) {
  place("10");
  auto record = uut.record_of(id(1));
  report(1, open);
  uut.restore(record);
  CAF_CHECK_EQUAL(stands(1), "open 0/10");
  uut.restore_number(0);
  CAF_CHECK_EQUAL(uut.last_number(), 1u);
}

// -- positions ----------------------------------------------------------------

CAF_TEST(a position is what was bought less what was sold) {
  place("10");
  place("10", {.side = order_side::sell});
  place("10", {.instrument = "Y", .side = order_side::sell});
  trade(1, "a", "10");
  CAF_CHECK_EQUAL(position(), "10");
  trade(2, "a", "3");
  CAF_CHECK_EQUAL(position(), "7");
  report(2, canceled, {.filled = "4"});
  CAF_CHECK_EQUAL(position(), "6");
  trade(3, "a", "0.5");
  CAF_CHECK_EQUAL(position("Y"), "-0.5");
  CAF_CHECK_EQUAL(position("Z"), "0");
}

CAF_TEST(the side of a placed order is ours) {
  place("10", {.side = order_side::sell});
  trade(1, "a", "3", {.side = order_side::buy});
  CAF_CHECK_EQUAL(position(), "-3");
}

CAF_TEST(a position that no number holds is none) {
  place("9223372036854775807");
  place("1");
  place("5", {.side = order_side::sell});
  trade(1, "a", "9223372036854775807");
  CAF_CHECK_EQUAL(position(), "9223372036854775807");
  trade(2, "a", "1");
  CAF_CHECK_EQUAL(position(), "none");
  trade(3, "a", "5");
  CAF_CHECK_EQUAL(position(), "9223372036854775803");
}

// -- forgetting ---------------------------------------------------------------

CAF_TEST(the oldest orders that are over are forgotten) {
  begin({.max_settled = 2});
  place_all(4);
  trade(1, "a", "3");
  for (uint64_t order : {2, 1, 3})
    report(order, canceled);
  CAF_CHECK_EQUAL(stands(2), "forgotten");
  CAF_CHECK_EQUAL(stands(1), "canceled 3/10");
  CAF_CHECK_EQUAL(stands(3), "canceled 0/10");
  CAF_CHECK_EQUAL(stands(4), "pending 0/10");
  refuse(4);
  CAF_CHECK_EQUAL(stands(1), "forgotten");
  CAF_CHECK_EQUAL(position(), "3");
}

CAF_TEST(late news of orders that are forgotten change nothing) {
  begin({.max_settled = 0});
  place("10");
  CAF_CHECK_EQUAL(trade(1, "a", "10"), "fill 1 of 10, accepted 1, filled 1");
  CAF_CHECK_EQUAL(stands(1), "forgotten");
  CAF_CHECK_EQUAL(report(1, filled, {.filled = "10"}), "");
  CAF_CHECK_EQUAL(trade(1, "a", "10"), "");
  CAF_CHECK_EQUAL(trade(0, "a", "10", {.venue_id = "v1"}), "");
  CAF_CHECK_EQUAL(uut.counters().repeated, 2u);
  CAF_CHECK_EQUAL(uut.counters().adopted, 0u);
  CAF_CHECK_EQUAL(position(), "10");
  CAF_CHECK_EQUAL(next(), "never");
  CAF_CHECK(uut.is_own(key(1, {})));
  CAF_CHECK(!uut.is_own(key(0, {.venue_id = "v1"})));
}

CAF_TEST(requests about orders that are forgotten change nothing) {
  begin({.max_settled = 0});
  place("10");
  report(1, canceled);
  CAF_CHECK_EQUAL(acknowledge(1), "");
  CAF_CHECK_EQUAL(refuse(1), "");
  CAF_CHECK_EQUAL(lose(1), "");
  CAF_CHECK_EQUAL(absent(1), "");
  CAF_CHECK_EQUAL(next(), "never");
}

CAF_TEST(all names of an order are forgotten) {
  begin({.max_settled = 0});
  place("10");
  report(1, open, {.venue_id = "77"});
  report(1, open, {.venue_id = "78"});
  report(1, canceled, {.venue_id = "78"});
  CAF_CHECK_EQUAL(stands(1), "forgotten");
  CAF_CHECK(!uut.is_own(key(0, {.venue_id = "78"})));
  CAF_CHECK(!uut.is_own(key(0, {.venue_id = "77"})));
}

CAF_TEST(an order that came back is not forgotten) {
  begin({.max_settled = 1});
  place_all(3);
  refuse(1);
  report(1, open);
  report(2, canceled);
  report(3, canceled);
  CAF_CHECK_EQUAL(stands(1), "open 0/10");
  CAF_CHECK_EQUAL(stands(2), "forgotten");
  CAF_CHECK_EQUAL(stands(3), "canceled 0/10");
}

CAF_TEST(an order that came back is as young as its last end) {
  begin({.max_settled = 2});
  place_all(2);
  refuse(1);
  report(1, open);
  report(2, canceled);
  report(1, canceled);
  CAF_CHECK_EQUAL(stands(1), "canceled 0/10");
  CAF_CHECK_EQUAL(stands(2), "canceled 0/10");
}

CAF_TEST_FIXTURE_SCOPE_END()
