#pragma once

#include "zenws/dialect.hpp"

namespace zenws {

/// Binance, market data streams (developers.binance.com, "WebSocket Streams").
///
/// Use the path `/stream`, whose messages name their stream, so that they can
/// be routed; what comes from `/ws` belongs to no channel. The server beats by
/// Ping frames.
class binance_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  std::vector<rate_limit> limits() const override;

  subscription_limits request_limits() const noexcept override;

  /// The venue cuts a connection after 24 hours; leaves some minutes earlier.
  std::chrono::seconds max_connection_age() const noexcept override;

  inbound read(std::string_view text) override;

  /// @param params_json an array, or nothing.
  result<std::string> call(std::string_view method,
                           std::string_view params_json, int64_t id) override;

  result<std::string> subscription(const subscription_request& what,
                                   int64_t id) override;

  subscription_answer read_answer(const subscription_request& what,
                                  const inbound& answer) override;

  rate_charges cost_of_call(std::string_view method) const override;

  rate_charges cost_of_subscription() const override;

  rate_charges cost_of_beat() const override;

  rate_charges cost_of_control() const override;

  rate_charges cost_of_text() const override;
};

} // namespace zenws
