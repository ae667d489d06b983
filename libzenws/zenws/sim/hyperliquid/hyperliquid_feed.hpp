// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/hyperliquid/hyperliquid_stream.hpp"
#include "zenws/sim/market/market_feed.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace zenws::sim {

/// A connection as the feed sees it.
class hyperliquid_listener {
public:
  virtual void push(std::string_view text) = 0;

protected:
  ~hyperliquid_listener() = default;
};

/// The market in Hyperliquid's words: `l2Book`, `trades`, `bbo`,
/// `activeAssetCtx` and `allMids`. Coins are perpetuals: `BTC-PERPETUAL` is
/// "BTC" here. Prices have the market's steps, not five significant figures.
class hyperliquid_feed final : public market_reporter {
public:
  hyperliquid_feed(market_feed& feed, const hyperliquid_config& cfg);

  // -- properties -------------------------------------------------------------

  bool has(const std::string& coin) const {
    return coins_.contains(coin);
  }

  /// Returns the answer to an `info` request as the HTTP API gives it, nothing
  /// if the simulator does not know it.
  std::optional<std::string> info(const json& request) const;

  // -- transitions ------------------------------------------------------------

  /// Adds a subscriber, which gets the present state, and trades of before.
  /// @pre `stream.coin.empty() || has(stream.coin)`
  void subscribe(const hyperliquid_stream& stream,
                 hyperliquid_listener& subscriber);

  void unsubscribe(const hyperliquid_stream& stream,
                   hyperliquid_listener& subscriber);

  // -- implementation of market_reporter --------------------------------------

  bool busy() const override;

  void report(const instrument& item, const market_update& update,
              book_news news) override;

  void stop() override;

private:
  using time_point = std::chrono::steady_clock::time_point;

  using subscribers = std::vector<hyperliquid_listener*>;

  const instrument& item_of(const std::string& coin) const;

  bool is_due(const std::string& stream, std::chrono::milliseconds interval);

  template <class Write>
  void publish(const hyperliquid_stream& stream, Write write);

  void report_trade(const std::string& coin, const instrument& item,
                    const trade& x);

  void report_quote(const std::string& coin, const instrument& item);

  std::string mids() const;

  market_feed& feed_;
  const hyperliquid_config& cfg_;
  // The market's names by coin.
  std::map<std::string, std::string> coins_;
  std::unordered_map<std::string, subscribers> subscribers_;
  // The last message of each stream at its pace.
  std::unordered_map<std::string, time_point> pushed_;
  std::unordered_map<std::string, std::string> quotes_;
  // The latest trades of each coin.
  std::map<std::string, std::deque<std::string>> trades_;
};

/// A broken message of a stream.
std::string malformed_push(const hyperliquid_stream& stream, breakage mode);

} // namespace zenws::sim
