// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/delivery/slab.hpp"
#include "zenws/shared_histogram.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <time.h>

namespace boost::asio {
class io_context;
} // namespace boost::asio

namespace zenws {

/// One thread, its `io_context`, and a CAF execution unit in one.
///
/// Actors bound to a loop are processed on its thread, where the callbacks of
/// its sockets run as well: between the two there is no lock and no hop. Jobs
/// of other actors that become ready here go to CAF's scheduler, all at once,
/// when the turn of the loop ends.
class io_loop : public caf_compat::own_unit {
public:
  // -- constants --------------------------------------------------------------

  /// Messages an actor may take before others have their turn.
  static constexpr size_t max_messages_per_run = 300;

  // -- constructors, destructors, and assignment operators ------------------

  /// Starts the thread.
  /// @param busy_poll how long an idle loop asks for events again and again
  ///                  before it sleeps, which costs its core and saves the
  ///                  time to wake up.
  explicit io_loop(caf::actor_system& sys,
                   std::chrono::nanoseconds busy_poll = {});

  io_loop(const io_loop&) = delete;

  io_loop& operator=(const io_loop&) = delete;

  ~io_loop() override;

  // -- properties -------------------------------------------------------------

  boost::asio::io_context& context() noexcept {
    return *context_;
  }

  const std::shared_ptr<slab_pool>& slabs() const noexcept {
    return slabs_;
  }

  /// Returns the durations of all turns so far. May be called from any thread,
  /// as the next two.
  duration_counts turns() const noexcept {
    return turns_.read();
  }

  /// Returns for how long the turn that goes on has lasted, 0 between turns.
  std::chrono::nanoseconds turn_time() const noexcept;

  /// Returns the CPU time of the thread, 0 if it has ended. It grows by one
  /// second a second while the loop is busy.
  std::chrono::nanoseconds cpu_time() const noexcept;

  // -- running ----------------------------------------------------------------

  /// Marks a callback of a socket or timer: actors that become ready in it run
  /// when the outermost turn ends. Only on the thread of the loop.
  class turn {
  public:
    explicit turn(io_loop& loop) noexcept : loop_(loop) {
      if (loop_.depth_++ == 0)
        loop_.begin_turn();
    }

    turn(const turn&) = delete;

    turn& operator=(const turn&) = delete;

    ~turn() {
      if (--loop_.depth_ == 0)
        loop_.finish_turn();
    }

  private:
    io_loop& loop_;
  };

  /// Called by CAF, from any thread.
  void exec_later(caf_compat::job* job) override;

  // -- residents --------------------------------------------------------------

  /// Keeps an actor that is bound to this loop alive until it terminates.
  void add_resident(caf::strong_actor_ptr actor);

  void remove_resident(caf::actor_id id);

  size_t residents() const;

  /// Asks all residents to end, waits for them, and ends the thread. Those
  /// that have not ended after `patience` are logged and killed.
  void end(std::chrono::milliseconds patience);

private:
  using clock = std::chrono::steady_clock;

  bool on_own_thread() const noexcept;

  // The function of the thread.
  void run_events(std::chrono::nanoseconds busy_poll);

  void run(caf_compat::job* job);

  void begin_turn() noexcept;

  void finish_turn() noexcept;

  bool run_ready();

  void flush_scheduled();

  std::vector<caf::strong_actor_ptr> all_residents() const;

  void request_exit(caf::exit_reason reason);

  void log_residents() const;

  bool wait_until_empty(std::chrono::milliseconds patience);

  std::unique_ptr<boost::asio::io_context> context_;
  std::shared_ptr<slab_pool> slabs_;

  // Touched by the loop's thread only.
  size_t depth_ = 0;
  std::vector<caf_compat::job*> ready_;
  std::vector<caf_compat::job*> running_;
  std::vector<caf_compat::job*> scheduled_;

  // Written by the loop's thread only.
  shared_histogram turns_;
  std::atomic<clock::time_point> turn_began_{}; // the epoch between turns
  std::atomic<std::optional<clockid_t>> cpu_clock_{};

  mutable std::mutex mtx_;
  std::condition_variable empty_;
  std::map<caf::actor_id, caf::strong_actor_ptr> residents_;
  bool stopping_ = false;

  std::thread thread_;
};

/// An actor of class `Base` that lives on a loop.
template <class Base>
using loop_actor = caf_compat::bound_actor<Base, io_loop>;

} // namespace zenws
