// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/delivery/internal/client_front.hpp"
#include "zenws/actors/market/internal/market_audiences.hpp"
#include "zenws/delivery/market_batch.hpp"
#include "zenws/events.hpp"
#include "zenws/feed/internal/followed_trades.hpp"
#include "zenws/market/update_list.hpp"
#include "zenws/venue/market_protocol.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Market data of a client that a gateway runs, for the subscribers at this
/// node: it comes once for all of them.
///
/// The gateway proves books and finds missing trades. The losses that it cannot
/// know are told here: the node was cut off, or did not keep up. From then on
/// no book is good before its next snapshot, and the next trade has to continue
/// the last one.
///
/// Used by one actor at a time, that of the `client_front`.
class remote_market {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  using interest = market_audiences::interest;

  // -- constants --------------------------------------------------------------

  /// Books that are asked for anew at once: their snapshots have to fit the
  /// data that may wait at the gateway.
  static constexpr size_t max_portion = 8;

  /// Time after which others are asked for. A book that is not known at the
  /// gateway either comes later, by itself.
  static constexpr std::chrono::milliseconds portion_patience{500};

  // -- constructors, destructors, and assignment operators --------------------

  /// @param front must live longer.
  explicit remote_market(client_front& front) noexcept : front_(front) {
    // nop
  }

  // -- wishes -----------------------------------------------------------------

  /// Sets how the client's venue numbers trades.
  void number_trades_by(trade_numbering numbering) noexcept {
    numbering_ = numbering;
  }

  /// Adds the wish of a subscriber.
  /// @returns `false` if it has it already.
  bool add(uint64_t subscriber, const market_wish& wish);

  /// Remembers a wish as the gateway granted it, for the next gateway.
  void granted(const market_wish& wish);

  /// A subscriber gives something up.
  /// @returns the interests that nobody has any more.
  std::vector<interest> remove(uint64_t subscriber,
                               const std::vector<interest>& given_up);

  /// A subscriber is gone.
  /// @returns the interests that nobody has any more.
  std::vector<interest> remove_all(uint64_t subscriber);

  /// Takes something from all of its subscribers, which are notified.
  void revoke(const interest& lost, const error& reason);

  /// Returns all that is wanted, each once.
  std::vector<market_wish> wishes() const;

  // -- data -------------------------------------------------------------------

  /// Delivers data of the gateway, which has the numbers of this node.
  subscriber_set::verdict received(const market_block_ptr& updates);

  /// Reports that nothing comes for now.
  void disconnected();

  /// Reports that the gateway left updates out, nobody knows which.
  void dropped(uint64_t updates);

  /// Returns the wishes to ask the gateway for once more, by now.
  std::vector<market_wish> take_repeats(time_point now);

  /// Returns whether there is more to ask for, later.
  bool has_repeats() const noexcept {
    return !repeats_.empty();
  }

private:
  // A wish and its subscribers.
  struct wanted {
    market_wish wish;
    std::set<uint64_t> subscribers{};
  };

  struct book {
    /// Whether subscribers have it, by a snapshot and all changes since.
    bool is_known = false;

    /// Those that came later, and get it from the next snapshot on.
    std::vector<uint64_t> waiting{};
  };

  struct trade_series {
    internal::followed_trades trades;

    /// Whether some may be missing before the next one.
    bool is_doubtful = false;
  };

  // Treatment of an update.
  enum class fate : uint8_t {
    pass_on,
    leave_out,
    /// Pass it on after `gap_`.
    tell_gap,
    /// Pass it on, also to those that waited for it.
    admit_waiting,
  };

  // @returns whether nobody wants it any more.
  bool remove(uint64_t subscriber, const interest& given_up);

  // Forgets the data of an interest.
  void forget(const interest& given_up);

  fate judge(const market::update& x);

  fate judge(const market::trade& x);

  fate judge(const market::book_snapshot& x);

  fate judge(const market::book_lost& x);

  book* find_book(const market::instrument_name& name);

  trade_series* find_trades(const market::instrument_name& name);

  void admit_waiting(const market::instrument_name& name);

  // Nothing is known of any book, and trades may be missing.
  void lose(market::loss_cause cause);

  // Adds the loss of a book to `pending_`, unless subscribers know.
  void lose(const std::string& name, book& about, market::loss_cause cause);

  void deliver_pending();

  // Delivers `pending_` as of the client and connection of `origin`.
  void flush(const market_block& origin);

  void deliver(const market_block_ptr& updates);

  client_front& front_;
  trade_numbering numbering_ = trade_numbering::none;
  std::map<interest, wanted> wanted_;
  market_audiences audiences_; // those that wait are not part of it
  std::map<std::string, book, std::less<>> books_;
  size_t unknown_books_ = 0;
  std::map<std::string, trade_series, std::less<>> trades_;
  std::chrono::system_clock::time_point received_at_{}; // the last data

  // While data is looked at.
  std::optional<market::trade_gap> gap_;
  market::update_list pending_;
  subscriber_set::verdict verdict_ = subscriber_set::verdict::keep_reading;

  // After a loss: wishes to ask for again, and books that were asked for.
  std::deque<interest> repeats_;
  std::set<std::string, std::less<>> asked_;
  time_point asked_until_{};
  size_t portion_ = max_portion;
};

} // namespace zenws
