// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zenws::sim {

/// Start of the replay of a capture.
enum class replay_start : uint8_t {
  /// After the upgrade, for venues that subscribe by URL.
  at_once,
  /// After the client's first `public/subscribe`; recorded answers are left
  /// out because the simulator gives its own.
  on_subscribe,
};

/// One recorded message.
struct captured_message {
  /// Since the first message.
  std::chrono::microseconds offset;
  /// A complete text frame, ready to be sent.
  std::shared_ptr<const std::string> frame;
};

/// The messages of a venue in a recorded session.
///
/// Lines of a capture are `URL <-> TIME` (opened), `URL <- TIME: TEXT` (sent
/// by the client, ignored here) and `TIME: TEXT` (received), with TIME in
/// seconds since the epoch.
struct capture {
  replay_start start = replay_start::at_once;
  std::vector<captured_message> messages;
};

/// Reads the text of a capture. An error names the line.
std::variant<capture, std::string> parse_capture(std::string_view text);

/// Reads a capture file. An error names the file.
std::variant<capture, std::string> load_capture(const std::string& path);

} // namespace zenws::sim
