// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/actors/messages/messages.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::engine {

/// The actors of a venue.
struct venue_actors {
  client_actor market;
  order_desk_actor desk;
  market_pace pace = market_pace::usual;
};

/// The actors of an engine's venues, as they were started last, by the names of
/// the venues. Thread-safe.
class venue_directory {
public:
  void put(const std::string& venue, venue_actors actors) {
    std::lock_guard guard{mtx_};
    venues_.insert_or_assign(venue, std::move(actors));
  }

  std::optional<venue_actors> find(std::string_view venue) const {
    std::lock_guard guard{mtx_};
    auto i = venues_.find(venue);
    return i != venues_.end() ? std::optional{i->second} : std::nullopt;
  }

  /// Forgets all, so that the actors can end.
  void clear() {
    std::lock_guard guard{mtx_};
    venues_.clear();
  }

private:
  mutable std::mutex mtx_;
  std::map<std::string, venue_actors, std::less<>> venues_;
};

using venue_directory_ptr = std::shared_ptr<venue_directory>;

} // namespace zenws::engine
