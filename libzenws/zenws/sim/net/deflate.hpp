// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// permessage-deflate (RFC 7692). Shares no code with zenws::core on purpose:
/// the simulator is an independent peer, and a mistake of one side shows.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::sim {

/// The server's side of permessage-deflate (RFC 7692) for one connection.
class deflate {
public:
  /// Takes the first offer of a request's `Sec-WebSocket-Extensions`, as it is,
  /// that the server can fulfil. Returns null if there is none.
  static std::unique_ptr<deflate> accept(std::string_view offers);

  virtual ~deflate();

  /// Returns the response's `Sec-WebSocket-Extensions`.
  virtual const std::string& answer() const noexcept = 0;

  /// Compresses a message.
  virtual std::string compress(std::string_view message) = 0;

  /// Decompresses a message. Returns nothing if it is malformed or has more
  /// than `max_bytes`.
  virtual std::optional<std::string>
  decompress(std::string_view payload, size_t max_bytes) = 0;
};

} // namespace zenws::sim
