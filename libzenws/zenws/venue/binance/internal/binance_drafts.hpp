// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/trading/account_update.hpp"
#include "zenws/venue/internal/account_values.hpp"

#include <string>
#include <type_traits>

/// @file
/// Orders and positions of Binance while they are being read. Events and
/// answers have other names for the same members.

namespace zenws::internal::binance {

// -- values -------------------------------------------------------------------

/// Reads an integer as an id of the venue's.
template <auto... Path>
inline constexpr auto into_venue_id = [](market_reader& in, auto& to) {
  auto& id = value_at<Path...>(to);
  using type = std::remove_reference_t<decltype(id)>;
  id = type::make(std::to_string(in.integer())).value();
};

template <auto... Path>
inline constexpr auto into_liquidity = [](market_reader& in, auto& to) {
  using enum trading::fill_liquidity;
  value_at<Path...>(to) = in.boolean() ? maker : taker;
};

// -- orders -------------------------------------------------------------------

struct order_draft {
  trading::order_report content{};

  /// The order's own id, where the other one is that of a request about it.
  trading::client_order_id original{};

  /// In the venue's words.
  std::string state{};

  /// Completes `content`.
  void finish();
};

template <auto... Path>
inline constexpr auto into_report = into<&order_draft::content, Path...>;

inline constexpr auto read_instrument
  = into_report<&trading::order_report::order, &trading::order_key::instrument>;

inline constexpr auto read_client_id
  = into_client_id<&order_draft::content, &trading::order_report::order,
                   &trading::order_key::id>;

inline constexpr auto read_venue_id
  = into_venue_id<&order_draft::content, &trading::order_report::order,
                  &trading::order_key::venue_id>;

inline constexpr auto read_side = [](market_reader& in, auto& to) {
  using trading::order_side;
  auto name = in.text();
  if (name != "BUY" && name != "SELL")
    in.complain("is neither BUY nor SELL");
  to.content.side = name == "SELL" ? order_side::sell : order_side::buy;
};

/// Empty, or even null, unless it is about a request.
inline constexpr auto read_original = into_client_id<&order_draft::original>;

inline constexpr auto read_state = [](market_reader& in, auto& to) {
  to.state = in.text();
};

/// Returns a text, or a number as it is written; empty for "NONE" and 0, which
/// are no reasons ("Order Reject Reason", "Expiry Reason").
std::string reason_in(market_reader& in);

/// Reads a reason. There may be several members for it, one of which tells.
inline constexpr auto read_reason = [](market_reader& in, auto& to) {
  if (auto text = reason_in(in); !text.empty())
    to.content.reason = text;
};

// -- positions ----------------------------------------------------------------

struct position_draft {
  trading::position content{};

  /// BOTH, or LONG or SHORT in hedge mode.
  std::string side{};

  /// Completes `content`.
  void finish();
};

template <auto Member>
inline constexpr auto into_position = into<&position_draft::content, Member>;

inline constexpr auto read_position_side = [](market_reader& in, auto& to) {
  to.side = in.text();
};

} // namespace zenws::internal::binance
