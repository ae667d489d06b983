// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/binance/binance_api.hpp"
#include "zenws/sim/binance/binance_connection.hpp"

#include <string_view>
#include <vector>

namespace zenws::sim {

/// Runs one connection to Binance's WebSocket API. For faults of channels, the
/// events of accounts are one: `userDataStream`.
class binance_api_endpoint final : public binance_connection {
public:
  binance_api_endpoint(venue& owner, connection& client);

  void received(const message& received) override;

  void ending() override;

  void closed() override;

  void silence(std::string_view channel) override;

  void revoke(std::string_view channel, revocation words) override;

  void send_malformed(std::string_view channel, breakage mode) override;

  /// Ends the subscriptions, and says so.
  void expire_listen_keys() override;

private:
  void act(binance_api_outcome outcome);
  void acknowledge(const binance_api_outcome& outcome);
  void follow(const binance_subscription& to);
  void leave(const std::vector<binance_subscription>& ended);
  void tell_end(const std::vector<binance_subscription>& ended);
  void publish(const std::vector<order_change>& changes);

  binance_api api_;
};

} // namespace zenws::sim
