// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/net/handshake.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace zenws::sim {

/// Counters of a server since its start.
struct server_stats {
  /// WebSocket connections open now.
  uint64_t connections = 0;
  /// TCP connections accepted.
  uint64_t accepted_total = 0;
  /// Requests to upgrade, refused ones included.
  uint64_t upgrades_total = 0;
  uint64_t refused_total = 0;
  uint64_t messages_received_total = 0;
  /// Those of them that were compressed.
  uint64_t compressed_total = 0;
  uint64_t pings_received_total = 0;
  uint64_t pongs_received_total = 0;
  uint64_t closes_received_total = 0;
  /// Connections closed with 1008 because they did not read.
  uint64_t slow_consumers_total = 0;
  uint64_t handshake_failures_total = 0;
};

enum class message_kind : uint8_t { text, binary, close };

/// Something a client sent.
struct received_message {
  /// Number of the connection, counted from 1.
  uint64_t connection = 0;
  std::string path;
  message_kind kind = message_kind::text;
  /// The payload; the reason of a Close frame.
  std::string text;
  /// The code of a Close frame, 0 if it had none.
  uint16_t close_code = 0;
  std::chrono::steady_clock::time_point time{};
};

/// Events of a server, for any thread to read and to wait for.
class journal {
public:
  using message_predicate = std::function<bool(const received_message&)>;
  using stats_predicate = std::function<bool(const server_stats&)>;

  explicit journal(size_t max_entries) : max_entries_(max_entries) {
    // nop
  }

  // -- writing ----------------------------------------------------------------

  template <class Fun>
  void count(Fun change) {
    {
      std::lock_guard guard{mutex_};
      change(stats_);
    }
    changed_.notify_all();
  }

  void add(received_message message);

  void add(upgrade_request request);

  void clear();

  // -- reading ----------------------------------------------------------------

  server_stats stats() const;

  /// The latest messages, oldest first.
  std::vector<received_message> received() const;

  /// The latest upgrade requests, oldest first.
  std::vector<upgrade_request> upgrades() const;

  /// Waits for a message; one that is in the log already counts.
  bool wait_for(const message_predicate& pred,
                std::chrono::milliseconds timeout) const;

  bool wait_for_stats(const stats_predicate& pred,
                      std::chrono::milliseconds timeout) const;

private:
  size_t max_entries_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  server_stats stats_;
  std::deque<received_message> received_;
  size_t received_bytes_ = 0;
  std::deque<upgrade_request> upgrades_;
};

} // namespace zenws::sim
