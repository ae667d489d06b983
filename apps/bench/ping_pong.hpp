// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/messages.hpp"

#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace zenws::bench {

/// Round trips to make and where their durations go, in microseconds.
struct ping_pong_job {
  size_t warm_up = 0;
  size_t count = 0;
  size_t size = 0;
  std::promise<std::vector<double>> result{};
};

using ping_pong_job_ptr = std::shared_ptr<ping_pong_job>;

/// A subscriber that sends a message when the last one has come back.
class ping_pong : public subscriber_actor::base {
public:
  using super = subscriber_actor::base;

  ping_pong(caf::actor_config& cfg, ping_pong_job_ptr job);

  behavior_type make_behavior() override;

private:
  using clock = std::chrono::steady_clock;

  void on_event(const client_event& event);

  void on_echo();

  void send_next();

  ping_pong_job_ptr job_;
  std::string payload_;
  client_actor client_;
  size_t to_skip_;
  clock::time_point sent_at_;
  std::vector<double> durations_;
};

} // namespace zenws::bench
