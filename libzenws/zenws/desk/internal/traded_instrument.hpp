// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/desk/desk_action.hpp"
#include "zenws/desk/desk_logic.hpp"
#include "zenws/timing/growing_pause.hpp"
#include "zenws/trading/order_ledger.hpp"
#include "zenws/trading/risk_gate.hpp"

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

  /// Same while an order is under way, so that it may be from before a fill or
  /// after it. It is believed if it comes twice, without a fill in between.
  void told_in_passing(market::decimal position,
                       const std::optional<market::decimal>& ours);

  /// The connection was lost.
  void forget_passing() noexcept {
    passing_.reset();
  }

  trading::risk_gate gate;

  std::optional<market::instrument_state> terms{};

  trading::desk_state state = trading::desk_state::disconnected;

  /// What to ask next; nothing if all is known.
  std::optional<trading::desk_request> next{};

  /// Token of the question that is under way, 0 for none.
  uint64_t asked = 0;

  /// Something was lost while the venue was asked: it is asked once more.
  bool asks_again = false;

  growing_pause pause;

private:
  struct telling {
    market::decimal position{};
    std::optional<market::decimal> ours{};

    bool operator==(const telling&) const = default;
  };

  market::instrument_name name_;

  // What was told last while an order was under way.
  std::optional<telling> passing_{};

  // The venue's position less that of our orders.
  std::optional<market::decimal> others_{};
};

} // namespace zenws::internal
