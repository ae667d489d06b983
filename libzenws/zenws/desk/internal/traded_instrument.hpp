// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/desk/desk_action.hpp"
#include "zenws/desk/desk_logic.hpp"
#include "zenws/timing/growing_pause.hpp"
#include "zenws/trading/order_ledger.hpp"
#include "zenws/trading/risk_gate.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace zenws::internal {

/// An instrument of a desk: its limits, its position, and what the venue still
/// has to tell before it is traded.
class traded_instrument {
public:
  // -- constructors, destructors, and assignment operators --------------------

  traded_instrument(const std::string& name, const trading::risk_limits& limits,
                    const trading::desk_config& cfg);

  // -- properties -------------------------------------------------------------

  const market::instrument_name& name() const noexcept {
    return name_;
  }

  /// Returns the position as the venue told it last, with the fills since.
  /// Nothing before it was told.
  std::optional<market::decimal>
  position(const trading::order_ledger& ledger) const;

  /// Returns how things stand for an order.
  /// @param without an order that is left out; null for none.
  trading::risk_view view(const trading::order_ledger& ledger,
                          const trading::book_view& book,
                          const trading::order* without = nullptr) const;

  // -- transitions ------------------------------------------------------------

  /// The venue has told its position when the fills of our orders were `ours`.
  void told(market::decimal position,
            const std::optional<market::decimal>& ours);

  trading::risk_gate gate;

  std::optional<market::instrument_state> terms{};

  /// The position was told with nothing under way that could change it, and
  /// nothing was lost since.
  bool position_is_certain = false;

  /// When our fills have changed the position last.
  std::chrono::steady_clock::time_point traded_at{};

  /// The position that a message has told since, until it is certain; and when.
  std::optional<market::decimal> claimed{};
  std::chrono::steady_clock::time_point claimed_at{};

  trading::desk_state state = trading::desk_state::disconnected;

  /// What to ask next; nothing if all is known.
  std::optional<trading::desk_request> next{};

  /// Token of the question that is under way, 0 for none.
  uint64_t asked = 0;

  /// Something was lost while the venue was asked: it is asked once more.
  bool asks_again = false;

  growing_pause pause;

private:
  market::instrument_name name_;

  // The venue's position less that of our orders.
  std::optional<market::decimal> others_{};
};

} // namespace zenws::internal
