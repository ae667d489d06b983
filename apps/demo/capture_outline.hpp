// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "trading_engine/market_view.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <variant>

namespace zenws::demo {

/// Reason of a failure, and its remedy for the user.
struct obstacle {
  std::string cause;
  std::string remedy;
};

/// Contents of a recorded session.
///
/// Of the lines, `TIME: TEXT` (received, TIME in seconds since the epoch) tell
/// the subscriptions and when their data begins, and `URL <- TIME: TEXT` (sent
/// by the client) whether they were made by a request.
struct capture_outline {
  /// The data to subscribe to: raw, or that of 100 ms if there is none.
  engine::market_options market;

  /// Time of the first update of a subscription, by its name; absent if there
  /// is none.
  std::map<std::string, std::chrono::milliseconds, std::less<>> first_data;

  /// Time from the first message to the last.
  std::chrono::milliseconds length{0};
};

/// Reads the recording of a venue that speaks Deribit's JSON-RPC.
std::variant<capture_outline, obstacle> load_outline(const std::string& path);

} // namespace zenws::demo
