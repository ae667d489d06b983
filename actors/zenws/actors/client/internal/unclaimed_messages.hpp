// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/delivery/slab.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <utility>

namespace zenws {

/// Messages that arrived before the answer that tells their channel.
class unclaimed_messages {
public:
  /// Enough for the messages between two answers, and little enough to hold.
  static constexpr size_t max_messages = 256;

  /// Adds a message.
  /// @param id the venue's for the channel.
  /// @returns `false` if the oldest message was dropped for it.
  bool add(shared_slab_ptr messages, uint32_t index, std::string id) {
    messages_.push_back({std::move(messages), index, std::move(id)});
    if (messages_.size() <= max_messages)
      return true;
    messages_.pop_front();
    return false;
  }

  bool empty() const noexcept {
    return messages_.empty();
  }

  void clear() {
    messages_.clear();
  }

  /// Removes all messages for which `deliver(messages, index, id)` returns
  /// `true`.
  template <class F>
  void claim(F deliver) {
    std::erase_if(messages_, [&](const message& x) {
      return deliver(x.messages, x.index, x.id);
    });
  }

private:
  struct message {
    shared_slab_ptr messages;
    uint32_t index;
    std::string id;
  };

  // Needs no memory while it is empty, unlike a deque.
  std::list<message> messages_;
};

} // namespace zenws
