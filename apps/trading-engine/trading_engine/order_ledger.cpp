// SPDX-License-Identifier: BSD-3-Clause

#include "order_ledger.hpp"

#include <algorithm>
#include <utility>

namespace zenws::engine {

order_ledger::order_ledger(std::string run, uint64_t incarnations)
  : run_(std::move(run)), incarnation_(incarnations) {
  // nop
}

std::vector<std::pair<std::string, std::string>>
order_ledger::doubtful(time_point now) const {
  std::vector<std::pair<std::string, std::string>> result;
  for (auto& [label, x] : open_)
    if (x.is_unknown && x.expires <= now)
      result.emplace_back(label, x.choice.instrument);
  return result;
}

bool order_ledger::is_own(std::string_view label) const {
  if (!label.starts_with(run_))
    return false;
  // "a-1-1" is no order of the run "a-1".
  auto rest = label.substr(run_.size());
  for (auto i = 0; i < 2; ++i) {
    if (!rest.starts_with('-'))
      return false;
    rest.remove_prefix(1);
    auto end = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (end == 0)
      return false;
    rest.remove_prefix(end);
  }
  return rest.empty();
}

bool order_ledger::has_open(std::string_view instrument) const {
  return std::ranges::any_of(open_, [&](auto& x) {
    return x.second.choice.instrument == instrument;
  });
}

bool order_ledger::is_unknown(std::string_view label) const {
  auto i = open_.find(label);
  return i != open_.end() && i->second.is_unknown;
}

void order_ledger::begin_incarnation() {
  ++incarnation_;
  last_number_ = 0;
  for (auto& [label, x] : open_)
    lost_sight(label);
}

std::string order_ledger::sent(decision choice, time_point expires) {
  auto label = run_ + '-' + std::to_string(incarnation_) + '-'
               + std::to_string(++last_number_);
  open_.emplace(label, order{std::move(choice), expires});
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
  auto result = std::move(i->second.choice);
  open_.erase(i);
  ++count;
  return result;
}

} // namespace zenws::engine
