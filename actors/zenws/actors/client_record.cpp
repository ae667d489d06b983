#include "zenws/actors/client_record.hpp"

#include "zenws/actors/caf_seam.hpp"
#include "zenws/actors/event_stream.hpp"
#include "zenws/actors/recording_tape.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

uint64_t next_client_id() noexcept {
  static std::atomic<uint64_t> last{0};
  return last.fetch_add(1) + 1;
}

} // namespace

std::chrono::milliseconds client_vitals::up() const noexcept {
  using namespace std::chrono;
  if (state != client_state::ready)
    return milliseconds{0};
  return duration_cast<milliseconds>(steady_clock::now() - since.load());
}

void client_vitals::was_ready_for(
  std::chrono::steady_clock::duration span) noexcept {
  using std::chrono::milliseconds;
  ready_for = std::max(ready_for.load(),
                       std::chrono::duration_cast<milliseconds>(span));
}

client_record::client_record(client_spec what)
  : id(next_client_id()), spec(std::move(what)) {
  if (spec.name.empty())
    spec.name = "client-" + std::to_string(id);
  for (auto& x : std::exchange(spec.subscribers, {}))
    subscribers.add(std::move(x.subscriber), x.options);
}

client_event client_record::event(event_kind kind, client_state state) const {
  client_event result;
  result.kind = kind;
  result.state = state;
  result.client_id = id;
  result.client = spec.name;
  result.epoch = epoch;
  result.next_sequence = next_sequence;
  return result;
}

void client_record::tell_end(const error& reason,
                             const subscriber_set::origin& from) {
  auto last = event(event_kind::ended, client_state::stopped);
  last.reason = reason;
  subscribers.end(last, from);
  if (events)
    events->publish(last, from.unit);
}

void client_record::release() {
  subscribers = {};
  spec.provider = nullptr;
  spec.credentials = nullptr;
  spec.dial_actor = nullptr;
  spec.credentials_actor = nullptr;
  address = nullptr;
  if (tape)
    tape->end();
}

error reason_of(const client_record& record, const caf::error& reason) {
  if (seam::is_orderly_exit(reason))
    return {};
  if (record.last_error && seam::code_of(reason) == record.last_error.code)
    return record.last_error;
  if (auto code = seam::code_of(reason); code != ec::none)
    return error{code, seam::detail_of(reason)};
  return error{ec::client_crashed, reason == caf::exit_reason::kill
                                     ? "killed"
                                     : seam::to_text(reason)};
}

} // namespace zenws
