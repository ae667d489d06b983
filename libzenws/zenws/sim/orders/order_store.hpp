// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/order_change.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// The orders of all accounts. They outlive connections, so that a client can
/// find the outcome of its orders after a reconnect.
///
/// Nothing is refused for its label: an order that is sent twice is there
/// twice. What the market does to orders is the business of `order_matcher`.
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

  /// Returns an account's position, of size 0 if there is none.
  position position_in(const std::string& account,
                       const std::string& instrument) const {
    return positions_.in(account, instrument);
  }

  /// Returns what an account has of a currency.
  balance funds_in(const std::string& account,
                   const std::string& currency) const {
    return wallet_.of(account, currency);
  }

  /// Returns the latest fills of all accounts, oldest first.
  const std::deque<fill>& fills() const noexcept {
    return fills_;
  }

  /// Returns the orders of all accounts, oldest first. The order that a stop
  /// has placed stands for it, so that what a client sent once is there once.
  std::vector<order> all() const;

  /// Returns the latest order that `pred` selects, or null.
  template <class Predicate>
  order* find_latest(Predicate pred) {
    for (auto i = orders_.rbegin(); i != orders_.rend(); ++i)
      if (pred(i->second))
        return &i->second;
    return nullptr;
  }

  /// Returns the orders that `pred` selects, oldest first.
  template <class Predicate>
  std::vector<order> select(Predicate pred) const {
    std::vector<order> result;
    for (auto& [number, x] : orders_)
      if (pred(x))
        result.push_back(x);
    return result;
  }

  /// Returns whether an order can still be filled.
  bool has_alive() const noexcept;

  // -- modifiers --------------------------------------------------------------

  /// Gives an order its ID, keeps it and counts its fill. Returns null if there
  /// are too many open orders.
  order* add(order entry);

  /// Trades a part of an order.
  /// @pre `amount <= remaining(entry)`
  fill trade(order& entry, double amount, double price, fill_role role,
             std::chrono::milliseconds now);

  /// Returns what is to be told of a changed order.
  order_change report(const order& entry, std::vector<fill> fills = {}) const;

  /// Ends an order.
  order_change cancel(order& entry, std::chrono::milliseconds now,
                      std::string reason);

  /// Cancels the orders that are alive and that `pred` selects.
  template <class Predicate>
  std::vector<order_change> cancel_if(std::chrono::milliseconds now,
                                      const std::string& reason,
                                      Predicate pred) {
    std::vector<order_change> result;
    for (auto& [number, x] : orders_)
      if (is_alive(x) && pred(x))
        result.push_back(cancel(x, now, reason));
    return result;
  }

  // -- course of the market ---------------------------------------------------

  /// Returns whether limit orders trade with the market and stops follow it.
  /// Otherwise they rest: what a test sent is what it finds.
  bool follows_market() const noexcept {
    return follows_market_;
  }

  void follow_market(bool enabled) noexcept {
    follows_market_ = enabled;
  }

  // -- cancel on disconnect, for whole accounts -------------------------------

  void cancel_on_disconnect(const std::string& account, bool enabled);

  bool cancels_on_disconnect(const std::string& account) const;

private:
  bool evict_oldest();
  void settle(fill& x);

  size_t max_orders_;
  uint64_t last_number_ = 0;
  uint64_t last_fill_ = 0;
  std::map<uint64_t, order> orders_;
  std::deque<fill> fills_;
  position_ledger positions_;
  wallet wallet_;
  bool follows_market_ = false;
  std::set<std::string> cancelling_accounts_;
};

} // namespace zenws::sim
