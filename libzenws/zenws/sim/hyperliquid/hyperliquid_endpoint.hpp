// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/hyperliquid/hyperliquid_feed.hpp"
#include "zenws/sim/hyperliquid/hyperliquid_session.hpp"
#include "zenws/sim/net/connection.hpp"
#include "zenws/sim/net/endpoint.hpp"

namespace zenws::sim {

class venue;

/// Runs one connection in Hyperliquid's manner, with the cut of those that get
/// nothing.
class hyperliquid_endpoint final : public endpoint,
                                   public hyperliquid_listener {
public:
  hyperliquid_endpoint(venue& owner, connection& client);

  ~hyperliquid_endpoint() override = default;

  // -- implementation of endpoint ---------------------------------------------

  void opened() override;

  void received(const message& received) override;

  void closed() override;

  void silence(std::string_view channel) override;

  void revoke(std::string_view channel, revocation words) override;

  void send_malformed(std::string_view channel, breakage mode) override;

  // -- implementation of hyperliquid_listener ---------------------------------

  void push(std::string_view text) override;

private:
  void act(const hyperliquid_outcome& outcome);
  void await_silence();

  venue& owner_;
  connection& client_;
  hyperliquid_session session_;
  loop_timer idle_timer_;
  bool closed_ = false;
};

} // namespace zenws::sim
