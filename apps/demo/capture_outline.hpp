#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace zenws::demo {

/// Why something cannot be done, and what a person can do about it.
struct obstacle {
  std::string cause;
  std::string remedy;
};

/// What a replay of a recorded session will hold.
///
/// Of the lines, `URL <- TIME: TEXT` (sent by the client) tell which channels
/// there are, and `TIME: TEXT` (received, TIME in seconds since the epoch)
/// when each of them speaks.
struct capture_outline {
  std::vector<std::string> channels;

  /// When a channel speaks for the first time; absent if it never does.
  std::map<std::string, std::chrono::milliseconds, std::less<>> first_data;

  /// From the first message to the last.
  std::chrono::milliseconds length{0};
};

/// Reads the recording of a venue that speaks Deribit's JSON-RPC.
std::variant<capture_outline, obstacle> load_outline(const std::string& path);

} // namespace zenws::demo
