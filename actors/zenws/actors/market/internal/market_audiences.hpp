// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/delivery/market_batch.hpp"
#include "zenws/market/update_list.hpp"
#include "zenws/venue/market_protocol.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace zenws {

/// The subscribers of market data of one client, grouped by their interests:
/// updates are selected once for each group.
class market_audiences {
public:
  // -- member types -----------------------------------------------------------

  /// Data that a subscriber wants: of one kind and instrument, or of all
  /// instruments if that is empty.
  using interest = std::pair<market::data_kind, std::string>;

  // -- changing ---------------------------------------------------------------

  /// @returns `false` if the subscriber has it already.
  bool add(uint64_t subscriber, const interest& wanted);

  /// @returns `false` if the subscriber did not have it.
  bool remove(uint64_t subscriber, const interest& given_up);

  /// Removes an interest of all subscribers.
  /// @returns those that had it.
  std::vector<uint64_t> drop(const interest& ended);

  /// Removes a subscriber.
  /// @returns its interests.
  std::vector<interest> remove_all(uint64_t subscriber);

  // -- properties -------------------------------------------------------------

  bool empty() const noexcept {
    return interests_.empty();
  }

  /// Returns whether a subscriber wants anything.
  bool contains(uint64_t subscriber) const noexcept {
    return interests_.contains(subscriber);
  }

  /// Returns all that is wanted, each once.
  std::set<interest> all() const;

  // -- delivery ---------------------------------------------------------------

  /// Updates that a block may hold.
  enum class content : uint8_t {
    /// Only those that somebody wants.
    all_wanted,
    /// Anything.
    any,
  };

  /// Receives the selection of a group of subscribers.
  using group_visitor
    = std::function<void(const std::vector<uint64_t>& subscribers,
                         const market_selection& selection)>;

  /// Sorts out which updates are for whom.
  void select(const market_block& updates, content extent,
              const group_visitor& visit);

private:
  struct group {
    std::vector<uint64_t> subscribers;
    std::set<interest> wanted;
    std::vector<uint32_t> selected; // while selecting
  };

  // Kinds that a group wants of one instrument.
  struct share {
    size_t group;
    market::data_kinds kinds;
  };

  void regroup();

  std::map<uint64_t, std::set<interest>> interests_; // by subscriber

  // Computed from `interests_` by `regroup`.
  bool changed_ = false;
  std::vector<group> groups_;
  std::map<std::string, std::vector<share>, std::less<>> shares_;
};

} // namespace zenws
