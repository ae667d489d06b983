// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/fault.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zenws::sim {

/// Sends a text message to all `/broadcast` connections.
struct broadcast_command {
  std::string text;
};

/// Sends a ping, by default to all connections.
struct ping_command {
  std::string payload;
};

/// Requests the number of orders, and of those that have a label that an
/// earlier one had.
struct count_orders_command {};

/// Requests all orders and positions.
struct list_orders_command {};

/// Requests a token of Kraken for an account.
struct issue_token_command {
  std::string account;
};

/// A command of a client of `/control`.
struct control_command {
  std::variant<fault, broadcast_command, ping_command, count_orders_command,
               list_orders_command, issue_token_command>
    action;
  /// The path it is limited to; empty for all.
  std::string path;
};

/// Form of the command for a fault, and its effect.
struct fault_description {
  std::string_view name;
  std::string_view members;
  std::string_view sentence;
};

/// Returns all faults that a command can name.
std::vector<fault_description> fault_descriptions();

/// Reads a command. Returns an error naming its problem.
std::variant<control_command, std::string>
parse_control_command(std::string_view text);

/// Returns `{"ok":true}`, or `{"error":"..."}` for an error text.
std::string control_answer(std::string_view error);

/// Returns `{"ok":true,"token":"..."}`.
std::string token_answer(std::string_view token);

/// Returns `{"ok":true,"orders":3,"duplicates":0}`.
std::string control_answer(const order_store& orders);

/// Returns the orders of all accounts, oldest first, and their positions:
/// `{"ok":true,"orders":[{"account":"demo","label":"a1",
/// "instrument":"BTC-PERPETUAL","amount":10.0,"filled":0.0,"open":true}],
/// "positions":[{"account":"demo","instrument":"BTC-PERPETUAL","amount":0.0}]}`
std::string list_of(const order_store& orders);

} // namespace zenws::sim
