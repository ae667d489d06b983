// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/coinbase/coinbase_feed.hpp"
#include "zenws/sim/coinbase/coinbase_session.hpp"
#include "zenws/sim/net/connection.hpp"
#include "zenws/sim/net/endpoint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace zenws::sim {

class venue;

/// Runs one connection to Coinbase: numbers its messages, beats, and closes it
/// if it does not subscribe.
class coinbase_endpoint final : public endpoint, public coinbase_listener {
public:
  coinbase_endpoint(venue& owner, connection& client);

  // -- implementation of endpoint ---------------------------------------------

  void opened() override;

  void received(const message& received) override;

  void closed() override;

  void silence(std::string_view channel) override;

  void revoke(std::string_view channel, revocation words) override;

  void send_malformed(std::string_view channel, breakage mode) override;

  // -- implementation of coinbase_listener ------------------------------------

  void tell(std::string_view channel, std::string_view events) override;

  void leave_out() override {
    ++next_sequence_;
  }

private:
  void refuse(std::string_view words);
  void act(const coinbase_outcome& outcome);
  void await_subscription();
  void beat();
  std::string text_of(std::string_view channel, std::string_view events);

  venue& owner_;
  connection& client_;
  const coinbase_config& cfg_;
  coinbase_session session_;
  loop_timer subscribe_timer_;
  loop_timer beat_timer_;
  uint64_t next_sequence_ = 0;
  uint64_t beats_ = 0;
  bool has_subscribed_ = false;
  bool is_beating_ = false;
  bool closed_ = false;
};

} // namespace zenws::sim
