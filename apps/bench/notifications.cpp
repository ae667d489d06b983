// SPDX-License-Identifier: BSD-3-Clause

#include "notifications.hpp"

#include <algorithm>

namespace zenws::bench {

namespace {

constexpr std::string_view before_channel
  = R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")";

constexpr std::string_view before_levels = R"(","data":{"bids":[)";

constexpr std::string_view level = R"(["change",60000.5,120.0])";

constexpr std::string_view before_filler = R"(],"id":")";

constexpr std::string_view tail = R"("}}})";

size_t empty_size(std::string_view channel) {
  return before_channel.size() + channel.size() + before_levels.size()
         + before_filler.size() + tail.size();
}

} // namespace

const std::vector<std::string>& flood_channels() {
  static const std::vector<std::string> result{
    "book.BTC-PERPETUAL.raw", "book.ETH-PERPETUAL.raw",
    "book.SOL-PERPETUAL.raw", "book.XRP-PERPETUAL.raw",
    "book.ADA-PERPETUAL.raw", "book.BNB-PERPETUAL.raw",
    "book.DOT-PERPETUAL.raw", "book.LTC-PERPETUAL.raw",
  };
  return result;
}

size_t min_notification_size() {
  size_t result = 0;
  for (auto& channel : flood_channels())
    result = std::max(result, empty_size(channel));
  return result;
}

std::string make_notification(std::string_view channel, size_t size) {
  std::string result{before_channel};
  result += channel;
  result += before_levels;
  auto left = size - empty_size(channel);
  for (auto comma = false; left >= level.size() + comma; comma = true) {
    if (comma)
      result += ',';
    result += level;
    left -= level.size() + comma;
  }
  result += before_filler;
  result.append(left, 'x');
  return result += tail;
}

} // namespace zenws::bench
