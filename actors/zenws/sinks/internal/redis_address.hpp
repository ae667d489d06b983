// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zenws {

/// Where a Redis server is.
struct redis_address {
  /// Path of its socket; empty if it is at a port.
  std::string path{};

  std::string host{};
  uint16_t port = 6379;
  uint32_t database = 0;
  std::string user{};
};

/// Reads "redis://user@host:port/database", of which all but the host may be
/// left out, or "unix:///path". Nothing if it is neither.
std::optional<redis_address> parse_redis_url(std::string_view url);

} // namespace zenws
