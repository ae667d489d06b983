// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/market_protocol.hpp"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace zenws::demo {

/// Reason of a failure, and its remedy for the user.
struct obstacle {
  std::string cause;
  std::string remedy;
};

/// Contents of a recorded session.
///
/// Of the lines, `TIME: TEXT` (received, TIME in seconds since the epoch) tell
/// the books, and `URL <- TIME: TEXT` (sent by the client) whether they were
/// subscribed to by a request.
struct capture_outline {
  /// Those with books: raw ones, or those of 100 ms if there are none.
  std::vector<std::string> instruments;

  market_pace pace = market_pace::usual;

  /// Time from the first message to the last.
  std::chrono::milliseconds length{0};
};

/// Reads the recording of a venue that speaks Deribit's JSON-RPC.
std::variant<capture_outline, obstacle> load_outline(const std::string& path);

} // namespace zenws::demo
