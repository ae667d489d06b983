// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <deque>
#include <set>
#include <string>
#include <utility>

namespace zenws::sim {

/// Ids of the requests about orders, of all connections: an account uses each
/// once. The venue does not tell for how long it remembers them.
class bybit_request_ids {
public:
  /// Notes an id. Returns whether the account has not used it before.
  bool admit(const std::string& account, std::string id) {
    auto [i, is_new] = known_.emplace(account, std::move(id));
    if (!is_new)
      return false;
    oldest_first_.push_back(i);
    if (oldest_first_.size() > capacity) {
      known_.erase(oldest_first_.front());
      oldest_first_.pop_front();
    }
    return true;
  }

private:
  static constexpr size_t capacity = 100'000;

  using ids = std::set<std::pair<std::string, std::string>>;

  ids known_;
  std::deque<ids::iterator> oldest_first_;
};

} // namespace zenws::sim
