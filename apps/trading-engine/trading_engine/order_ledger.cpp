#include "trading_engine/order_ledger.hpp"

#include <utility>

namespace zenws::engine {

order_ledger::order_ledger(std::string run) : run_(std::move(run)) {
  // nop
}

std::vector<std::pair<std::string, std::string>>
order_ledger::doubtful(time_point now) const {
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& [label, x] : open_)
    if (x.is_unknown && x.expires <= now)
      result.emplace_back(label, x.what.instrument);
  return result;
}

std::string order_ledger::sent(decision what, time_point expires) {
  auto label = run_ + '-' + std::to_string(++last_number_);
  open_.emplace(label, order{std::move(what), expires});
  ++counters_.sent;
  return label;
}

std::optional<decision> order_ledger::kept_back(std::string_view label) {
  uint64_t ignored = 0;
  auto result = settle(label, ignored);
  counters_.sent -= ignored;
  return result;
}

std::optional<decision> order_ledger::acked(std::string_view label) {
  return settle(label, counters_.acked);
}

std::optional<decision> order_ledger::refused(std::string_view label) {
  return settle(label, counters_.refused);
}

std::optional<decision> order_ledger::absent(std::string_view label) {
  return settle(label, counters_.absent);
}

void order_ledger::lost_sight(std::string_view label) {
  auto i = open_.find(label);
  if (i == open_.end() || std::exchange(i->second.is_unknown, true))
    return;
  ++counters_.unknown;
  ++counters_.ever_unknown;
}

std::optional<decision> order_ledger::settle(std::string_view label,
                                             uint64_t& count) {
  auto i = open_.find(label);
  if (i == open_.end())
    return std::nullopt;
  if (i->second.is_unknown)
    --counters_.unknown;
  auto result = std::move(i->second.what);
  open_.erase(i);
  ++count;
  return result;
}

} // namespace zenws::engine
