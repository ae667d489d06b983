// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE desk_logic

#include "zenws/desk/desk_logic.hpp"

#include "support/unit_test.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::trading;

namespace {

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

const auto x = instrument_name::make("X").value();

/// A venue whose requests are words, and whose messages a test makes up.
class scripted_venue : public order_protocol {
public:
  order_lookup lookup() const noexcept override {
    return lookup_by;
  }

  departure_rule departure() const noexcept override {
    return departure_by;
  }

  std::vector<channel_spec>
  channels(const std::vector<instrument_name>&) const override {
    return {};
  }

  error decode(const envelope& message, account_updates& out) override {
    return read(message.root.text, out);
  }

  bool tells_open_orders(const envelope&) const noexcept override {
    return true;
  }

  result<order_call> place(const order_request&, const client_order_id& id,
                           const request_time&) const override {
    return make("place", id.view());
  }

  result<order_call> amend(const amend_request& change,
                           const request_time&) const override {
    return make("amend", change.order.id.view());
  }

  result<order_call> cancel(const order_key& order,
                            const request_time&) const override {
    return make("cancel", order.id.view());
  }

  result<order_call> cancel_all(const instrument_name& about,
                                const request_time&) const override {
    return make("cancel_all", about.view());
  }

  result<order_call> guard(std::chrono::seconds time,
                           const request_time&) const override {
    return make("guard", std::to_string(time.count()));
  }

  result<order_call> ask_order(const order_key& order,
                               const request_time&) const override {
    return make("order", order.id.view());
  }

  result<order_call> ask_open_orders(const instrument_name& about,
                                     const request_time&) const override {
    return make("open", about.view());
  }

  result<order_call> ask_fills(const instrument_name& about, venue_time,
                               const request_time&) const override {
    return make("fills", about.view());
  }

  result<order_call> ask_position(const instrument_name& about,
                                  const request_time&) const override {
    return make("position", about.view());
  }

  error read_answer(const order_call&, std::string_view json,
                    account_updates& out) const override {
    return read(json, out);
  }

  bool is_absence(const rpc_error& refusal) const noexcept override {
    return refusal.code == 404;
  }

  bool is_over(const rpc_error& refusal) const noexcept override {
    return refusal.code == 410 || is_absence(refusal);
  }

  order_lookup lookup_by = order_lookup::query;
  departure_rule departure_by = departure_rule::none;

  /// Requests that it does not have.
  std::set<std::string> lacks;

  /// What texts tell.
  std::map<std::string, account_updates, std::less<>> texts;

private:
  result<order_call> make(const char* method, std::string_view params) const {
    if (lacks.contains(method))
      return error{ec::not_supported};
    return order_call{method, std::string{params}};
  }

  error read(std::string_view text, account_updates& out) const {
    if (text == "garbage")
      return error{ec::invalid_data};
    if (auto i = texts.find(text); i != texts.end())
      out = i->second;
    return {};
  }
};

struct fixture {
  scripted_venue venue;
  desk_config cfg{.ledger = {.owner = "desk"},
                  .instruments = {{"X", {.position = number("10")}}}};
  std::unique_ptr<desk_logic> uut = make();
  desk_time at{std::chrono::steady_clock::time_point{1h},
               std::chrono::sys_time<std::chrono::milliseconds>{1h}};
  desk_actions out;
  order_book book;
  client_order_id last;

  fixture() {
    level_change levels[] = {
      {.side = book_side::bid, .price = number("99"), .amount = number("5")},
      {.side = book_side::ask, .price = number("101"), .amount = number("5")}};
    book_snapshot snapshot;
    snapshot.instrument = x;
    snapshot.levels = levels;
    book.apply(snapshot);
  }

  std::unique_ptr<desk_logic> make(std::optional<order_ledger> ledger = {}) {
    auto result = std::make_unique<desk_logic>(
      cfg, ledger ? std::move(*ledger) : order_ledger{cfg.ledger}, venue);
    result->learn({.instrument = x, .state = trading_state::open});
    return result;
  }

  /// Renders the actions since the last time.
  std::string told() {
    std::string result;
    for (auto& action : std::exchange(out, {})) {
      auto text = std::visit([this](auto& y) { return render(y); }, action);
      if (!text.empty())
        result += (result.empty() ? "" : ", ") + text;
    }
    return result;
  }

  std::string render(desk_action::send& y) {
    tokens[y.content.method] = y.token;
    return "send " + y.content.method;
  }

  std::string render(desk_action::renew_channels&) {
    return "renew";
  }

  std::string render(desk_action::tell& y) {
    if (auto* news = std::get_if<order_event>(&y.news)) {
      last = news->content.key.id;
      return std::string{to_string(news->kind)};
    }
    return "fill";
  }

  std::string render(desk_action::tell_position& y) {
    return "position " + to_string(y.news.amount);
  }

  std::string render(desk_action::tell_balance&) {
    return "balance";
  }

  std::string render(desk_action::tell_state& y) {
    return std::string{to_string(y.state)};
  }

  std::string render(desk_action::tell_failure& y) {
    return "failed " + std::string{to_string(y.purpose)};
  }

  std::string answer(const std::string& method, account_updates updates = {}) {
    venue.texts["answer"] = std::move(updates);
    uut->answered(take_token(method), "answer", at, out);
    return told();
  }

  std::string fail(const std::string& method, ec code,
                   std::optional<rpc_error> refusal = {}) {
    uut->failed(take_token(method), error{code}, refusal, at, out);
    return told();
  }

  uint64_t take_token(const std::string& method) {
    auto i = tokens.find(method);
    CAF_REQUIRE(i != tokens.end());
    auto result = i->second;
    tokens.erase(i);
    return result;
  }

  std::string receive(account_updates updates, bool begins = false) {
    venue.texts["message"] = std::move(updates);
    envelope message;
    message.root = {json_kind::object, false, "message"};
    CAF_CHECK(!uut->received(message, begins, at, out));
    return told();
  }

  std::string pass(std::chrono::milliseconds time) {
    at.now += time;
    at.wall += time;
    uut->expired(at, out);
    return told();
  }

  /// Connects and answers all questions.
  void become_ready(std::string_view position = "0") {
    uut->connected(at, out);
    CAF_CHECK_EQUAL(told(), "reconciling, send open");
    CAF_CHECK_EQUAL(answer("open"), "send position");
    CAF_CHECK_EQUAL(
      answer("position",
             {trading::position{.instrument = x, .amount = number(position)}}),
      "position " + std::string{position} + ", trading");
  }

  /// Connects after an outage and answers all questions.
  void become_ready_again() {
    uut->connected(at, out);
    told();
    answer("open");
    answer("fills");
    answer("position",
           {trading::position{.instrument = x, .amount = number("0")}});
    CAF_REQUIRE(uut->state_of("X") == desk_state::trading);
  }

  result<order_key> place(std::string_view amount = "1",
                          order_side side = order_side::buy) {
    return uut->place({.instrument = x,
                       .side = side,
                       .amount = number(amount),
                       .price = number("100")},
                      {&book, at.now}, at, out);
  }

  client_order_id place_one(std::string_view amount = "1") {
    auto key = place(amount);
    CAF_REQUIRE(key);
    CAF_CHECK_EQUAL(told(), "pending, send place");
    return key->id;
  }

  // An order of another instrument that the snapshot cannot know yet.
  client_order_id place_while_channels_begin_anew() {
    venue.lookup_by = order_lookup::snapshot;
    venue.lacks = {"open", "fills", "position"};
    cfg.instruments.emplace("Y", risk_limits{});
    uut = make();
    auto y = instrument_name::make("Y").value();
    uut->learn({.instrument = y, .state = trading_state::open});
    uut->connected(at, out);
    told();
    place_one();
    fail("place", ec::outcome_unknown);
    CAF_CHECK_EQUAL(pass(5s), "renew");
    auto result = uut->place(
      {.instrument = y, .amount = number("1"), .price = number("100")},
      {&book, at.now}, at, out);
    CAF_REQUIRE(result);
    told();
    answer("place", {order_report{.order = *result}});
    return result->id;
  }

  order_report report(const client_order_id& id, venue_order_state state,
                      std::string_view filled = "0") {
    return {.order = {x, id, {}},
            .state = state,
            .amount = number("1"),
            .filled = number(filled)};
  }

  std::map<std::string, uint64_t> tokens;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(desk_logic_tests, fixture)

// -- reconciliation -----------------------------------------------------------

CAF_TEST(nothing is traded before the venue has told how things stand) {
  CAF_CHECK_EQUAL(place().error().code, ec::not_connected);
  uut->connected(at, out);
  CAF_CHECK_EQUAL(told(), "reconciling, send open");
  CAF_CHECK_EQUAL(place().error().code, ec::not_connected);
  CAF_CHECK_EQUAL(answer("open"), "send position");
  CAF_CHECK_EQUAL(place().error().code, ec::not_connected);
  answer("position",
         {trading::position{.instrument = x, .amount = number("3")}});
  CAF_CHECK(uut->state_of("X") == desk_state::trading);
  CAF_CHECK(uut->position_of("X") == number("3"));
  CAF_CHECK(place());
}

CAF_TEST(venues are asked only what they answer) {
  venue.lacks = {"open", "fills", "position"};
  uut->connected(at, out);
  CAF_CHECK_EQUAL(told(), "reconciling, trading");
  CAF_CHECK(!uut->position_of("X"));
}

CAF_TEST(a question that fails is asked again at growing times) {
  uut->connected(at, out);
  told();
  CAF_CHECK_EQUAL(fail("open", ec::request_timeout), "reconciling");
  CAF_CHECK_EQUAL(pass(999ms), "");
  CAF_CHECK_EQUAL(pass(1ms), "send open");
  fail("open", ec::request_refused);
  CAF_CHECK_EQUAL(pass(1'999ms), "");
  CAF_CHECK_EQUAL(pass(1ms), "send open");
  CAF_CHECK_EQUAL(answer("open"), "send position");
}

CAF_TEST(fills that were missed are asked for after an outage) {
  become_ready();
  uut->disconnected(at, out);
  CAF_CHECK_EQUAL(told(), "disconnected");
  CAF_CHECK_EQUAL(place().error().code, ec::not_connected);
  uut->connected(at, out);
  CAF_CHECK_EQUAL(told(), "reconciling, send open");
  CAF_CHECK_EQUAL(answer("open"), "send fills");
  CAF_CHECK_EQUAL(answer("fills"), "send position");
}

CAF_TEST(a position that is told while fills come is asked for again) {
  become_ready();
  auto id = place_one();
  uut->reconcile(at, out);
  told();
  answer("open", {report(id, venue_order_state::open)});
  receive({fill{.order = {x, id, {}},
                .id = fill_id::make("1").value(),
                .amount = number("0.5")}});
  CAF_CHECK_EQUAL(
    answer("position",
           {trading::position{.instrument = x, .amount = number("0.5")}}),
    "position 0.5, send position");
  CAF_CHECK_EQUAL(
    answer("position",
           {trading::position{.instrument = x, .amount = number("0.5")}}),
    "position 0.5, trading");
  CAF_CHECK(uut->position_of("X") == number("0.5"));
}

CAF_TEST(an answer of the connection before changes nothing of this one) {
  uut->connected(at, out);
  told();
  auto old = tokens["open"];
  uut->disconnected(at, out);
  uut->connected(at, out);
  told();
  uut->failed(old, error{ec::disconnected}, {}, at, out);
  CAF_CHECK_EQUAL(told(), "");
  CAF_CHECK_EQUAL(answer("open"), "send fills");
}

CAF_TEST(without a question for open orders each is asked for) {
  venue.lacks = {"open", "fills", "position"};
  uut->connected(at, out);
  told();
  auto id = place_one();
  answer("place", {report(id, venue_order_state::open)});
  // The channels have told all that happened meanwhile.
  uut->disconnected(at, out);
  uut->connected(at, out);
  told();
  CAF_CHECK_EQUAL(pass(1ms), "");
  uut->disconnected(at, out);
  uut->lost_messages(at, out);
  CAF_CHECK_EQUAL(pass(1ms), "disconnected");
  uut->connected(at, out);
  told();
  CAF_CHECK_EQUAL(pass(1ms), "send order");
}

CAF_TEST(a message that cannot be read has no order canceled) {
  venue.lookup_by = order_lookup::cancel;
  venue.lacks = {"open", "fills", "position"};
  uut->connected(at, out);
  told();
  auto id = place_one();
  answer("place", {report(id, venue_order_state::open)});
  envelope message;
  message.root = {json_kind::object, false, "garbage"};
  CAF_CHECK(uut->received(message, false, at, out));
  told();
  CAF_CHECK_EQUAL(pass(1ms), "");
  uut->lost_messages(at, out);
  told();
  CAF_CHECK_EQUAL(pass(1ms), "send cancel");
}

CAF_TEST(a position is believed once nothing is under way) {
  venue.lacks = {"open", "fills", "position"};
  uut->connected(at, out);
  told();
  auto tell = [&](std::string_view amount) {
    receive({trading::position{.instrument = x, .amount = number(amount)}});
  };
  auto id = place_one();
  tell("1"); // before the fill that it is from
  receive({report(id, venue_order_state::filled, "1")});
  CAF_CHECK(uut->position_of("X") == number("2"));
  place_one();
  tell("1");
  CAF_CHECK(uut->position_of("X") == number("1"));
  uut->lost_messages(at, out);
  tell("5");
  CAF_CHECK(uut->position_of("X") == number("5"));
}

CAF_TEST(a position that an answer has overtaken is not believed) {
  become_ready();
  auto tell = [&](std::string_view amount) {
    receive({trading::position{.instrument = x, .amount = number(amount)}});
  };
  for (auto n = 0; n < 2; ++n) {
    auto id = place_one();
    answer("place", {report(id, venue_order_state::filled, "1")});
  }
  tell("1"); // of the first order
  CAF_CHECK(uut->position_of("X") == number("2"));
  tell("2");
  CAF_CHECK(uut->position_of("X") == number("2"));
  tell("7"); // others have traded, or something is still on its way
  CAF_CHECK(uut->position_of("X") == number("2"));
  pass(cfg.margin);
  CAF_CHECK(uut->position_of("X") == number("7"));
}

CAF_TEST(a message that cannot be read has the venue asked) {
  become_ready();
  envelope message;
  message.root = {json_kind::object, false, "garbage"};
  CAF_CHECK_EQUAL(uut->received(message, false, at, out).code,
                  ec::invalid_data);
  CAF_CHECK_EQUAL(told(), "reconciling, send open");
}

CAF_TEST(messages that cannot be read do not flood the venue with questions) {
  become_ready();
  envelope message;
  message.root = {json_kind::object, false, "garbage"};
  for (int i = 0; i < 10; ++i)
    CAF_CHECK(uut->received(message, false, at, out));
  CAF_CHECK_EQUAL(told(), "reconciling, send open");
  CAF_CHECK_EQUAL(answer("open"), "send fills");
  CAF_CHECK_EQUAL(answer("fills"), "send position");
  // Once more, as something was lost since the first question.
  CAF_CHECK_EQUAL(answer("position"), "");
  CAF_CHECK_EQUAL(pass(999ms), "");
  CAF_CHECK_EQUAL(pass(1ms), "send open");
  CAF_CHECK_EQUAL(answer("open"), "send fills");
  CAF_CHECK_EQUAL(answer("fills"), "send position");
  CAF_CHECK_EQUAL(answer("position"), "trading");
}

// -- orders -------------------------------------------------------------------

CAF_TEST(an order is told before it is sent and followed to its end) {
  become_ready();
  auto id = place_one();
  CAF_CHECK_EQUAL(answer("place", {report(id, venue_order_state::open)}),
                  "accepted");
  CAF_CHECK_EQUAL(receive({fill{.order = {x, id, {}},
                                .id = fill_id::make("1").value(),
                                .amount = number("1")},
                           report(id, venue_order_state::filled, "1")}),
                  "fill, filled");
  CAF_CHECK(uut->position_of("X") == number("1"));
  CAF_CHECK(!uut->ledger().is_unclear("X"));
}

CAF_TEST(an order that did not leave is rejected) {
  become_ready();
  place_one();
  CAF_CHECK_EQUAL(fail("place", ec::not_connected), "rejected");
  CAF_CHECK_EQUAL(uut->ledger().counters().kept_back, 1u);
}

CAF_TEST(an order of unknown outcome stops its instrument until it is known) {
  become_ready();
  auto id = place_one();
  CAF_CHECK_EQUAL(fail("place", ec::outcome_unknown), "unknown");
  CAF_CHECK_EQUAL(place().error().code, ec::risk_refused);
  // Not before it could not arrive any more.
  CAF_CHECK_EQUAL(pass(4'999ms), "");
  CAF_CHECK_EQUAL(pass(1ms), "send order");
  CAF_CHECK_EQUAL(answer("order"), "resolved, rejected");
  CAF_CHECK(uut->ledger().find(id)->state == order_state::rejected);
  CAF_CHECK(place());
}

CAF_TEST(an order that the venue has after all is no loss) {
  become_ready();
  auto id = place_one();
  fail("place", ec::disconnected);
  CAF_CHECK_EQUAL(pass(5s), "send order");
  CAF_CHECK_EQUAL(fail("order", ec::request_timeout), "");
  CAF_CHECK_EQUAL(pass(1s), "send order");
  CAF_CHECK_EQUAL(answer("order", {report(id, venue_order_state::filled, "1")}),
                  "resolved, filled");
  CAF_CHECK(uut->position_of("X") == number("1"));
}

CAF_TEST(a refusal that proves absence is one) {
  become_ready();
  place_one();
  fail("place", ec::outcome_unknown);
  pass(5s);
  CAF_CHECK_EQUAL(fail("order", ec::request_refused, rpc_error{.code = 404}),
                  "resolved, rejected");
}

CAF_TEST(an order that another error answers for stays unknown) {
  become_ready();
  place_one();
  fail("place", ec::outcome_unknown);
  pass(5s);
  CAF_CHECK_EQUAL(fail("order", ec::request_refused, rpc_error{.code = 500}),
                  "");
  CAF_CHECK(uut->ledger().is_unclear("X"));
}

CAF_TEST(an order that is not open and was not told of never arrived) {
  venue.lookup_by = order_lookup::cancel;
  rpc_error not_open{.code = 410};
  become_ready();
  place_one();
  fail("place", ec::outcome_unknown);
  CAF_CHECK_EQUAL(pass(5s), "send cancel");
  CAF_CHECK_EQUAL(fail("cancel", ec::request_refused, not_open),
                  "resolved, rejected");
  // The outage of a connection that does not bring the channels.
  place_one();
  fail("place", ec::disconnected);
  uut->disconnected(at, out);
  become_ready_again();
  CAF_CHECK_EQUAL(pass(5s), "send cancel");
  CAF_CHECK_EQUAL(fail("cancel", ec::request_refused, not_open),
                  "resolved, rejected");
}

CAF_TEST(an order that is not open may be over if messages were lost) {
  venue.lookup_by = order_lookup::cancel;
  become_ready();
  place_one();
  fail("place", ec::disconnected);
  uut->disconnected(at, out);
  uut->lost_messages(at, out);
  become_ready_again();
  CAF_CHECK_EQUAL(pass(5s), "send cancel");
  CAF_CHECK_EQUAL(fail("cancel", ec::request_refused, rpc_error{.code = 410}),
                  "");
  CAF_CHECK(uut->ledger().is_unclear("X"));
}

CAF_TEST(an answer that cannot be read leaves the outcome open) {
  become_ready();
  place_one();
  uut->answered(take_token("place"), "garbage", at, out);
  CAF_CHECK_EQUAL(told(), "unknown");
}

CAF_TEST(where orders cannot be asked for the channels begin anew) {
  venue.lookup_by = order_lookup::snapshot;
  venue.lacks = {"open", "fills"};
  uut->connected(at, out);
  told();
  answer("position",
         {trading::position{.instrument = x, .amount = number("0")}});
  auto lost = place_one();
  fail("place", ec::outcome_unknown);
  CAF_CHECK_EQUAL(pass(5s), "renew");
  CAF_CHECK_EQUAL(receive({}, true), "resolved, rejected");
  CAF_CHECK(uut->ledger().find(lost)->state == order_state::rejected);
}

CAF_TEST(what a snapshot lacks after an outage is over) {
  venue.lookup_by = order_lookup::snapshot;
  venue.lacks = {"open", "fills", "position"};
  uut->connected(at, out);
  told();
  auto id = place_one();
  answer("place", {report(id, venue_order_state::open)});
  uut->disconnected(at, out);
  told();
  CAF_CHECK_EQUAL(receive({}, true), "canceled");
  uut->connected(at, out);
  CAF_CHECK(told().find("renew") == std::string::npos);
}

CAF_TEST(channels that did not begin anew after an outage are asked to) {
  venue.lookup_by = order_lookup::snapshot;
  venue.lacks = {"open", "fills", "position"};
  uut->connected(at, out);
  uut->disconnected(at, out);
  told();
  uut->connected(at, out);
  CAF_CHECK(told().find("renew") != std::string::npos);
}

CAF_TEST(messages that were lost have the channels begin anew once) {
  venue.lookup_by = order_lookup::snapshot;
  venue.lacks = {"open", "fills", "position"};
  uut->connected(at, out);
  told();
  uut->lost_messages(at, out);
  CAF_CHECK(told().find("renew") != std::string::npos);
  uut->lost_messages(at, out);
  CAF_CHECK(told().find("renew") == std::string::npos);
}

CAF_TEST(a snapshot says nothing about orders that are younger) {
  auto younger = place_while_channels_begin_anew();
  CAF_CHECK(!uut->cancel(younger, at, out));
  told();
  fail("cancel", ec::request_refused);
  CAF_CHECK_EQUAL(receive({}, true), "resolved, rejected");
  CAF_CHECK_EQUAL(pass(1ms), "renew");
}

CAF_TEST(an order that ends while the channels begin anew is asked for) {
  place_while_channels_begin_anew();
  CAF_CHECK_EQUAL(receive({}, true), "resolved, rejected");
  CAF_CHECK_EQUAL(pass(1ms), "renew");
}

CAF_TEST(a cancellation that is refused has the order asked for) {
  become_ready();
  auto id = place_one();
  answer("place", {report(id, venue_order_state::open)});
  CAF_CHECK(!uut->cancel(id, at, out));
  CAF_CHECK_EQUAL(told(), "send cancel");
  CAF_CHECK_EQUAL(fail("cancel", ec::request_refused), "failed cancel");
  CAF_CHECK_EQUAL(pass(5s), "send order");
  CAF_CHECK_EQUAL(answer("order", {report(id, venue_order_state::filled, "1")}),
                  "filled");
}

// -- venues that tell about an order by canceling it --------------------------

CAF_TEST(an order that is not open and was never told of never arrived) {
  venue.lookup_by = order_lookup::cancel;
  become_ready();
  place_one();
  CAF_CHECK_EQUAL(fail("place", ec::request_timeout), "unknown");
  CAF_CHECK_EQUAL(pass(5s), "send cancel");
  CAF_CHECK_EQUAL(fail("cancel", ec::request_refused, rpc_error{.code = 410}),
                  "resolved, rejected");
  CAF_CHECK(place());
}

CAF_TEST(an order of which news were missed may have been filled) {
  venue.lookup_by = order_lookup::cancel;
  venue.lacks = {"open", "fills", "position"};
  uut->connected(at, out);
  told();
  auto id = place_one();
  CAF_CHECK_EQUAL(fail("place", ec::request_timeout), "unknown");
  uut->lost_messages(at, out);
  told();
  CAF_CHECK_EQUAL(pass(5s), "send cancel");
  CAF_CHECK_EQUAL(fail("cancel", ec::request_refused, rpc_error{.code = 410}),
                  "");
  CAF_CHECK(uut->ledger().find(id)->state == order_state::unknown);
  CAF_CHECK_EQUAL(receive({report(id, venue_order_state::filled, "1")}),
                  "resolved, filled");
}

CAF_TEST(an order that was told of is over if it is not open any more) {
  venue.lookup_by = order_lookup::cancel;
  become_ready();
  auto id = place_one();
  answer("place", {report(id, venue_order_state::open)});
  CAF_CHECK(!uut->cancel(id, at, out));
  told();
  CAF_CHECK_EQUAL(fail("cancel", ec::request_refused, rpc_error{.code = 410}),
                  "failed cancel");
  CAF_CHECK_EQUAL(pass(1ms), "send cancel");
  CAF_CHECK_EQUAL(fail("cancel", ec::request_refused, rpc_error{.code = 410}),
                  "canceled");
}

CAF_TEST(an order that is told of again is not canceled to know of it) {
  venue.lookup_by = order_lookup::cancel;
  become_ready();
  auto id = place_one();
  CAF_CHECK_EQUAL(fail("place", ec::request_timeout), "unknown");
  CAF_CHECK_EQUAL(receive({report(id, venue_order_state::open)}), "resolved");
  CAF_CHECK_EQUAL(pass(1min), "");
  CAF_CHECK_EQUAL(pass(1min), "");
}

CAF_TEST(an amendment that is refused does not cancel the order) {
  venue.lookup_by = order_lookup::cancel;
  become_ready();
  auto id = place_one();
  answer("place", {report(id, venue_order_state::open)});
  CAF_CHECK(!uut->amend(id, {.price = number("99")}, {&book, at.now}, at, out));
  told();
  CAF_CHECK_EQUAL(fail("amend", ec::request_refused, rpc_error{.code = 1}),
                  "failed amend");
  CAF_CHECK_EQUAL(pass(1min), "");
}

CAF_TEST(a position is believed though orders are open once there is no fill) {
  become_ready("3");
  auto id = place_one();
  answer("place", {report(id, venue_order_state::open)});
  auto tell = [&](std::string_view amount) {
    receive({trading::position{.instrument = x, .amount = number(amount)}});
    return uut->position_of("X").value();
  };
  CAF_CHECK(tell("5") == number("3"));
  pass(cfg.margin);
  CAF_CHECK(uut->position_of("X") == number("5"));
  CAF_CHECK(tell("6") == number("5"));
  // It may have been told with this fill or without it.
  receive({trading::fill{.order = {x, id, {}},
                         .id = fill_id::make("f").value(),
                         .price = number("100"),
                         .amount = number("0.5")}});
  pass(cfg.margin);
  CAF_CHECK(uut->position_of("X") == number("5.5"));
  CAF_CHECK(tell("6") == number("5.5"));
  pass(cfg.margin);
  CAF_CHECK(uut->position_of("X") == number("6"));
}

// -- changes of orders --------------------------------------------------------

CAF_TEST(what is not an open order of ours cannot be changed) {
  become_ready();
  auto id = place_one();
  fail("place", ec::request_refused);
  CAF_CHECK_EQUAL(uut->cancel(id, at, out).code, ec::not_found);
  CAF_CHECK_EQUAL(
    uut->amend(id, {.price = number("1")}, {&book, at.now}, at, out).code,
    ec::not_found);
}

CAF_TEST(an amendment passes the gate as the order that it makes) {
  become_ready("5");
  auto id = place_one("4");
  auto amend = [&](std::string_view amount) {
    return uut->amend(id, {.amount = number(amount)}, {&book, at.now}, at, out);
  };
  CAF_CHECK_EQUAL(amend("6").code, ec::risk_refused);
  CAF_CHECK_EQUAL(told(), "");
  CAF_CHECK(!amend("5"));
  CAF_CHECK_EQUAL(told(), "send amend");
  auto changed = report(id, venue_order_state::open);
  changed.amount = number("5");
  changed.time = venue_time{1s};
  CAF_CHECK_EQUAL(answer("amend", {changed}), "accepted, amended");
}

// -- risk ---------------------------------------------------------------------

CAF_TEST(the gate sees the position of the account and the open orders) {
  become_ready("7");
  CAF_CHECK_EQUAL(place("4").error().code, ec::risk_refused);
  place_one("2");
  CAF_CHECK_EQUAL(place("2").error().code, ec::risk_refused);
  CAF_CHECK(place("1"));
  CAF_CHECK(place("10", order_side::sell));
  CAF_CHECK_EQUAL(
    uut->gate_of("X").refusals()[static_cast<size_t>(risk_cause::position)],
    2u);
}

CAF_TEST(a kill switch cancels what is open after an outage) {
  become_ready();
  auto id = place_one();
  answer("place", {report(id, venue_order_state::open)});
  uut->disconnected(at, out);
  uut->halt("by hand", at, out);
  told();
  uut->connected(at, out);
  told();
  answer("open", {report(id, venue_order_state::open)});
  answer("fills");
  answer("position",
         {trading::position{.instrument = x, .amount = number("0")}});
  CAF_CHECK_EQUAL(pass(1s), "send cancel");
  CAF_CHECK_EQUAL(pass(1ms), "");
  CAF_CHECK_EQUAL(pass(1s), "send cancel"); // not answered
  answer("cancel", {report(id, venue_order_state::canceled)});
  CAF_CHECK_EQUAL(pass(10s), "");
}

CAF_TEST(the kill switch cancels all and lets nothing pass until it is reset) {
  become_ready();
  auto id = place_one();
  answer("place", {report(id, venue_order_state::open)});
  uut->halt("by hand", at, out);
  CAF_CHECK_EQUAL(told(), "send cancel_all");
  CAF_CHECK_EQUAL(place().error().code, ec::risk_refused);
  CAF_CHECK_EQUAL(
    uut->amend(id, {.price = number("1")}, {&book, at.now}, at, out).code,
    ec::risk_refused);
  CAF_CHECK(!uut->cancel(id, at, out));
  uut->reset();
  CAF_CHECK(place());
}

CAF_TEST(without a request for all the orders are canceled one by one) {
  venue.lacks = {"cancel_all"};
  become_ready();
  place_one();
  place_one();
  uut->halt("by hand", at, out);
  CAF_CHECK_EQUAL(told(), "send cancel, send cancel");
}

CAF_TEST(the protection against our absence is renewed) {
  venue.departure_by = departure_rule::cancel_after;
  uut->connected(at, out);
  CAF_CHECK_EQUAL(told(), "send guard, reconciling, send open");
  CAF_CHECK_EQUAL(pass(19'999ms), "");
  CAF_CHECK_EQUAL(pass(1ms), "send guard");
  CAF_CHECK_EQUAL(fail("guard", ec::request_refused), "failed guard");
}

// -- the next process ---------------------------------------------------------

CAF_TEST(orders of the process before are found out about) {
  become_ready();
  auto id = place_one();
  order_ledger after{cfg.ledger};
  after.restore(uut->ledger().record_of(id));
  order_ledger::news news;
  after.begin_anew(at.now + 5s, news);
  uut = make(std::move(after));
  become_ready();
  CAF_CHECK_EQUAL(place().error().code, ec::risk_refused); // unclear
  CAF_CHECK_EQUAL(pass(5s), "send order");
  CAF_CHECK_EQUAL(answer("order", {report(id, venue_order_state::open)}),
                  "resolved");
  auto next = place();
  CAF_REQUIRE(next);
  CAF_CHECK(next->id != id);
}

// -- on paper -----------------------------------------------------------------

CAF_TEST(answers and news may be read already) {
  uut->connected(at, out);
  told();
  uut->answered(take_token("open"), account_updates{}, at, out);
  CAF_CHECK_EQUAL(told(), "send position");
  uut->answered(
    take_token("position"),
    account_updates{trading::position{.instrument = x, .amount = number("3")}},
    at, out);
  CAF_CHECK_EQUAL(told(), "position 3, trading");
  auto id = place_one();
  account_updates answer{report(id, venue_order_state::open)};
  auto token = take_token("place");
  uut->answered(token, answer, at, out);
  CAF_CHECK_EQUAL(told(), "accepted");
  uut->answered(token, answer, at, out); // there is no such request any more
  uut->told({report(id, venue_order_state::filled, "1")}, at, out);
  CAF_CHECK_EQUAL(told(), "filled");
}

CAF_TEST(actions tell what requests are about) {
  become_ready();
  auto id = place_one();
  answer("place", {report(id, venue_order_state::open)});
  CAF_CHECK(!uut->amend(id, {.amount = number("2")}, {&book, at.now}, at, out));
  CAF_REQUIRE_EQUAL(out.size(), 1u);
  auto& sent = std::get<desk_action::send>(out[0]);
  CAF_CHECK(sent.order.id == id);
  CAF_CHECK(sent.change.order.id == id);
  CAF_CHECK(sent.change.amount == number("2"));
  out.clear();
  CAF_CHECK(!uut->cancel_all("X", at, out));
  CAF_CHECK(std::get<desk_action::send>(out[0]).order.instrument == x);
}

// -- terms --------------------------------------------------------------------

CAF_TEST(terms of the configuration hold until the venue tells others) {
  cfg.terms = {{.instrument = x,
                .kind = instrument_kind::perpetual,
                .unit = amount_unit::base,
                .tick = number("7"),
                .lot = number("1")}};
  CAF_CHECK(validate(cfg).empty());
  uut = std::make_unique<desk_logic>(cfg, order_ledger{cfg.ledger}, venue);
  become_ready();
  CAF_CHECK_EQUAL(place().error().code, ec::risk_refused); // 100 is no multiple
  uut->learn({.instrument = x, .tick = number("5")});
  CAF_CHECK(place());
}

CAF_TEST(terms that orders cannot be checked by are refused) {
  instrument_state y{.instrument = instrument_name::make("Y").value(),
                     .unit = amount_unit::contracts,
                     .min_amount = number("0")};
  cfg.terms = {y, y};
  std::set<std::string> paths;
  for (auto& problem : validate(cfg))
    paths.insert(problem.field);
  for (auto path :
       {"terms.Y", "terms.Y.tick", "terms.Y.lot", "terms.Y.min_amount",
        "terms.Y.contract_size", "terms.Y.kind"})
    CAF_CHECK(paths.contains(path));
  cfg.terms = {{.instrument = y.instrument}};
  CAF_CHECK_EQUAL(validate(cfg).size(), 5u);
}

CAF_TEST_FIXTURE_SCOPE_END()
