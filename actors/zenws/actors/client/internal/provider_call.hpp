// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/error.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <string>
#include <utility>

namespace zenws {

namespace detail {

/// Something that was done elsewhere and is finished by the client.
struct continuation {
  std::function<void()> resume;
};

template <class Inspector>
auto inspect(Inspector& f, continuation&) {
  return caf_compat::inspect_as(f, "zenws::continuation");
}

} // namespace detail

/// Calls a provider of the user's. Its exceptions become errors.
template <class T>
result<T> call_guarded(const std::function<result<T>()>& provide) {
  auto failed = [](std::string reason) {
    return error{ec::provider_failed, std::move(reason)};
  };
  try {
    auto answer = provide();
    // Fatal errors keep their code.
    if (!answer && answer.error().code != ec::provider_failed
        && class_of(answer.error()) != error_class::fatal)
      return failed(to_string(answer.error()));
    return answer;
  } catch (const std::exception& ex) {
    return failed(ex.what());
  } catch (...) {
    return failed("unknown exception");
  }
}

/// Calls a provider on CAF's scheduler.
/// @param self takes `detail::continuation`.
/// @param use called with the result by `self`, unless it ends before.
template <class T, class Self, class Use>
void ask_provider(Self& self, std::function<result<T>()> provide, Use use) {
  auto call = [to = caf::strong_actor_ptr{self.ctrl()},
               provide = std::move(provide), use = std::move(use)] {
    auto resume = [use, answer = call_guarded(provide)] { use(answer); };
    caf_compat::deliver(to, nullptr, detail::continuation{std::move(resume)},
                        nullptr);
  };
  caf_compat::run_aside(self.home_system(), std::move(call));
}

/// Sends a request to an actor that is a provider.
/// @param use called with the result by `self`, unless it ends before.
template <class T, class Self, class Request, class Use>
void ask_provider(Self& self, const caf::actor& provider,
                  std::chrono::milliseconds timeout, Request request, Use use) {
  self.request(provider, timeout, std::move(request))
    .then(
      [use](const T& answer) { use(result<T>{answer}); },
      [use](const caf::error& reason) {
        use(result<T>{error{ec::provider_failed, caf_compat::to_text(reason)}});
      });
}

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2853, zenws::detail::continuation)
