// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"

#include <cstdint>
#include <optional>
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
    promises_.emplace(++last_token_, entry{std::move(promise)});
    return last_token_;
  }

  /// Names the request of our own that leads to an answer.
  void set_request(uint64_t token, caf::message_id request) {
    if (auto i = promises_.find(token); i != promises_.end())
      i->second.request = request;
  }

  template <class... Ts>
  void answer(uint64_t token, Ts&&... xs) {
    auto i = promises_.find(token);
    if (i == promises_.end())
      return;
    auto promise = std::move(i->second.promise);
    promises_.erase(i);
    caf_compat::answer(promise, std::forward<Ts>(xs)...);
  }

  /// Answers all by `reason`.
  void fail_all(const caf::error& reason) {
    for (auto& [token, waiting] : std::exchange(promises_, {}))
      caf_compat::answer(waiting.promise, reason);
  }

  /// Same, and gives up the requests that would lead to the answers: CAF
  /// answers none that were under way to a node that is lost.
  /// @param self sender of the requests.
  void abandon_all(caf::scheduled_actor& self, const caf::error& reason) {
    for (auto& [token, waiting] : promises_)
      if (waiting.request)
        caf_compat::fail_request(self, *waiting.request, reason);
    fail_all(reason);
  }

private:
  struct entry {
    caf::response_promise promise;
    std::optional<caf::message_id> request{};
  };

  std::unordered_map<uint64_t, entry> promises_;
  uint64_t last_token_ = 0;
};

} // namespace zenws
