// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/order_change.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

class connection;

/// A fault: fills are told once, or twice, or not before the fault ends. The
/// states of orders are told at once.
enum class fill_news : uint8_t { once, twice, held };

/// Reports to connections the changes of the orders of their accounts.
class order_feed {
public:
  /// Words an order for one channel, or says nothing about it.
  using wording = std::function<std::optional<std::string>(const order&)>;

  /// Words a change for one channel, or says nothing about it.
  using change_wording
    = std::function<std::optional<std::string>(const order_change&)>;

  /// Words a change by any number of messages.
  using news_wording
    = std::function<std::vector<std::string>(const order_change&)>;

  /// Reports orders to a channel.
  void subscribe(connection& subscriber, std::string account,
                 std::string channel, wording words);

  /// Reports orders, fills and positions to a channel.
  void subscribe_to_changes(connection& subscriber, std::string account,
                            std::string channel, change_wording words);

  /// Same, by any number of messages for each change.
  void subscribe_to_news(connection& subscriber, std::string account,
                         std::string channel, news_wording words);

  void unsubscribe(connection& subscriber, std::string_view channel);

  /// Returns the number of connections but `except` with a channel of an
  /// account whose name begins with `prefix`.
  size_t connections(std::string_view account, std::string_view prefix,
                     const connection& except) const;

  /// Returns whether a channel is reported to.
  bool has(const connection& subscriber, std::string_view channel) const;

  /// Ends all subscriptions of a connection.
  void leave(connection& subscriber);

  void publish(const std::vector<order>& changed);

  void publish(const std::vector<order_change>& changes);

  /// Starts or ends a fault. Its end tells the fills that were held.
  void tell_fills(fill_news mode);

private:
  struct entry {
    connection* subscriber;
    std::string account;
    std::string channel;
    news_wording words;
  };

  std::vector<order_change> spread(const std::vector<order_change>& changes);
  void send(const std::vector<order_change>& changes);

  std::vector<entry> entries_;
  fill_news fill_news_ = fill_news::once;
  std::vector<order_change> held_;
};

} // namespace zenws::sim
