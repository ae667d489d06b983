// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/messages.hpp"
#include "zenws/outlet/internal/outlet_source.hpp"

#include <caf/actor.hpp>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace zenws {

/// Identifies a subscription of a program: topic, name of the client or desk,
/// and channel.
using outlet_key = std::tuple<outlet_topic, std::string, std::string>;

/// Returns the subscription that a request is about.
outlet_key key_of(const outlet_request& request);

/// A subscription of a program.
struct outlet_entry {
  outlet_source_ptr source;

  /// Receives in the name of the program.
  caf::actor stream;

  /// Null for desks.
  client_actor client;

  /// Of market data.
  std::set<std::pair<market::data_kind, std::string>> wishes{};

  /// Set for events that come along with other subscriptions.
  bool is_implied = false;
};

/// The subscriptions of a program. No I/O.
class outlet_subscriptions {
public:
  // -- properties -------------------------------------------------------------

  /// Returns the number of those that the program has asked for; each
  /// instrument counts for each kind of its data.
  size_t count() const;

  /// Returns how many a request would add.
  size_t additional(const outlet_request& request) const;

  outlet_entry* find(const outlet_key& key);

  /// Returns whether something of a client is left but implied events.
  bool needs_events(const std::string& client) const;

  // -- changing ---------------------------------------------------------------

  outlet_entry& add(const outlet_key& key, outlet_entry entry);

  /// @pre `find(key) != nullptr`
  outlet_entry take(const outlet_key& key);

private:
  std::map<outlet_key, outlet_entry> entries_;
};

} // namespace zenws
