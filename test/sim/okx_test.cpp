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
