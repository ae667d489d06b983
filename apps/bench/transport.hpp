// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>
#include <string>

namespace zenws::bench {

/// The layer below WebSocket.
enum class transport : uint8_t { plain, tls };

inline std::string to_string(transport x) {
  return x == transport::plain ? "plain" : "tls";
}

/// Address of a server of the bench.
struct server_address {
  transport below = transport::plain;
  uint16_t port = 0;

  /// The authority to trust (PEM); unused without TLS.
  std::string ca_file{};

  std::string url(const std::string& target) const {
    auto scheme = below == transport::plain ? "ws" : "wss";
    return std::string{scheme} + "://127.0.0.1:" + std::to_string(port)
           + target;
  }
};

} // namespace zenws::bench
