// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/deribit/deribit_call.hpp"
#include "zenws/sim/orders/market_quote.hpp"
#include "zenws/sim/orders/order_matcher.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// The trading methods of one session, in Deribit's manner.
class deribit_orders {
public:
  deribit_orders(order_store& store, uint64_t connection, quote_fun quote);

  // -- methods, each for an account -------------------------------------------

  void buy(deribit_call& call, const std::string& account);

  void sell(deribit_call& call, const std::string& account);

  void edit(deribit_call& call, const std::string& account);

  void edit_by_label(deribit_call& call, const std::string& account);

  void cancel(deribit_call& call, const std::string& account);

  void cancel_all(deribit_call& call, const std::string& account);

  void cancel_all_by_instrument(deribit_call& call, const std::string& account);

  void cancel_by_label(deribit_call& call, const std::string& account);

  void enable_cancel_on_disconnect(deribit_call& call,
                                   const std::string& account);

  void disable_cancel_on_disconnect(deribit_call& call,
                                    const std::string& account);

  // -- end of the session ---------------------------------------------------

  /// An orderly end: resting orders stay.
  void keep_orders() noexcept {
    keeps_ = true;
  }

  /// The connection ended. Returns the orders that are canceled for it.
  std::vector<order_change> disconnected(std::string_view account,
                                         std::chrono::milliseconds now);

private:
  void place(deribit_call& call, const std::string& account,
             order_direction direction);
  bool admit(deribit_call& call, order& draft);
  bool reduce(deribit_call& call, order& draft);
  bool keep_passive(deribit_call& call, order& draft);
  order* find_alive(deribit_call& call, const std::string& account,
                    int64_t closed_code, const char* closed_message);
  order* find_labeled(deribit_call& call, const std::string& account);
  void amend(deribit_call& call, order& entry);
  void arrive(deribit_call& call, order& entry);
  template <class Predicate>
  void cancel_many(deribit_call& call, Predicate pred);
  void switch_cancelling(deribit_call& call, const std::string& account,
                         bool enabled);

  order_store& store_;
  order_matcher matcher_;
  uint64_t connection_;
  quote_fun quote_;
  bool cancels_own_ = false;
  bool keeps_ = false;
};

} // namespace zenws::sim
