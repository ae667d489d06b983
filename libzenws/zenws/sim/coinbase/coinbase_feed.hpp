// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/market/market_feed.hpp"
#include "zenws/sim/net/sliding_window.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// A connection as the market of Coinbase sees it: it numbers its messages by
/// itself.
class coinbase_listener {
public:
  /// Sends the events of a message.
  /// @param channel as in messages
  virtual void tell(std::string_view channel, std::string_view events) = 0;

  /// Leaves out a message: only its number is used up.
  virtual void leave_out() = 0;

protected:
  ~coinbase_listener() = default;
};

/// The market in Coinbase's words: `level2`, `market_trades`, `ticker`,
/// `ticker_batch` and `status`, each at the pace of the market.
class coinbase_feed final : public market_reporter {
public:
  coinbase_feed(market_feed& feed, const coinbase_config& cfg);

  /// Returns the product that the venue knows by a name, nothing if there is
  /// none: market data of "-USDC" is that of "-USD".
  std::optional<std::string> product(std::string_view name) const;

  /// Counts a message of a host. Returns whether it is within the limit.
  bool admit(const std::string& host, sliding_window::time_point now);

  /// Adds a listener to a channel "kind:product" and sends its snapshot. Does
  /// nothing for other channels.
  void subscribe(const std::string& channel, coinbase_listener& to);

  void unsubscribe(const std::string& channel, coinbase_listener& from);

  // -- implementation of market_reporter --------------------------------------

  bool busy() const override;

  void report(const instrument& item, const market_update& update,
              book_news news) override;

  void stop() override;

private:
  using time_point = std::chrono::steady_clock::time_point;

  template <class Fun>
  void publish(const std::string& kind, const std::string& product, Fun write);

  market_feed& feed_;
  const coinbase_config& cfg_;
  // The market's names by those of Coinbase.
  std::map<std::string, std::string, std::less<>> products_;
  std::map<std::string, time_point> batched_;      // the last `ticker_batch`
  std::map<std::string, sliding_window> messages_; // by host
  std::map<std::string, std::vector<coinbase_listener*>, std::less<>>
    listeners_;
};

/// Returns a time since the Unix epoch, or the present one, as Coinbase writes
/// it.
std::string coinbase_time(std::chrono::nanoseconds time
                          = wall_clock<std::chrono::nanoseconds>());

} // namespace zenws::sim
