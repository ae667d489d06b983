// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/bybit/bybit_trade_session.hpp"
#include "zenws/sim/net/connection.hpp"
#include "zenws/sim/net/endpoint.hpp"

namespace zenws::sim {

class venue;

/// Runs one connection that takes orders in Bybit's manner, with the cut of
/// idle ones.
class bybit_trade_endpoint final : public endpoint {
public:
  bybit_trade_endpoint(venue& owner, connection& client);

  void opened() override;

  void received(const message& received) override;

  void closed() override;

private:
  void act(bybit_trade_outcome outcome);
  void await_message();

  venue& owner_;
  connection& client_;
  bybit_trade_session session_;
  loop_timer idle_timer_;
  bool closed_ = false;
};

} // namespace zenws::sim
