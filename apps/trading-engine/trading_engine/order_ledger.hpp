// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "market_view.hpp"
#include "order_counters.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::engine {

/// Outcome of each order. An order is sent once; an engine that does not know
/// whether it arrived asks the venue by its label, and only after the venue
/// would not take it any more.
///
/// Labels are `run-incarnation-number`. A ledger outlives the engine that
/// writes it, so that the next incarnation knows which orders are open; there
/// is one at a time.
///
/// Pure. Orders that are settled are counted and forgotten.
class order_ledger {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param run makes the labels of this run differ from those of all others.
  /// @param incarnations number of earlier ones; more than at any earlier
  ///                     time if the run was used before.
  order_ledger(std::string run, uint64_t incarnations);

  // -- properties -------------------------------------------------------------

  const order_counters& counters() const noexcept {
    return counters_;
  }

  /// Labels and instruments of orders to ask the venue about: unknown, and too
  /// old to arrive any more.
  std::vector<std::pair<std::string, std::string>>
  doubtful(time_point now) const;

  /// Returns whether an order of this run has such a label, of whichever
  /// incarnation.
  bool is_own(std::string_view label) const;

  /// Returns whether the outcome of any order of an instrument is open.
  bool has_open(std::string_view instrument) const;

  bool is_unknown(std::string_view label) const;

  // -- transitions ------------------------------------------------------------

  /// Another engine goes on. Orders that waited for an answer become unknown.
  void begin_incarnation();

  /// Notes that an order is about to be sent.
  /// @param expires when the venue takes it no more.
  /// @returns its label.
  std::string sent(decision choice, time_point expires);

  /// It never left.
  std::optional<decision> kept_back(std::string_view label);

  /// The venue has it.
  std::optional<decision> acked(std::string_view label);

  std::optional<decision> refused(std::string_view label);

  /// The venue was asked and does not have it.
  std::optional<decision> absent(std::string_view label);

  /// Outcome unknown.
  void lost_sight(std::string_view label);

private:
  struct order {
    decision choice;
    time_point expires;
    bool is_unknown = false;
  };

  // Forgets an order and returns its purpose, if it was open.
  std::optional<decision> settle(std::string_view label, uint64_t& count);

  std::string run_;
  uint64_t incarnation_;
  std::map<std::string, order, std::less<>> open_;
  order_counters counters_;
  uint64_t last_number_ = 0;
};

using order_ledger_ptr = std::shared_ptr<order_ledger>;

} // namespace zenws::engine
