// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/binance/binance_api.hpp"
#include "zenws/sim/binance/binance_connection.hpp"

namespace zenws::sim {

/// Runs one connection to Binance's WebSocket API.
class binance_api_endpoint final : public binance_connection {
public:
  binance_api_endpoint(venue& owner, connection& client);

  void received(const message& received) override;

  void ending() override;

private:
  binance_api api_;
};

} // namespace zenws::sim
