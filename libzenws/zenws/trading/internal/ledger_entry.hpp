// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/exact_sum.hpp"
#include "zenws/timing/growing_pause.hpp"
#include "zenws/trading/order_event.hpp"
#include "zenws/trading/order_ledger.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace zenws::internal {

/// What of an order may change by a fact.
struct order_snapshot {
  trading::order_state state = trading::order_state::pending;
  market::decimal filled{};
  market::decimal amount{};
  std::optional<market::decimal> price{};
};

/// What is known of an order, and how.
struct ledger_entry : trading::order_record {
  using time_point = std::chrono::steady_clock::time_point;

  ledger_entry(trading::order_record known, uint64_t its_number,
               const trading::ledger_config& cfg)
    : order_record(std::move(known)),
      number(its_number),
      pause(cfg.first_pause, cfg.longest_pause) {
    for (auto& [id, amount] : fills)
      sum_of_fills.add(amount);
  }

  /// Returns the state that follows from what is known.
  trading::order_state state() const noexcept;

  /// Returns whether the venue has told anything about it.
  bool has_facts() const noexcept {
    return is_known || end || content.filled > market::decimal{};
  }

  /// Returns whether somebody has said that it is over.
  bool is_over_by_venue() const noexcept {
    return end || is_refused || is_absent;
  }

  /// Returns whether a request about it may still be on its way.
  bool may_arrive(time_point now) const noexcept {
    return (is_lost || !is_known) && now < arrives_by;
  }

  order_snapshot snapshot() const {
    return {content.state, content.filled, content.terms.amount,
            content.terms.price};
  }

  /// Takes an amount that was filled as a whole.
  void told_filled(market::decimal amount) noexcept {
    content.filled = std::max(content.filled, amount);
  }

  /// Of its id.
  uint64_t number = 0;

  /// A request about it was not answered.
  bool is_lost = false;

  /// It was put in doubt, and nothing was told of it since.
  bool is_doubted = false;

  bool is_refused = false;
  bool is_absent = false;

  /// All that it ever had.
  std::vector<trading::venue_order_id> venue_ids{};

  market::exact_sum sum_of_fills{};

  /// Before this, the venue not having it proves nothing.
  time_point arrives_by{};

  growing_pause pause;

  /// The venue is about to tell more: it is asked after a pause only.
  bool waits_for_news = false;
};

/// Appends what has happened to an order since `before`.
void append_changes(const trading::order& now, const order_snapshot& before,
                    market::venue_time time,
                    std::vector<trading::ledger_news>& out);

} // namespace zenws::internal
