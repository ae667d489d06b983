// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/fwd.hpp"
#include "zenws/json/envelope.hpp"
#include "zenws/market/book_rules.hpp"
#include "zenws/market/update_list.hpp"
#include "zenws/subscription/subscription.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// How often a venue is to send changes, where it offers a choice.
enum class market_pace : uint8_t {
  /// The pace that anybody may have.
  usual,
  /// The fastest, even if the client has to be logged in for it.
  fastest,
};

/// Returns the name of the enumerator.
std::string_view to_string(market_pace value) noexcept;

/// Market data of one kind and instrument that somebody wants.
struct market_wish {
  market::data_kind kind = market::data_kind::trades;

  /// As the venue writes it. Empty for data of all instruments at once, which
  /// is the venue's way for some kinds.
  std::string instrument{};

  /// Levels of a book that are enough; 0 for as many as the venue shows.
  uint32_t depth = 0;

  market_pace pace = market_pace::usual;
};

/// How a venue numbers the trades of an instrument.
enum class trade_numbering : uint8_t {
  /// Not at all, or in a way that shows no gaps.
  none,
  /// Each number is the one before plus 1. Of a trade that has several, the
  /// first one is (`trade::first_sequence`).
  consecutive,
  /// Later trades have larger numbers.
  ascending,
};

/// Returns the name of the enumerator.
std::string_view to_string(trade_numbering value) noexcept;

/// A question to the venue about market data: a call.
struct market_query {
  std::string method{};

  /// JSON, as `call::params`.
  std::string params{};

  /// Set if the venue answers it on another address only, than that of its
  /// streams.
  bool at_api = false;
};

/// Market data of one venue: its channels, the format and numbering of their
/// messages, and the questions to ask. The counterpart of `dialect`.
///
/// Pure: no socket, no clock. Not thread-safe; a dialect owns one.
class market_protocol {
public:
  // -- constructors, destructors, and assignment operators --------------------

  market_protocol() = default;

  market_protocol(const market_protocol&) = delete;

  market_protocol& operator=(const market_protocol&) = delete;

  virtual ~market_protocol();

  // -- properties -------------------------------------------------------------

  /// Returns how the book of a wish is kept: that of `channels(wish)`.
  virtual market::book_rules rules_of_books(const market_wish& wish) const = 0;

  virtual trade_numbering numbering_of_trades() const noexcept = 0;

  // -- channels ---------------------------------------------------------------

  /// Returns the channels that together bring the data wanted, mostly one.
  /// @returns `ec::not_supported` with the reason if the venue has none.
  virtual result<std::vector<channel_spec>>
  channels(const market_wish& wish) const = 0;

  /// Returns whether a wish is fulfilled without one of its channels: venues
  /// refuse some for instruments that have no such data, and whether they have
  /// may not be known before.
  virtual bool may_be_refused(std::string_view channel) const noexcept;

  // -- messages ---------------------------------------------------------------

  /// Adds the market data of a message that `dialect::read` has called data.
  /// Adds nothing if there is none that zenws has a type for. Members and
  /// elements that are not needed are skipped.
  /// @returns `ec::invalid_data` if a member that is needed is missing, has
  ///          another type or does not fit its type, `ec::invalid_json` if the
  ///          data is malformed; ignore the updates added in that case. The
  ///          changes of the message are lost by that.
  virtual error decode(const envelope& message, market::update_list& out) = 0;

  /// Returns whether one message may be about several instruments, of which
  /// `inbound::channel` names one: if it is unreadable, all of its kind are in
  /// doubt.
  virtual bool mixes_instruments() const noexcept;

  /// Forgets what earlier messages told and later ones complete: some messages
  /// in between may be missing.
  virtual void forget_values() noexcept;

  // -- questions --------------------------------------------------------------

  /// Returns a question for the snapshot of a book, for venues whose channels
  /// bring none.
  /// @returns `ec::not_supported` if the channel brings it, or nothing does.
  virtual result<market_query> ask_book(const market_wish& wish) const;

  /// Returns a question for missing trades, the oldest first if there are more
  /// than the venue tells at once.
  /// @returns `ec::not_supported` if the venue does not tell over WebSocket.
  virtual result<market_query> ask_trades(const market::trade_gap& gap) const;

  /// Returns a question for the terms of instruments, for venues without a
  /// channel that brings them.
  /// @returns `ec::not_supported` if there is none over WebSocket.
  virtual result<market_query> ask_instruments(const market_wish& wish) const;

  /// Reads the answer to a question of any kind, like `decode`.
  /// @param instrument that the question was about.
  /// @param result as `rpc_result::json`.
  virtual error read_answer(const market_query& question,
                            std::string_view instrument,
                            std::string_view result, market::update_list& out);
};

} // namespace zenws
