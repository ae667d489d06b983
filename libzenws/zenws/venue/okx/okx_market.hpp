// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/ticker.hpp"
#include "zenws/venue/market_protocol.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace zenws {

/// Market data of OKX, API version 5 (okx.com/docs-v5, "WebSocket"), in
/// messages that were scanned with `layouts::okx`.
class okx_market : public market_protocol {
public:
  // -- constants --------------------------------------------------------------

  /// Instruments whose last ticker is kept. Tickers of more show only the
  /// figures of their message.
  static constexpr size_t max_tickers = 4096;

  /// Instruments whose type is kept. The venue lists about 4,000.
  static constexpr size_t max_terms = 32'768;

  // -- properties -------------------------------------------------------------

  /// Each change names the one before. Where only 5 levels are wanted, each
  /// message is a snapshot.
  ///
  /// A checksum is verified if there is one: since June 2026 it is always 0.
  market::book_rules rules_of_books(const market_wish& wish) const override;

  /// By `tradeId`. A message may sum up several trades, whose numbers follow
  /// each other.
  trade_numbering numbering_of_trades() const noexcept override;

  // -- channels ---------------------------------------------------------------

  /// `trades`, `bbo-tbt` for quotes, `books5` for up to 5 levels of a book and
  /// `books` for up to 400; at `market_pace::fastest` `books50-l2-tbt` and
  /// `books-l2-tbt`, which need a login and the fee tier VIP4. `instruments` by
  /// type: spot, perpetual, future and option.
  ///
  /// A ticker needs several channels, which depend on the type of the
  /// instrument. That is known if its terms have come, and then so is its
  /// index; else all channels that may exist are returned but that of the
  /// index, and the venue refuses those that do not.
  result<std::vector<channel_spec>>
  channels(const market_wish& wish) const override;

  /// All channels of a ticker but `tickers`.
  bool may_be_refused(std::string_view channel) const noexcept override;

  // -- messages ---------------------------------------------------------------

  /// Decodes messages of these channels and of `trades-all`. An index price
  /// becomes a ticker of each instrument that has a ticker and this index.
  error decode(const envelope& message, market::update_list& out) override;

  void forget_values() noexcept override;

  // -- called by the dialect --------------------------------------------------

  /// Drops the figures that a channel has added to tickers.
  void forget(std::string_view channel);

private:
  /// The terms of an instrument that matter here.
  struct terms {
    market::instrument_kind kind = market::instrument_kind::other;

    bool has_funding = false;

    /// Empty if there is none.
    market::instrument_name index{};
  };

  enum class ticker_part : uint8_t;

  static std::optional<ticker_part> part_of(std::string_view channel) noexcept;

  std::vector<channel_spec>
  channels_of_ticker(const std::string& instrument) const;

  const terms* find_terms(std::string_view instrument) const;

  void remember(const market::instrument_state& instrument, const terms& about);

  error decode_ticker(ticker_part part, const envelope& message,
                      market::update_list& out);

  error decode_index(const envelope& message, market::update_list& out);

  error decode_instruments(const envelope& message, market::update_list& out);

  void complete(ticker_part part, market::ticker& x);

  static void assign(ticker_part part, const market::ticker& from,
                     market::ticker& to) noexcept;

  bool concerns(ticker_part part, const market::instrument_name& subject,
                const market::instrument_name& instrument) const;

  std::unordered_map<market::instrument_name, terms> terms_;

  std::unordered_map<market::instrument_name, market::ticker> tickers_;

  // Of the last message about indices.
  std::vector<market::ticker> indices_;
};

} // namespace zenws
