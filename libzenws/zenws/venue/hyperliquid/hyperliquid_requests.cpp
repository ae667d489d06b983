// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/hyperliquid/hyperliquid_requests.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

bool hyperliquid_requests::is_guilty(std::string_view key) const {
  auto i = suspects_.find(key);
  return i != suspects_.end() && i->second >= 2 * max_ends;
}

void hyperliquid_requests::asked(int64_t id, kind action, std::string key) {
  std::erase_if(pending_, [&](auto& x) { return x.id == id || x.key == key; });
  pending_.push_back({id, action, std::move(key)});
}

std::optional<int64_t> hyperliquid_requests::answered(kind action,
                                                      std::string_view key) {
  has_answers_ = true;
  auto i = std::ranges::find_if(pending_, [&](auto& x) {
    return x.action == action && x.key == key;
  });
  if (i == pending_.end())
    return std::nullopt;
  auto id = i->id;
  pending_.erase(i);
  return id;
}

std::optional<int64_t> hyperliquid_requests::answered() {
  has_answers_ = true;
  if (pending_.empty())
    return std::nullopt;
  auto id = pending_.front().id;
  pending_.erase(pending_.begin());
  return id;
}

void hyperliquid_requests::granted(std::string_view key) {
  if (auto i = suspects_.find(key); i != suspects_.end())
    suspects_.erase(i);
  if (!once_granted_.contains(key))
    once_granted_.emplace(key);
}

void hyperliquid_requests::release(int64_t id) {
  std::erase_if(pending_, [id](auto& x) { return x.id == id; });
}

void hyperliquid_requests::lost() {
  std::erase_if(pending_, [&](auto& x) {
    return x.action != kind::subscribe || once_granted_.contains(x.key);
  });
  auto is_alone = pending_.size() == 1;
  for (auto& x : pending_) {
    auto& half_ends = suspects_[x.key];
    if (is_alone)
      half_ends += has_answers_ ? 2 : 1;
  }
  pending_.clear();
  has_answers_ = false;
}

void hyperliquid_requests::forget(std::string_view key) {
  std::erase_if(pending_, [key](auto& x) { return x.key == key; });
  if (auto i = suspects_.find(key); i != suspects_.end())
    suspects_.erase(i);
  if (auto i = once_granted_.find(key); i != once_granted_.end())
    once_granted_.erase(i);
}

} // namespace zenws
