// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/net/connection.hpp"
#include "zenws/sim/net/endpoint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace zenws::sim {

class venue;

/// Common part of Binance's interfaces: the server's pings, and the
/// cut of old connections.
class binance_connection : public endpoint {
public:
  binance_connection(venue& owner, connection& client);

  void opened() override;

  void ponged(std::string_view payload) override;

  void closed() override;

  void ping_interval_changed() override;

protected:
  venue& owner() noexcept {
    return owner_;
  }

  connection& client() noexcept {
    return client_;
  }

  bool is_closed() const noexcept {
    return closed_;
  }

private:
  void schedule_ping();
  void ping();
  void await_pong();
  void schedule_cut();

  venue& owner_;
  connection& client_;
  const binance_config& cfg_;
  loop_timer ping_timer_;
  loop_timer pong_timer_;
  loop_timer age_timer_;
  // Payload of the ping that is not answered yet; empty for none.
  std::string awaited_;
  uint64_t pings_ = 0;
  bool closed_ = false;
};

} // namespace zenws::sim
