// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/defaults.hpp"
#include "zenws/delivery/slab.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace zenws {

/// Messages that arrived on the successor of a connection, in their order,
/// until it takes over.
class successor_buffer {
public:
  /// Bytes that may be held back.
  static constexpr size_t max_bytes = defaults::max_held_bytes;

  /// A message for subscribers.
  struct message {
    uint32_t index;
    std::string channel; // or the venue's id, see `inbound_kind::unclaimed`
    bool is_claimed;
  };

  /// Messages that arrived at once.
  struct burst {
    slab_ptr messages;
    std::vector<message> data;
  };

  void add(burst arrived) {
    bytes_ += arrived.messages->footprint();
    bursts_.push_back(std::move(arrived));
  }

  bool is_full() const noexcept {
    return bytes_ > max_bytes;
  }

  /// Returns the held messages and clears the buffer.
  std::vector<burst> take() {
    bytes_ = 0;
    return std::exchange(bursts_, {});
  }

  void clear() {
    take();
  }

private:
  std::vector<burst> bursts_;
  size_t bytes_ = 0;
};

} // namespace zenws
