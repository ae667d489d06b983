// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/deribit/deribit_call.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::sim {

/// The trading methods of one session, in Deribit's manner.
class deribit_orders {
public:
  /// Returns the price at which a market order would trade, nothing if there
  /// is no such instrument.
  using touch_fun
    = std::function<std::optional<double>(std::string_view, order_direction)>;

  deribit_orders(order_store& store, uint64_t connection, touch_fun touch);

  // -- methods, each for an account -------------------------------------------

  void place(deribit_call& call, const std::string& account,
             order_direction direction);

  void edit(deribit_call& call, const std::string& account);

  void cancel(deribit_call& call, const std::string& account);

  void cancel_all(deribit_call& call, const std::string& account);

  void cancel_by_label(deribit_call& call, const std::string& account);

  void get_open_orders(deribit_call& call, const std::string& account);

  /// Demands a currency and takes a label, as the venue does.
  void get_open_orders_by_currency(deribit_call& call,
                                   const std::string& account);

  void get_order_state(deribit_call& call, const std::string& account);

  void get_order_state_by_label(deribit_call& call, const std::string& account);

  /// Switches cancel-on-disconnect.
  void cancel_on_disconnect(deribit_call& call, const std::string& account,
                            bool enabled);

  // -- end of the session ---------------------------------------------------

  /// An orderly end: resting orders stay.
  void keep_orders() noexcept {
    keeps_ = true;
  }

  /// The connection ended. Returns the orders that are canceled for it.
  std::vector<order> disconnected(std::string_view account,
                                  std::chrono::milliseconds now);

private:
  bool read_terms(deribit_call& call, order& out);
  order* find_open(deribit_call& call, const std::string& account,
                   int64_t closed_code, const char* closed_message);
  void answer_with(deribit_call& call, const order& x);

  order_store& store_;
  uint64_t connection_;
  touch_fun touch_;
  bool cancels_own_ = false;
  bool keeps_ = false;
};

/// Returns whether there is such a channel as `user.orders.BTC-PERPETUAL.raw`
/// or `user.orders.any.any.raw`.
bool is_order_channel(std::string_view channel,
                      const deribit_orders::touch_fun& touch);

/// Returns the notification of an order for a channel, if it is of interest
/// there.
std::optional<std::string> order_notification(std::string_view channel,
                                              const order& entry);

} // namespace zenws::sim
