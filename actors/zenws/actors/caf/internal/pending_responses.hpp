// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"

#include <cstdint>
#include <unordered_map>
#include <utility>

namespace zenws {

/// Response promises of one actor, by tokens for code that knows no actors.
/// Each token is answered once; answers to unknown ones are dropped. Not
/// thread-safe.
class pending_responses {
public:
  /// @returns a token that was never used before, never 0.
  uint64_t add(caf::response_promise promise) {
    promises_.emplace(++last_token_, std::move(promise));
    return last_token_;
  }

  template <class... Ts>
  void answer(uint64_t token, Ts&&... xs) {
    auto i = promises_.find(token);
    if (i == promises_.end())
      return;
    auto promise = std::move(i->second);
    promises_.erase(i);
    caf_compat::answer(promise, std::forward<Ts>(xs)...);
  }

  /// Answers all by `reason`.
  void fail_all(const caf::error& reason) {
    for (auto& [token, promise] : std::exchange(promises_, {}))
      caf_compat::answer(promise, reason);
  }

private:
  std::unordered_map<uint64_t, caf::response_promise> promises_;
  uint64_t last_token_ = 0;
};

} // namespace zenws
