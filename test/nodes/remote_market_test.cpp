// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE remote_market

#include "support/market_inbox.hpp"
#include "support/unit_test.hpp"

#include "zenws/actors/market/internal/market_delivery.hpp"
#include "zenws/nodes/internal/remote_market.hpp"

using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

instrument_name named(std::string_view text) {
  return instrument_name::make(text).value();
}

trade trade_of(uint64_t sequence) {
  return {.instrument = named("X"),
          .time = venue_time{std::chrono::seconds{sequence}},
          .sequence = sequence,
          .price = decimal::make(1, 0).value(),
          .amount = decimal::make(1, 0).value()};
}

book_snapshot snapshot_of(std::string_view name, uint64_t sequence) {
  book_snapshot result;
  result.instrument = named(name);
  result.sequence = sequence;
  return result;
}

book_change change_of(std::string_view name, uint64_t sequence) {
  book_change result;
  result.instrument = named(name);
  result.sequence = sequence;
  result.previous = sequence - 1;
  return result;
}

const market_wish book_of_x{data_kind::book, "X"};
const market_wish trades_of_x{data_kind::trades, "X"};

struct fixture {
  fixture() {
    front.attach(*self.ptr());
  }

  ~fixture() {
    front.detach();
  }

  struct subscription {
    uint64_t number;
    market_subscriber address;
    market_inbox_ptr in;
  };

  subscription subscriber() {
    auto in = std::make_shared<market_inbox>();
    market_subscriber address = sys.spawn<market_collector>(in);
    auto number = front.number_of(caf::actor_cast<caf::actor>(address), {});
    return {number, address, in};
  }

  template <class... Ts>
  void receive(const Ts&... xs) {
    update_list updates;
    (updates.add(xs), ...);
    uut.received(block_of(updates, front.position, {}));
  }

  // Waits until a subscriber has got all that was sent.
  void settle(const subscription& x) {
    auto seen = x.in->all<instrument_state>().size();
    update_list mark;
    mark.add(instrument_state{.instrument = named("END")});
    front.subscribers.deliver({&x.number, 1},
                              block_of(mark, front.position, {}), nullptr,
                              front.position.event({}), front.origin());
    CAF_REQUIRE(x.in->wait_for<instrument_state>(seen + 1));
  }

  std::vector<uint64_t> trades_at(const subscription& x) {
    settle(x);
    std::vector<uint64_t> result;
    for (auto& item : x.in->all<trade>())
      result.push_back(item.sequence);
    return result;
  }

  caf::actor_system_config cfg;
  caf::actor_system sys{cfg};
  caf::scoped_actor self{sys};
  client_front front{"x"};
  remote_market uut{front};
};

using numbers = std::vector<uint64_t>;

std::vector<std::string> names_of(const std::vector<market_wish>& wishes) {
  std::vector<std::string> result;
  for (auto& x : wishes)
    result.push_back(x.instrument);
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(remote_market_tests, fixture)

// -- trades -------------------------------------------------------------------

CAF_TEST(trades that go on where they stopped were not missed) {
  uut.number_trades_by(trade_numbering::consecutive);
  auto to = subscriber();
  uut.add(to.number, trades_of_x);
  receive(trade_of(1), trade_of(2));
  uut.disconnected();
  receive(trade_of(3));
  CAF_CHECK_EQUAL(trades_at(to), (numbers{1, 2, 3}));
  CAF_CHECK(to.in->all<trade_gap>().empty());
}

CAF_TEST(trades that were missed are told by their numbers) {
  uut.number_trades_by(trade_numbering::consecutive);
  auto to = subscriber();
  uut.add(to.number, trades_of_x);
  receive(trade_of(1));
  uut.disconnected();
  // The gateway's own gap is a part of ours.
  receive(trade_gap{.instrument = named("X"), .after = 4, .before = 6},
          trade_of(6), trade_of(7));
  CAF_CHECK_EQUAL(trades_at(to), (numbers{1, 6, 7}));
  auto gaps = to.in->all<trade_gap>();
  CAF_REQUIRE_EQUAL(gaps.size(), 1u);
  CAF_CHECK_EQUAL(gaps[0].after, 1u);
  CAF_CHECK_EQUAL(gaps[0].before, 6u);
}

CAF_TEST(numbers with holes prove nothing) {
  uut.number_trades_by(trade_numbering::ascending);
  auto to = subscriber();
  uut.add(to.number, trades_of_x);
  receive(trade_of(1));
  uut.dropped(1);
  receive(trade_of(2));
  CAF_CHECK_EQUAL(trades_at(to), (numbers{1, 2}));
  CAF_CHECK_EQUAL(to.in->all<trade_gap>().size(), 1u);
}

CAF_TEST(trades that the venue repeats to the next gateway come once) {
  uut.number_trades_by(trade_numbering::consecutive);
  auto to = subscriber();
  uut.add(to.number, trades_of_x);
  receive(trade_of(1), trade_of(2));
  uut.disconnected();
  auto again = trade_of(2);
  again.is_late = true;
  receive(again, trade_of(3));
  CAF_CHECK_EQUAL(trades_at(to), (numbers{1, 2, 3}));
  CAF_CHECK(to.in->all<trade_gap>().empty());
}

CAF_TEST(who asks for trades anew has missed none) {
  uut.number_trades_by(trade_numbering::consecutive);
  auto to = subscriber();
  uut.add(to.number, trades_of_x);
  receive(trade_of(1));
  CAF_CHECK_EQUAL(uut.remove(to.number, {{data_kind::trades, "X"}}).size(), 1u);
  uut.disconnected();
  uut.add(to.number, trades_of_x);
  receive(trade_of(9));
  CAF_CHECK_EQUAL(trades_at(to), (numbers{1, 9}));
  CAF_CHECK(to.in->all<trade_gap>().empty());
}

// -- books --------------------------------------------------------------------

CAF_TEST(a lost book stays away until its snapshot) {
  auto to = subscriber();
  uut.add(to.number, book_of_x);
  receive(snapshot_of("X", 1), change_of("X", 2));
  uut.disconnected();
  uut.disconnected();
  receive(change_of("X", 3));
  settle(to);
  CAF_REQUIRE_EQUAL(to.in->all<book_lost>().size(), 1u);
  CAF_CHECK(to.in->all<book_lost>()[0].cause == loss_cause::disconnected);
  CAF_CHECK_EQUAL(to.in->all<book_change>().size(), 1u);
  receive(change_of("X", 4), snapshot_of("X", 4), change_of("X", 5));
  settle(to);
  CAF_CHECK_EQUAL(to.in->all<book_snapshot>().size(), 2u);
  CAF_CHECK_EQUAL(to.in->all<book_change>().size(), 2u);
}

CAF_TEST(who comes late begins with the next snapshot) {
  auto early = subscriber();
  auto late = subscriber();
  uut.add(early.number, book_of_x);
  receive(snapshot_of("X", 1));
  uut.add(late.number, book_of_x);
  receive(change_of("X", 2));
  receive(change_of("X", 3), snapshot_of("X", 3), change_of("X", 4));
  settle(early);
  settle(late);
  CAF_CHECK_EQUAL(early.in->all<book_change>().size(), 3u);
  CAF_CHECK_EQUAL(early.in->all<book_snapshot>().size(), 2u);
  CAF_CHECK_EQUAL(late.in->all<book_snapshot>().size(), 1u);
  CAF_REQUIRE_EQUAL(late.in->all<book_change>().size(), 1u);
  auto changes = late.in->all<book_change>();
  CAF_CHECK_EQUAL(changes[0].sequence, 4u);
}

CAF_TEST(what was given up is not delivered while it is under way) {
  auto one = subscriber();
  auto other = subscriber();
  uut.add(one.number, trades_of_x);
  uut.add(other.number, book_of_x);
  CAF_CHECK_EQUAL(uut.remove_all(other.number).size(), 1u);
  receive(snapshot_of("X", 1), trade_of(1));
  CAF_CHECK_EQUAL(trades_at(one), (numbers{1}));
  CAF_CHECK(one.in->all<book_snapshot>().empty());
}

CAF_TEST(what the next gateway refuses is told and gone) {
  auto to = subscriber();
  uut.add(to.number, book_of_x);
  receive(snapshot_of("X", 1));
  uut.revoke({data_kind::book, "X"}, error{ec::not_found});
  CAF_CHECK(to.in->wait_for_event([](auto& x) {
    return x.kind == event_kind::channel_revoked && x.detail == "book X"
           && x.reason.code == ec::not_found;
  }));
  settle(to);
  CAF_CHECK_EQUAL(to.in->all<book_lost>().size(), 1u);
  CAF_CHECK(uut.wishes().empty());
}

// -- asking again -------------------------------------------------------------

CAF_TEST(books that did not fit are asked for in smaller portions) {
  auto to = subscriber();
  std::vector<std::string> names;
  for (char c = 'a'; c < 'a' + 12; ++c) {
    names.emplace_back(1, c);
    uut.add(to.number, {data_kind::book, names.back()});
    receive(snapshot_of(names.back(), 1));
  }
  CAF_CHECK(!uut.has_repeats());
  uut.dropped(5);
  CAF_CHECK(to.in->wait_for_event([](auto& x) {
    return x.kind == event_kind::messages_dropped && x.dropped_messages == 5;
  }));
  settle(to);
  CAF_CHECK_EQUAL(to.in->all<book_lost>().size(), 12u);
  remote_market::time_point now{};
  auto first = uut.take_repeats(now);
  CAF_CHECK_EQUAL(first.size(), remote_market::max_portion / 2);
  CAF_CHECK(uut.take_repeats(now).empty());
  // The next ones follow once these are there.
  for (auto& name : names_of(first))
    receive(snapshot_of(name, 2));
  CAF_CHECK_EQUAL(uut.take_repeats(now).size(), remote_market::max_portion);
  CAF_CHECK(!uut.has_repeats());
}

CAF_TEST(a book that the gateway does not have does not delay others) {
  auto to = subscriber();
  for (char c = 'a'; c < 'a' + 12; ++c)
    uut.add(to.number, {data_kind::book, std::string(1, c)});
  uut.dropped(1);
  remote_market::time_point now{};
  CAF_CHECK(!uut.take_repeats(now).empty());
  CAF_CHECK(uut.take_repeats(now).empty());
  now += remote_market::portion_patience;
  CAF_CHECK(!uut.take_repeats(now).empty());
}

CAF_TEST(what came by itself is not asked for) {
  auto to = subscriber();
  uut.add(to.number, book_of_x);
  receive(snapshot_of("X", 1));
  uut.dropped(1);
  receive(snapshot_of("X", 2));
  CAF_CHECK(uut.take_repeats({}).empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
