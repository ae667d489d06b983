// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/orders/market_quote.hpp"
#include "zenws/sim/orders/order_feed.hpp"
#include "zenws/sim/orders/order_matcher.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// What a knob has done.
struct knob_outcome {
  enum class verdict : uint8_t { turned, no_such_order, bad_parameter };

  verdict result = verdict::turned;
  /// The parameter that is wrong, and why.
  const char* parameter = "";
  const char* reason = "";
  /// Orders that are new or changed.
  std::vector<order_change> changes{};
  /// Start or end of a fault of the channels of accounts.
  std::optional<fill_news> fills{};
};

/// Methods that no venue has, for tests: `sim/...`. The same on each venue;
/// they need no login and concern the orders of all accounts.
class order_knobs {
public:
  order_knobs(order_store& store, quote_fun quote);

  /// Returns whether `name` is one of the knobs.
  static bool knows(std::string_view name);

  /// Turns a knob:
  /// - `sim/fill_order` fills the latest open order with that `order_id` or
  ///   `label`, by `amount` at `price`, or all of it at its own price;
  /// - `sim/trigger_order` triggers the latest stop with that `order_id` or
  ///   `label`;
  /// - `sim/follow_market` decides by `enabled` whether limit orders trade with
  ///   the market and stops follow it;
  /// - `sim/tell_fills` has the `mode` `once`, `twice` or `held`.
  /// @pre `knows(name)`
  knob_outcome turn(std::string_view name, const json& params,
                    std::chrono::milliseconds now);

private:
  struct knob;

  static const knob* find_knob(std::string_view name);
  order* find_order(const json& params, order_state state);
  knob_outcome fill_order(const json& params, std::chrono::milliseconds now);
  knob_outcome trigger_order(const json& params, std::chrono::milliseconds now);
  knob_outcome follow_market(const json& params, std::chrono::milliseconds now);
  knob_outcome tell_fills(const json& params, std::chrono::milliseconds now);

  order_store& store_;
  order_matcher matcher_;
  quote_fun quote_;
};

} // namespace zenws::sim
