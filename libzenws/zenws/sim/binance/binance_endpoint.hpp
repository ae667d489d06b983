// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/binance/binance_connection.hpp"
#include "zenws/sim/binance/binance_feed.hpp"
#include "zenws/sim/binance/binance_session.hpp"
#include "zenws/sim/net/sliding_window.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// Runs the streams of one connection, with the limits of frames and of the
/// size of requests.
class binance_endpoint final : public binance_connection {
public:
  binance_endpoint(venue& owner, connection& client);

  void opened() override;

  void received(const message& received) override;

  void pinged() override;

  void ponged(std::string_view payload) override;

  void ending() override;

  void closed() override;

  void silence(std::string_view channel) override;

  void revoke(std::string_view channel, revocation words) override;

  void send_malformed(std::string_view channel, breakage mode) override;

  void expire_listen_keys() override;

private:
  // Returns whether the client kept within its limit.
  bool admit();
  bool is_too_large(const message& received) const noexcept;
  void act(const binance_outcome& outcome);
  void acknowledge(const binance_outcome& outcome);
  void subscribe(const std::string& stream);
  void unsubscribe(const std::string& stream);

  const binance_config& cfg_;
  stream_wrapping wrapping_;
  binance_session session_;
  sliding_window frames_;
};

} // namespace zenws::sim
