// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "book_audit.hpp"
#include "zenws/timing/growing_pause.hpp"
#include "order_book.hpp"
#include "paper_account.hpp"
#include "report.hpp"
#include "strategy.hpp"

#include "zenws/error.hpp"
#include "zenws/market/update.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::engine {

/// Market data of the engine.
struct market_options {
  /// Channels of market data, for example "book.BTC-PERPETUAL.100ms".
  std::vector<std::string> channels;

  ticker_order tickers = ticker_order::unrelated;

  /// Time to wait for the snapshot of a stale book before its channel is
  /// renewed; the time doubles each time that this was in vain.
  std::chrono::milliseconds patience = std::chrono::seconds{5};

  /// Longest silence of the channel of a book before the book is stale;
  /// the time doubles each time that there was nothing but a new snapshot.
  std::chrono::milliseconds book_silence = std::chrono::seconds{5};

  /// Upper bound of both times.
  std::chrono::milliseconds max_patience = std::chrono::minutes{1};
};

/// Returns `book.X.I`, `trades.X.I` and `ticker.X.I` of each instrument X.
/// @param interval "raw", only with a login, or "100ms" (docs.deribit.com,
///                 "Subscriptions").
std::vector<std::string>
channels_of(const std::vector<std::string>& instruments,
            std::string_view interval);

/// Contracts to buy, or to sell if negative.
struct decision {
  std::string instrument;
  int contracts = 0;
};

/// State of the markets by their messages, and the strategy's decisions.
///
/// Pure: it neither sends nor sleeps. The owner reports the begin and the end
/// of a connection, passes in messages, renews the channels of `take_renewals`
/// and carries out the decisions of `take_decisions`.
class market_view {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  // -- constructors, destructors, and assignment operators --------------------

  explicit market_view(market_options options);

  // -- properties -------------------------------------------------------------

  /// Number of the connection, 0 before the first.
  uint64_t epoch() const noexcept {
    return epoch_;
  }

  /// Data flows on this connection.
  bool flows() const noexcept {
    return connected_ && data_in_epoch_ > 0;
  }

  /// Adds the state of the markets.
  void report(engine_report& out) const;

  // -- the connection ---------------------------------------------------------

  /// A connection is there. Does nothing if it is known already.
  void connected(uint64_t epoch, time_point now);

  void disconnected();

  void granted(std::string_view channel);

  /// The venue has refused a channel, or taken it away: its book is stale.
  void refused(std::string_view channel, std::string reason);

  /// @returns `false` for a readable message that is no market data.
  bool received(std::string_view text, time_point now);

  /// Checks for overdue events.
  void tick(time_point now);

  /// Notes a problem, for people.
  void complain(std::string problem) {
    last_problem_ = std::move(problem);
  }

  // -- results ----------------------------------------------------------------

  /// Channels that have to begin anew, since the last call.
  std::vector<std::string> take_renewals() {
    return std::exchange(renewals_, {});
  }

  /// Returns the decisions since the last call. There are no more about an
  /// instrument before `settled`.
  std::vector<decision> take_decisions() {
    return std::exchange(decisions_, {});
  }

  /// Adds a decision, as if it were the strategy's. Does nothing if there
  /// is no price or if another decision is being carried out.
  void decide(const decision& choice);

  /// Nothing is decided about an instrument before `settled`.
  void suspend(const std::string& name);

  /// A decision has been carried out, or the next one may be made.
  void settled(const std::string& name);

  /// A decision could not be carried out: the position has not changed.
  /// Nothing is decided before `settled`.
  void dropped(const decision& choice);

  /// Sets the number of contracts held, as reported by the venue.
  void held(const std::string& name, int contracts);

  std::vector<std::string> instruments() const;

private:
  struct instrument {
    explicit instrument(const market_options& opts) noexcept
      : audit(opts.tickers),
        renewal(opts.patience, opts.max_patience),
        silence(opts.book_silence, opts.max_patience) {
      // nop
    }

    std::string book_channel; // may be empty
    order_book book;
    book_audit audit;
    moving_average_cross strategy;
    paper_account account;
    // Time to renew the channel if the book is still stale.
    growing_pause renewal;
    // Time from which the channel is silent for too long.
    growing_pause silence;
    bool is_silent = false;
    bool undecided = true; // no decision is being carried out
  };

  bool handle(std::string_view channel, time_point now);
  void update_book(std::string_view channel, time_point now);
  void compare_ticker(std::string_view channel);
  bool heard(std::string_view channel);
  void unreadable(std::string_view channel, time_point now);
  instrument* find(std::string_view channel,
                   const market::instrument_name& name);
  void observe(std::string_view name, instrument& item);
  void lose_book(instrument& item);
  void renew_book(instrument& item, time_point now);
  void book_spoke(instrument& item, time_point now);
  instrument* book_of(std::string_view channel);

  market_options options_;
  std::map<std::string, channel_activity, std::less<>> channels_;
  std::map<std::string, instrument, std::less<>> instruments_;
  std::vector<std::string> renewals_;
  std::vector<decision> decisions_;
  // Market data of the last message.
  market::update data_;
  market_counters counters_;
  std::string last_problem_;
  uint64_t epoch_ = 0;
  uint64_t data_in_epoch_ = 0;
  bool ever_granted_ = false;
  bool connected_ = false;
};

} // namespace zenws::engine
