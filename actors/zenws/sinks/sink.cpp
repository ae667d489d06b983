// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/sink.hpp"

#include "zenws/sinks/internal/sink_actor.hpp"

#include <memory>
#include <utility>

namespace zenws {

namespace {

// Beyond the time that a sink takes itself.
constexpr std::chrono::seconds shutdown_margin{5};

} // namespace

child_spec make_child(client_runtime& host, std::string id,
                      sink_options options) {
  auto memory = std::make_shared<sink_memory>(
    sink_bounds{.budget_bytes = options.budget_bytes,
                .batch_bytes = options.batch_bytes,
                .batch_records = options.batch_records});
  child_spec result;
  result.id = id;
  result.policy.shutdown = options.close_within + shutdown_margin;
  result.start = [&host, id = std::move(id), options = std::move(options),
                  memory](caf::actor_system& sys) -> caf::expected<caf::actor> {
    if (auto problems = validate(options); !problems.empty())
      return make_error(as_error(problems));
    return caf::actor_cast<caf::actor>(
      sys.spawn<sink_actor, caf::lazy_init>(host, id, options, memory));
  };
  return result;
}

} // namespace zenws
