// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/feed/book_status.hpp"
#include "zenws/feed/feed_config.hpp"
#include "zenws/market/book_rules.hpp"
#include "zenws/market/order_book.hpp"
#include "zenws/market/update_list.hpp"
#include "zenws/timing/growing_pause.hpp"
#include "zenws/venue/market_protocol.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace zenws::internal {

/// The book of one instrument as its venue tells it: proven, or lost and begun
/// anew.
///
/// The updates that it lets through are chained, whatever the venue's rule:
/// each change names the update before, and removes the levels beyond the depth
/// shown.
class followed_book {
public:
  // -- member types -----------------------------------------------------------

  using time_point = growing_pause::time_point;

  /// Something that only others can do.
  enum class need : uint8_t {
    none,
    /// The channel has to begin anew.
    renewal,
    /// The snapshot has to be asked for.
    snapshot,
  };

  // -- constructors, destructors, and assignment operators --------------------

  followed_book(market_wish wish, const market::book_rules& rules,
                const feed_config& cfg);

  // -- properties -------------------------------------------------------------

  const market_wish& wish() const noexcept {
    return wish_;
  }

  book_status status(time_point now) const;

  /// Adds the whole book, if it is proven.
  void tell(market::update_list& out) const;

  // -- transitions ------------------------------------------------------------

  /// A connection is there: a snapshot is expected.
  void connected(time_point now);

  void disconnected();

  /// Judges an update of this book within a list, and turns it into the update
  /// for subscribers.
  /// @returns `false` if they get nothing.
  bool received(market::update_list& list, size_t index, time_point now);

  /// Reads the answer to `need::snapshot`.
  /// @param answer has the snapshot.
  /// @param out receives the updates for subscribers.
  void answered(market::update_list& answer, market::update_list& out,
                time_point now);

  /// There is no answer: another one will be needed.
  void unanswered(time_point now);

  /// Nothing is known any more.
  /// @returns the loss to tell subscribers; nothing if they know.
  std::optional<market::book_lost> lose(market::loss_cause cause,
                                        time_point now);

  /// Checks the deadlines of the book.
  /// @returns as `lose`.
  std::optional<market::book_lost> expired(time_point now);

  /// Returns the need that arose since the last call.
  need take_need() noexcept;

private:
  bool deliver(market::update_list& list, size_t index, time_point now);

  // Keeps a change for the answer that is waited for, if there is one.
  void hold(const market::update& change);

  // Begins anew after a loss, at once unless that was done just before.
  void recover(time_point now);

  // Asks for a snapshot, in the way of the venue.
  void begin_anew(time_point now);

  void release_held(market::update_list& out, time_point now);

  market_wish wish_;
  market::instrument_name name_;
  bool asks_; // for snapshots
  bool watches_silence_;
  size_t max_held_;
  market::order_book book_;
  uint64_t delivered_ = 0;
  std::optional<time_point> delivered_at_{};
  std::optional<market::loss_cause> lost_{}; // since the last snapshot
  bool told_ = false;                        // subscribers believe in the book
  bool connected_ = false;
  bool was_silent_ = false;
  bool asking_ = false;
  bool has_asked_ = false; // on this connection
  bool recovers_later_ = false;
  need need_ = need::none;
  growing_pause patience_; // until the snapshot is overdue
  growing_pause recovery_; // before the next loss may lead to a request
  growing_pause silence_;  // until the channel is silent for too long
  market::update_list held_;
};

} // namespace zenws::internal
