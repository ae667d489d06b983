// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace zenws {

/// Spreads channels over members that can have so many each: a new channel goes
/// to the one that has the fewest.
///
/// Pure. Not thread-safe.
class channel_shards {
public:
  using predicate = std::function<bool(uint64_t member)>;

  /// @param capacity channels that a member can have.
  explicit channel_shards(size_t capacity) noexcept : capacity_(capacity) {
    // nop
  }

  void add_member(uint64_t member);

  /// @returns the channels that have no member any more.
  std::vector<std::string> remove_member(uint64_t member);

  /// Removes all channels of a member that stays.
  /// @returns the channels.
  std::vector<std::string> clear_member(uint64_t member);

  /// Returns the member of a channel, or nothing if it has none.
  std::optional<uint64_t> member_of(const std::string& channel) const;

  /// Assigns a channel without a member to the one with the fewest of those
  /// that have room and that `is_eligible` accepts, if there is one.
  std::optional<uint64_t> assign(const std::string& channel,
                                 const predicate& is_eligible);

  /// Removes a channel; does nothing if it has no member.
  void release(const std::string& channel);

  size_t num_channels(uint64_t member) const;

  size_t num_channels() const noexcept {
    return homes_.size();
  }

private:
  void count(uint64_t member, size_t before, size_t after);

  size_t capacity_;
  std::unordered_map<std::string, uint64_t> homes_;
  std::unordered_map<uint64_t, std::set<std::string>> channels_;
  std::set<std::pair<size_t, uint64_t>> by_load_;
};

} // namespace zenws
