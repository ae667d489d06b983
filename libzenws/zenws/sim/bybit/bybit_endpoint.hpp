// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/bybit/bybit_session.hpp"
#include "zenws/sim/net/connection.hpp"
#include "zenws/sim/net/endpoint.hpp"

namespace zenws::sim {

class venue;

/// Runs one connection in Bybit's manner, with the cut of idle ones.
class bybit_endpoint final : public endpoint {
public:
  bybit_endpoint(venue& owner, connection& client);

  void opened() override;

  void received(const message& received) override;

  void closed() override;

  void silence(std::string_view channel) override;

  void revoke(std::string_view channel, revocation words) override;

  void send_malformed(std::string_view channel, breakage mode) override;

private:
  void act(const bybit_outcome& outcome);
  void acknowledge(const bybit_outcome& outcome);
  void subscribe(const bybit_topic& topic);
  void unsubscribe(const bybit_topic& topic);
  void await_ping();

  venue& owner_;
  connection& client_;
  bybit_product where_;
  bybit_session session_;
  loop_timer idle_timer_;
  bool closed_ = false;
};

} // namespace zenws::sim
