// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/internal/utf8.hpp"
#include "zenws/message.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <utility>

namespace zenws::internal {

/// Messages that wait to be written, up to a number of bytes.
class write_queue {
public:
  struct entry {
    message_kind kind;
    size_t bytes; // before compression
    std::string payload;
  };

  explicit write_queue(size_t max_bytes) : max_bytes_(max_bytes) {
    // nop
  }

  bool empty() const noexcept {
    return entries_.empty();
  }

  size_t bytes() const noexcept {
    return bytes_;
  }

  /// @pre `!empty()`
  entry& front() noexcept {
    return entries_.front();
  }

  /// @returns the reason if the message cannot be sent.
  [[nodiscard]] ec push(message_kind kind, std::string payload) {
    auto size = payload.size();
    if (size > max_bytes_)
      return ec::outbound_too_big;
    if (bytes_ + size > max_bytes_)
      return ec::outbound_full;
    if (kind == message_kind::text && !valid_utf8(payload.data(), size))
      return ec::invalid_message;
    bytes_ += size;
    entries_.push_back({kind, size, std::move(payload)});
    return ec::none;
  }

  /// @pre `!empty()`
  void pop() {
    bytes_ -= entries_.front().bytes;
    entries_.pop_front();
  }

private:
  size_t max_bytes_;
  size_t bytes_ = 0;
  std::list<entry> entries_; // an idle connection owns no memory for it
};

} // namespace zenws::internal
