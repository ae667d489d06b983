// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/market/internal/market_audiences.hpp"

#include <algorithm>
#include <memory>

namespace zenws {

// -- changing -----------------------------------------------------------------

bool market_audiences::add(uint64_t subscriber, const interest& wanted) {
  changed_ = true;
  return interests_[subscriber].insert(wanted).second;
}

bool market_audiences::remove(uint64_t subscriber, const interest& given_up) {
  auto i = interests_.find(subscriber);
  if (i == interests_.end() || i->second.erase(given_up) == 0)
    return false;
  changed_ = true;
  if (i->second.empty())
    interests_.erase(i);
  return true;
}

std::vector<uint64_t> market_audiences::drop(const interest& ended) {
  std::vector<uint64_t> result;
  for (auto& [subscriber, wanted] : interests_)
    if (wanted.contains(ended))
      result.push_back(subscriber);
  for (auto subscriber : result)
    remove(subscriber, ended);
  return result;
}

std::vector<market_audiences::interest>
market_audiences::remove_all(uint64_t subscriber) {
  std::vector<interest> result;
  auto i = interests_.find(subscriber);
  if (i == interests_.end())
    return result;
  result.assign(i->second.begin(), i->second.end());
  interests_.erase(i);
  changed_ = true;
  return result;
}

// -- properties ---------------------------------------------------------------

std::set<market_audiences::interest> market_audiences::all() const {
  std::set<interest> result;
  for (auto& [subscriber, wanted] : interests_)
    result.insert(wanted.begin(), wanted.end());
  return result;
}

// -- delivery -----------------------------------------------------------------

void market_audiences::select(const market_block& updates, content extent,
                              const group_visitor& visit) {
  if (changed_)
    regroup();
  if (groups_.size() == 1 && extent == content::all_wanted)
    return visit(groups_.front().subscribers, nullptr);
  uint32_t index = 0;
  for (auto& x : updates) {
    auto kind = kind_of(x);
    auto mark = [&](std::string_view name) {
      auto i = shares_.find(name);
      if (i == shares_.end())
        return;
      for (auto& [which, kinds] : i->second) {
        auto& selected = groups_[which].selected;
        if (kinds.contains(kind)
            && (selected.empty() || selected.back() != index))
          selected.push_back(index);
      }
    };
    mark(instrument_of(x).view());
    mark({});
    ++index;
  }
  for (auto& [subscribers, wanted, selected] : groups_) {
    if (selected.empty())
      continue;
    auto is_all = selected.size() == updates.size();
    visit(subscribers,
          is_all ? nullptr
                 : std::make_shared<const std::vector<uint32_t>>(selected));
    selected.clear();
  }
}

void market_audiences::regroup() {
  changed_ = false;
  groups_.clear();
  shares_.clear();
  for (auto& [subscriber, wanted] : interests_) {
    auto i = std::ranges::find(groups_, wanted, &group::wanted);
    if (i == groups_.end())
      i = groups_.insert(groups_.end(), {.subscribers = {}, .wanted = wanted});
    i->subscribers.push_back(subscriber);
  }
  for (size_t which = 0; which < groups_.size(); ++which)
    for (auto& [kind, instrument] : groups_[which].wanted) {
      auto& all = shares_[instrument];
      if (all.empty() || all.back().group != which)
        all.push_back({which, {}});
      all.back().kinds.insert(kind);
    }
}

} // namespace zenws
