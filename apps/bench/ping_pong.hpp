// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "actor_host.hpp"
#include "transport.hpp"

#include "zenws/actors/messages/messages.hpp"

#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace zenws::bench {

/// Round trips that are made before those that are measured.
constexpr size_t warm_up_trips = 1'000;

/// Round trips to make and where their durations go, in microseconds.
struct ping_pong_job {
  size_t count = 0;
  size_t size = 0;
  std::promise<std::vector<double>> result{};
};

using ping_pong_job_ptr = std::shared_ptr<ping_pong_job>;

/// Waits for the durations. Throws `std::runtime_error` if it takes absurdly
/// long.
std::vector<double> durations_of(ping_pong_job& job);

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
  size_t to_skip_ = warm_up_trips;
  clock::time_point sent_at_;
  std::vector<double> durations_;
};

/// Makes round trips of `payload_bytes` with one client. Returns microseconds.
/// @param busy time that the loop looks for work before it sleeps.
std::vector<double>
zenws_round_trips(const server_address& server, const std::string& policy,
                  placement where, caf::timespan busy, size_t count);

} // namespace zenws::bench
