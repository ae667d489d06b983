// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace zenws::bench {

/// Content of a flood.
enum class flood_content : unsigned char {
  /// Equal messages, data for their receivers.
  plain,
  /// Notifications of Deribit, see `notifications.hpp`.
  notifications,
};

/// Trigger of a flood.
enum class flood_start : unsigned char {
  /// After the upgrade.
  at_once,
  /// Once all channels of the notifications are subscribed.
  on_subscribe,
};

/// A flood to ask the server for.
struct flood_order {
  uint64_t count = 0;
  size_t size = 0;
  flood_content content = flood_content::plain;
  flood_start start = flood_start::at_once;
};

/// Path prefix of a flood of notifications.
constexpr std::string_view notifications_prefix = "/notifications";

/// Path prefix of a flood of notifications that are subscribed to.
constexpr std::string_view venue_prefix = "/venue";

/// Source of a flood. The server does not close when it is through:
/// the receiver counts.
inline std::string flood_target(const flood_order& order) {
  std::string result;
  if (order.content == flood_content::notifications)
    result = order.start == flood_start::at_once ? notifications_prefix
                                                 : venue_prefix;
  return result + "/flood?count=" + std::to_string(order.count)
         + "&size=" + std::to_string(order.size) + "&close=no";
}

} // namespace zenws::bench
