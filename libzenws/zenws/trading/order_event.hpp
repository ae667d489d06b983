// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/venue_time.hpp"
#include "zenws/trading/account_update.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zenws::trading {

/// State of an order of ours, as far as it is known.
enum class order_state : uint8_t {
  /// Sent, or about to be, and not answered yet.
  pending,
  /// At the venue, nothing filled.
  open,
  partially_filled,
  filled,
  /// Not filled as a whole, and nothing will be any more.
  canceled,
  /// It never was in the book.
  rejected,
  expired,
  /// Nobody has told whether the venue has it: it is asked.
  unknown,
};

/// Returns the name of the enumerator.
std::string_view to_string(order_state value) noexcept;

/// Returns whether nothing is expected to happen to such an order.
constexpr bool is_final(order_state value) noexcept {
  return value == order_state::filled || value == order_state::canceled
         || value == order_state::rejected || value == order_state::expired;
}

/// An order of ours.
struct order {
  order_key key{};

  /// As amended last.
  order_request terms{};

  order_state state = order_state::pending;

  /// The largest amount that the venue has told, by the order's reports or by
  /// its fills together.
  market::decimal filled{};

  /// Why it was rejected or canceled, in the venue's words; may be empty.
  std::string reason{};

  bool operator==(const order&) const = default;
};

/// What has happened to an order.
enum class order_event_kind : uint8_t {
  pending,
  accepted,
  rejected,
  partially_filled,
  filled,
  amended,
  canceled,
  expired,
  /// The outcome is open.
  unknown,
  /// The outcome was open, and the state is known again: `order::state`.
  resolved,
};

/// Returns the name of the enumerator.
std::string_view to_string(order_event_kind value) noexcept;

/// News about an order of ours. It has the order as it is afterwards.
struct order_event {
  order_event_kind kind = order_event_kind::pending;

  order content{};

  /// By the venue's clock; the epoch if the venue did not tell it.
  market::venue_time time{};

  bool operator==(const order_event&) const = default;
};

/// What a ledger tells: an event, or a fill of an order of ours, each once.
using ledger_news = std::variant<order_event, fill>;

} // namespace zenws::trading
