// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/client/internal/durable_state.hpp"

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/delivery/event_stream.hpp"
#include "zenws/actors/recording/internal/recording_tape.hpp"

#include <utility>

namespace zenws {

durable_state::durable_state(client_spec description)
  : spec(std::move(description)),
    front(spec.name, std::exchange(spec.subscribers, {})) {
  spec.name = front.position.name;
  if (spec.config.tls.verify == tls_verify::insecure_skip_verify)
    front.first_events.push_back(event_kind::insecure_tls);
}

void durable_state::tell_end(const error& reason,
                             const subscriber_set::origin& from) {
  auto last = front.end(reason, from);
  // Also if it never became a subscriber. The client may be started anew: then
  // another one begins.
  if (auto source = std::exchange(market, {}))
    caf_compat::deliver(
      caf::actor_cast<caf::strong_actor_ptr>(source), from.sender,
      caf::exit_msg{from.sender ? from.sender->address() : caf::actor_addr{},
                    make_error(caf::exit_reason::user_shutdown)},
      from.unit);
  if (events)
    events->publish(last, from.unit);
}

market_source_options market_options_of(const durable_state& state,
                                        caf::local_actor& self) {
  auto& spec = state.spec;
  auto& address = state.front.address;
  client_spec description{.config = spec.config, .dialect = spec.dialect};
  return {
    .client = caf::actor_cast<client_actor>(
      address ? address : caf::strong_actor_ptr{self.ctrl()}),
    .api = spec.market_api ? caf::actor_cast<client_actor>(spec.market_api)
                           : client_actor{},
    .dialect = [description] { return dialect_of(description); },
    .feed = spec.feed,
    .name = spec.name,
    .position = state.front.position,
    .max_pause = spec.config.max_reading_pause,
    .stats = {state.stats, &state.stats->market},
  };
}

// -- state_keeper -------------------------------------------------------------

void return_state::operator()(durable_state* state) const {
  std::unique_ptr<durable_state> owned{state};
  if (keeper)
    keeper->take_back(std::move(owned));
}

state_keeper::state_keeper(std::unique_ptr<durable_state> state)
  : state_(std::move(state)) {
  // nop
}

durable_state_ptr state_keeper::lend() {
  std::lock_guard guard{mtx_};
  return {state_.release(), return_state{shared_from_this()}};
}

durable_state* state_keeper::idle() const {
  std::lock_guard guard{mtx_};
  return state_.get();
}

std::unique_ptr<durable_state> state_keeper::abandon() {
  std::lock_guard guard{mtx_};
  is_abandoned_ = true;
  return std::move(state_);
}

void state_keeper::take_back(std::unique_ptr<durable_state> state) {
  {
    std::lock_guard guard{mtx_};
    if (!is_abandoned_) {
      state_ = std::move(state);
      return;
    }
  }
  state->tell_end(state->last_error, {nullptr, nullptr});
}

// -- free functions -----------------------------------------------------------

error reason_of(const error& last_error, const caf::error& reason) {
  if (caf_compat::is_orderly_exit(reason))
    return {};
  if (last_error && caf_compat::code_of(reason) == last_error.code)
    return last_error;
  if (auto code = caf_compat::code_of(reason); code != ec::none)
    return error{code, caf_compat::detail_of(reason)};
  return error{ec::client_crashed, reason == caf::exit_reason::kill
                                     ? "killed"
                                     : caf_compat::to_text(reason)};
}

} // namespace zenws
