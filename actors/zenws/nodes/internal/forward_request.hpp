// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/caf/internal/pending_responses.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>

namespace zenws {

/// CAF never answers a request that was under way when its node was lost; after
/// this time it is forgotten.
constexpr std::chrono::minutes forget_requests_after{10};

/// Returns the error for the sender of a request that was passed to another
/// node.
inline caf::error translated(caf::error reason) {
  if (caf_compat::is_ours(reason))
    return reason;
  return make_error(error{ec::disconnected, caf_compat::to_text(reason)});
}

/// Passes a request on to a node and answers the promise `token` with
/// `f(answer)` or with the error. Without a deadline: CAF 0.17 keeps each one
/// until it is over, answered or not.
template <class Result, class Self, class Target, class Request,
          class F = std::identity>
void forward_as(uint64_t token, Self& self, pending_responses& promises,
                const Target& to, Request request, F f = {}) {
  auto fail = [&promises, token](caf::error& reason) {
    promises.answer(token, translated(std::move(reason)));
  };
  auto pending = self.request(to, caf::infinite, std::move(request));
  if constexpr (std::is_void_v<Result>)
    std::move(pending).then([&promises, token] { promises.answer(token); },
                            fail);
  else
    std::move(pending).then(
      [&promises, token, f](Result& x) {
        promises.answer(token, f(std::move(x)));
      },
      fail);
  promises.set_request(token, caf_compat::last_request(self));
}

/// Passes a request of another actor on to a node. `promises` abandons it if
/// the node is lost meanwhile.
template <class Result, class Self, class Target, class Request,
          class F = std::identity>
caf::result<Result> forward_request(Self& self, pending_responses& promises,
                                    const Target& to, Request request,
                                    F f = {}) {
  auto token = promises.add(self.make_response_promise());
  forward_as<Result>(token, self, promises, to, std::move(request),
                     std::move(f));
  return caf::delegated<Result>{};
}

} // namespace zenws
