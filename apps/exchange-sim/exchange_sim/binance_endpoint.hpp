#pragma once

#include "exchange_sim/binance_feed.hpp"
#include "exchange_sim/binance_session.hpp"
#include "exchange_sim/connection.hpp"
#include "exchange_sim/endpoint.hpp"
#include "exchange_sim/sliding_window.hpp"

#include <string>
#include <string_view>

namespace zenws::sim {

class venue;

/// Runs the streams of one connection, with the server's pings, the limit of
/// frames and the cut of old connections.
class binance_endpoint final : public endpoint {
public:
  binance_endpoint(venue& owner, connection& client);

  void opened() override;

  void received(const message& what) override;

  void pinged() override;

  void ponged(std::string_view payload) override;

  void ending() override;

  void closed() override;

private:
  /// Returns whether the client kept within its limit.
  bool admit();
  void schedule_ping();
  void ping();
  void await_pong();
  void schedule_cut();

  venue& owner_;
  connection& client_;
  const binance_config& cfg_;
  stream_wrapping wrapping_;
  binance_session session_;
  sliding_window frames_;
  loop_timer ping_timer_;
  loop_timer pong_timer_;
  loop_timer age_timer_;
  /// Payload of the ping that is not answered yet; empty for none.
  std::string awaited_;
  uint64_t pings_ = 0;
  bool closed_ = false;
};

} // namespace zenws::sim
