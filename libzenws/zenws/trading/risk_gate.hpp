// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"
#include "zenws/error.hpp"
#include "zenws/limits/rolling_window.hpp"
#include "zenws/market/instrument_state.hpp"
#include "zenws/market/order_book.hpp"
#include "zenws/trading/order_request.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::trading {

/// Limits of the orders of one instrument. What is absent is not limited, but
/// the age of the book is.
struct risk_limits {
  /// Largest amount of an order, in the unit of its instrument.
  std::optional<market::decimal> order_amount{};

  /// Largest value of an order, in the currency that prices are in.
  std::optional<market::decimal> order_value{};

  /// Largest position, long or short, that could come of all open orders of one
  /// side, in the unit of the instrument.
  std::optional<market::decimal> position{};

  /// Largest distance of a price from the best one of the other side, towards
  /// the worse, as a part of that: 0.01 for one percent.
  std::optional<double> price_distance{};

  /// Orders and amendments of any second.
  std::optional<uint64_t> orders_per_second{};

  std::optional<uint64_t> open_orders{};

  /// Oldest book that orders may be decided by.
  std::chrono::milliseconds book_age{5'000};

  bool operator==(const risk_limits&) const = default;
};

/// Returns what is wrong with limits.
/// @param path of the limits in a configuration file.
std::vector<config_problem> validate(const risk_limits& limits,
                                     const std::string& path);

/// Cause of a refusal.
enum class risk_cause : uint8_t {
  /// The kill switch was thrown.
  halted,
  /// The outcome of an order of the instrument is open.
  unclear,
  /// The terms of the instrument are not known, or it does not trade.
  instrument,
  /// A value of the order does not fit the terms: its price or amount is no
  /// multiple of the smallest step, or too small.
  terms,
  amount,
  value,
  position,
  /// There is no valid book.
  no_book,
  book_age,
  price_distance,
  rate,
  open_orders,
};

/// Number of enumerators.
inline constexpr size_t num_risk_causes = 12;

/// Returns the name of the enumerator.
std::string_view to_string(risk_cause value) noexcept;

/// How things stand with an instrument when an order is to be placed.
struct risk_view {
  /// Null as long as the venue has not told them.
  const market::instrument_state* terms = nullptr;

  /// Null if there is none.
  const market::order_book* book = nullptr;

  /// When the book was told last.
  std::chrono::steady_clock::time_point book_time{};

  /// Position now, and the amounts of the open orders of each side.
  market::decimal position{};
  market::decimal open_buys{};
  market::decimal open_sells{};

  size_t open_orders = 0;

  bool is_unclear = false;
};

/// Checks orders before they are sent, each by limits that its configuration
/// sets. What is refused is counted by its cause.
///
/// Pure: no clock. Not thread-safe; one for each instrument.
class risk_gate {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  // -- constructors, destructors, and assignment operators --------------------

  explicit risk_gate(const risk_limits& limits);

  // -- properties -------------------------------------------------------------

  /// Refusals so far, by `risk_cause`.
  const std::array<uint64_t, num_risk_causes>& refusals() const noexcept {
    return refusals_;
  }

  /// Why the kill switch was thrown; empty if it was not.
  const std::string& halt_reason() const noexcept {
    return halt_reason_;
  }

  // -- transitions ------------------------------------------------------------

  /// Checks an order, and takes it from the rate if it may be sent.
  /// @returns `ec::risk_refused` with the cause and the figures.
  error check(const order_request& order, const risk_view& view,
              time_point now);

  /// Throws the kill switch: everything is refused until `reset`.
  /// @param reason must not be empty.
  void halt(std::string reason);

  void reset() noexcept;

private:
  struct refusal {
    risk_cause cause;
    std::string detail{};
  };

  std::optional<refusal> judge(const order_request& order,
                               const risk_view& view, time_point now);

  std::optional<refusal> judge_size(const order_request& order,
                                    const risk_view& view) const;

  std::optional<refusal> judge_price(const order_request& order,
                                     const risk_view& view,
                                     time_point now) const;

  // @param is_buy the side whose price is too high, not too low.
  bool is_too_far(bool is_buy, market::decimal price,
                  market::decimal reference) const noexcept;

  risk_limits limits_;
  std::optional<rolling_window> rate_;
  std::string halt_reason_;
  std::array<uint64_t, num_risk_causes> refusals_{};
};

} // namespace zenws::trading
