// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/deribit/deribit_api.hpp"
#include "zenws/sim/net/connection.hpp"
#include "zenws/sim/net/endpoint.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace zenws::sim {

class venue;

/// Runs the JSON-RPC interface of one connection, with its heartbeat.
class rpc_endpoint : public endpoint {
public:
  rpc_endpoint(venue& owner, connection& client, api_surroundings around);

  void received(const message& received) override;

  void closed() override;

  void silence(std::string_view channel) override;

  void revoke(std::string_view channel, revocation words) override;

  void send_malformed(std::string_view channel, breakage mode) override;

protected:
  /// Called after the answer was sent, or before it by a fault.
  virtual void answered(const api_outcome& outcome) = 0;

  connection& client() noexcept {
    return client_;
  }

private:
  void act(api_outcome outcome);
  void acknowledge(const api_outcome& outcome);
  void take_away(std::vector<std::string> channels);
  void follow_orders(const api_outcome& outcome);
  void publish(const std::vector<order_change>& changes);
  void end(session_end end);
  void set_heartbeat(std::chrono::seconds interval);
  void schedule_heartbeat();
  void beat();

  venue& owner_;
  connection& client_;
  deribit_api api_;
  loop_timer heartbeat_;
  std::chrono::milliseconds interval_{0};
  bool awaits_test_ = false;
};

/// Creates the interface to the simulated market.
std::unique_ptr<endpoint> make_market_endpoint(venue& owner,
                                               connection& client);

/// Creates the interface to the recorded session.
/// @pre `owner.recording()` is not null
std::unique_ptr<endpoint> make_replay_endpoint(venue& owner,
                                               connection& client);

} // namespace zenws::sim
