// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/bybit/bybit_topic.hpp"
#include "zenws/sim/market/channel_list.hpp"
#include "zenws/sim/market/market_feed.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::sim {

/// The market in Bybit's words: books, best prices, trades and tickers of
/// linear contracts and of spot.
class bybit_feed final : public market_reporter {
public:
  explicit bybit_feed(market_feed& feed);

  bool has_symbol(std::string_view symbol) const;

  /// Returns the instrument of a symbol, null if there is none.
  const instrument* find(std::string_view symbol) const;

  /// Adds a subscriber; all but trades begin with a snapshot.
  /// @pre `has_symbol(topic.symbol)`
  void subscribe(bybit_product where, const bybit_topic& topic,
                 connection& subscriber);

  void unsubscribe(bybit_product where, const bybit_topic& topic,
                   connection& subscriber);

  // -- implementation of market_reporter --------------------------------------

  bool busy() const override;

  void report(const instrument& item, const market_update& update,
              book_news news) override;

  void stop() override;

  /// Names and values of a ticker.
  using ticker_members = std::vector<std::pair<std::string_view, std::string>>;

private:
  /// The best prices and their amounts, in ticks and lots.
  using touch = std::array<int64_t, 4>;

  struct symbol_state {
    const instrument* item = nullptr;
    /// Numbers of the last change of the book, and of its best prices.
    uint64_t book_id = 1'000;
    uint64_t touch_id = 500;
    touch best{};
    std::chrono::steady_clock::time_point told{};
    /// The ticker as its subscribers know it.
    ticker_members ticker{};
  };

  channel_list& channels(bybit_product where) noexcept {
    return channels_[static_cast<size_t>(where)];
  }

  void report_book(const std::string& symbol, symbol_state& state,
                   const market_update& update, book_news news);

  void report_touch(const std::string& symbol, symbol_state& state);

  void report_ticker(const std::string& symbol, symbol_state& state);

  market_feed& feed_;
  std::array<channel_list, 2> channels_;
  std::map<std::string, symbol_state, std::less<>> symbols_;
};

/// A broken message of a topic.
std::string malformed_push(const bybit_topic& topic, breakage mode);

} // namespace zenws::sim
