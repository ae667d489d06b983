// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_feed

#include "zenws/feed/market_feed.hpp"
#include "zenws/market/order_book.hpp"

#include "core/venue/market_check.hpp"
#include "support/unit_test.hpp"

#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

std::string message(std::string_view channel, const std::string& data) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")"
         + std::string{channel} + R"(","data":)" + data + "}}";
}

std::string trade_json(uint64_t sequence, uint64_t milliseconds) {
  return R"({"trade_seq":)" + std::to_string(sequence) + R"(,"timestamp":)"
         + std::to_string(1'700'000'000'000 + milliseconds)
         + R"(,"price":10,"amount":1,"direction":"buy",)"
           R"("instrument_name":"X"})";
}

std::string trades(const std::vector<uint64_t>& sequences,
                   uint64_t milliseconds = 0) {
  std::string data;
  for (auto x : sequences)
    data += (data.empty() ? "" : ",") + trade_json(x, milliseconds);
  return message("trades.X.100ms", '[' + data + ']');
}

std::string book(std::string_view type, uint64_t previous, uint64_t id,
                 std::string_view bids = R"([["new",10,1]])") {
  return message("book.X.100ms",
                 R"({"type":")" + std::string{type}
                   + R"(","timestamp":1700000000000,"instrument_name":"X",)"
                     R"("prev_change_id":)"
                   + std::to_string(previous) + R"(,"change_id":)"
                   + std::to_string(id) + R"(,"bids":)" + std::string{bids}
                   + R"(,"asks":[]})");
}

const std::string no_levels = "[]";

struct fixture {
  dialect_ptr venue = make_dialect("deribit");
  market_feed uut{*venue->market(), {}, question_scope::streams};
  market_feed::time_point now{1h};
  update_list out;
  uint64_t last_message = 0;

  void want(data_kind kind) {
    market_wish wish{kind, "X"};
    CAF_REQUIRE(uut.channels(wish));
    uut.add(wish, now);
  }

  /// Returns what subscribers get of a message.
  std::string receive(const std::string& text) {
    out.clear();
    (void) uut.received(venue->read(text), ++last_message, now, out);
    return told();
  }

  std::string told() {
    std::string result;
    for (auto& x : out) {
      if (!result.empty())
        result += ' ';
      if (auto* item = std::get_if<trade>(&x))
        result += (item->is_late ? "late " : "")
                  + std::to_string(item->sequence);
      else if (auto* gap = std::get_if<trade_gap>(&x))
        result += "gap " + std::to_string(gap->after) + '-'
                  + std::to_string(gap->before);
      else if (auto* lost = std::get_if<book_lost>(&x))
        result += "lost " + std::string{to_string(lost->cause)};
      else if (auto* change = std::get_if<book_change>(&x))
        result += "change " + std::to_string(change->previous.value_or(0)) + '-'
                  + std::to_string(change->sequence);
      else if (auto* whole = std::get_if<book_snapshot>(&x))
        result += "snapshot " + std::to_string(whole->sequence);
      else
        result += "other";
    }
    return result;
  }

  std::string pass(market_feed::time_point::duration time) {
    now += time;
    out.clear();
    uut.expired(now, out);
    return told();
  }

  std::string answer(uint64_t token, const std::vector<uint64_t>& sequences) {
    std::string data;
    for (auto x : sequences)
      data += (data.empty() ? "" : ",") + trade_json(x, 0);
    out.clear();
    uut.answered(token, R"({"has_more":false,"trades":[)" + data + "]}", now,
                 out);
    return told();
  }

  size_t renewals() {
    return uut.take_renewals().size();
  }
};

// The book of a venue whose snapshots have to be asked for.
struct asking_fixture {
  dialect_ptr venue = make_dialect("binance");
  market_feed uut{*venue->market(), {}, question_scope::api};
  market_feed::time_point now{1h};
  update_list out;

  asking_fixture() {
    uut.add({data_kind::book, "BTCUSDT"}, now);
    uut.connected(now);
  }

  /// Returns what is asked by then.
  std::vector<market_question> change(uint64_t id) {
    auto number = std::to_string(id);
    out.clear();
    (void) uut.received(
      venue->read(R"({"stream":"btcusdt@depth@100ms","data":{)"
                  R"("e":"depthUpdate","E":1700000000000,"s":"BTCUSDT","U":)"
                  + number + R"(,"u":)" + number + R"(,"b":[],"a":[]}})"),
      id, now, out);
    return uut.take_questions();
  }

  void answer(uint64_t token, uint64_t id) {
    out.clear();
    uut.answered(token,
                 R"({"lastUpdateId":)" + std::to_string(id)
                   + R"(,"bids":[["10","1"]],"asks":[["11","1"]]})",
                 now, out);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(market_feed_tests, fixture)

// -- wishes -------------------------------------------------------------------

CAF_TEST(nobody gets what nobody wants) {
  CAF_CHECK_EQUAL(receive(trades({1})), "");
  want(data_kind::trades);
  CAF_CHECK_EQUAL(receive(trades({2})), "2");
  CAF_CHECK_EQUAL(receive(book("snapshot", 0, 1)), "");
}

CAF_TEST(channels are given back when nobody needs them) {
  market_wish wish{data_kind::trades, "X"};
  uut.add(wish, now);
  uut.add(wish, now);
  CAF_CHECK(uut.remove(wish).empty());
  CAF_CHECK_EQUAL(uut.remove(wish), std::vector<std::string>{"trades.X.100ms"});
  CAF_CHECK(uut.remove(wish).empty());
  CAF_CHECK(uut.empty());
  CAF_CHECK(!uut.wake_at());
}

CAF_TEST(one book of an instrument has one depth) {
  uut.add({data_kind::book, "X"}, now);
  auto other = uut.channels({data_kind::book, "X", 10});
  CAF_REQUIRE(!other);
  CAF_CHECK_EQUAL(other.error().code, ec::already_exists);
}

CAF_TEST(books that must be asked for elsewhere need somebody to ask) {
  auto binance = make_dialect("binance");
  market_wish wish{data_kind::book, "BTCUSDT"};
  market_feed without{*binance->market(), {}, question_scope::streams};
  CAF_CHECK(!without.channels(wish));
  market_feed with{*binance->market(), {}, question_scope::api};
  CAF_CHECK(with.channels(wish));
}

// -- books --------------------------------------------------------------------

CAF_TEST(a book is a chain) {
  want(data_kind::book);
  uut.connected(now);
  CAF_CHECK_EQUAL(receive(book("change", 1, 2)), "");
  CAF_CHECK_EQUAL(receive(book("snapshot", 0, 7)), "snapshot 7");
  CAF_CHECK_EQUAL(receive(book("change", 7, 9, no_levels)), "change 7-9");
  CAF_CHECK_EQUAL(renewals(), 0u);
}

CAF_TEST(a gap loses the book and has it begun anew) {
  want(data_kind::book);
  uut.connected(now);
  receive(book("snapshot", 0, 7));
  CAF_CHECK_EQUAL(receive(book("change", 8, 9, no_levels)), "lost gap");
  CAF_CHECK_EQUAL(renewals(), 1u);
  CAF_CHECK_EQUAL(receive(book("change", 9, 10, no_levels)), "");
  CAF_CHECK_EQUAL(renewals(), 0u);
  CAF_CHECK_EQUAL(receive(book("snapshot", 0, 20)), "snapshot 20");
}

CAF_TEST(a book tells how it stands) {
  CAF_CHECK(uut.books(now).empty());
  want(data_kind::book);
  uut.connected(now);
  const book_status awaited{.instrument = "X", .problem = "no snapshot yet"};
  CAF_CHECK(uut.books(now) == std::vector{awaited});
  receive(book("snapshot", 0, 1));
  const book_status valid{
    .instrument = "X", .is_valid = true, .bid = "10", .last_update_ago = 5ms};
  CAF_CHECK(uut.books(now + 5ms) == std::vector{valid});
  receive(book("change", 7, 8));
  const book_status lost{
    .instrument = "X", .problem = "gap", .last_update_ago = 1s};
  CAF_CHECK(uut.books(now + 1s) == std::vector{lost});
}

CAF_TEST(a snapshot that does not come is asked for again at growing times) {
  want(data_kind::book);
  uut.connected(now);
  CAF_CHECK_EQUAL(pass(4s), "");
  CAF_CHECK_EQUAL(renewals(), 0u);
  pass(2s);
  CAF_CHECK_EQUAL(renewals(), 1u);
  pass(6s);
  CAF_CHECK_EQUAL(renewals(), 0u);
  pass(5s);
  CAF_CHECK_EQUAL(renewals(), 1u);
}

CAF_TEST(a book that is lost again and again is begun anew at growing times) {
  want(data_kind::book);
  uut.connected(now);
  auto lose = [&] {
    receive(book("snapshot", 0, 7));
    receive(book("change", 8, 9, no_levels));
    return renewals();
  };
  CAF_CHECK_EQUAL(lose(), 1u);
  CAF_CHECK_EQUAL(lose(), 0u);
  pass(4s);
  CAF_CHECK_EQUAL(renewals(), 0u);
  pass(2s);
  CAF_CHECK_EQUAL(renewals(), 1u);
  CAF_CHECK_EQUAL(lose(), 0u);
  pass(9s);
  CAF_CHECK_EQUAL(renewals(), 0u);
  pass(2s);
  CAF_CHECK_EQUAL(renewals(), 1u);
  // One that lives for longer than that is believed again.
  receive(book("snapshot", 0, 7));
  pass(21s);
  receive(book("change", 7, 8, no_levels));
  CAF_CHECK_EQUAL(lose(), 1u);
}

CAF_TEST(a message that cannot be read loses the book) {
  want(data_kind::book);
  uut.connected(now);
  receive(book("snapshot", 0, 7));
  CAF_CHECK_EQUAL(receive(book("gossip", 7, 8)), "lost unreadable");
  CAF_CHECK_EQUAL(renewals(), 1u);
}

CAF_TEST(an unreadable message of several products loses all their books) {
  auto coinbase = make_dialect("coinbase");
  market_feed uut{*coinbase->market(), {}, question_scope::none};
  for (auto name : {"A-USD", "B-USD"})
    uut.add({data_kind::book, name}, now);
  uut.add({data_kind::trades, "A-USD"}, now);
  uut.connected(now);
  auto receive = [&](std::string_view type, std::string_view price_of_b) {
    auto event = [&](std::string_view product, std::string_view price) {
      return R"({"type":")" + std::string{type} + R"(","product_id":")"
             + std::string{product} + R"(","updates":[{"side":"bid",)"
             + R"("event_time":"2026-01-01T00:00:00Z","price_level":")"
             + std::string{price} + R"(","new_quantity":"1"}]})";
    };
    out.clear();
    (void) uut.received(
      coinbase->read(R"({"channel":"l2_data","client_id":"","timestamp":)"
                     R"("2026-01-01T00:00:00Z","sequence_num":0,"events":[)"
                     + event("A-USD", "1") + ',' + event("B-USD", price_of_b)
                     + "]}"),
      ++last_message, now, out);
    return told();
  };
  CAF_CHECK_EQUAL(receive("snapshot", "2"), "snapshot 1 snapshot 1");
  CAF_CHECK_EQUAL(receive("update", "two"), "lost unreadable lost unreadable");
}

CAF_TEST(a book that makes no sense is lost) {
  want(data_kind::book);
  uut.connected(now);
  receive(book("snapshot", 0, 7));
  CAF_CHECK_EQUAL(receive(book("change", 7, 8, R"([["delete",99,0]])")),
                  "lost inconsistent");
}

CAF_TEST(silence is believed for longer and longer if nothing else comes) {
  want(data_kind::book);
  uut.connected(now);
  receive(book("snapshot", 0, 7));
  CAF_CHECK_EQUAL(pass(59s), "");
  CAF_CHECK_EQUAL(pass(2s), "lost silent");
  CAF_CHECK_EQUAL(renewals(), 1u);
  receive(book("snapshot", 0, 7));
  CAF_CHECK_EQUAL(pass(119s), "");
  CAF_CHECK_EQUAL(pass(2s), "lost silent");
  CAF_CHECK_EQUAL(renewals(), 1u);
  receive(book("snapshot", 0, 7));
  receive(book("change", 7, 8, no_levels)); // it lives
  CAF_CHECK_EQUAL(pass(61s), "lost silent");
}

CAF_TEST(the end of a connection loses all books and each begins anew) {
  want(data_kind::book);
  uut.connected(now);
  receive(book("snapshot", 0, 7));
  out.clear();
  uut.disconnected(now, out);
  CAF_CHECK_EQUAL(told(), "lost disconnected");
  CAF_CHECK_EQUAL(pass(1h), "");
  CAF_CHECK_EQUAL(renewals(), 0u);
  // Data may come before the client says that it is ready.
  CAF_CHECK_EQUAL(receive(book("snapshot", 0, 30)), "snapshot 30");
  uut.connected(now);
  CAF_CHECK_EQUAL(receive(book("change", 30, 31, no_levels)), "change 30-31");
}

CAF_TEST(lost messages and ended channels lose books) {
  want(data_kind::book);
  uut.connected(now);
  receive(book("snapshot", 0, 7));
  out.clear();
  uut.lost_messages(now, out);
  CAF_CHECK_EQUAL(told(), "lost gap");
  receive(book("snapshot", 0, 8));
  out.clear();
  uut.channel_lost("book.X.100ms", loss_cause::ended, now, out);
  CAF_CHECK_EQUAL(told(), "lost ended");
}

CAF_TEST(who comes late gets the book as it is) {
  want(data_kind::book);
  uut.connected(now);
  receive(book("snapshot", 0, 7, R"([["new",10,1],["new",9,2]])"));
  receive(book("change", 7, 8, R"([["change",10,5]])"));
  update_list known;
  uut.tell({data_kind::book, "X"}, known);
  auto whole = only<book_snapshot>(known);
  CAF_CHECK_EQUAL(whole.sequence, 8u);
  CAF_REQUIRE_EQUAL(whole.levels.size(), 2u);
  CAF_CHECK_EQUAL(whole.levels[0].amount, number("5"));
  order_book late;
  CAF_CHECK(late.apply(whole) == book_outcome::applied);
  receive(book("change", 8, 9, R"([["delete",9,0]])"));
  CAF_CHECK(late.apply(out[0]) == book_outcome::applied);
}

// -- books that are asked for -------------------------------------------------

CAF_TEST(a snapshot is asked for at the first change) {
  asking_fixture binance;
  CAF_CHECK_EQUAL(binance.change(11).size(), 1u);
  CAF_CHECK(binance.change(12).empty());
  // The change that led to the question continues an older snapshot.
  binance.answer(1, 10);
  CAF_REQUIRE_EQUAL(binance.out.size(), 3u);
  CAF_CHECK(std::holds_alternative<book_snapshot>(binance.out[0]));
  CAF_CHECK_EQUAL(std::get<book_change>(binance.out[2]).sequence, 12u);
}

CAF_TEST(a snapshot that is refused is asked for after pauses only) {
  asking_fixture binance;
  CAF_REQUIRE_EQUAL(binance.change(1).size(), 1u);
  binance.uut.unanswered(1, binance.now, binance.out);
  for (uint64_t id = 2; id < 50; ++id)
    CAF_CHECK(binance.change(id).empty());
  binance.now += 11s;
  binance.uut.expired(binance.now, binance.out);
  CAF_CHECK_EQUAL(binance.uut.take_questions().size(), 1u);
}

CAF_TEST(a book that is lost again and again is asked for after pauses only) {
  asking_fixture binance;
  auto lose = [&](uint64_t token) {
    binance.change(10);
    binance.answer(token, 10);
    return binance.change(20).size(); // a gap
  };
  CAF_CHECK_EQUAL(lose(1), 1u);
  CAF_CHECK_EQUAL(lose(2), 0u);
  CAF_CHECK(binance.change(30).empty());
  binance.now += 6s;
  binance.uut.expired(binance.now, binance.out);
  CAF_CHECK_EQUAL(binance.uut.take_questions().size(), 1u);
}

CAF_TEST(a snapshot that comes after the end of its connection is none) {
  asking_fixture binance;
  binance.change(1);
  binance.uut.disconnected(binance.now, binance.out);
  binance.answer(1, 5);
  CAF_CHECK(binance.out.empty());
  binance.uut.tell({data_kind::book, "BTCUSDT"}, binance.out);
  CAF_CHECK(binance.out.empty());
}

// -- instruments --------------------------------------------------------------

CAF_TEST(a message about the state of an instrument leaves its terms) {
  want(data_kind::instruments);
  uut.connected(now);
  auto token = uut.take_questions().at(0).token;
  uut.answered(token,
               R"({"instrument_name":"X","kind":"future","state":"open",)"
               R"("tick_size":0.5,"contract_size":10,"min_trade_amount":10})",
               now, out);
  receive(message("instrument.state.any.any",
                  R"({"timestamp":1700000000000,"state":"settled",)"
                  R"("instrument_name":"X"})"));
  update_list known;
  uut.tell({data_kind::instruments, "X"}, known);
  for (auto* list : {&out, &known}) {
    auto terms = only<instrument_state>(*list);
    CAF_CHECK(terms.state == trading_state::closed);
    CAF_CHECK(terms.kind == instrument_kind::future);
    CAF_CHECK(terms.tick == number("0.5"));
  }
}

CAF_TEST(instruments that the venue refuses are asked for at growing times) {
  uut.add({data_kind::instruments, "X"}, now);
  uut.add({data_kind::instruments, "NO-SUCH"}, now);
  uut.connected(now);
  auto refuse = [&] {
    auto questions = uut.take_questions();
    for (auto& x : questions)
      if (x.query.params.find("NO-SUCH") != std::string::npos)
        uut.unanswered(x.token, now, out);
      else
        uut.answered(x.token, R"({"instrument_name":"X","state":"open"})", now,
                     out);
    return questions.size();
  };
  CAF_CHECK_EQUAL(refuse(), 2u);
  pass(6s);
  CAF_CHECK_EQUAL(refuse(), 1u);
  pass(6s);
  CAF_CHECK_EQUAL(refuse(), 0u);
  pass(6s);
  CAF_CHECK_EQUAL(refuse(), 1u);
}

// -- trades -------------------------------------------------------------------

CAF_TEST(trades come once and in order) {
  want(data_kind::trades);
  CAF_CHECK_EQUAL(receive(trades({5, 6})), "5 6");
  CAF_CHECK_EQUAL(receive(trades({6, 7})), "7");
  CAF_CHECK_EQUAL(out[0].index(), 0u);
  CAF_CHECK_EQUAL(std::get<trade>(out[0]).message, 2u);
}

CAF_TEST(missing trades are asked for and delivered before those after them) {
  want(data_kind::trades);
  receive(trades({5}));
  CAF_CHECK_EQUAL(receive(trades({8})), "");
  CAF_CHECK_EQUAL(receive(trades({9})), "");
  auto questions = uut.take_questions();
  CAF_REQUIRE_EQUAL(questions.size(), 1u);
  CAF_CHECK_EQUAL(questions[0].query.method,
                  "public/get_last_trades_by_instrument");
  CAF_CHECK(questions[0].query.params.find(R"("start_seq":6)")
            != std::string::npos);
  CAF_CHECK_EQUAL(answer(questions[0].token, {6, 7}), "late 6 late 7 8 9");
  CAF_CHECK_EQUAL(receive(trades({10})), "10");
}

CAF_TEST(what the venue does not tell is a gap with bounds) {
  want(data_kind::trades);
  receive(trades({5}));
  receive(trades({9}));
  auto token = uut.take_questions().at(0).token;
  CAF_CHECK_EQUAL(answer(token, {7}), "gap 5-7 late 7");
  // There may be more: it is asked once more.
  auto next = uut.take_questions();
  CAF_REQUIRE_EQUAL(next.size(), 1u);
  CAF_CHECK_EQUAL(answer(next[0].token, {}), "gap 7-9 9");
}

CAF_TEST(an answer that does not come delays nothing for ever) {
  want(data_kind::trades);
  receive(trades({5}));
  receive(trades({8}));
  auto token = uut.take_questions().at(0).token;
  CAF_CHECK_EQUAL(pass(4s), "");
  CAF_CHECK_EQUAL(pass(2s), "gap 5-8 8");
  CAF_CHECK_EQUAL(answer(token, {6, 7}), ""); // too late
  receive(trades({11}));
  out.clear();
  uut.unanswered(uut.take_questions().at(0).token, now, out);
  CAF_CHECK_EQUAL(told(), "gap 8-11 11");
}

CAF_TEST(another gap while one is asked about is asked about next) {
  want(data_kind::trades);
  receive(trades({5}));
  receive(trades({7}));
  receive(trades({9}));
  auto first = uut.take_questions();
  CAF_REQUIRE_EQUAL(first.size(), 1u);
  CAF_CHECK_EQUAL(answer(first[0].token, {6}), "late 6 7");
  auto second = uut.take_questions();
  CAF_REQUIRE_EQUAL(second.size(), 1u);
  CAF_CHECK_EQUAL(answer(second[0].token, {8}), "late 8 9");
}

CAF_TEST(trades from before a wish are none of its gaps) {
  want(data_kind::quotes);
  want(data_kind::trades);
  receive(trades({5}));
  CAF_CHECK_EQUAL(receive(trades({8})), ""); // asked about
  uut.take_questions();
  uut.remove({data_kind::trades, "X"});
  want(data_kind::trades);
  CAF_CHECK_EQUAL(receive(trades({20})), "20");
  CAF_CHECK(uut.take_questions().empty());
}

CAF_TEST(numbers that begin anew are followed) {
  want(data_kind::trades);
  receive(trades({500}, 0));
  CAF_CHECK_EQUAL(receive(trades({1}, 5)), "gap 500-1 1");
  CAF_CHECK_EQUAL(receive(trades({2}, 6)), "2");
}

CAF_TEST(a trade without a number breaks no chain) {
  auto coinbase = make_dialect("coinbase");
  market_feed uut{*coinbase->market(), {}, question_scope::none};
  uut.add({data_kind::trades, "A-USD"}, now);
  auto receive = [&](std::string_view id) {
    out.clear();
    ++last_message;
    (void) uut.received(
      coinbase->read(
        R"({"channel":"market_trades","client_id":"","timestamp":)"
        R"("2026-01-01T00:00:00Z","sequence_num":0,"events":[{"type":)"
        R"("update","trades":[{"trade_id":")"
        + std::string{id}
        + R"(","product_id":"A-USD","price":"1","size":"1","side":"BUY",)"
          R"("time":"2026-01-01T00:00:0)"
        + std::to_string(last_message) + R"(Z"}]}]})"),
      last_message, now, out);
    return told();
  };
  CAF_CHECK_EQUAL(receive("500"), "500");
  CAF_CHECK_EQUAL(receive("none"), "0");
  CAF_CHECK_EQUAL(receive("501"), "501");
  CAF_CHECK_EQUAL(receive("503"), "gap 501-503 503");
}

CAF_TEST(what a venue without numbers repeats after an outage is dropped) {
  auto hyperliquid = make_dialect("hyperliquid");
  market_feed uut{*hyperliquid->market(), {}, question_scope::none};
  uut.add({data_kind::trades, "BTC"}, now);
  auto receive = [&](std::initializer_list<int> seconds) {
    std::string data;
    for (auto x : seconds)
      data += (data.empty() ? "" : ",")
              + std::string{R"({"coin":"BTC","side":"B","px":"1","sz":"1",)"}
              + R"("hash":"0x1","tid":7,"time":)"
              + std::to_string(1'700'000'000'000 + x * 1000) + '}';
    out.clear();
    (void) uut.received(
      hyperliquid->read(R"({"channel":"trades","data":[)" + data + "]}"), 1,
      now, out);
    return out.size();
  };
  CAF_CHECK_EQUAL(receive({1, 2}), 2u);
  uut.disconnected(now, out);
  CAF_CHECK_EQUAL(receive({1, 2, 5}), 2u); // a gap and a trade
  CAF_CHECK(std::holds_alternative<trade_gap>(out[0]));
  CAF_CHECK_EQUAL(receive({5}), 1u);
  uut.replaced(); // without a gap, but the new connection repeats
  CAF_CHECK_EQUAL(receive({2, 5, 6}), 1u);
}

CAF_TEST(held trades are bounded) {
  feed_config cfg;
  cfg.max_held = 2;
  market_feed bounded{*venue->market(), cfg, question_scope::streams};
  bounded.add({data_kind::trades, "X"}, now);
  auto receive_all = [&](const std::vector<uint64_t>& sequences) {
    out.clear();
    (void) bounded.received(venue->read(trades(sequences)), 1, now, out);
    return told();
  };
  receive_all({5});
  CAF_CHECK_EQUAL(receive_all({8}), "");
  CAF_CHECK_EQUAL(receive_all({9}), "");
  CAF_CHECK_EQUAL(receive_all({10}), "gap 5-8 8 9 10");
}

CAF_TEST(without anybody to ask a gap is told at once) {
  market_feed alone{*venue->market(), {}, question_scope::none};
  alone.add({data_kind::trades, "X"}, now);
  (void) alone.received(venue->read(trades({1})), 1, now, out);
  out.clear();
  (void) alone.received(venue->read(trades({3})), 2, now, out);
  CAF_CHECK_EQUAL(told(), "gap 1-3 3");
}

CAF_TEST_FIXTURE_SCOPE_END()
