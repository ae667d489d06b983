// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/messages.hpp"

#include <chrono>
#include <future>
#include <memory>

namespace zenws::bench {

/// Times of a client's steps after the loss of its connection.
struct restoration {
  using time_point = std::chrono::steady_clock::time_point;

  /// The attempt began.
  time_point dialed{};

  /// The connection was open.
  time_point opened{};

  /// The first message of a channel came.
  time_point fed{};

  /// The venue had acknowledged all channels.
  time_point ready{};
};

using restoration_promise_ptr = std::shared_ptr<std::promise<restoration>>;

/// A subscriber that watches its client come back from the first outage.
class restore_watch : public subscriber_actor::base {
public:
  using super = subscriber_actor::base;

  restore_watch(caf::actor_config& cfg, restoration_promise_ptr result);

  behavior_type make_behavior() override;

private:
  void on_event(const client_event& event);

  void on_state(client_state state);

  void fail(const client_event& event);

  // Which connection is the one after the outage.
  static constexpr uint64_t second_epoch = 2;

  restoration_promise_ptr result_;
  restoration seen_;
  uint64_t epoch_ = 0;
  bool done_ = false;
};

} // namespace zenws::bench
