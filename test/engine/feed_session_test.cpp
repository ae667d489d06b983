#define CAF_SUITE feed_session

#include "trading_engine/feed_session.hpp"

#include "caf/test/unit_test.hpp"

#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws::engine;

namespace {

const std::string book = "book.X.raw";

/// A session with three channels of one instrument, at time 0.
struct fixture {
  fixture() : uut({.channels = channels_of({"X"})}) {
    // nop
  }

  std::vector<std::string> sent() {
    return uut.take_requests();
  }

  /// Returns how many of the requests contain `text`.
  size_t sent(std::string_view text) {
    size_t result = 0;
    for (const auto& request : sent())
      if (request.find(text) != std::string::npos)
        ++result;
    return result;
  }

  size_t count(channel_state state) const {
    return uut.report().count(state);
  }

  void receive(const std::string& text) {
    uut.received(text, now);
  }

  void answer(uint64_t id, const std::string& channels) {
    receive(R"({"id":)" + std::to_string(id) + R"(,"result":[)" + channels
            + "]}");
  }

  void update(const std::string& type, uint64_t prev, uint64_t id) {
    receive(R"({"method":"subscription","params":{"channel":"book.X.raw",)"
            R"("data":{"type":")"
            + type
            + R"(","instrument_name":"X",)"
              R"("prev_change_id":)"
            + std::to_string(prev) + R"(,"change_id":)" + std::to_string(id)
            + R"(,"bids":[],"asks":[]}}})");
  }

  /// Connects, and has all channels confirmed. The heartbeat is request 1.
  void connect(uint64_t epoch, uint64_t id) {
    uut.connected(epoch, now);
    answer(id, R"("book.X.raw","trades.X.raw","ticker.X.raw")");
    sent();
  }

  feed_session::time_point now{};
  feed_session uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(feed_session_tests, fixture)

CAF_TEST(a connection begins with one request for all channels) {
  CAF_CHECK_EQUAL(sent().size(), 0u);
  uut.connected(1, now);
  CAF_CHECK_EQUAL(count(channel_state::requested), 3u);
  auto requests = sent();
  CAF_REQUIRE_EQUAL(requests.size(), 2u);
  CAF_CHECK_EQUAL(requests[1],
                  R"({"jsonrpc":"2.0","id":2,"method":"public/subscribe",)"
                  R"("params":{"channels":["book.X.raw","ticker.X.raw",)"
                  R"("trades.X.raw"]}})");
  uut.connected(1, now);
  CAF_CHECK_EQUAL(sent().size(), 0u);
}

CAF_TEST(a channel counts only when the venue has confirmed it) {
  uut.connected(1, now);
  answer(99, R"("book.X.raw","trades.X.raw","ticker.X.raw")");
  CAF_CHECK_EQUAL(count(channel_state::confirmed), 0u);
  answer(2, R"("book.X.raw","trades.X.raw")");
  CAF_CHECK_EQUAL(count(channel_state::confirmed), 2u);
  CAF_CHECK_EQUAL(count(channel_state::lost), 1u);
  CAF_CHECK(!uut.is_restored());
}

CAF_TEST(what was not granted is asked for again) {
  uut.connected(1, now);
  answer(2, R"("book.X.raw","trades.X.raw")");
  sent();
  now += 4999ms;
  uut.tick(now);
  CAF_CHECK_EQUAL(sent("ticker.X.raw"), 0u);
  now += 1ms;
  uut.tick(now);
  CAF_CHECK_EQUAL(sent("ticker.X.raw"), 1u);
}

CAF_TEST(a request without an answer is lost after five seconds) {
  uut.connected(1, now);
  now += 4999ms;
  uut.tick(now);
  CAF_CHECK_EQUAL(count(channel_state::lost), 0u);
  now += 1ms;
  uut.tick(now);
  CAF_CHECK_EQUAL(count(channel_state::lost), 3u);
  CAF_CHECK_EQUAL(uut.report().counters.subscription_losses, 3u);
  now += 5s;
  uut.tick(now);
  CAF_CHECK_EQUAL(count(channel_state::requested), 3u);
}

CAF_TEST(a refused request loses its channels) {
  uut.connected(1, now);
  receive(R"({"id":2,"error":{"code":10028,"message":"too_many_requests"}})");
  CAF_CHECK_EQUAL(count(channel_state::lost), 3u);
  CAF_CHECK_EQUAL(uut.report().counters.refusals, 1u);
}

CAF_TEST(a gap leads to one new subscription) {
  connect(1, 2);
  update("snapshot", 0, 10);
  update("change", 10, 11);
  CAF_CHECK_EQUAL(sent().size(), 0u);
  update("change", 12, 13);
  update("change", 13, 14);
  auto requests = sent();
  CAF_REQUIRE_EQUAL(requests.size(), 2u);
  CAF_CHECK(requests[0].find("public/unsubscribe") != std::string::npos);
  CAF_CHECK(requests[1].find("public/subscribe") != std::string::npos);
  auto report = uut.report();
  CAF_CHECK_EQUAL(report.counters.gaps_detected, 1u);
  CAF_CHECK_EQUAL(report.counters.gaps_undetected, 0u);
  CAF_CHECK_EQUAL(report.stale_books(), 1u);
  answer(4, R"("book.X.raw")");
  update("snapshot", 0, 20);
  CAF_CHECK_EQUAL(uut.report().stale_books(), 0u);
}

CAF_TEST(a book without a snapshot is subscribed anew) {
  connect(1, 2);
  now += 5s;
  uut.tick(now);
  CAF_CHECK_EQUAL(sent(book), 2u);
}

CAF_TEST(a reconnect restores everything) {
  connect(1, 2);
  update("snapshot", 0, 10);
  CAF_CHECK(uut.is_restored());
  uut.disconnected();
  CAF_CHECK(!uut.is_restored());
  CAF_CHECK_EQUAL(uut.report().stale_books(), 1u);
  now += 1h;
  uut.tick(now);
  CAF_CHECK_EQUAL(sent().size(), 0u);
  uut.connected(2, now);
  CAF_CHECK_EQUAL(sent("public/subscribe"), 1u);
  answer(4, R"("book.X.raw","trades.X.raw","ticker.X.raw")");
  // The numbers would match, but the connection is another one.
  update("change", 10, 11);
  CAF_CHECK_EQUAL(uut.report().stale_books(), 1u);
  update("snapshot", 0, 20);
  CAF_CHECK(uut.is_restored());
  CAF_CHECK_EQUAL(uut.report().counters.gaps_undetected, 0u);
}

CAF_TEST(a test request is answered) {
  connect(1, 2);
  receive(R"({"method":"heartbeat","params":{"type":"test_request"}})");
  CAF_CHECK_EQUAL(sent("public/test"), 1u);
}

CAF_TEST(data that nobody asked for is counted and left alone) {
  connect(1, 2);
  receive(R"({"method":"subscription","params":{"channel":"trades.Y.raw",)"
          R"("data":[]}})");
  CAF_CHECK_EQUAL(uut.report().counters.unknown, 1u);
  CAF_CHECK(!uut.is_restored());
}

CAF_TEST(garbage changes nothing but a counter) {
  connect(1, 2);
  update("snapshot", 0, 10);
  receive("{");
  CAF_CHECK_EQUAL(uut.report().counters.unreadable, 1u);
  CAF_CHECK_EQUAL(uut.report().stale_books(), 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
