#include "zenws/actors/client/durable_state.hpp"

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/delivery/event_stream.hpp"
#include "zenws/actors/recording/recording_tape.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

uint64_t next_client_id() noexcept {
  static std::atomic<uint64_t> last{0};
  return last.fetch_add(1) + 1;
}

} // namespace

std::chrono::milliseconds client_stats::up() const noexcept {
  using namespace std::chrono;
  if (state != client_state::ready)
    return milliseconds{0};
  return duration_cast<milliseconds>(steady_clock::now() - since.load());
}

void client_stats::was_ready_for(
  std::chrono::steady_clock::duration span) noexcept {
  using std::chrono::milliseconds;
  ready_for = std::max(ready_for.load(),
                       std::chrono::duration_cast<milliseconds>(span));
}

durable_state::durable_state(client_spec what)
  : id(next_client_id()), spec(std::move(what)) {
  if (spec.name.empty())
    spec.name = "client-" + std::to_string(id);
  for (auto& x : std::exchange(spec.subscribers, {}))
    subscribers.add(std::move(x.subscriber), x.options);
}

client_event durable_state::event(event_kind kind, client_state state) const {
  client_event result;
  result.kind = kind;
  result.state = state;
  result.client_id = id;
  result.client = spec.name;
  result.epoch = epoch;
  result.next_sequence = next_sequence;
  return result;
}

void durable_state::tell_end(const error& reason,
                             const subscriber_set::origin& from) {
  auto last = event(event_kind::ended, client_state::stopped);
  last.reason = reason;
  subscribers.end(last, from);
  if (events)
    events->publish(last, from.unit);
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
