// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/shared_counter.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace zenws {

/// Figures of what a gateway sends to one node, which any thread may read at
/// any time. Written by the relay of the node.
struct relay_stats {
  shared_counter streams; // now

  /// Batches sent, and their bytes on the wire.
  shared_counter batches;
  shared_counter sent_bytes;

  /// Bytes now: those sent that no credit was given back for, and the memory
  /// that waits for credit.
  shared_counter in_flight_bytes;
  shared_counter waiting_bytes;
};

/// Figures of a gateway. Thread-safe.
class gateway_stats {
public:
  struct node {
    std::string name;
    std::shared_ptr<const relay_stats> stats;
  };

  void add(node joined);

  void remove(const std::shared_ptr<const relay_stats>& gone);

  /// Returns the nodes that are there, in the order in which they joined. Names
  /// need not be unique.
  std::vector<node> nodes() const;

private:
  mutable std::mutex mtx_;
  std::vector<node> nodes_;
};

} // namespace zenws
