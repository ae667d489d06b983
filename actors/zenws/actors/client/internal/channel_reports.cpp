// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/client/internal/channel_reports.hpp"

#include "zenws/actors/caf/caf_compat.hpp"

#include <set>
#include <string_view>
#include <utility>

namespace zenws {

void channel_reports::open(uint64_t id,
                           const std::vector<channel_spec>& channels,
                           caf::response_promise promise) {
  std::set<std::string_view> names;
  for (auto& channel : channels)
    names.insert(channel.name);
  reports_[id] = {names.size(), {}, std::move(promise)};
}

void channel_reports::add(uint64_t id, channel_outcome outcome) {
  auto i = reports_.find(id);
  if (i == reports_.end())
    return;
  auto& report = i->second;
  report.report.outcomes.push_back(std::move(outcome));
  if (--report.missing > 0)
    return;
  auto complete = std::move(report);
  reports_.erase(i);
  caf_compat::answer(complete.promise, std::move(complete.report));
}

void channel_reports::fail_all(const caf::error& reason) {
  for (auto& [id, report] : std::exchange(reports_, {}))
    caf_compat::answer(report.promise, reason);
}

} // namespace zenws
