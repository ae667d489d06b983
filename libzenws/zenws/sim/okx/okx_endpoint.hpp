// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/net/connection.hpp"
#include "zenws/sim/net/endpoint.hpp"
#include "zenws/sim/okx/okx_session.hpp"

namespace zenws::sim {

class venue;

/// Runs one connection in OKX's manner, with the cut of silent ones.
class okx_endpoint final : public endpoint {
public:
  okx_endpoint(venue& owner, connection& client);

  void opened() override;

  void received(const message& received) override;

  void ending() override;

  void closed() override;

  void silence(std::string_view channel) override;

  void revoke(std::string_view channel, revocation words) override;

  void send_malformed(std::string_view channel, breakage mode) override;

private:
  void act(okx_outcome outcome);
  void acknowledge(const okx_outcome& outcome);
  bool admits(const okx_arg& arg);
  void subscribe(const okx_arg& arg);
  void unsubscribe(const okx_arg& arg);
  void send_snapshot(const okx_arg& arg);
  void await_snapshots();
  void repeat_snapshots();
  void await_message();

  venue& owner_;
  connection& client_;
  okx_session session_;
  loop_timer idle_timer_;
  loop_timer snapshot_timer_;
  bool awaits_snapshots_ = false;
  bool closed_ = false;
};

} // namespace zenws::sim
