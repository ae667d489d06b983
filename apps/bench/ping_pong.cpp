// SPDX-License-Identifier: BSD-3-Clause

#include "ping_pong.hpp"

#include "cases.hpp"
#include "flood.hpp"

#include <stdexcept>
#include <utility>

namespace zenws::bench {

namespace {

constexpr std::chrono::seconds trips_patience{300};

} // namespace

std::vector<double> durations_of(ping_pong_job& job) {
  auto result = job.result.get_future();
  if (result.wait_for(trips_patience) != std::future_status::ready)
    throw std::runtime_error{"the echo does not answer"};
  return result.get();
}

ping_pong::ping_pong(caf::actor_config& cfg, ping_pong_job_ptr job)
  : super(cfg), job_(std::move(job)), payload_(job_->size, 'x') {
  durations_.reserve(job_->count);
}

ping_pong::behavior_type ping_pong::make_behavior() {
  return {
    [this](const message_batch& batch) {
      for (auto msg : batch)
        if (msg.payload.size() == payload_.size())
          on_echo();
    },
    [this](const client_event& event) { on_event(event); },
  };
}

void ping_pong::on_event(const client_event& event) {
  if (event.state == client_state::ready && !client_) {
    client_ = caf::actor_cast<client_actor>(current_sender());
    send_next();
  } else if (event.reason && durations_.size() < job_->count) {
    job_->result.set_exception(
      std::make_exception_ptr(std::runtime_error{describe(event)}));
    quit();
  }
}

void ping_pong::on_echo() {
  std::chrono::duration<double, std::micro> took = clock::now() - sent_at_;
  if (to_skip_ > 0)
    --to_skip_;
  else
    durations_.push_back(took.count());
  if (durations_.size() < job_->count)
    return send_next();
  client_ = nullptr;
  job_->result.set_value(durations_);
}

void ping_pong::send_next() {
  sent_at_ = clock::now();
  caf_compat::tell(*this, client_, send_text{payload_});
}

std::vector<double>
zenws_round_trips(const server_address& server, const std::string& policy,
                  placement where, caf::timespan busy, size_t count) {
  actor_host host{policy,
                  [busy](auto& cfg) { cfg.set("zenws.busy-poll", busy); }};
  auto job = std::make_shared<ping_pong_job>();
  *job = {.count = count, .size = payload_bytes};
  auto player = host.spawn<ping_pong>(where, job);
  auto client = host.connect(config_for(server, "/echo"), {player});
  auto durations = durations_of(*job);
  host.close(client);
  caf::anon_send_exit(player, caf::exit_reason::user_shutdown);
  return durations;
}

} // namespace zenws::bench
