// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/internal/sink_worker.hpp"

#include <utility>

namespace zenws {

sink_worker::sink_worker(caf::actor_config& cfg, sink_worker_links links)
  : ending_actor(cfg), links_(std::move(links)) {
  // nop
}

const char* sink_worker::name() const {
  return "zenws.sink_worker";
}

caf::behavior sink_worker::make_behavior() {
  caf_compat::log_unhandled(*this);
  return {
    [this](const detail::write_sink_batch& request) { return write(request); },
  };
}

void sink_worker::before_end() {
  writer_ = nullptr;
  links_.ended->set_value();
  links_.make_writer = nullptr;
}

detail::sink_batch_done
sink_worker::write(const detail::write_sink_batch& request) {
  if (links_.before.valid())
    std::exchange(links_.before, {}).wait();
  if (writer_ == nullptr)
    writer_ = links_.make_writer();
  if (writer_ == nullptr)
    return {{ec::sink_failed, "there is no writer for the store"}, {}};
  // No record is the reason of that.
  if (auto problem = writer_->open({links_.ending, links_.patience}))
    return {{ec::sink_failed, std::move(problem.detail)}, {}};
  auto refused = writer_->write(*request.content, request.attempt,
                                {links_.ending, links_.patience});
  if (!refused)
    return {refused.error(), {}};
  return {{}, std::move(*refused)};
}

} // namespace zenws
