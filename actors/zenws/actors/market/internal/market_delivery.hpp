// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/delivery/internal/client_front.hpp"
#include "zenws/actors/market/internal/market_audiences.hpp"
#include "zenws/delivery/market_batch.hpp"
#include "zenws/market/update_list.hpp"

#include <chrono>

namespace zenws {

/// Returns market data of a client as subscribers share it.
market_block_ptr block_of(const market::update_list& updates,
                          const client_position& origin,
                          std::chrono::system_clock::time_point received_at);

/// Delivers market data of a client to those who want it.
subscriber_set::verdict deliver(const market_block_ptr& updates,
                                market_audiences::content extent,
                                market_audiences& audiences, client_front& to);

} // namespace zenws
