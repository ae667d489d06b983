// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace zenws {

/// The two kinds of data message (RFC 6455, section 5.6).
enum class message_kind : uint8_t { text, binary };

/// Returns the name of the enumerator.
std::string_view to_string(message_kind kind) noexcept;

/// One data message, seen through the batch that owns its bytes.
struct message_view {
  message_kind kind = message_kind::text;

  /// The whole payload, unfragmented, valid for as long as the batch lives.
  /// Text has been checked to be UTF-8.
  std::string_view payload;

  /// Position in the stream of one client, counted from 1 over all its
  /// connections. A hole tells of messages dropped by an overflow policy.
  uint64_t sequence = 0;

  /// When the bytes were read from the socket.
  std::chrono::system_clock::time_point received_at;
};

} // namespace zenws
