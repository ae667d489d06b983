// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/market/internal/market_delivery.hpp"

namespace zenws {

market_block_ptr block_of(const market::update_list& updates,
                          const client_position& origin,
                          std::chrono::system_clock::time_point received_at) {
  boost::intrusive_ptr result{new market_block(updates)};
  result->client_id = origin.id;
  result->epoch = origin.epoch;
  result->received_at = received_at;
  return result;
}

subscriber_set::verdict deliver(const market_block_ptr& updates,
                                market_audiences::content extent,
                                market_audiences& audiences, client_front& to) {
  auto result = subscriber_set::verdict::keep_reading;
  auto context = to.position.event({});
  auto from = to.origin();
  audiences.select(*updates, extent,
                   [&](const std::vector<uint64_t>& subscribers,
                       const market_selection& selection) {
                     if (to.subscribers.deliver(subscribers, updates, selection,
                                                context, from)
                         == subscriber_set::verdict::stop_reading)
                       result = subscriber_set::verdict::stop_reading;
                   });
  return result;
}

} // namespace zenws
