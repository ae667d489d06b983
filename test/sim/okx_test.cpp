// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE okx

#include "okx_fixture.hpp"

#include <boost/crc.hpp>

#include <map>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto public_path = "/ws/v5/public";

// A book kept from messages, as the texts that its checksum is made of.
class kept_book {
public:
  void apply(const json_text& message) {
    apply(message, "/data/0/bids", bids_);
    apply(message, "/data/0/asks", asks_);
  }

  int64_t checksum() const {
    std::string text;
    auto bid = bids_.rbegin();
    auto ask = asks_.begin();
    for (int i = 0; i < 25; ++i) {
      if (bid != bids_.rend())
        text += (bid++)->second + ':';
      if (ask != asks_.end())
        text += (ask++)->second + ':';
    }
    boost::crc_32_type crc;
    crc.process_bytes(text.data(), text.size() - 1);
    return static_cast<int32_t>(crc.checksum());
  }

private:
  using levels = std::map<double, std::string>;

  static void apply(const json_text& message, const std::string& path,
                    levels& out) {
    for (size_t i = 0; i < message.size(path); ++i) {
      auto level = path + '/' + std::to_string(i);
      auto price = message.str(level + "/0");
      auto amount = message.str(level + "/1");
      if (amount == "0")
        out.erase(std::stod(price));
      else
        out[std::stod(price)] = price + ':' + amount;
    }
  }

  levels bids_;
  levels asks_;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(okx_tests, okx_server_fixture)

CAF_TEST(books continue each other and agree with their checksums) {
  start({.checksums = sim::book_checksum::computed});
  sim_client uut{*server, public_path};
  CAF_CHECK_EQUAL(uut.ask(subscribe("books")).str("/event"), "subscribe");
  auto first = uut.receive();
  CAF_REQUIRE(first);
  CAF_CHECK_EQUAL(first->str("/action"), "snapshot");
  CAF_CHECK_EQUAL(first->num("/data/0/prevSeqId"), -1);
  kept_book book;
  book.apply(*first);
  CAF_CHECK_EQUAL(first->num("/data/0/checksum"), book.checksum());
  auto last = first->num("/data/0/seqId");
  for (int i = 0; i < 50; ++i) {
    auto next = uut.receive();
    CAF_REQUIRE(next);
    CAF_CHECK_EQUAL(next->str("/action"), "update");
    CAF_CHECK_EQUAL(next->num("/data/0/prevSeqId"), last);
    book.apply(*next);
    CAF_CHECK_EQUAL(next->num("/data/0/checksum"), book.checksum());
    last = next->num("/data/0/seqId");
  }
  server->apply(sim::fault_gap{2});
  CAF_CHECK(uut.await([&](const json_text& x) {
    auto gap = x.num("/data/0/prevSeqId") != last;
    last = x.num("/data/0/seqId");
    return gap;
  }));
}

CAF_TEST(books have no checksum any more) {
  sim_client uut{*server, public_path};
  uut.ask(subscribe("books"));
  for (int i = 0; i < 3; ++i) {
    auto next = uut.receive();
    CAF_REQUIRE(next);
    CAF_CHECK_EQUAL(next->num("/data/0/checksum"), 0);
  }
}

CAF_TEST(small books come whole each time) {
  auto check = [&](const std::string& channel, size_t depth) {
    sim_client uut{*server, public_path}; // no other channel's data
    CAF_CHECK_EQUAL(uut.ask(subscribe(channel)).str("/event"), "subscribe");
    for (int i = 0; i < 5; ++i) {
      auto next = uut.await([&](const json_text& x) {
        return x.has("/data") && x.str("/arg/channel") == channel;
      });
      CAF_REQUIRE(next);
      CAF_CHECK_EQUAL(next->size("/data/0/asks"), depth);
      CAF_CHECK_EQUAL(next->size("/data/0/bids"), depth);
      CAF_CHECK(!next->has("/action"));
      CAF_CHECK(!next->has("/data/0/prevSeqId"));
      CAF_CHECK(next->num("/data/0/seqId") > 0);
    }
  };
  check("bbo-tbt", 1);
  check("books5", 5);
}

CAF_TEST(numbers of trades follow each other whatever is summed up) {
  sim_client uut{*server, public_path};
  uut.ask(subscribe("trades"));
  int64_t last = 0;
  bool has_sum = false;
  for (int i = 0; i < 12; ++i) {
    auto next = uut.receive();
    CAF_REQUIRE(next);
    auto id = std::stoll(next->str("/data/0/tradeId"));
    auto count = std::stoll(next->str("/data/0/count"));
    if (last != 0)
      CAF_CHECK_EQUAL(id - count, last);
    has_sum |= count > 1;
    last = id;
  }
  CAF_CHECK(has_sum);
}

CAF_TEST(swaps have prices that pairs have not ) {
  auto check = [&](const std::string& channel, const std::string& inst_id,
                   const std::string& member) {
    sim_client uut{*server, public_path}; // no other channel's data
    CAF_CHECK_EQUAL(uut.ask(subscribe(channel, inst_id)).str("/event"),
                    "subscribe");
    auto next = uut.await([&](const json_text& x) {
      return x.has("/data") && x.str("/arg/channel") == channel;
    });
    CAF_REQUIRE(next);
    CAF_CHECK_EQUAL(next->str("/data/0/instId"), inst_id);
    CAF_CHECK(!next->str("/data/0/" + member).empty());
  };
  check("funding-rate", "BTC-USDT-SWAP", "fundingRate");
  check("open-interest", "BTC-USDT-SWAP", "oi");
  check("mark-price", "BTC-USDT-SWAP", "markPx");
  check("index-tickers", "BTC-USDT", "idxPx");
}

CAF_TEST(instruments are listed by type) {
  sim_client uut{*server, public_path};
  auto list = [&](const std::string& type) {
    uut.ask(R"({"op":"subscribe","args":[{"channel":"instruments",)"
            R"("instType":")"
            + type + R"("}]})");
    auto result = uut.receive();
    CAF_REQUIRE(result);
    CAF_CHECK_EQUAL(result->str("/arg/instType"), type);
    return std::move(*result);
  };
  auto swaps = list("SWAP");
  CAF_REQUIRE_EQUAL(swaps.size("/data"), 2u);
  CAF_CHECK_EQUAL(swaps.str("/data/0/instId"), "BTC-USDT-SWAP");
  CAF_CHECK_EQUAL(swaps.str("/data/0/uly"), "BTC-USDT");
  CAF_CHECK_EQUAL(swaps.str("/data/0/tickSz"), "0.5");
  CAF_CHECK_EQUAL(list("SPOT").str("/data/0/baseCcy"), "BTC");
  CAF_CHECK_EQUAL(list("OPTION").size("/data"), 0u);
}

CAF_TEST(trades and tickers carry their argument) {
  sim_client uut{*server, public_path};
  uut.send(subscribe("trades"));
  uut.send(subscribe("tickers", "ETH-USDT-SWAP"));
  auto trade = uut.await([](const json_text& x) {
    return x.has("/data") && x.str("/arg/channel") == "trades";
  });
  CAF_REQUIRE(trade);
  CAF_CHECK_EQUAL(trade->str("/arg/instId"), "BTC-USDT");
  CAF_CHECK_EQUAL(trade->str("/data/0/instId"), "BTC-USDT");
  CAF_CHECK(!trade->str("/data/0/px").empty());
  auto ticker = uut.await([](const json_text& x) {
    return x.has("/data") && x.str("/arg/channel") == "tickers";
  });
  CAF_REQUIRE(ticker);
  CAF_CHECK_EQUAL(ticker->str("/data/0/instId"), "ETH-USDT-SWAP");
  CAF_CHECK_EQUAL(ticker->str("/data/0/instType"), "SWAP");
}

CAF_TEST(a client that says nothing is cut even if it gets data) {
  start({.idle_timeout = 100ms});
  sim_client uut{*server, public_path};
  uut.send(subscribe("trades"));
  CAF_CHECK_EQUAL(uut.end(), 4004);
  CAF_CHECK_EQUAL(uut.end_reason(), "No data received in 0s.");
}

CAF_TEST(a notice comes before a commanded cut) {
  sim_client uut{*server, public_path};
  CAF_REQUIRE_EQUAL(uut.ask("ping").text(), "pong");
  server->apply(sim::fault_cut{20ms}, public_path);
  auto notice = uut.receive();
  CAF_REQUIRE(notice);
  CAF_CHECK_EQUAL(notice->str("/event"), "notice");
  CAF_CHECK_EQUAL(notice->str("/code"), "64008");
  CAF_CHECK(!notice->str("/connId").empty());
  CAF_CHECK_EQUAL(uut.ask("ping").text(), "pong");
  CAF_CHECK_EQUAL(uut.end(), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
