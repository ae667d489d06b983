// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/market/channel_list.hpp"
#include "zenws/sim/market/market_feed.hpp"

#include <string>
#include <string_view>

namespace zenws::sim {

/// The market in Deribit's words: `book`, `trades` and `ticker` channels.
class deribit_feed final : public market_reporter {
public:
  explicit deribit_feed(market_feed& feed);

  /// Returns whether there is such a channel.
  bool knows(std::string_view channel) const;

  /// Adds a subscriber; to a book channel it gets the snapshot at once.
  /// @pre `knows(channel)`
  void subscribe(const std::string& channel, connection& subscriber);

  void unsubscribe(const std::string& channel, connection& subscriber);

  // -- implementation of market_reporter --------------------------------------

  bool busy() const override;

  void report(const instrument& item, const market_update& update,
              book_news news) override;

  void stop() override;

private:
  market_feed& feed_;
  channel_list channels_;
};

} // namespace zenws::sim
