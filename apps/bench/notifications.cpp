// SPDX-License-Identifier: BSD-3-Clause

#include "notifications.hpp"

#include <algorithm>

namespace zenws::bench {

namespace {

constexpr std::string_view before_channel
  = R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":"book.)";

constexpr std::string_view before_type = R"(.100ms","data":{"type":")";

// The number does not grow: each message continues the one before, so that the
// same bytes can be sent again and again.
constexpr std::string_view before_instrument
  = R"(","timestamp":1700000000000,"prev_change_id":7,"instrument_name":")";

constexpr std::string_view before_levels = R"(","change_id":7,"bids":[)";

constexpr std::string_view before_filler = R"(],"asks":[],"id":")";

constexpr std::string_view tail = R"("}}})";

// Both as long as each other.
constexpr std::string_view type_of(notification_kind kind) {
  return kind == notification_kind::snapshot ? "snapshot" : "change";
}

constexpr std::string_view action_of(notification_kind kind) {
  return kind == notification_kind::snapshot ? "new" : "change";
}

std::string level(notification_kind kind, size_t index) {
  return R"([")" + std::string{action_of(kind)} + R"(",)"
         + std::to_string(60000 - index) + ".5,120.0]";
}

size_t empty_size(std::string_view instrument) {
  return before_channel.size() + 2 * instrument.size() + before_type.size()
         + type_of(notification_kind::snapshot).size()
         + before_instrument.size() + before_levels.size()
         + level(notification_kind::change, 0).size() + before_filler.size()
         + tail.size();
}

} // namespace

const std::vector<std::string>& flood_instruments() {
  static const std::vector<std::string> result{
    "BTC-PERPETUAL", "ETH-PERPETUAL", "SOL-PERPETUAL", "XRP-PERPETUAL",
    "ADA-PERPETUAL", "BNB-PERPETUAL", "DOT-PERPETUAL", "LTC-PERPETUAL",
  };
  return result;
}

std::vector<std::string> flood_channels() {
  std::vector<std::string> result;
  for (auto& name : flood_instruments())
    result.push_back("book." + name + ".100ms");
  return result;
}

size_t min_notification_size() {
  size_t result = 0;
  for (auto& name : flood_instruments())
    result = std::max(result, empty_size(name));
  return result;
}

std::string make_notification(notification_kind kind,
                              std::string_view instrument, size_t size) {
  std::string result{before_channel};
  result += instrument;
  result += before_type;
  result += type_of(kind);
  result += before_instrument;
  result += instrument;
  result += before_levels;
  // As many levels as a change has room for: a snapshot has the same ones.
  auto all = level(notification_kind::change, 0).size();
  auto room = size - empty_size(instrument);
  auto levels = 1 + room / (all + 1);
  for (size_t i = 0; i < levels; ++i)
    result += (i > 0 ? "," : "") + level(kind, i);
  result += before_filler;
  result.append(size - result.size() - tail.size(), 'x');
  return result += tail;
}

} // namespace zenws::bench
