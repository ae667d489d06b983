// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace zenws::sim {

class connection;

/// Which connections listen to which channel.
class channel_list {
public:
  bool empty() const noexcept {
    return subscribers_.empty();
  }

  bool has(const std::string& channel) const {
    return subscribers_.contains(channel);
  }

  void add(const std::string& channel, connection& subscriber);

  void remove(const std::string& channel, connection& subscriber);

  void clear() noexcept {
    subscribers_.clear();
  }

  /// Sends a text, which is encoded once, to all subscribers.
  void publish(const std::string& channel, std::string_view text);

private:
  std::unordered_map<std::string, std::vector<connection*>> subscribers_;
};

} // namespace zenws::sim
