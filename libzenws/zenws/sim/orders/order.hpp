// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace zenws::sim {

enum class order_direction : uint8_t { buy, sell };

enum class order_type : uint8_t { limit, market, stop_limit, stop_market };

/// An untriggered stop waits for its price. A triggered one is over: another
/// order, with the same label, stands for it.
enum class order_state : uint8_t {
  open,
  filled,
  cancelled,
  rejected,
  untriggered,
  triggered,
};

/// What becomes of an order that is not filled at once.
enum class order_validity : uint8_t {
  good_til_cancelled,
  immediate_or_cancel,
  fill_or_kill,
};

/// An order as the venue knows it.
struct order {
  std::string id{};
  /// Key of the account it belongs to.
  std::string account{};
  /// Number of the connection it came by.
  uint64_t connection = 0;
  /// The market's own name.
  std::string instrument{};
  /// The name by which a client of OKX placed it; empty for others.
  std::string venue_instrument{};
  /// The client's own name for it; need not be unique.
  std::string label{};
  /// Set if a client of Binance has placed it: a pair changes hands.
  bool of_binance = false;
  /// The name that Binance gives to an order when it is canceled.
  std::string canceled_as{};
  order_direction direction = order_direction::buy;
  order_type type = order_type::limit;
  double price = 0;
  double amount = 0;
  double filled = 0;
  order_state state = order_state::open;
  /// Since the Unix epoch.
  std::chrono::milliseconds created{};
  std::chrono::milliseconds updated{};
  order_validity validity = order_validity::good_til_cancelled;
  bool post_only = false;
  bool reject_post_only = false;
  bool reduce_only = false;
  /// Set if a client has changed it.
  bool replaced = false;
  /// Price at which a stop is triggered.
  double trigger_price = 0;
  /// The stop that has placed this order; empty if a client did.
  std::string trigger_order_id{};
  /// Sum of price and amount of all fills.
  double filled_value = 0;
  /// Fees of all fills, in the currency of settlement.
  double fees = 0;
  /// Why it is over, if it was not filled.
  std::string reason{};
};

/// Returns whether an order can still be filled, changed and canceled.
inline bool is_alive(const order& entry) noexcept {
  return entry.state == order_state::open
         || entry.state == order_state::untriggered;
}

inline double remaining(const order& entry) noexcept {
  return entry.amount - entry.filled;
}

/// Returns the average price of all fills, 0 without any.
inline double average_price(const order& entry) noexcept {
  return entry.filled > 0 ? entry.filled_value / entry.filled : 0;
}

/// Returns the name by which an order trades, and makes a position.
inline const std::string& traded_name(const order& entry) noexcept {
  return entry.venue_instrument.empty() ? entry.instrument
                                        : entry.venue_instrument;
}

/// Returns the number in an order's ID.
uint64_t number_of(std::string_view id);

inline uint64_t number_of(const order& entry) {
  return number_of(entry.id);
}

} // namespace zenws::sim
