#pragma once

#include "trading_engine/book_audit.hpp"
#include "trading_engine/feed_message.hpp"
#include "trading_engine/order_book.hpp"
#include "trading_engine/paper_account.hpp"
#include "trading_engine/report.hpp"
#include "trading_engine/strategy.hpp"
#include "trading_engine/subscription_ledger.hpp"

#include "zenws/market/update.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::engine {

struct feed_options {
  /// Channels to subscribe to, for example "book.BTC-PERPETUAL.raw".
  std::vector<std::string> channels;

  ticker_order tickers = ticker_order::unrelated;

  /// How long to wait for an answer, and for the snapshot of a stale book.
  std::chrono::milliseconds patience = std::chrono::seconds{5};

  /// Heartbeats to ask the venue for; at least 10 s (Deribit).
  std::chrono::seconds heartbeat{30};
};

/// Returns `book.X.raw`, `trades.X.raw` and `ticker.X.raw` of each instrument.
std::vector<std::string>
channels_of(const std::vector<std::string>& instruments);

/// The conversation with the venue: texts and time in, requests out.
///
/// Pure: it neither sends nor sleeps. The owner tells when a connection begins
/// and ends, passes in what arrives, and sends what `take_requests` returns.
class feed_session {
public:
  // -- member types -----------------------------------------------------------

  using time_point = subscription_ledger::time_point;

  // -- constructors, destructors, and assignment operators --------------------

  explicit feed_session(feed_options options);

  // -- properties -------------------------------------------------------------

  /// Number of the connection, 0 before the first.
  uint64_t epoch() const noexcept {
    return epoch_;
  }

  /// All channels are confirmed and data flows on this connection.
  bool is_restored() const;

  engine_report report() const;

  // -- transitions ------------------------------------------------------------

  /// A connection is there. Does nothing if it is known already.
  void connected(uint64_t epoch, time_point now);

  void disconnected();

  void received(std::string_view text, time_point now);

  /// Looks for what should have happened by now.
  void tick(time_point now);

  /// Returns what is to be sent, in this order.
  std::vector<std::string> take_requests() {
    return std::exchange(requests_, {});
  }

private:
  struct instrument {
    explicit instrument(ticker_order order) noexcept : audit(order) {
      // nop
    }

    order_book book;
    book_audit audit;
    moving_average_cross strategy;
    paper_account account;
    /// When to subscribe anew if the book is still stale.
    time_point stale_until{};
  };

  void handle(const channels_answer& what, time_point now);
  void handle(const refusal& what, time_point now);
  void handle(const market_data& what, time_point now);
  void handle(const test_request&, time_point now);
  void handle(const unknown_message& what, time_point now);
  void handle(const error& what, time_point now);

  template <class T>
  void handle(const T&, time_point) {
    // nop
  }

  void update_book(std::string_view channel, time_point now);
  void count_trades(std::string_view channel);
  void compare_ticker(std::string_view channel);
  instrument* find(std::string_view channel,
                   const market::instrument_name& name);
  void trade(instrument& what);
  void renew_book(std::string_view name, instrument& what, time_point now);
  void subscribe_due(time_point now);
  void complain(std::string problem);

  feed_options options_;
  subscription_ledger ledger_;
  std::map<std::string, instrument, std::less<>> instruments_;
  std::vector<std::string> requests_;
  /// Market data of the last message.
  market::update data_;
  feed_counters counters_;
  std::string last_problem_;
  uint64_t epoch_ = 0;
  uint64_t last_id_ = 0;
  uint64_t data_in_epoch_ = 0;
  bool connected_ = false;
};

} // namespace zenws::engine
