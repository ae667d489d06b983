// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/kraken/kraken_session.hpp"
#include "zenws/sim/net/connection.hpp"
#include "zenws/sim/net/endpoint.hpp"

namespace zenws::sim {

class venue;

/// Runs one connection in Kraken's manner, with its heartbeats and the cut of
/// connections without activity: to market data, or to accounts.
class kraken_endpoint final : public endpoint {
public:
  kraken_endpoint(venue& owner, connection& client);

  void opened() override;

  void received(const message& received) override;

  void closed() override;

  void silence(std::string_view channel) override;

  void revoke(std::string_view channel, revocation words) override;

  void send_malformed(std::string_view channel, breakage mode) override;

private:
  void act(const kraken_outcome& outcome);
  void begin(const kraken_outcome::subscription& x);
  void begin_private(const kraken_outcome::subscription& x);
  void end(const kraken_channel& channel);
  void acknowledge(const kraken_outcome& outcome);
  void await_activity();
  void beat();

  venue& owner_;
  connection& client_;
  kraken_session session_;
  loop_timer idle_timer_;
  loop_timer heartbeat_timer_;
  bool beats_ = false;
  bool closed_ = false;
};

} // namespace zenws::sim
