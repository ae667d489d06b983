// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/sinks/sink_options.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <stop_token>
#include <vector>

namespace zenws {

namespace detail {

/// Asks a worker to write a batch.
struct write_sink_batch {
  sink_batch_ptr content;
  sink_attempt attempt = sink_attempt::first;
};

template <class Inspector>
auto inspect(Inspector& f, write_sink_batch& x) {
  return caf_compat::inspect_as(f, "zenws::write_sink_batch", "attempt",
                                x.attempt);
}

/// Outcome of `write_sink_batch`.
struct sink_batch_done {
  error problem;
  std::vector<size_t> refused;
};

template <class Inspector>
auto inspect(Inspector& f, sink_batch_done& x) {
  return caf_compat::inspect_as(f, "zenws::sink_batch_done", "refused",
                                x.refused);
}

} // namespace detail

/// What a worker shares with its sink and its predecessor.
struct sink_worker_links {
  std::function<std::unique_ptr<sink_writer>()> make_writer;

  std::chrono::milliseconds patience{0};

  /// Ends what the worker is about to do.
  std::stop_token ending;

  /// Done when the last worker of the sink has ended.
  std::shared_future<void> before;

  /// Fulfilled when this one has.
  std::shared_ptr<std::promise<void>> ended;
};

/// Waits for the store in the place of a sink. Must be spawned detached.
class sink_worker : public ending_actor<caf::event_based_actor> {
public:
  sink_worker(caf::actor_config& cfg, sink_worker_links links);

  const char* name() const override;

  caf::behavior make_behavior() override;

  void before_end() override;

private:
  detail::sink_batch_done write(const detail::write_sink_batch& request);

  sink_worker_links links_;
  std::unique_ptr<sink_writer> writer_;
};

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2943, zenws::detail::write_sink_batch)
ZENWS_LOCAL_MESSAGE(2944, zenws::detail::sink_batch_done)
