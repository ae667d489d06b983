// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/market/market.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace zenws::sim {

// Notifications as the venue words them. `now` counts from the Unix epoch.

/// Writes the envelope of a notification around the output of `data`.
template <class Fun>
std::string notification(std::string_view channel, Fun data) {
  json_writer out;
  out.begin_object();
  out.member("jsonrpc", "2.0");
  out.member("method", "subscription");
  out.key("params").begin_object();
  out.member("channel", channel);
  out.key("data");
  data(out);
  out.end_object();
  out.end_object();
  return out.text();
}

/// The whole book, the first message of a book channel.
std::string book_snapshot(std::string_view channel, const instrument& item,
                          std::chrono::milliseconds now);

/// Returns the changes of the book since `update.prev_change_id`.
std::string book_change(std::string_view channel, const instrument& item,
                        const market_update& update,
                        std::chrono::milliseconds now);

/// The trade of an update.
/// @pre `update.trade` has a value.
std::string trade_print(std::string_view channel, const instrument& item,
                        const market_update& update,
                        std::chrono::milliseconds now);

/// Writes a trade, as notifications and answers have it.
void write_trade(json_writer& out, const instrument& item, const trade& x,
                 std::chrono::milliseconds time);

/// The best prices.
std::string quote(std::string_view channel, const instrument& item,
                  std::chrono::milliseconds now);

/// Prices and statistics of an instrument.
std::string ticker(std::string_view channel, const instrument& item,
                   std::chrono::milliseconds now);

} // namespace zenws::sim
