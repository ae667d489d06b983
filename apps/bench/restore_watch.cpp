// SPDX-License-Identifier: BSD-3-Clause

#include "restore_watch.hpp"

#include <exception>
#include <stdexcept>
#include <utility>

namespace zenws::bench {

namespace {

using clock = std::chrono::steady_clock;

void set_once(restoration::time_point& time) {
  if (time == restoration::time_point{})
    time = clock::now();
}

} // namespace

restore_watch::restore_watch(caf::actor_config& cfg,
                             restoration_promise_ptr result)
  : super(cfg), result_(std::move(result)) {
  // nop
}

restore_watch::behavior_type restore_watch::make_behavior() {
  return {
    [this](const message_batch& batch) {
      if (batch.epoch() == second_epoch)
        set_once(seen_.fed);
    },
    [this](const client_event& event) {
      if (!done_)
        on_event(event);
    },
  };
}

void restore_watch::on_event(const client_event& event) {
  epoch_ = event.epoch;
  if (event.kind == event_kind::channel_revoked
      || event.kind == event_kind::gave_up)
    fail(event);
  else if (event.kind == event_kind::state_changed)
    on_state(event.state);
}

void restore_watch::on_state(client_state state) {
  switch (state) {
    case client_state::resolving:
      seen_.dialed = clock::now();
      break;
    case client_state::authenticating:
    case client_state::restoring:
      if (epoch_ == second_epoch)
        set_once(seen_.opened);
      break;
    case client_state::ready:
      if (epoch_ != second_epoch)
        break;
      seen_.ready = clock::now();
      done_ = true;
      result_->set_value(seen_);
      break;
    default:
      break;
  }
}

void restore_watch::fail(const client_event& event) {
  done_ = true;
  result_->set_exception(
    std::make_exception_ptr(std::runtime_error{describe(event)}));
}

} // namespace zenws::bench
