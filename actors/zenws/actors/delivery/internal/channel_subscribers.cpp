// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/delivery/internal/channel_subscribers.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace zenws {

void channel_subscribers::add(uint64_t subscriber,
                              const channel_spec& channel) {
  auto& [spec, subscribers] = channels_[channel.name];
  spec = channel;
  if (std::find(subscribers.begin(), subscribers.end(), subscriber)
      == subscribers.end())
    subscribers.push_back(subscriber);
  changed_ = true;
}

std::vector<std::string>
channel_subscribers::remove(uint64_t subscriber,
                            std::span<const std::string> names) {
  std::vector<std::string> result;
  for (auto& name : names) {
    auto i = channels_.find(name);
    if (i == channels_.end()
        || std::erase(i->second.subscribers, subscriber) == 0
        || !i->second.subscribers.empty())
      continue;
    channels_.erase(i);
    result.push_back(name);
  }
  changed_ = true;
  return result;
}

std::vector<std::string> channel_subscribers::remove_all(uint64_t subscriber) {
  std::vector<std::string> result;
  for (auto i = channels_.begin(); i != channels_.end();) {
    auto left = std::erase(i->second.subscribers, subscriber) > 0;
    if (left && i->second.subscribers.empty()) {
      result.push_back(i->first);
      i = channels_.erase(i);
    } else {
      ++i;
    }
  }
  changed_ = true;
  return result;
}

std::vector<uint64_t> channel_subscribers::drop(const std::string& name) {
  std::vector<uint64_t> result;
  if (auto i = channels_.find(name); i != channels_.end()) {
    result = std::move(i->second.subscribers);
    channels_.erase(i);
    changed_ = true;
  }
  return result;
}

std::vector<channel_spec> channel_subscribers::specs() const {
  std::vector<channel_spec> result;
  for (auto& [name, channel] : channels_)
    result.push_back(channel.spec);
  return result;
}

std::vector<uint64_t> channel_subscribers::private_subscribers() const {
  std::set<uint64_t> result;
  for (auto& [name, x] : channels_)
    if (x.spec.access == channel_access::authenticated_only)
      result.insert(x.subscribers.begin(), x.subscribers.end());
  return {result.begin(), result.end()};
}

std::span<const uint64_t>
channel_subscribers::subscribers_of(std::string_view name) const {
  auto i = channels_.find(name);
  return i == channels_.end() ? std::span<const uint64_t>{}
                              : std::span{i->second.subscribers};
}

void channel_subscribers::refresh() {
  if (!std::exchange(changed_, false))
    return;
  std::set<uint64_t> all;
  for (auto& [name, channel] : channels_)
    all.insert(channel.subscribers.begin(), channel.subscribers.end());
  subscribers_.assign(all.begin(), all.end());
  uniform_ = std::all_of(channels_.begin(), channels_.end(), [&](auto& x) {
    return x.second.subscribers.size() == all.size();
  });
}

} // namespace zenws
