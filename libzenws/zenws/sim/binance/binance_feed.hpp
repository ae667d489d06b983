// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/market/channel_list.hpp"
#include "zenws/sim/market/market_feed.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace zenws::sim {

/// Form of a connection's messages: as they are, or wrapped together with
/// the name of their stream.
enum class stream_wrapping : uint8_t { raw, combined };

/// The market in Binance's words: `@trade`, `@aggTrade`, `@bookTicker`,
/// `@ticker`, and `@depth`, `@depth5`, `@depth10` and `@depth20` with or
/// without
/// `@100ms`, each at the pace of the market.
class binance_feed final : public market_reporter {
public:
  explicit binance_feed(market_feed& feed);

  /// Adds a subscriber; a stream of no instrument stays silent.
  void subscribe(const std::string& stream, stream_wrapping wrapping,
                 connection& subscriber);

  void unsubscribe(const std::string& stream, stream_wrapping wrapping,
                   connection& subscriber);

  // -- implementation of market_reporter --------------------------------------

  bool busy() const override;

  void report(const instrument& item, const market_update& update,
              book_news news) override;

  void stop() override;

private:
  channel_list& channels(stream_wrapping wrapping) noexcept {
    return wrapping == stream_wrapping::raw ? raw_ : combined_;
  }

  template <class Fun>
  void publish(const std::string& stream, Fun write);

  market_feed& feed_;
  channel_list raw_;
  channel_list combined_;
};

} // namespace zenws::sim
