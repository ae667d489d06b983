// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/caf/io_loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <utility>

#include <pthread.h>

namespace zenws {

namespace {

namespace asio = boost::asio;

// Rounds over ready actors before the sockets have their turn.
constexpr size_t max_rounds_per_turn = 64;

// The loop whose thread this is.
thread_local io_loop* current_loop = nullptr;

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

io_loop::io_loop(caf::actor_system& sys, std::chrono::nanoseconds busy_poll)
  : caf_compat::own_unit(&sys),
    context_(std::make_unique<asio::io_context>(1)),
    slabs_(slab_pool::make()) {
  thread_ = std::thread{[this, busy_poll] {
    current_loop = this;
    if (clockid_t own; pthread_getcpuclockid(pthread_self(), &own) == 0)
      cpu_clock_ = own;
    run_events(busy_poll);
  }};
}

io_loop::~io_loop() {
  end(std::chrono::milliseconds{0});
}

// -- properties ---------------------------------------------------------------

std::chrono::nanoseconds io_loop::turn_time() const noexcept {
  auto began = turn_began_.load(std::memory_order_relaxed);
  return began == clock::time_point{} ? std::chrono::nanoseconds{0}
                                      : clock::now() - began;
}

std::chrono::nanoseconds io_loop::cpu_time() const noexcept {
  timespec spent{};
  if (auto source = cpu_clock_.load(std::memory_order_relaxed);
      !source || clock_gettime(*source, &spent) != 0)
    return std::chrono::nanoseconds{0};
  return std::chrono::seconds{spent.tv_sec}
         + std::chrono::nanoseconds{spent.tv_nsec};
}

// -- running ------------------------------------------------------------------

bool io_loop::on_own_thread() const noexcept {
  return current_loop == this;
}

void io_loop::run_events(std::chrono::nanoseconds busy_poll) {
  auto work = asio::make_work_guard(*context_);
  if (busy_poll <= std::chrono::nanoseconds{0}) {
    context_->run();
    return;
  }
  auto last_event = clock::now();
  while (!context_->stopped()) {
    if (context_->poll() == 0) {
      if (clock::now() - last_event < busy_poll)
        continue;
      context_->run_one();
    }
    last_event = clock::now();
  }
}

void io_loop::exec_later(caf_compat::job* job) {
  if (!caf_compat::is_bound_to_loop(*job)) {
    if (on_own_thread() && depth_ > 0)
      scheduled_.push_back(job);
    else
      caf_compat::hand_to_scheduler(system(), job);
  } else if (on_own_thread() && depth_ > 0) {
    ready_.push_back(job);
  } else {
    asio::post(*context_, [this, job] {
      turn guard{*this};
      run(job);
    });
  }
}

void io_loop::run(caf_compat::job* job) {
  if (caf_compat::run_job(*this, job, max_messages_per_run)
      == caf_compat::job_state::wants_more)
    ready_.push_back(job);
}

bool io_loop::run_ready() {
  if (ready_.empty())
    return false;
  running_.swap(ready_);
  for (auto* job : running_)
    run(job);
  running_.clear();
  return true;
}

void io_loop::flush_scheduled() {
  for (auto* job : scheduled_)
    caf_compat::hand_to_scheduler(system(), job);
  scheduled_.clear();
}

void io_loop::begin_turn() noexcept {
  turn_began_.store(clock::now(), std::memory_order_relaxed);
}

void io_loop::finish_turn() noexcept {
  // Actors that run now are still part of the turn.
  ++depth_;
  flush_scheduled();
  for (size_t i = 0; i < max_rounds_per_turn && run_ready(); ++i)
    flush_scheduled();
  --depth_;
  for (auto* job : std::exchange(ready_, {}))
    exec_later(job);
  turns_.record(clock::now() - turn_began_.load(std::memory_order_relaxed));
  turn_began_.store({}, std::memory_order_relaxed);
}

// -- residents ----------------------------------------------------------------

void io_loop::add_resident(caf::strong_actor_ptr actor) {
  auto stopped = [&] {
    std::lock_guard guard{mtx_};
    residents_.emplace(actor->id(), actor);
    return stopping_;
  }();
  if (stopped)
    caf::anon_send_exit(caf::actor_cast<caf::actor>(actor),
                        caf::exit_reason::user_shutdown);
}

void io_loop::remove_resident(caf::actor_id id) {
  caf::strong_actor_ptr last; // released outside of the lock
  std::lock_guard guard{mtx_};
  auto i = residents_.find(id);
  if (i == residents_.end())
    return;
  last = std::move(i->second);
  residents_.erase(i);
  if (residents_.empty())
    empty_.notify_all();
}

size_t io_loop::residents() const {
  std::lock_guard guard{mtx_};
  return residents_.size();
}

std::vector<caf::strong_actor_ptr> io_loop::all_residents() const {
  std::vector<caf::strong_actor_ptr> result;
  std::lock_guard guard{mtx_};
  for (auto& [id, resident] : residents_)
    result.push_back(resident);
  return result;
}

void io_loop::request_exit(caf::exit_reason reason) {
  {
    std::lock_guard guard{mtx_};
    stopping_ = true;
  }
  for (auto& resident : all_residents())
    caf::anon_send_exit(caf::actor_cast<caf::actor>(resident), reason);
}

bool io_loop::wait_until_empty(std::chrono::milliseconds patience) {
  std::unique_lock guard{mtx_};
  return empty_.wait_for(guard, patience,
                         [this] { return residents_.empty(); });
}

void io_loop::log_residents() const {
  for (auto& resident : all_residents())
    write_log(system(), {.level = log_level::error,
                         .component = "zenws.io_loop",
                         .text = "the end of an I/O loop kills "
                                 + caf_compat::describe_actor(
                                   caf::actor_cast<caf::actor>(resident))});
}

void io_loop::end(std::chrono::milliseconds patience) {
  if (!thread_.joinable())
    return;
  request_exit(caf::exit_reason::user_shutdown);
  if (!wait_until_empty(patience)) {
    if (patience > std::chrono::milliseconds{0})
      log_residents();
    request_exit(caf::exit_reason::kill);
    // A job that blocks the loop for ever cannot be helped.
    while (!wait_until_empty(std::chrono::seconds{1}))
      request_exit(caf::exit_reason::kill);
  }
  // Only aborted operations of closed sockets are left.
  asio::post(*context_,
             [this] { asio::post(*context_, [this] { context_->stop(); }); });
  thread_.join();
}

} // namespace zenws
