// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "book_audit.hpp"
#include "paper_account.hpp"
#include "report.hpp"
#include "strategy.hpp"

#include "zenws/market/order_book.hpp"
#include "zenws/market/update.hpp"
#include "zenws/venue/market_protocol.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::engine {

/// Market data of the engine.
struct market_options {
  /// As the venue writes them, for example "BTC-PERPETUAL".
  std::vector<std::string> instruments;

  /// Decisions need books. Tickers are compared with them, trades counted.
  market::data_kinds kinds{market::data_kind::book, market::data_kind::trades,
                           market::data_kind::ticker};

  market_pace pace = market_pace::usual;

  ticker_order tickers = ticker_order::unrelated;
};

/// Contracts to buy, or to sell if negative.
struct decision {
  std::string instrument;
  int contracts = 0;
};

/// State of the markets by their updates, and the strategy's decisions.
///
/// Pure: it neither sends nor sleeps. The owner reports the begin and the end
/// of a connection, passes in updates, renews the books of `take_renewals` and
/// carries out the decisions of `take_decisions`.
class market_view {
public:
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

  /// A connection is there, or has taken over from another one, whose books
  /// go on.
  void connected(uint64_t epoch);

  /// The connection has ended: all books are lost.
  void disconnected();

  /// The venue has granted one kind of data of an instrument.
  void granted(market::data_kind kind, std::string_view name);

  /// The venue has refused it, or taken it away: a book is lost by that.
  void refused(market::data_kind kind, std::string_view name,
               std::string reason);

  void received(const market::update& x);

  /// Notes a problem, for people.
  void complain(std::string problem) {
    last_problem_ = std::move(problem);
  }

  // -- results ----------------------------------------------------------------

  /// Instruments whose books have to begin anew, since the last call.
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
    explicit instrument(ticker_order tickers) noexcept : audit(tickers) {
      // nop
    }

    // Null if there is no such subscription.
    subscription_activity* find(market::data_kind kind) {
      auto i = subscriptions.find(kind);
      return i != subscriptions.end() ? &i->second : nullptr;
    }

    std::map<market::data_kind, subscription_activity> subscriptions;
    market::order_book book;
    std::optional<market::loss_cause> lost;
    book_audit audit;
    moving_average_cross strategy;
    paper_account account;
    bool undecided = true; // no decision is being carried out
  };

  using entry = std::pair<const std::string, instrument>;

  entry* find(std::string_view name);

  void update_book(entry& to, const market::update& x);

  void handle(entry& to, const market::book_lost& loss);

  void lose_book(instrument& item, market::loss_cause cause);

  void count(market::loss_cause cause);

  void observe(entry& to);

  market_options options_;
  std::map<std::string, instrument, std::less<>> instruments_;
  std::vector<std::string> renewals_;
  std::vector<decision> decisions_;
  market_counters counters_;
  std::string last_problem_;
  uint64_t epoch_ = 0;
  uint64_t data_in_epoch_ = 0;
  bool ever_granted_ = false;
  bool connected_ = false;
};

} // namespace zenws::engine
