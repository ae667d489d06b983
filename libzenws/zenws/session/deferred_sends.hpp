// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <vector>

namespace zenws {

/// Treatment of a message that cannot be sent right now.
struct send_policy {
  /// Longest wait for the client to be ready, and for a rate limit to have
  /// room. 0: not at all, the only sane choice for orders.
  std::chrono::milliseconds wait{0};

  bool may_wait() const noexcept {
    return wait.count() > 0;
  }
};

/// The default: an error at once.
constexpr send_policy fail_if_down{};

/// Waits for as long as `wait`, then fails with `ec::send_expired`: nothing was
/// sent.
constexpr send_policy queue_until(std::chrono::milliseconds wait) {
  return {wait};
}

/// Messages of users that wait to be sent, in order.
///
/// Pure: the caller brings the time. Not thread-safe.
class deferred_sends {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  /// A message on its way.
  struct item {
    uint64_t token = 0;

    /// A call: the id is not known before it is sent.
    bool is_call = false;

    message_kind kind = message_kind::text;

    /// Text to send, or the method of a call.
    std::string payload{};

    /// Parameters of a call.
    std::string params{};

    /// Timeout of the answer to a call, counted from the sending.
    std::chrono::milliseconds answer_within{0};

    /// Time until which the message may wait here.
    time_point deadline{};
  };

  // -- constructors, destructors, and assignment operators --------------------

  /// @param max_bytes of all payloads and parameters together.
  explicit deferred_sends(size_t max_bytes) noexcept : max_bytes_(max_bytes) {
    // nop
  }

  // -- properties -------------------------------------------------------------

  bool empty() const noexcept {
    return items_.empty();
  }

  size_t size() const noexcept {
    return items_.size();
  }

  /// Returns the time to call `expire`, or nothing.
  std::optional<time_point> next_deadline() const noexcept;

  // -- transitions ------------------------------------------------------------

  /// @returns `false` if there is no room.
  [[nodiscard]] bool push(item message);

  /// @pre `!empty()`
  item pop();

  /// Undoes the last `pop`.
  void put_back(item message);

  /// Removes the messages whose deadline has passed and returns their tokens.
  std::vector<uint64_t> expire(time_point now);

  /// Removes everything and returns the tokens.
  std::vector<uint64_t> clear();

private:
  size_t max_bytes_;
  size_t bytes_ = 0;
  std::list<item> items_; // allocates nothing while it is empty
};

} // namespace zenws
