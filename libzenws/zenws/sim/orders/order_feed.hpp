// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/order.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

class connection;

/// Reports to connections the changes of the orders of their accounts.
class order_feed {
public:
  /// Words an order for one channel, or says nothing about it.
  using wording = std::function<std::optional<std::string>(const order&)>;

  void subscribe(connection& subscriber, std::string account,
                 std::string channel, wording words);

  void unsubscribe(connection& subscriber, std::string_view channel);

  /// Returns the number of connections but `except` with a channel of an
  /// account whose name begins with `prefix`.
  size_t connections(std::string_view account, std::string_view prefix,
                     const connection& except) const;

  /// Ends all subscriptions of a connection.
  void leave(connection& subscriber);

  void publish(const std::vector<order>& changed);

private:
  struct entry {
    connection* subscriber;
    std::string account;
    std::string channel;
    wording words;
  };

  std::vector<entry> entries_;
};

} // namespace zenws::sim
