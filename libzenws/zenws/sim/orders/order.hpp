// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace zenws::sim {

enum class order_direction : uint8_t { buy, sell };

enum class order_type : uint8_t { limit, market };

enum class order_state : uint8_t { open, filled, cancelled };

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
  order_direction direction = order_direction::buy;
  order_type type = order_type::limit;
  double price = 0;
  double amount = 0;
  double filled = 0;
  order_state state = order_state::open;
  /// Since the Unix epoch.
  std::chrono::milliseconds created{};
  std::chrono::milliseconds updated{};
};

/// Returns the number in an order's ID.
uint64_t number_of(std::string_view id);

inline uint64_t number_of(const order& entry) {
  return number_of(entry.id);
}

} // namespace zenws::sim
