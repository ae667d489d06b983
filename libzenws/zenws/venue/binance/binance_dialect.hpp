// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/binance/binance_market.hpp"
#include "zenws/venue/binance/binance_orders.hpp"
#include "zenws/venue/dialect.hpp"

namespace zenws {

/// Binance, spot and USD-M: streams and the WebSocket API
/// (developers.binance.com).
///
/// Use the path `/stream`, whose messages name their stream, so that they can
/// be routed, or `/public/stream` and `/market/stream` of USD-M, see
/// `binance_market::channels`; messages from `/ws` belong to no channel. The
/// server pings; silence is asked about by a Ping frame.
class binance_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  std::vector<rate_limit> limits() const override;

  subscription_limits request_limits() const noexcept override;

  /// Measured: requests of more than 4,096 bytes on the wire, 8 of them frame
  /// header, are never answered (binance/binance-connector-rust, issue 27).
  size_t max_request_bytes() const noexcept override;

  heartbeat_rule heartbeat_needed() const noexcept override;

  market_protocol* market() noexcept override {
    return &market_;
  }

  order_protocol* orders() noexcept override {
    return &orders_;
  }

  /// The venue cuts a connection after 24 hours; leaves some minutes earlier.
  std::chrono::seconds max_connection_age() const noexcept override;

  void connected() override;

  inbound read(std::string_view text) override;

  answer_verdict judge(const inbound& answer) override;

  /// @param params_json an array for streams, an object for the WebSocket API,
  ///        or nothing.
  result<std::string> call(std::string_view method,
                           std::string_view params_json, int64_t id) override;

  result<std::string> subscription(const subscription_request& request,
                                   int64_t id) override;

  rate_charges cost_of_call(std::string_view method) const override;

  rate_charges cost_of_subscription() const override;

  rate_charges cost_of_heartbeat() const override;

  rate_charges cost_of_control() const override;

  rate_charges cost_of_text() const override;

private:
  binance_market market_;

  binance_orders orders_;

  std::string channel_; // of the last message, if it was escaped
};

} // namespace zenws
