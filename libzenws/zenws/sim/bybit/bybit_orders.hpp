// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/bybit/bybit_code.hpp"
#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/market/market.hpp"
#include "zenws/sim/orders/market_quote.hpp"
#include "zenws/sim/orders/order_matcher.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// The operations on orders of one connection, in Bybit's manner: on those of
/// linear contracts.
class bybit_orders {
public:
  /// Returns the instrument of a symbol, null if there is none.
  using instrument_lookup
    = std::function<const instrument*(std::string_view symbol)>;

  /// A request and when it came.
  struct request {
    /// The one argument.
    const json& content;
    const std::string& account;
    /// Since the Unix epoch.
    std::chrono::milliseconds time;
  };

  struct outcome {
    bybit_code code = bybit_code::ok;
    std::string_view message = "OK";
    /// Of the order, if nothing is wrong.
    std::string id{};
    std::string label{};
    std::vector<order_change> changes{};
  };

  bybit_orders(const bybit_config& cfg, order_store& store, uint64_t connection,
               instrument_lookup instruments);

  /// Returns whether `op` is `order.create`, `order.amend` or `order.cancel`.
  static bool knows(std::string_view op);

  /// @pre `knows(op)`
  outcome run(std::string_view op, const request& query);

private:
  struct operation;

  struct refusal {
    bybit_code code = bybit_code::ok;
    std::string_view message{};
  };

  static const operation* find_operation(std::string_view op);
  outcome create(const request& query);
  outcome amend(const request& query);
  outcome cancel(const request& query);
  outcome done(const order& entry, order_change change) const;
  refusal read_order(const json& from, order& out) const;
  refusal admit(order& draft) const;
  order* find_alive(const request& query);
  market_quote quote(const order& about) const;

  const bybit_config& cfg_;
  order_store& store_;
  order_matcher matcher_;
  uint64_t connection_;
  instrument_lookup instruments_;
};

} // namespace zenws::sim
