// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "log_collector.hpp"

#include "zenws/actors/all.hpp"

#include "zenws/sim/server.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace zenws::test_support {

using namespace std::chrono_literals;

/// Longest wait of a test: one that takes longer has failed.
constexpr auto patience = std::chrono::seconds{20};

/// Calls `done` until it returns `true`, for changes without an event. Each
/// round should wait for a response.
/// @returns `false` after `patience`.
template <class Predicate>
bool eventually(Predicate done) {
  auto deadline = std::chrono::steady_clock::now() + patience;
  while (!done())
    if (std::chrono::steady_clock::now() > deadline)
      return false;
  return true;
}

/// Messages and events that a subscriber received. Thread-safe.
class inbox {
public:
  struct message {
    message_kind kind;
    std::string payload;
    uint64_t sequence;
    uint64_t epoch;
    uint64_t client_id;
  };

  void put(const message_batch& batch) {
    std::lock_guard guard{mtx_};
    for (auto x : batch)
      messages_.push_back({x.kind, std::string{x.payload}, x.sequence,
                           batch.epoch(), batch.client_id()});
    changed_.notify_all();
  }

  void put(const client_event& event) {
    std::lock_guard guard{mtx_};
    events_.push_back(event);
    changed_.notify_all();
  }

  void put(const supervision_event& event) {
    std::lock_guard guard{mtx_};
    news_.push_back(event);
    changed_.notify_all();
  }

  std::vector<message> messages() const {
    std::lock_guard guard{mtx_};
    return messages_;
  }

  std::vector<client_event> events() const {
    std::lock_guard guard{mtx_};
    return events_;
  }

  std::vector<supervision_event> news() const {
    std::lock_guard guard{mtx_};
    return news_;
  }

  size_t count() const {
    std::lock_guard guard{mtx_};
    return messages_.size();
  }

  /// Waits until there are `n` messages.
  bool wait_for_messages(size_t n) const {
    return wait([&] { return messages_.size() >= n; });
  }

  /// Waits for a message with this payload.
  bool wait_for_text(const std::string& payload) const {
    return wait([&] {
      for (auto& x : messages_)
        if (x.payload == payload)
          return true;
      return false;
    });
  }

  /// Waits for an event and returns it.
  std::optional<client_event>
  wait_for_event(std::function<bool(const client_event&)> pred) const {
    return wait_for(events_, pred);
  }

  std::optional<client_event> wait_for_state(client_state state,
                                             uint64_t epoch = 0) const {
    return wait_for_event([=](const client_event& x) {
      return x.kind == event_kind::state_changed && x.state == state
             && x.epoch >= epoch;
    });
  }

  std::optional<client_event> wait_for_kind(event_kind kind) const {
    return wait_for_event(
      [=](const client_event& x) { return x.kind == kind; });
  }

  /// Waits for an event of a child of a supervisor.
  std::optional<supervision_event>
  wait_for_news(supervision_event_kind kind, const std::string& child) const {
    return wait_for(news_, [&](const supervision_event& x) {
      return x.kind == kind && x.child == child;
    });
  }

private:
  template <class T, class Predicate>
  std::optional<T>
  wait_for(const std::vector<T>& events, Predicate pred) const {
    std::optional<T> result;
    wait([&] {
      auto i = std::find_if(events.begin(), events.end(), pred);
      if (i != events.end())
        result = *i;
      return result.has_value();
    });
    return result;
  }

  template <class Predicate>
  bool wait(Predicate pred) const {
    std::unique_lock guard{mtx_};
    return changed_.wait_for(guard, patience, pred);
  }

  mutable std::mutex mtx_;
  mutable std::condition_variable changed_;
  std::vector<message> messages_;
  std::vector<client_event> events_;
  std::vector<supervision_event> news_;
};

using inbox_ptr = std::shared_ptr<inbox>;

/// Puts all that a subscriber receives into an inbox.
inline caf::behavior collecting(caf::event_based_actor*, inbox_ptr to) {
  return {
    [to](const message_batch& batch) { to->put(batch); },
    [to](const client_event& event) { to->put(event); },
    [to](const supervision_event& event) { to->put(event); },
  };
}

/// A configuration that a function extends. Collects log entries.
struct extended_config : system_config {
  using extension = std::function<void(caf::actor_system_config&)>;

  explicit extended_config(const extension& extend) {
    log = [to = entries](const log_entry& entry) { to->put(entry); };
    if (extend)
      extend(*this);
  }

  log_collector_ptr entries = std::make_shared<log_collector>();
};

/// An actor system with a runtime and one blocking actor for requests.
struct world {
  world() : world(1) {
    // nop
  }

  explicit world(size_t loops, const extended_config::extension& extend = {})
    : cfg(extend), sys(cfg), rt(sys, loops), self(sys) {
    // nop
  }

  /// Sends a request and waits. Returns the response or the error.
  template <class T, class Handle, class Request>
  caf::expected<T> ask(const Handle& receiver, Request request,
                       std::chrono::milliseconds timeout = patience) {
    caf::expected<T> result{caf::sec::runtime_error};
    self->request(receiver, timeout, std::move(request))
      .receive([&](T& x) { result = std::move(x); },
               [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  /// Same for requests with an empty response.
  template <class Handle, class Request>
  caf::error tell(const Handle& receiver, Request request) {
    caf::error result;
    self
      ->request(receiver, std::chrono::milliseconds{patience},
                std::move(request))
      .receive([&] { /* done */ },
               [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  /// Subscribes a new collecting actor.
  template <class Handle>
  std::pair<caf::actor, inbox_ptr>
  collect(const Handle& client, subscription_options options = {}) {
    auto to = std::make_shared<inbox>();
    auto subscriber = sys.spawn(collecting, to);
    if (auto err = tell(client, subscribe{subscriber, options}))
      return {caf::actor{}, to};
    return {subscriber, to};
  }

  /// Collects the events of all supervision trees from now on.
  inbox_ptr watch() {
    auto to = std::make_shared<inbox>();
    rt.watch(sys.spawn(collecting, to));
    return to;
  }

  /// Waits until an actor has terminated and returns the reason.
  template <class Handle>
  caf::error end_of(const Handle& actor) {
    caf::error result;
    self->monitor(actor);
    self->receive([&](caf::down_msg& x) { result = x.reason; });
    return result;
  }

  /// Same for whatever reason.
  template <class Handle>
  void await_end_of(const Handle& actor) {
    static_cast<void>(end_of(actor));
  }

  extended_config cfg;
  log_collector_ptr entries = cfg.entries;
  caf::actor_system sys;
  runtime rt;
  caf::scoped_actor self;
};

/// Starts a client whose events are collected from the start.
inline std::pair<client_actor, inbox_ptr>
connect_collecting(world& w, client_config config) {
  auto to = std::make_shared<inbox>();
  auto subscriber = w.sys.spawn(collecting, to);
  auto client = w.rt.connect(
    {.config = std::move(config), .subscribers = {{subscriber}}});
  if (!client)
    throw std::runtime_error{caf_compat::to_text(client.error())};
  return {*client, to};
}

/// Returns a configuration with the timeouts and retries of a test.
inline client_config quick(std::string url) {
  client_config result;
  result.url = std::move(url);
  result.handshake_timeout = 5s;
  result.close_timeout = 1s;
  result.backoff = {.min = 10ms,
                    .max = 100ms,
                    .factor = 1.5,
                    .jitter = 0.2,
                    .stable_after = 50ms,
                    .max_attempts = backoff_config::unlimited};
  return result;
}

/// Makes each refusal of an upgrade final, for any status.
inline refusal_ruling refusals_are_final(const refusal& x) {
  return x.reason.refusal != nullptr ? refusal_ruling::final
                                     : refusal_ruling::undecided;
}

/// Starts a simulator or throws.
inline std::unique_ptr<sim::server> start_server(sim::server_config cfg = {}) {
  auto result = std::make_unique<sim::server>(std::move(cfg));
  if (auto problem = result->start())
    throw std::runtime_error{*problem};
  return result;
}

} // namespace zenws::test_support
