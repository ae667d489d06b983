// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace zenws::test_support {

/// Damage to a stream of bytes, the same for the same seed.
struct stream_damage {
  uint64_t seed = 1;

  /// Number of bytes at the beginning that stay as they are.
  size_t intact = 0;

  /// Mean distance from one damage to the next, in bytes.
  size_t distance = 64;

  /// Changes bytes, but neither drops nor inserts any. Otherwise the receiver
  /// also misreads the following bytes.
  bool keeps_length = false;
};

/// An HTTP proxy that accepts `CONNECT`.
struct http_tunnel {
  /// Required value of `Proxy-Authorization`, or empty.
  std::string authorization{};

  /// Sends an interim response first, and everything byte by byte.
  bool sends_bytewise = false;
};

struct fault_proxy_options {
  /// Port of the server on this machine. A tunnel takes the port, but not the
  /// name, from the client's request instead.
  uint16_t server_port = 0;

  std::optional<http_tunnel> tunnel{};

  /// Applies to the bytes of clients. The seed grows with each connection.
  std::optional<stream_damage> damage{};

  /// Bytes of a client count from the moment when the server has sent this text
  /// in one piece; from the beginning if empty.
  std::string count_after{};
};

/// A TCP proxy that simulates the faults of networks. All faults can be
/// combined. Its functions may be called from any thread.
class fault_proxy {
public:
  explicit fault_proxy(fault_proxy_options opts);

  ~fault_proxy();

  // -- properties -------------------------------------------------------------

  uint16_t port() const noexcept;

  /// Returns host and port, as in a URL.
  std::string authority() const;

  /// Returns the number of connections so far.
  size_t num_accepted() const noexcept;

  /// Returns the requests for a tunnel so far.
  std::vector<std::string> requests() const;

  // -- cuts -------------------------------------------------------------------

  // Each applies to one connection: the next that has no cut planned. A cut is
  // a reset and an end of file in turn. Bytes that were passed on before reach
  // the server; nothing reaches the client afterwards.

  /// Cuts after `bytes` of the client that count; with 0, at the first one.
  void cut_after(size_t bytes);

  /// Cuts when the server answers to bytes that count.
  void lose_answer();

  // -- stalls -----------------------------------------------------------------

  /// Stops to pass anything on: connections stay open and new ones are
  /// accepted, but nothing arrives.
  void stall();

  void stall_for(std::chrono::milliseconds span);

  void heal();

private:
  struct impl;

  std::unique_ptr<impl> impl_;
};

} // namespace zenws::test_support
