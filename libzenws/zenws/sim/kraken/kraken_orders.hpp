// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/kraken/kraken_call.hpp"
#include "zenws/sim/orders/market_quote.hpp"
#include "zenws/sim/orders/order_matcher.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace zenws::sim {

/// The market as Kraken's requests about orders see it.
struct kraken_market_view {
  /// Returns the market's own name of a pair, nothing if there is none.
  std::function<std::optional<std::string>(const std::string&)> instrument;
  quote_fun quote;
};

/// The requests about orders of one connection, in Kraken's manner.
class kraken_orders {
public:
  kraken_orders(order_store& store, uint64_t connection,
                kraken_market_view around);

  void add(kraken_call& call, const std::string& account);

  void amend(kraken_call& call, const std::string& account);

  void cancel(kraken_call& call, const std::string& account);

  void cancel_all(kraken_call& call, const std::string& account);

  void cancel_all_after(kraken_call& call, const std::string& account);

private:
  order* find_alive(const std::string& account, std::string_view id,
                    std::string_view label);
  order* find_named(kraken_call& call, const std::string& account);
  void cancel_one(kraken_call& call, const std::string& account,
                  std::string_view id, std::string_view label);
  void arrive(kraken_call& call, order& entry, client_step step);
  bool takes(const order& entry) const;

  // By pointer: matchers cannot be moved.
  order_store* store_;
  uint64_t connection_;
  kraken_market_view around_;
};

} // namespace zenws::sim
