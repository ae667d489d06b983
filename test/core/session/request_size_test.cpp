// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE request_size

#include "venue_fixture.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

client_config binance_config() {
  auto cfg = fast_config();
  cfg.backoff.max_attempts = backoff_config::unlimited;
  cfg.heartbeat.kind = heartbeat_kind::none;
  cfg.venue.dialect = "binance";
  return cfg;
}

// "c000usdt@depth@100ms", 20 characters each.
std::vector<std::string> streams(size_t count) {
  std::vector<std::string> result;
  for (size_t i = 0; i < count; ++i) {
    auto number = std::to_string(i);
    result.push_back("c" + std::string(3 - number.size(), '0') + number
                     + "usdt@depth@100ms");
  }
  return result;
}

struct fixture : venue_fixture {
  size_t most = 4'088; // bytes that the venue reads
  size_t handled = 0;  // requests that it has looked at

  // Answers as Binance does: nothing at all to requests that are too long.
  void serve() {
    for (; handled < sent.size(); ++handled)
      if (sent[handled].size() <= most)
        peer(R"({"result":null,"id":)" + std::to_string(id_of(handled)) + '}');
  }

  size_t confirmed() const {
    size_t result = 0;
    for (auto& x : uut.protocol().subscriptions().channels())
      result += x.state == channel_state::confirmed;
    return result;
  }

  // Lets the time pass until all is confirmed, or for so long.
  void settle(std::chrono::seconds patience) {
    auto end = now + patience;
    serve();
    while (confirmed() < uut.protocol().subscriptions().num_channels()
           && uut.wake_at() && *uut.wake_at() <= end) {
      take(wake());
      serve();
    }
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(request_size_tests, fixture)

// A SUBSCRIBE of more than 4,096 bytes is never answered, and was repeated
// unchanged without end (binance/binance-connector-rust, issue 27).
CAF_TEST(no request is longer than Binance reads) {
  restart(binance_config());
  connect();
  subscribe(1, streams(200));
  settle(5s);
  CAF_CHECK_EQUAL(confirmed(), 200u);
  for (auto& text : sent)
    CAF_CHECK(text.size() <= 4'088);
  CAF_CHECK_EQUAL(sent.size(), 2u);
}

CAF_TEST(a restore does not merge requests into one that is too long) {
  restart(binance_config());
  connect();
  auto all = streams(200);
  subscribe(1, {all.begin(), all.begin() + 100});
  serve();
  subscribe(2, {all.begin() + 100, all.end()});
  settle(5s);
  drop();
  reconnect();
  settle(5s);
  CAF_CHECK(uut.state() == client_state::ready);
  CAF_CHECK_EQUAL(confirmed(), 200u);
}

CAF_TEST(a limit that no client can know is found by smaller requests) {
  most = 1'000;
  restart(binance_config());
  connect();
  subscribe(1, streams(100));
  auto told = 0;
  for (size_t last = SIZE_MAX; confirmed() < 100;) {
    auto first = handled;
    serve();
    if (confirmed() == 100)
      break;
    for (auto i = first; i < sent.size(); ++i)
      if (sent[i].size() > most) {
        CAF_CHECK(sent[i].size() <= last); // halves are asked for together
        last = std::min(last, sent[i].size());
      }
    take(wake());
    told += says(out, "channels_delayed");
    CAF_REQUIRE(now < session::time_point{2h});
  }
  CAF_CHECK(told > 0);
  CAF_CHECK(uut.state() == client_state::ready);
  // The learned size holds for the next connection.
  auto before = sent.size();
  drop();
  reconnect();
  settle(20s);
  CAF_CHECK_EQUAL(confirmed(), 100u);
  for (auto i = before; i < sent.size(); ++i)
    CAF_CHECK(sent[i].size() <= most);
}

CAF_TEST(requests that fail in one moment are told by one event) {
  most = 0;
  auto cfg = binance_config();
  cfg.venue.max_channels_per_request = 10;
  restart(cfg);
  connect();
  subscribe(1, streams(100));
  auto is_delay = [](const session_action& x) {
    auto* notify = std::get_if<action::notify>(&x);
    return notify != nullptr
           && notify->event.kind == event_kind::channels_delayed;
  };
  ptrdiff_t told = 0;
  while (told == 0) {
    take(wake());
    told = std::ranges::count_if(out, is_delay);
    CAF_REQUIRE(now < session::time_point{2h});
  }
  CAF_CHECK_EQUAL(told, 1);
}

CAF_TEST(calls go on while channels are not answered) {
  most = 0;
  restart(binance_config());
  connect();
  subscribe(1, streams(2));
  drop();
  reconnect();
  CAF_CHECK(uut.state() == client_state::restoring);
  call(7);
  CAF_CHECK(says(out, "write:"));
  while (uut.state() != client_state::ready) {
    take(wake());
    CAF_REQUIRE(now < session::time_point{2h});
  }
  call(8);
  CAF_CHECK(says(out, "write:"));
}

CAF_TEST(calls and texts that the venue does not read are not sent) {
  restart(binance_config());
  connect();
  std::string big(5'000, 'x');
  take(uut.call(1, "order.place", R"({"a":")" + big + R"("})", 5s, fail_if_down,
                now));
  CAF_CHECK_EQUAL(to_text(out), "fail:1:request_too_big");
  take(uut.send(2, message_kind::text, big, fail_if_down, now));
  CAF_CHECK_EQUAL(to_text(out), "fail:2:request_too_big");
  subscribe(3, {big});
  CAF_CHECK(says(out, "=rejected"));
  CAF_CHECK(sent.empty());
}

CAF_TEST(the limits of a venue can be set) {
  auto cfg = binance_config();
  cfg.venue.max_request_bytes = 300;
  cfg.venue.max_channels_per_request = 5;
  restart(cfg);
  connect();
  subscribe(1, streams(20));
  settle(60s);
  CAF_CHECK_EQUAL(confirmed(), 20u);
  for (auto& text : sent)
    CAF_CHECK(text.size() <= 300);
}

// -- any behavior of a venue --------------------------------------------------

namespace {

// A venue that answers, refuses, or says nothing, as it likes.
struct moody_venue : venue_fixture {
  explicit moody_venue(uint64_t seed) : rng(seed) {
    auto cfg = binance_config();
    cfg.venue.dialect = rng() % 2 == 0 ? "binance" : "deribit";
    cfg.venue.request_timeout = 2s;
    restart(cfg);
  }

  void handle(size_t index) {
    auto& text = sent[index];
    auto unsubscribes = text.find("nsubscribe") != std::string::npos
                        || text.find("UNSUBSCRIBE") != std::string::npos;
    switch (rng() % 8) {
      case 0:
      case 1:
        return; // nothing
      case 2:
        refuse(index, -1003); // busy, or unknown
        return;
      case 3:
        refuse(index, 99'999);
        return;
      case 4:
        refuse(index, unsubscribes ? 99'998 : 2);
        return;
      default:
        answer(index,
               find_member(find_member(text, "params").text, "channels")
                 ? std::string{find_member(find_member(text, "params").text,
                                           "channels")
                                 .text}
                 : "null");
    }
  }

  std::mt19937_64 rng;
};

// The request without its id.
std::string content_of(const std::string& text) {
  auto params = find_member(text, "params");
  return std::string{find_member(text, "method").text}
         + std::string{params.text};
}

} // namespace

CAF_TEST(each channel is granted or reported and no request repeats the last) {
  auto seed = choose_seed();
  for (uint64_t i = 0; i < 500; ++i) {
    moody_venue venue{seed + i};
    venue.connect();
    std::vector<std::string> channels;
    for (size_t j = 0; j < 1 + venue.rng() % 9; ++j)
      channels.push_back("s" + std::to_string(j) + "@trade");
    std::set<std::string> open{channels.begin(), channels.end()};
    std::string unexplained; // the last request that failed without a reason
    size_t handled = 0;
    auto note = [&] {
      for (auto& step : venue.out)
        if (auto* report = std::get_if<action::report>(&step))
          for (auto& x : report->outcomes)
            if (x.channel_request != subscription_outcome::unsolicited)
              open.erase(x.channel);
    };
    venue.subscribe(1, channels);
    note();
    while (!open.empty() && venue.now < session::time_point{3h}) {
      while (handled < venue.sent.size()) {
        auto content = content_of(venue.sent[handled]);
        if (content == unexplained)
          CAF_FAIL("ZENWS_SEED=" << seed + i << ": repeats " << content);
        auto before = venue.uut.protocol().pending_calls();
        venue.out.clear();
        venue.handle(handled);
        auto silent = venue.uut.protocol().pending_calls() == before
                      && venue.out.empty();
        unexplained = silent ? content : std::string{};
        ++handled;
        note();
      }
      if (!venue.uut.wake_at())
        break;
      venue.take(venue.wake());
      note();
    }
    if (!open.empty())
      CAF_FAIL("ZENWS_SEED=" << seed + i << ": says nothing of "
                             << *open.begin());
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
