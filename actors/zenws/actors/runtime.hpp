#pragma once

#include "zenws/actors/client_record.hpp"
#include "zenws/actors/client_supervisor.hpp"
#include "zenws/actors/io_loop.hpp"
#include "zenws/actors/limit_registry.hpp"
#include "zenws/actors/messages.hpp"
#include "zenws/actors/recorder.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace zenws {

/// Makes CAF know the messages and error codes of zenws. Call it on the
/// configuration of each actor system that uses them.
void load_types(caf::actor_system_config& cfg);

/// A configuration that knows zenws: its types, and the option
/// `zenws.io-threads`.
class system_config : public caf::actor_system_config {
public:
  system_config();
};

/// Owns the I/O loops of an actor system.
///
/// Declare it after the `actor_system`: its destructor ends all clients and
/// supervisors (closing connections with code 1001) and then the loops.
/// All member functions may be called from any thread.
class runtime {
public:
  // -- constants --------------------------------------------------------------

  /// How long clients may take for their closing handshakes when the runtime
  /// ends.
  static constexpr std::chrono::milliseconds shutdown_patience
    = std::chrono::seconds{10};

  // -- constructors, destructors, and assignment operators ------------------

  /// Starts as many loops as `zenws.io-threads` says (default: 1).
  explicit runtime(caf::actor_system& sys);

  runtime(caf::actor_system& sys, size_t num_loops);

  runtime(const runtime&) = delete;

  runtime& operator=(const runtime&) = delete;

  ~runtime();

  // -- properties -------------------------------------------------------------

  caf::actor_system& system() noexcept {
    return system_;
  }

  size_t num_loops() const noexcept {
    return loops_.size();
  }

  /// @pre `index < num_loops()`
  io_loop& loop(size_t index) noexcept {
    return *loops_[index];
  }

  // -- clients ----------------------------------------------------------------

  /// Starts a client without a supervisor. It reconnects by itself, and exits
  /// when it cannot; link to it to live and die with it.
  /// @returns the client, or `ec::invalid_config` naming every problem, or an
  ///          error of `start_recorder`.
  caf::expected<client_actor> connect(client_spec spec);

  /// Starts a supervisor for clients.
  client_supervisor_actor supervise(client_supervisor_config cfg = {});

  /// Starts the recorder that the spec of `record` asks for, if any.
  /// @returns `ec::already_exists` if another client is recorded to that file.
  caf::error start_recorder(client_record& record);

  /// Starts an incarnation for `record`.
  client_actor spawn_incarnation(client_record_ptr record);

  // -- co-located subscribers -------------------------------------------------

  /// Starts a class-based actor on a loop, next to the clients there. It must
  /// not block.
  template <class Impl, class... Ts>
  auto spawn_on_loop(size_t index, Ts&&... xs) {
    return seam::spawn_on<loop_actor<Impl>>(system_, loop(index),
                                            std::forward<Ts>(xs)...);
  }

  /// Starts a function-based actor on a loop; see above.
  template <class F, class... Ts>
  auto spawn_function_on_loop(size_t index, F fun, Ts&&... xs) {
    return seam::spawn_function_on<loop_actor>(
      system_, loop(index), std::move(fun), std::forward<Ts>(xs)...);
  }

private:
  caf::actor_system& system_;
  std::vector<std::unique_ptr<io_loop>> loops_;
  std::atomic<size_t> next_loop_{0};
  limit_registry limits_;
  recorder_registry recorders_;
  std::mutex mtx_;
  std::vector<caf::weak_actor_ptr> supervisors_;
};

} // namespace zenws
