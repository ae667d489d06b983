#pragma once

#include "demo/exchange_process.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zenws::demo {

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

/// Reads the text of a recording of a venue that speaks Deribit's JSON-RPC.
std::variant<capture_outline, obstacle> outline_of(std::string_view text);

/// Same for a file.
std::variant<capture_outline, obstacle> load_outline(const std::string& path);

} // namespace zenws::demo
