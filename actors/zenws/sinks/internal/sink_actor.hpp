// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/client/client_runtime.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/sinks/internal/sink_queue.hpp"
#include "zenws/sinks/internal/sink_worker.hpp"
#include "zenws/sinks/sink_options.hpp"

#include <chrono>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace zenws {

namespace detail {

/// Time to write what waits, and to look for clients that are missing.
struct sink_due {};

template <class Inspector>
auto inspect(Inspector& f, sink_due&) {
  return caf_compat::inspect_as(f, "zenws::sink_due");
}

/// Time to try again.
struct sink_retry_due {};

template <class Inspector>
auto inspect(Inspector& f, sink_retry_due&) {
  return caf_compat::inspect_as(f, "zenws::sink_retry_due");
}

/// Time to end with whatever waits.
struct sink_close_due {};

template <class Inspector>
auto inspect(Inspector& f, sink_close_due&) {
  return caf_compat::inspect_as(f, "zenws::sink_close_due");
}

} // namespace detail

/// What a sink leaves to its next incarnation.
struct sink_memory {
  explicit sink_memory(const sink_bounds& bounds) : queue(bounds) {
    // nop
  }

  sink_queue queue;
  std::map<uint64_t, sink_source_ptr> sources; // by the id of the client

  /// Whether the oldest batch may be in the store.
  sink_attempt next_attempt = sink_attempt::first;

  /// Done when the last worker has ended.
  std::shared_future<void> worker_ended{};
};

using sink_memory_ptr = std::shared_ptr<sink_memory>;

/// Subscribes to clients, keeps what they receive, and has a worker write it.
class sink_actor : public ending_actor<caf::event_based_actor> {
public:
  // -- constructors, destructors, and assignment operators --------------------

  sink_actor(caf::actor_config& cfg, client_runtime& host, std::string id,
             sink_options options, sink_memory_ptr memory);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  caf::behavior make_behavior() override;

  void before_end() override;

private:
  using clock = std::chrono::steady_clock;

  enum class writing_state : uint8_t { idle, under_way, waiting };

  // A client by its name.
  struct membership {
    std::string client;
    caf::actor_addr address{};
    bool has_joined = false;
    ec last_problem = ec::none;
  };

  // -- clients ----------------------------------------------------------------

  void join_missing();

  void join(membership& to);

  void subscribe_messages(membership& to, const client_actor& client);

  void subscribe_typed(membership& to, const client_actor& client);

  void left(membership& from, const caf::error& reason);

  // Makes the source of a client that the sink may see for the first time.
  void open_source(uint64_t client_id, const std::string& client);

  // -- records ----------------------------------------------------------------

  void take(const message_batch& batch);

  void take(const market_batch& batch);

  void take(const client_event& event);

  void add(const sink_source_ptr& source, sink_record record);

  void tell(std::span<const sink_queue::told_loss> losses);

  // -- writing ----------------------------------------------------------------

  void start_worker();

  // Has the oldest batch written, unless one is.
  void write();

  void done(const detail::sink_batch_done& outcome);

  // Finds a record that the store refuses by trying halves of its batch.
  void narrow(const error& reason);

  void written(std::span<const size_t> refused);

  void failed(const error& reason);

  // Has the batch written that the last attempt has failed for.
  void retry();

  void flush();

  // -- ending -----------------------------------------------------------------

  void close(const caf::error& reason);

  void give_up();

  void publish_figures();

  void log(log_level level, std::string text, std::string client = {});

  client_runtime& host_;
  std::string id_;
  sink_options options_;
  sink_memory_ptr memory_;
  std::vector<membership> members_;
  caf::actor worker_;
  std::stop_source worker_stop_;
  writing_state state_ = writing_state::idle;
  uint64_t retries_ = 0; // since the last success
  std::minstd_rand noise_{std::random_device{}()};
  bool is_closing_ = false;
  caf::error end_;
};

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2940, zenws::detail::sink_due)
ZENWS_LOCAL_MESSAGE(2941, zenws::detail::sink_retry_due)
ZENWS_LOCAL_MESSAGE(2942, zenws::detail::sink_close_due)
