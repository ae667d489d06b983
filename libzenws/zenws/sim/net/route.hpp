// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/net/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zenws::sim {

/// Service of a path.
enum class service : uint8_t {
  api,
  binance,
  binance_api,
  coinbase,
  bybit,
  bybit_trade,
  hyperliquid,
  kraken,
  kraken_private,
  okx,
  replay,
  echo,
  flood,
  broadcast,
  control
};

/// Length of a listen key, the name of an account's stream of Binance.
constexpr size_t listen_key_size = 64;

/// Action at the end of a flood.
enum class flood_end : uint8_t { close, stay_open };

/// Parameters of `/flood`.
struct flood_options {
  /// Number of frames; 0 means until the client leaves.
  uint64_t count = 0;
  /// Bytes of payload in a frame.
  size_t size = 128;
  opcode kind = opcode::text;
  flood_end end = flood_end::close;
};

/// Route of an upgrade request.
struct route {
  std::string path;
  service kind = service::api;
  flood_options flood{};
  /// Streams of `/stream?streams=A/B` or `/ws/A/B`.
  std::vector<std::string> streams{};
};

/// Reads a request target. An error says which parameter is wrong.
std::variant<route, std::string> parse_route(std::string_view target);

} // namespace zenws::sim
