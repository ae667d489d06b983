// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/messages.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <variant>

namespace zenws::tool {

/// A message was written to the socket.
struct message_written {};

/// A request to a client failed.
struct failed_request {
  error reason{};

  /// What the venue said, if it refused the request.
  std::optional<rpc_error> refusal{};
};

/// The user wants the program to end.
struct interruption {};

using inbox_item = std::variant<message_batch, market_batch, client_event,
                                channel_report, market_report, rpc_result,
                                message_written, failed_request, interruption>;

/// What a client has for the thread of a verb, in order. Bounded by the budget
/// of the subscription: batches in it count as held by the subscriber.
/// Thread-safe.
class client_inbox {
public:
  /// @throws std::system_error if the system has no file descriptors left.
  client_inbox();

  client_inbox(const client_inbox&) = delete;

  client_inbox& operator=(const client_inbox&) = delete;

  ~client_inbox();

  void put(inbox_item item);

  /// Takes the oldest item; nothing if there is none.
  std::optional<inbox_item> try_take();

  /// Waits for an item. Returns nothing if there is none in time.
  std::optional<inbox_item> take_until(std::chrono::steady_clock::time_point t);

  /// Waits for an item.
  inbox_item take();

  /// A descriptor that can be read from while there are items, for `poll`. The
  /// inbox reads it.
  int descriptor() const noexcept {
    return descriptor_;
  }

private:
  // Takes the oldest item. Called with the lock.
  std::optional<inbox_item> pop();

  std::mutex mtx_;
  std::condition_variable filled_;
  std::deque<inbox_item> items_; // guarded by mtx_
  int descriptor_;
};

} // namespace zenws::tool
