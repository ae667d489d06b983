// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/market/order_book.hpp"
#include "zenws/market/update.hpp"
#include "zenws/trading/order_event.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace zenws::engine {

/// Names an instrument at a venue of the engine.
struct market_key {
  std::string venue;

  /// As the venue writes it.
  std::string instrument;

  bool operator==(const market_key&) const = default;
};

/// What a strategy knows of one instrument at one venue: its book and terms,
/// its own orders there, the position of the account, and whether the desk
/// trades it.
///
/// Pure: no clock, no I/O.
class traded_market {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  using order_map = std::map<trading::client_order_id, trading::order>;

  // -- constructors, destructors, and assignment operators --------------------

  explicit traded_market(market_key key);

  // -- properties -------------------------------------------------------------

  const market_key& key() const noexcept {
    return key_;
  }

  const market::instrument_name& instrument() const noexcept {
    return instrument_;
  }

  const market::order_book& book() const noexcept {
    return book_;
  }

  /// Null as long as the venue has not told them.
  const market::instrument_state* terms() const noexcept {
    return terms_ ? &*terms_ : nullptr;
  }

  trading::desk_state state() const noexcept {
    return state_;
  }

  /// Of the account. Nothing as long as it is not known.
  const std::optional<market::decimal>& position() const noexcept {
    return position_;
  }

  /// Our orders that are not over.
  const order_map& orders() const noexcept {
    return orders_;
  }

  /// Returns our order of a side, null if there is none. Of several, one.
  const trading::order* order_of(trading::order_side side) const noexcept;

  /// The desk takes requests, and nothing that was asked for is open: neither
  /// the position nor the outcome of a request.
  bool is_settled() const noexcept;

  /// Same, with prices on both sides of a proven book and known terms: all that
  /// a decision needs.
  bool is_tradable(time_point now) const noexcept;

  // -- news -------------------------------------------------------------------

  void apply(const market::update& x);

  void apply(const trading::order_event& news);

  void apply(const desk_state_changed& news);

  void apply(const desk_request_failed& news);

  /// The position is another one: nothing is known until `know_position`.
  void doubt_position() noexcept {
    position_.reset();
  }

  void know_position(market::decimal amount) noexcept {
    position_ = amount;
  }

  /// These are all orders of ours that are open at the desk.
  void know_orders(const std::vector<trading::order>& open);

  // -- requests ---------------------------------------------------------------

  /// An order is on its way to the desk.
  void placing() noexcept {
    ++under_way_;
  }

  /// The desk has taken an order, or refused it.
  void placed() noexcept;

  /// A cancellation is on its way.
  void canceling(const trading::client_order_id& id) {
    leaving_.insert(id);
  }

  void not_canceled(const trading::client_order_id& id) {
    leaving_.erase(id);
  }

  /// Decides nothing until then: the desk has refused something.
  void pause_until(time_point time) noexcept {
    paused_until_ = time;
  }

private:
  market_key key_;
  market::instrument_name instrument_;
  market::order_book book_;
  std::optional<market::instrument_state> terms_;
  trading::desk_state state_ = trading::desk_state::disconnected;
  std::optional<market::decimal> position_;
  order_map orders_;
  size_t under_way_ = 0;
  std::set<trading::client_order_id> leaving_;
  time_point paused_until_{};
};

} // namespace zenws::engine
