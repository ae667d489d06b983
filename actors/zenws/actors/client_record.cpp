#include "zenws/actors/client_record.hpp"

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

client_record::client_record(client_spec what)
  : id(next_client_id()), spec(std::move(what)) {
  if (spec.name.empty())
    spec.name = "client-" + std::to_string(id);
  for (auto& x : std::exchange(spec.subscribers, {}))
    subscribers.add(std::move(x.subscriber), x.options);
}

} // namespace zenws
