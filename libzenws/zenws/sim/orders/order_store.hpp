// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/order.hpp"
#include "zenws/sim/orders/position_ledger.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// The orders of all accounts. They outlive connections, so that a client can
/// find the outcome of its orders after a reconnect.
///
/// Limit orders rest until they are canceled, independent of the market: a test
/// finds the orders that it sent. Nothing is refused for its label: an order
/// that is sent twice is there twice.
class order_store {
public:
  explicit order_store(size_t max_orders) noexcept : max_orders_(max_orders) {
    // nop
  }

  // -- properties -------------------------------------------------------------

  /// Returns an account's order, or null.
  order* find(std::string_view account, std::string_view id);

  /// Returns an account's order by the number in its ID, or null.
  order* find_number(std::string_view account, uint64_t number);

  /// Returns the latest of an account's orders with that label, or null.
  order* find_label(std::string_view account, std::string_view label);

  /// Returns the purchases and sales of an account so far.
  std::vector<position> positions(const std::string& account) const {
    return positions_.of(account);
  }

  /// Returns the orders of all accounts, oldest first.
  std::vector<order> all() const;

  /// Returns the orders that `pred` selects, oldest first.
  template <class Predicate>
  std::vector<order> select(Predicate pred) const {
    std::vector<order> result;
    for (auto& [number, x] : orders_)
      if (pred(x))
        result.push_back(x);
    return result;
  }

  // -- modifiers --------------------------------------------------------------

  /// Gives an order its ID, keeps it and counts its fill. Returns null if there
  /// are too many open orders.
  const order* add(order entry);

  /// Cancels the open orders that `pred` selects and returns them.
  template <class Predicate>
  std::vector<order> cancel(std::chrono::milliseconds now, Predicate pred) {
    std::vector<order> result;
    for (auto& [number, x] : orders_) {
      if (x.state != order_state::open || !pred(x))
        continue;
      x.state = order_state::cancelled;
      x.updated = now;
      result.push_back(x);
    }
    return result;
  }

  // -- cancel on disconnect, for whole accounts -------------------------------

  void cancel_on_disconnect(const std::string& account, bool enabled);

  bool cancels_on_disconnect(const std::string& account) const;

private:
  bool evict_oldest();

  size_t max_orders_;
  uint64_t last_number_ = 0;
  std::map<uint64_t, order> orders_;
  position_ledger positions_;
  std::set<std::string> cancelling_accounts_;
};

} // namespace zenws::sim
