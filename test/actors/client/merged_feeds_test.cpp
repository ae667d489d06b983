// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE merged_feeds

// Clients of venues that send the same, merged into one.

#include "support/scripted_peer.hpp"
#include "support/unit_test.hpp"
#include "support/world.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

using texts = std::vector<std::string>;

/// Grants each subscription, and then sends its messages.
struct venue {
  explicit venue(texts messages)
    : peer([messages = std::move(messages)](const std::string& text) {
        return answer(text, messages);
      }) {
    // nop
  }

  static texts answer(const std::string& text, const texts& messages) {
    auto request = scan(text, layouts::json_rpc);
    if (!request || !request->id)
      return {};
    auto channels
      = std::string{find_member(request->params.text, "channels").text};
    texts result{R"({"jsonrpc":"2.0","id":)" + std::string{request->id.text}
                 + R"(,"result":)" + (channels.empty() ? "null" : channels)
                 + '}'};
    if (text.find("subscribe") != text.npos
        || text.find("SUBSCRIBE") != text.npos)
      result.insert(result.end(), messages.begin(), messages.end());
    return result;
  }

  scripted_peer peer;
};

std::string option_trade(std::string_view instrument, int number) {
  return R"({"trade_seq":)" + std::to_string(number)
         + R"(,"trade_id":"BTC-1","timestamp":1590484255886,"price":0.05,)"
           R"("instrument_name":")"
         + std::string{instrument} + R"(","direction":"sell","amount":1.0})";
}

std::string on_deribit(std::string_view channel, std::string_view data) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")"
         + std::string{channel} + R"(","data":)" + std::string{data} + "}}";
}

struct fixture : world {
  /// Merges two clients of venues that send these messages; returns the
  /// messages of a subscriber of the channel until the last of them.
  texts merge(const std::string& dialect, const std::string& channel,
              const texts& all) {
    venue a{all};
    venue b{all};
    merge_config both{.dialect = dialect};
    for (auto* x : {&a, &b}) {
      auto config = quick(x->peer.url());
      config.venue.dialect = dialect;
      auto client = rt.connect({.config = config});
      CAF_REQUIRE(client);
      both.sources.push_back(*client);
    }
    auto uut = rt.merge(both);
    CAF_REQUIRE(uut);
    auto in = std::make_shared<inbox>();
    auto subscriber = sys.spawn(collecting, in);
    CAF_REQUIRE(ask<channel_report>(
      *uut, subscribe_channels{{{.name = channel}}, subscriber}));
    CAF_CHECK(in->wait_for_text(all.back()));
    texts result;
    for (auto& x : in->messages())
      result.push_back(x.payload);
    self->send_exit(*uut, caf::exit_reason::user_shutdown);
    self->wait_for(*uut);
    CAF_CHECK(in->wait_for_kind(event_kind::ended));
    for (auto& x : both.sources)
      self->send_exit(x, caf::exit_reason::user_shutdown);
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(merged_feeds_tests, fixture)

CAF_TEST(trades of many instruments in one channel are each delivered once) {
  constexpr auto call_option = "BTC-25SEP20-9000-C";
  constexpr auto put_option = "BTC-26JUN20-10000-P";
  for (auto channel : {"trades.option.BTC.100ms", "trades.future.ETH.raw"})
    for (auto high_first : {true, false}) {
      auto message = [&](const std::string& trades) {
        return on_deribit(channel, '[' + trades + ']');
      };
      texts all{message(option_trade(call_option, 74405)),
                message(option_trade(put_option, 12)),
                message(option_trade(call_option, 74406)),
                message(option_trade(put_option, 13)),
                message(option_trade(call_option, 74407) + ','
                        + option_trade(put_option, 14))};
      if (!high_first)
        std::swap(all[0], all[1]);
      CAF_CHECK(merge("deribit", channel, all) == all);
    }
}

CAF_TEST(symbols reach the subscriber of their stream in any spelling) {
  const std::string symbol = "\u5e01\u5b89\u4eba\u751f";
  const std::string escaped = R"(\u5e01\u5b89\u4eba\u751f)";
  auto trade = [](const std::string& in_stream, const std::string& in_data,
                  int number) {
    return R"({"stream":")" + in_stream
           + R"(usdt@trade","data":{"e":"trade","E":1768200000000,"s":")"
           + in_data + R"(USDT","t":)" + std::to_string(number)
           + R"(,"p":"0.1234","q":"10","T":1768200000000,"m":false}})";
  };
  texts all{trade(symbol, symbol, 1), trade(escaped, escaped, 2),
            trade(symbol, escaped, 3), trade(escaped, symbol, 4)};
  CAF_CHECK(merge("binance", symbol + "usdt@trade", all) == all);
}

CAF_TEST(numbers without a trade leave no gap) {
  texts all;
  for (int i = 101; i <= 110; ++i) {
    auto is_trade = i != 104 && i != 107;
    all.push_back(
      R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1756220468099,)"
      R"("T":1756220468099,"s":"BTCUSDT","t":)"
      + std::to_string(i)
      + (is_trade ? R"(,"p":"1","q":"2","X":"MARKET","m":true}})"
                  : R"(,"p":"0","q":"0","X":"NA","m":true}})"));
  }
  CAF_CHECK(merge("binance", "btcusdt@trade", all) == all);
}

CAF_TEST_FIXTURE_SCOPE_END()
