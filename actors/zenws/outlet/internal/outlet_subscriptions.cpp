// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/internal/outlet_subscriptions.hpp"

#include <algorithm>

namespace zenws {

outlet_key key_of(const outlet_request& request) {
  auto is_desk = request.topic == outlet_topic::desk;
  return {request.topic, is_desk ? request.desk : request.client,
          request.channel};
}

// -- properties ---------------------------------------------------------------

size_t outlet_subscriptions::count() const {
  size_t result = 0;
  for (auto& [key, entry] : entries_)
    if (std::get<outlet_topic>(key) == outlet_topic::market)
      result += entry.wishes.size();
    else
      result += entry.is_implied ? 0 : 1;
  return result;
}

size_t outlet_subscriptions::additional(const outlet_request& request) const {
  auto i = entries_.find(key_of(request));
  if (request.topic != outlet_topic::market)
    return i == entries_.end() ? 1 : 0;
  size_t result = 0;
  for (auto kind : market::data_kinds::all)
    if (request.kinds.contains(kind))
      for (auto& instrument : request.instruments)
        result += i == entries_.end()
                  || !i->second.wishes.contains({kind, instrument});
  return result;
}

outlet_entry* outlet_subscriptions::find(const outlet_key& key) {
  auto i = entries_.find(key);
  return i == entries_.end() ? nullptr : &i->second;
}

bool outlet_subscriptions::needs_events(const std::string& client) const {
  return std::ranges::any_of(entries_, [&](auto& x) {
    return x.second.client != nullptr && x.second.source->name == client
           && !x.second.is_implied;
  });
}

// -- changing -----------------------------------------------------------------

outlet_entry& outlet_subscriptions::add(const outlet_key& key,
                                        outlet_entry entry) {
  return entries_.insert_or_assign(key, std::move(entry)).first->second;
}

outlet_entry outlet_subscriptions::take(const outlet_key& key) {
  return std::move(entries_.extract(key).mapped());
}

} // namespace zenws
