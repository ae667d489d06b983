// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/log/log.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace zenws::test_support {

/// Collects the log entries of an actor system. Thread-safe.
class log_collector {
public:
  void put(const log_entry& entry) {
    std::lock_guard guard{mtx_};
    entries_.push_back(entry);
    changed_.notify_all();
  }

  std::vector<log_entry> entries() const {
    std::lock_guard guard{mtx_};
    return entries_;
  }

  /// Waits until there is an entry with `text` in its text and returns it.
  std::optional<log_entry> wait_for(std::string_view text) const {
    std::optional<log_entry> result;
    std::unique_lock guard{mtx_};
    changed_.wait_for(guard, std::chrono::seconds{20}, [&] {
      for (auto& x : entries_)
        if (x.text.find(text) != std::string::npos) {
          result = x;
          return true;
        }
      return false;
    });
    return result;
  }

private:
  mutable std::mutex mtx_;
  mutable std::condition_variable changed_;
  std::vector<log_entry> entries_;
};

using log_collector_ptr = std::shared_ptr<log_collector>;

/// Returns the value of a field of an entry, or nothing.
inline std::string_view field_of(const log_entry& entry, std::string_view key) {
  for (auto& x : entry.fields)
    if (x.key == key)
      return x.value;
  return {};
}

} // namespace zenws::test_support
