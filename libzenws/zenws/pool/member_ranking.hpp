// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>

namespace zenws {

/// Finds the best of several members by their scores, in constant time.
/// Members of the same score take turns.
///
/// Pure. Not thread-safe.
class member_ranking {
public:
  static constexpr uint8_t max_score = 100;

  /// Adds a member behind all others of its score, or changes the score of one
  /// that is known; if it stays the same, nothing changes.
  void put(uint64_t member, uint8_t score);

  void remove(uint64_t member);

  size_t size() const noexcept {
    return nodes_.size();
  }

  /// Returns the best member with a score above 0 that is none of `tried`; the
  /// others of its score come before it next time.
  std::optional<uint64_t> take(std::span<const uint64_t> tried = {});

private:
  // Members of one score form a ring of which the next one to take is known.
  struct node {
    uint8_t score = 0;
    uint64_t previous = 0;
    uint64_t next = 0;
  };

  struct ring {
    uint64_t first = 0;
    size_t size = 0;
  };

  void enter(uint64_t member, node& x);

  void leave(uint64_t member, node& x);

  std::optional<uint64_t> take_from(ring& where,
                                    std::span<const uint64_t> tried);

  std::unordered_map<uint64_t, node> nodes_;
  std::array<ring, max_score + 1> rings_{};
};

} // namespace zenws
