// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE coinbase_dialect

#include "zenws/venue/coinbase/coinbase_dialect.hpp"

#include "zenws/venue/coinbase/coinbase_limits.hpp"

#include "core/session/venue_fixture.hpp"
#include "core/venue/market_check.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

using strings = std::vector<std::string>;

/// A list of what is subscribed to, such as `"level2":["A-USD"]`.
std::string list(std::string_view kinds) {
  return R"({"channel":"subscriptions","timestamp":"2027-01-01T00:00:00Z",)"
         R"("events":[{"subscriptions":{)"
         + std::string{kinds} + "}}]}";
}

std::string error_text(std::string_view words) {
  return R"({"type":"error","message":")" + std::string{words} + R"("})";
}

std::string book(std::string_view type, std::string_view product) {
  return R"({"channel":"l2_data","timestamp":"2027-01-01T00:00:00Z",)"
         R"("events":[{"type":")"
         + std::string{type} + R"(","product_id":")" + std::string{product}
         + R"(","updates":[]}]})";
}

const std::string beat = R"({"channel":"heartbeats","events":[)"
                         R"({"current_time":"t","heartbeat_counter":7}]})";

const std::string beats_list = list(R"("heartbeats":["heartbeats"])");

std::string numbered(int64_t sequence) {
  return R"({"channel":"heartbeats","sequence_num":)" + std::to_string(sequence)
         + R"(,"events":[]})";
}

client_config coinbase_config() {
  auto cfg = fast_config();
  cfg.venue.dialect = "coinbase";
  cfg.heartbeat.kind = heartbeat_kind::automatic;
  return cfg;
}

struct fixture : venue_fixture {
  coinbase_dialect venue;

  fixture() {
    restart(coinbase_config());
  }

  std::string channel_of_data(const std::string& text) {
    auto message = venue.read(text);
    CAF_CHECK(message.kind == inbound_kind::data);
    return std::string{message.channel};
  }

  std::string request_for(const strings& names,
                          subscription_request_kind kind
                          = subscription_request_kind::subscribe,
                          int64_t id = 7) {
    subscription_request request{.kind = kind};
    for (auto& name : names)
      request.channels.push_back({.name = name});
    auto text = venue.subscription(request, id);
    return text ? *text : to_string(text.error());
  }

  ec check(const channel_spec& channel) {
    return venue.check(channel).code;
  }

  // Connects and subscribes to heartbeats, as the session does by itself.
  void connect_with_beats() {
    connect();
    peer(beats_list);
    sent.clear();
  }

  std::optional<channel_state> state_of(std::string_view channel) {
    return uut.protocol().subscriptions().state_of(channel);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(coinbase_dialect_tests, fixture)

// -- requests -----------------------------------------------------------------

CAF_TEST(a request has one kind of channel and its products) {
  CAF_CHECK_EQUAL(request_for({"level2:A-USD", "level2:B-USD"}),
                  R"({"type":"subscribe","channel":"level2",)"
                  R"("product_ids":["A-USD","B-USD"]})");
  CAF_CHECK_EQUAL(request_for({"status"},
                              subscription_request_kind::unsubscribe),
                  R"({"type":"unsubscribe","channel":"status"})");
  auto limits = venue.request_limits();
  CAF_CHECK_EQUAL(limits.max_in_flight, 1u);
  auto fit = [&](const char* x, const char* y) {
    return limits.fit_together({.name = x}, {.name = y});
  };
  CAF_CHECK(fit("level2:A-USD", "level2:B-USD"));
  CAF_CHECK(!fit("level2:A-USD", "ticker:A-USD"));
  CAF_CHECK(!fit("status", "status:A-USD"));
}

CAF_TEST(channels that cannot be subscribed to are refused at once) {
  CAF_CHECK(check({.name = "ticker:A-USD"}) == ec::none);
  CAF_CHECK(check({.name = "status"}) == ec::none);
  CAF_CHECK(check({.name = "ticker:EURC-USDC"}) == ec::none);
  CAF_CHECK(check({.name = "ticker:BTC-USDC"}) == ec::not_supported);
  CAF_CHECK(check({.name = "user"}) == ec::not_supported);
  CAF_CHECK(check({.name = "futures_balance_summary"}) == ec::not_supported);
  CAF_CHECK(check({.name = ""}) == ec::invalid_config);
  CAF_CHECK(check({.name = ":A-USD"}) == ec::invalid_config);
  CAF_CHECK(check({.name = "ticker:"}) == ec::invalid_config);
  CAF_CHECK(check({.name = "l2_data:A-USD"}) == ec::invalid_config);
  CAF_CHECK(check({.name = "heartbeats"}) == ec::invalid_config);
  CAF_CHECK(check({"ticker:A-USD", "{}"}) == ec::invalid_config);
}

CAF_TEST(there are no calls and no logins) {
  CAF_CHECK(venue.call("m", "{}", 1).error().code == ec::not_supported);
  CAF_CHECK(venue.log_in({}, {}, 1).error().code == ec::not_supported);
}

CAF_TEST(a host sends eight messages and dials in a second) {
  for (auto& limit : venue.limits()) {
    CAF_CHECK(limit.scope == limit_scope::host);
    CAF_CHECK(validate(limit).empty());
    CAF_CHECK_EQUAL(std::get<rolling_window_config>(limit.rule).limit, 8u);
  }
  CAF_CHECK_EQUAL(venue.limits().size(), 2u);
  for (auto cost : {venue.cost_of_subscription(), venue.cost_of_heartbeat(),
                    venue.cost_of_text()})
    CAF_CHECK_EQUAL(cost.size(), 1u);
}

// -- messages -----------------------------------------------------------------

CAF_TEST(data belongs to the channel of its first product) {
  CAF_CHECK_EQUAL(channel_of_data(book("update", "A-USD")), "level2:A-USD");
  CAF_CHECK_EQUAL(channel_of_data(
                    R"({"channel":"market_trades","events":[{"type":"update",)"
                    R"("trades":[{"trade_id":"1","product_id":"B-USD"},)"
                    R"({"product_id":"C-USD"}]}]})"),
                  "market_trades:B-USD");
  CAF_CHECK_EQUAL(channel_of_data(R"({"events":[{"tickers":[]},{"tickers":)"
                                  R"([{"product_id":"A-\u0042"}]}],)"
                                  R"("channel":"tick\u0065r"})"),
                  "ticker:A-B");
  CAF_CHECK_EQUAL(
    channel_of_data(
      R"({"channel":"status","events":[{"products":[{"id":"A-USD"}]}]})"),
    "status:A-USD");
  CAF_CHECK_EQUAL(channel_of_data(R"({"channel":"ticker","events":[]})"),
                  "ticker");
  CAF_CHECK_EQUAL(channel_of_data(R"({"channel":"new","events":7})"), "new");
}

CAF_TEST(a channel without products keeps its name) {
  request_for({"status"});
  auto text = R"({"channel":"status","events":[{"products":[{"id":"A"}]}]})";
  CAF_CHECK_EQUAL(channel_of_data(text), "status");
  venue.forget("status");
  CAF_CHECK_EQUAL(channel_of_data(text), "status:A");
}

CAF_TEST(other messages are what they are) {
  auto kind = [&](std::string_view text) { return venue.read(text).kind; };
  CAF_CHECK(kind(beat) == inbound_kind::heartbeat);
  CAF_CHECK(kind(R"({"type":"maintenance"})") == inbound_kind::notice);
  CAF_CHECK(kind(error_text("no")) == inbound_kind::notice);
  for (auto text : {"", "{", "[]", "7", "{}", R"({"channel":7})",
                    R"({"channel":"subscriptions","events":[]})",
                    R"({"channel":"subscriptions","events":[7,{}]})"})
    CAF_CHECK(kind(text) == inbound_kind::malformed);
}

CAF_TEST(deep nesting is no problem) {
  std::string text = R"({"channel":"ticker","events":)";
  for (int i = 0; i < 100'000; ++i)
    text += R"([{"trades":)";
  text += '1';
  for (int i = 0; i < 100'000; ++i)
    text += "}]";
  CAF_CHECK(venue.read(text + '}').kind == inbound_kind::data);
}

// -- numbers ------------------------------------------------------------------

CAF_TEST(a hole in the numbers of a connection is a loss) {
  auto is_lost = [&](int64_t number) {
    return venue.read(numbered(number)).lost_before;
  };
  venue.connected();
  CAF_CHECK(!is_lost(0));
  CAF_CHECK(!is_lost(1));
  CAF_CHECK(is_lost(3));
  CAF_CHECK(!is_lost(4));
  CAF_CHECK(is_lost(2)); // too late
  CAF_CHECK(!is_lost(5));
  venue.connected();
  CAF_CHECK(!is_lost(0));
  venue.connected();
  CAF_CHECK(is_lost(1)); // the first one never came
}

CAF_TEST(all kinds of messages count) {
  auto add = [](std::string text, int number) {
    auto member = R"("sequence_num":)" + std::to_string(number) + ',';
    return text.insert(1, member);
  };
  venue.connected();
  auto number = 0;
  for (auto& text : {beats_list, book("update", "A"), beat,
                     std::string{R"({"channel":"new","events":[]})"}})
    CAF_CHECK(!venue.read(add(text, number++)).lost_before);
  // These have no number.
  CAF_CHECK(!venue.read(error_text("no")).lost_before);
  CAF_CHECK(!venue.read(beat).lost_before);
  CAF_CHECK(venue.read(add(beat, number + 1)).lost_before);
}

// -- subscriptions ------------------------------------------------------------

CAF_TEST(heartbeats are subscribed to as soon as there is a connection) {
  connect();
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  CAF_CHECK_EQUAL(sent[0], R"({"type":"subscribe","channel":"heartbeats"})");
  CAF_CHECK(peer(beats_list) == inbound_kind::heartbeat);
}

CAF_TEST(a list grants what it has and refuses the others) {
  connect_with_beats();
  subscribe(1, {"level2:A-USD", "level2:B-USD", "level2:NOPE"});
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  peer(list(R"("heartbeats":["heartbeats"],"level2":["A-USD","B-USD"])"));
  CAF_CHECK(state_of("level2:A-USD") == channel_state::confirmed);
  CAF_CHECK(state_of("level2:B-USD") == channel_state::confirmed);
  CAF_CHECK(!state_of("level2:NOPE"));
  CAF_CHECK(says(out, "level2:NOPE"));
}

CAF_TEST(each kind of channel is a request and one goes after the other) {
  connect_with_beats();
  subscribe(1, {"level2:A-USD", "ticker:A-USD", "level2:B-USD"});
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  CAF_CHECK(sent[0].find(R"(["A-USD","B-USD"])") != std::string::npos);
  peer(list(R"("level2":["A-USD","B-USD"])"));
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK(sent[1].find(R"("ticker")") != std::string::npos);
  peer(list(R"("ticker":["A-USD"],"level2":["A-USD","B-USD"])"));
  CAF_CHECK(uut.state() == client_state::ready);
}

CAF_TEST(the list of the heartbeats answers no other request) {
  connect();
  subscribe(1, {"ticker:A-USD"});
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK(peer(beats_list) == inbound_kind::heartbeat);
  CAF_CHECK(state_of("ticker:A-USD") == channel_state::pending_subscribe);
  peer(list(R"("heartbeats":["heartbeats"],"ticker":["A-USD"])"));
  CAF_CHECK(state_of("ticker:A-USD") == channel_state::confirmed);
}

CAF_TEST(a list that was lost does not keep the next one from answering) {
  connect(); // that of the heartbeats never comes
  subscribe(1, {"ticker:A-USD"});
  peer(list(R"("heartbeats":["heartbeats"],"ticker":["A-USD"])"));
  CAF_CHECK(state_of("ticker:A-USD") == channel_state::confirmed);
  subscribe(1, {"ticker:NOPE"});
  peer(list(R"("heartbeats":["heartbeats"],"ticker":["A-USD"])"));
  CAF_CHECK(!state_of("ticker:NOPE"));
}

CAF_TEST(a late answer to a request that was given up grants nothing else) {
  connect_with_beats();
  subscribe(1, {"ticker:A-USD"});
  sent.clear();
  while (sent.empty()) // no answer in time: it is asked for again
    take(wake());
  peer(beats_list); // of the first request
  CAF_CHECK(state_of("ticker:A-USD") == channel_state::pending_subscribe);
}

CAF_TEST(an error refuses the request that is under way) {
  connect_with_beats();
  subscribe(1, {"bogus:A-USD"});
  peer(error_text("authentication failure"));
  CAF_CHECK(!state_of("bogus:A-USD"));
  subscribe(1, {"ticker:A-USD"});
  peer(list(R"("heartbeats":["heartbeats"],"ticker":["A-USD"])"));
  CAF_CHECK(state_of("ticker:A-USD") == channel_state::confirmed);
}

CAF_TEST(the words of a refusal have their meaning) {
  auto meaning = [&](std::string_view words) {
    request_for({"ticker:A-USD"});
    auto text = error_text(words);
    auto message = venue.read(text);
    CAF_CHECK(message.kind == inbound_kind::answer);
    CAF_CHECK_EQUAL(message.request, 7);
    return venue.judge(message);
  };
  CAF_CHECK(meaning("authentication failure").is_permanent());
  CAF_CHECK(meaning("subscribe or unsubscribe required").is_permanent());
  auto books = meaning("too many L2 streams requested in a single session");
  CAF_CHECK(books.meaning == answer_meaning::refused);
  CAF_CHECK(books.subject == refusal_subject::channels);
  CAF_CHECK(meaning("rate limit exceeded").meaning
            == answer_meaning::try_later);
  auto other = meaning("anything else");
  CAF_CHECK(other.meaning == answer_meaning::unknown);
  CAF_CHECK_EQUAL(other.refusal.message, "anything else");
}

CAF_TEST(what is given up is unsubscribed from) {
  connect_with_beats();
  subscribe(1, {"ticker:A-USD", "ticker:B-USD"});
  peer(list(R"("ticker":["A-USD","B-USD"])"));
  std::vector<std::string_view> names{"ticker:A-USD"};
  take(uut.unsubscribe(1, names, now));
  CAF_CHECK_EQUAL(sent.back(), R"({"type":"unsubscribe","channel":"ticker",)"
                               R"("product_ids":["A-USD"]})");
  peer(list(R"("ticker":["B-USD"])"));
  CAF_CHECK(!state_of("ticker:A-USD"));
  CAF_CHECK(state_of("ticker:B-USD") == channel_state::confirmed);
}

CAF_TEST(a channel that left the list has ended) {
  connect_with_beats();
  subscribe(1, {"ticker:A-USD", "ticker:B-USD"});
  peer(list(R"("ticker":["A-USD","B-USD"])"));
  CAF_CHECK(peer(list(R"("ticker":["B-USD"])"))
            == inbound_kind::channels_ended);
  CAF_CHECK(state_of("ticker:A-USD") == channel_state::pending_subscribe);
  CAF_CHECK(state_of("ticker:B-USD") == channel_state::confirmed);
}

CAF_TEST(an end in an answer is told with the next heartbeat) {
  connect_with_beats();
  subscribe(1, {"ticker:A-USD"});
  peer(list(R"("ticker":["A-USD"])"));
  subscribe(1, {"ticker:B-USD"});
  CAF_CHECK(peer(list(R"("ticker":["B-USD"])")) == inbound_kind::answer);
  CAF_CHECK(state_of("ticker:B-USD") == channel_state::confirmed);
  CAF_CHECK(peer(beat) == inbound_kind::channels_ended);
  CAF_CHECK(peer(beat) == inbound_kind::heartbeat);
  CAF_CHECK(state_of("ticker:A-USD") == channel_state::pending_subscribe);
}

CAF_TEST(a connection has no more books than the venue grants) {
  connect_with_beats();
  strings names;
  for (int i = 0; i < 40; ++i)
    names.push_back("level2:P" + std::to_string(i) + "-USD");
  subscribe(1, names);
  std::string held;
  for (size_t handled = 0; handled < sent.size(); ++handled) {
    auto products = find_member(sent[handled], "product_ids").text;
    held += (held.empty() ? "" : ",")
            + std::string{products.substr(1, products.size() - 2)};
    peer(list(R"("level2":[)" + held + ']'));
  }
  CAF_CHECK_EQUAL(uut.protocol().subscriptions().num_channels(),
                  venue_limits::max_coinbase_books);
  CAF_CHECK(uut.state() == client_state::ready);
  sent.clear();
  subscribe(1, {"ticker:A-USD"}); // others are not limited
  CAF_CHECK_EQUAL(sent.size(), 1u);
}

CAF_TEST(a renewal ends with a snapshot of that product) {
  CAF_CHECK(venue.begins_channel("level2:A", book("snapshot", "A")));
  CAF_CHECK(!venue.begins_channel("level2:A", book("update", "A")));
  CAF_CHECK(!venue.begins_channel("level2:A", book("snapshot", "B")));
  CAF_CHECK(!venue.begins_channel("level2:A", "{}"));
  CAF_CHECK(venue.begins_channel(
    "ticker:A", R"({"events":[{"type":"snapshot","tickers":[]}]})"));
}

CAF_TEST(a list of the venue is read) {
  auto text = sample("coinbase/subscriptions.json");
  if (text.empty())
    return;
  request_for({"market_trades:BTC-USD", "market_trades:X"});
  auto answer = venue.read(text);
  CAF_CHECK(answer.kind == inbound_kind::answer);
  auto granted
    = venue.read_grants({.channels = {{.name = "market_trades:BTC-USD"},
                                      {.name = "market_trades:X"}}},
                        answer);
  CAF_CHECK_EQUAL(granted.value(), strings{"market_trades:BTC-USD"});
  CAF_CHECK(venue.read(sample("coinbase/heartbeats.json")).kind
            == inbound_kind::heartbeat);
}

CAF_TEST_FIXTURE_SCOPE_END()
