// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/pool/channel_shards.hpp"

#include <algorithm>

namespace zenws {

void channel_shards::add_member(uint64_t member) {
  if (channels_.try_emplace(member).second)
    by_load_.emplace(0, member);
}

std::vector<std::string> channel_shards::remove_member(uint64_t member) {
  auto result = clear_member(member);
  channels_.erase(member);
  by_load_.erase({0, member});
  return result;
}

std::vector<std::string> channel_shards::clear_member(uint64_t member) {
  auto i = channels_.find(member);
  if (i == channels_.end())
    return {};
  std::vector<std::string> result{i->second.begin(), i->second.end()};
  for (auto& channel : result)
    homes_.erase(channel);
  i->second.clear();
  count(member, result.size(), 0);
  return result;
}

std::optional<uint64_t>
channel_shards::member_of(const std::string& channel) const {
  auto i = homes_.find(channel);
  return i == homes_.end() ? std::nullopt : std::optional{i->second};
}

std::optional<uint64_t> channel_shards::assign(const std::string& channel,
                                               const predicate& is_eligible) {
  auto fits = [&](const std::pair<size_t, uint64_t>& x) {
    return x.first < capacity_ && is_eligible(x.second);
  };
  auto i = std::find_if(by_load_.begin(), by_load_.end(), fits);
  if (i == by_load_.end())
    return std::nullopt;
  auto [load, member] = *i;
  homes_.emplace(channel, member);
  channels_.at(member).insert(channel);
  count(member, load, load + 1);
  return member;
}

void channel_shards::release(const std::string& channel) {
  auto i = homes_.find(channel);
  if (i == homes_.end())
    return;
  auto member = i->second;
  auto& all = channels_.at(member);
  all.erase(channel);
  homes_.erase(i);
  count(member, all.size() + 1, all.size());
}

size_t channel_shards::num_channels(uint64_t member) const {
  auto i = channels_.find(member);
  return i == channels_.end() ? 0 : i->second.size();
}

void channel_shards::count(uint64_t member, size_t before, size_t after) {
  by_load_.erase({before, member});
  by_load_.emplace(after, member);
}

} // namespace zenws
