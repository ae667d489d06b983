// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/delivery/subscription_options.hpp"
#include "zenws/market/data_kind.hpp"
#include "zenws/outlet/internal/outlet_problem.hpp"
#include "zenws/trading/order_request.hpp"
#include "zenws/venue/market_protocol.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zenws {

/// Kind of a request of a program.
enum class outlet_op : uint8_t {
  login,
  subscribe,
  unsubscribe,
  call,
  order,
  amend,
  cancel,
  halt,
  resume,
  ping,
};

/// Returns the name of the enumerator.
std::string_view to_string(outlet_op op) noexcept;

/// What a subscription is for.
enum class outlet_topic : uint8_t {
  /// All messages of a client.
  everything,
  /// Messages of one channel.
  channel,
  /// Typed market data.
  market,
  /// Events of a client.
  events,
  /// What happens at an order desk.
  desk,
};

/// A request of a program; see docs/outlet.md. What its operation does not have
/// is empty.
struct outlet_request {
  int64_t id = 0;
  outlet_op op = outlet_op::ping;

  std::string token{};
  std::string client{};
  std::string desk{};

  // -- subscriptions ----------------------------------------------------------

  outlet_topic topic = outlet_topic::everything;
  std::string channel{};
  std::string arguments{};
  bool is_private = false;
  std::vector<std::string> instruments{};
  market::data_kinds kinds{};
  uint32_t depth = 0;
  market_pace pace = market_pace::usual;
  std::optional<size_t> budget_bytes{};
  std::optional<overflow_policy> policy{};

  // -- calls ------------------------------------------------------------------

  std::string method{};

  /// JSON.
  std::string params{};

  std::chrono::milliseconds answer_within = defaults::answer_within;

  // -- orders -----------------------------------------------------------------

  trading::order_request terms{};
  std::optional<trading::client_order_id> order{};

  /// Whose orders to cancel; empty for all.
  std::optional<std::string> instrument{};

  /// New values of an order.
  std::optional<market::decimal> new_amount{};
  std::optional<market::decimal> new_price{};

  /// Why the kill switch is thrown.
  std::string reason = "a program of the outlet";
};

/// A message that is no request.
struct bad_outlet_request {
  /// Of the request, if that could be read.
  std::optional<int64_t> id{};

  outlet_problem problem{};
};

/// Reads a message of a program.
/// @returns the problem with the name of the member, or the byte, that is
///          wrong.
std::variant<outlet_request, bad_outlet_request>
read_outlet_request(std::string_view text);

} // namespace zenws
