#pragma once

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/caf/pending_responses.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>

namespace zenws {

/// CAF never answers a request that was under way when its node was lost; after
/// this time it is forgotten.
constexpr std::chrono::minutes forget_requests_after{10};

/// What an error of a request to another node means to whoever asked.
inline caf::error translated(caf::error why) {
  if (caf_compat::is_ours(why))
    return why;
  return make_error(error{ec::disconnected, caf_compat::to_text(why)});
}

/// Passes a request on to a node and answers the promise `token` with what `f`
/// makes of the answer, or with the error.
template <class Result, class Self, class Target, class Request,
          class F = std::identity>
void forward_as(uint64_t token, Self& self, pending_responses& promises,
                const Target& to, Request what, F f = {}) {
  auto fail = [&promises, token](caf::error& why) {
    promises.answer(token, translated(std::move(why)));
  };
  auto pending = self.request(to, forget_requests_after, std::move(what));
  if constexpr (std::is_void_v<Result>)
    pending.then([&promises, token] { promises.answer(token); }, fail);
  else
    pending.then([&promises, token,
                  f](Result& x) { promises.answer(token, f(std::move(x))); },
                 fail);
}

/// Passes a request of another actor on to a node. `promises` fails it if the
/// node is lost meanwhile.
template <class Result, class Self, class Target, class Request,
          class F = std::identity>
caf::result<Result> forward_request(Self& self, pending_responses& promises,
                                    const Target& to, Request what, F f = {}) {
  auto token = promises.add(self.make_response_promise());
  forward_as<Result>(token, self, promises, to, std::move(what), std::move(f));
  return caf::delegated<Result>{};
}

} // namespace zenws
