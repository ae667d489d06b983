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

void durable_state::release() {
  subscribers = {};
  spec.provider = nullptr;
  spec.credentials = nullptr;
  spec.dial_actor = nullptr;
  spec.credentials_actor = nullptr;
  address = nullptr;
  if (tape)
    tape->end();
}

error reason_of(const durable_state& record, const caf::error& reason) {
  if (caf_compat::is_orderly_exit(reason))
    return {};
  if (record.last_error
      && caf_compat::code_of(reason) == record.last_error.code)
    return record.last_error;
  if (auto code = caf_compat::code_of(reason); code != ec::none)
    return error{code, caf_compat::detail_of(reason)};
  return error{ec::client_crashed, reason == caf::exit_reason::kill
                                     ? "killed"
                                     : caf_compat::to_text(reason)};
}

} // namespace zenws
