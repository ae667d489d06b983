// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/dialect.hpp"
#include "zenws/venue/kraken/kraken_market.hpp"
#include "zenws/venue/kraken/kraken_orders.hpp"

#include <string>

namespace zenws {

/// Kraken, spot, WebSocket API version 2 (docs.kraken.com/api, "Spot WebSocket
/// v2"), on wss://ws.kraken.com/v2: pings of its own, subscriptions of one kind
/// of channel a request that are answered symbol by symbol, errors that are
/// texts.
///
/// A channel is named "channel:symbol", such as "book:BTC/USD", or "channel"
/// alone where there is no symbol ("instrument"). Other parameters of its
/// request are in `channel_spec::arguments` as an object of JSON, such as
/// `{"depth":100}` or `{"event_trigger":"bbo"}`. A connection has one depth and
/// one interval for each symbol, hence one name. A snapshot is asked for unless
/// the arguments say otherwise.
///
/// There is no login: private channels and orders need a token from
/// `GetWebSocketsToken` of the REST API in their parameters, good for 15
/// minutes, which zenws cannot get.
class kraken_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  std::vector<rate_limit> limits() const override;

  /// The symbols of a request have one kind of channel and the same arguments.
  subscription_limits request_limits() const noexcept override;

  heartbeat_rule heartbeat_needed() const noexcept override;

  market_protocol* market() noexcept override {
    return &market_;
  }

  order_protocol* orders() noexcept override {
    return &orders_;
  }

  inbound read(std::string_view text) override;

  answer_verdict judge(const inbound& answer) override;

  /// A channel begins with a snapshot.
  bool begins_channel(std::string_view channel,
                      std::string_view text) const override;

  std::optional<int64_t> id_in(std::string_view text) const override;

  /// @param params_json the object of parameters.
  result<std::string> call(std::string_view method,
                           std::string_view params_json, int64_t id) override;

  std::string ping() override;

  error check(const channel_spec& channel) const override;

  result<std::string> subscription(const subscription_request& request,
                                   int64_t id) override;

  /// Finds the channel of a refusal, which has the symbol only.
  std::string_view channel_in(const subscription_request& request,
                              const inbound& answer) const override;

  rate_charges cost_of_subscription() const override;

  rate_charges cost_of_heartbeat() const override;

private:
  inbound read_answer(std::string_view text, const envelope& content);

  inbound read_status(const envelope& content);

  std::string_view name_of(std::string_view kind, const json_value& symbol);

  kraken_market market_;

  kraken_orders orders_;

  // Of the last message.
  std::string channel_;
  std::string symbol_;
};

} // namespace zenws
