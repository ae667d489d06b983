// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <functional>
#include <map>
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
/// Of the lines, `URL <- TIME: TEXT` (sent by the client) tell which channels
/// there are, and `TIME: TEXT` (received, TIME in seconds since the epoch)
/// when each of them sends.
struct capture_outline {
  std::vector<std::string> channels;

  /// Time of the first message of a channel; absent if there is none.
  std::map<std::string, std::chrono::milliseconds, std::less<>> first_data;

  /// Time from the first message to the last.
  std::chrono::milliseconds length{0};
};

/// Reads the recording of a venue that speaks Deribit's JSON-RPC.
std::variant<capture_outline, obstacle> load_outline(const std::string& path);

} // namespace zenws::demo
