// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/connection.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace zenws {

/// Tokens in the order of their writes. Unlike a deque it takes no memory as
/// long as nothing was written.
class pending_writes {
public:
  void push(uint64_t token) {
    tokens_.push_back(token);
  }

  /// @pre there is one
  uint64_t pop() {
    auto result = tokens_[next_++];
    // Removes finished entries once they are the majority: a pop stays cheap.
    if (2 * next_ > tokens_.size()) {
      tokens_.erase(tokens_.begin(),
                    tokens_.begin() + static_cast<std::ptrdiff_t>(next_));
      next_ = 0;
    }
    return result;
  }

  /// Returns those that were not popped.
  std::span<const uint64_t> rest() const noexcept {
    return std::span{tokens_}.subspan(next_);
  }

private:
  std::vector<uint64_t> tokens_;
  size_t next_ = 0;
};

/// One connection of a client, from the decision to dial to its end: the one in
/// use, or the successor that is about to replace it.
struct client_connection {
  /// Null until the provider has answered, and after the end.
  std::shared_ptr<connection> socket{};

  bool is_open = false;

  /// The upgrade request has headers or a query, which may be credentials.
  bool has_credentials = false;

  /// Tokens of sent messages in this order, 0 for no waiting sender.
  pending_writes unwritten{};
};

} // namespace zenws
