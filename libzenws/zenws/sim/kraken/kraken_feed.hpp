// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/fault.hpp"
#include "zenws/sim/kraken/kraken_book_view.hpp"
#include "zenws/sim/kraken/kraken_channel.hpp"
#include "zenws/sim/kraken/kraken_session.hpp"
#include "zenws/sim/market/channel_list.hpp"
#include "zenws/sim/market/market_feed.hpp"

#include <map>
#include <optional>
#include <string>

namespace zenws::sim {

/// The market in Kraken's words: `book`, `trade`, `ticker` and `instrument`.
class kraken_feed final : public market_reporter {
public:
  explicit kraken_feed(market_feed& feed);

  /// Returns whether there is such a pair.
  bool has_pair(const std::string& symbol) const {
    return instruments_.contains(symbol);
  }

  /// Returns the market's name of a pair, nothing if there is none.
  std::optional<std::string> instrument_of(const std::string& symbol) const;

  /// Adds a subscriber.
  /// @pre `has_pair(channel.symbol)`, unless the channel has none
  void subscribe(const kraken_channel& channel, kraken_start start,
                 connection& subscriber);

  void unsubscribe(const kraken_channel& channel, connection& subscriber);

  // -- implementation of market_reporter --------------------------------------

  bool busy() const override;

  void report(const instrument& item, const market_update& update,
              book_news news) override;

  void stop() override;

private:
  std::string snapshot(const kraken_channel& channel) const;
  void report_trade(const std::string& symbol, const instrument& item,
                    const trade& made);
  void report_ticker(const std::string& symbol, const instrument& item,
                     const market_update& update);
  void report_book(const std::string& symbol, const instrument& item,
                   book_news news);

  market_feed& feed_;
  channel_list channels_;
  // The market's names by those of Kraken.
  std::map<std::string, std::string> instruments_;
  // Views of the books of a pair, by depth, as far as somebody has asked.
  std::map<std::string, std::map<size_t, kraken_book_view>> views_;
};

/// A broken message of a channel.
std::string malformed_push(const kraken_channel& channel, breakage mode);

} // namespace zenws::sim
