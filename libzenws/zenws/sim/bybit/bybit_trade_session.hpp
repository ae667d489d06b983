// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/bybit/bybit_orders.hpp"
#include "zenws/sim/bybit/bybit_request_ids.hpp"
#include "zenws/sim/clocks.hpp"
#include "zenws/sim/config/call_faults.hpp"
#include "zenws/sim/config/server_config.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// Result of a request about orders.
struct bybit_trade_outcome {
  std::string answer;
  std::vector<order_change> changes{};
};

/// One connection's requests about orders, in Bybit's manner
/// (bybit-exchange.github.io/docs/v5/websocket/trade/guideline).
///
/// Pure: text and time in, text out.
class bybit_trade_session {
public:
  /// The venue as a session sees it.
  struct surroundings {
    order_store& orders;
    bybit_request_ids& request_ids;
    bybit_orders::instrument_lookup instruments;
  };

  /// @param number tells connections apart
  bybit_trade_session(const server_config& cfg, uint64_t number,
                      surroundings around);

  /// Answers one request or any other message of the client.
  bybit_trade_outcome handle(std::string_view text, const moment& now);

  /// Returns the answer to a request that fails by a fault.
  std::string failure(std::string_view text, const call_error& error) const;

  /// The account that is logged in, empty for none.
  const std::string& account() const noexcept {
    return account_;
  }

private:
  struct call;

  void log_in(call& command);
  void pong(call& command) const;
  void trade(call& command);
  bool is_in_time(const call& command) const;

  const server_config& cfg_;
  std::string connection_;
  bybit_request_ids& request_ids_;
  bybit_orders orders_;
  std::string account_;
};

} // namespace zenws::sim
