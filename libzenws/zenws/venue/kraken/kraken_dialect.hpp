// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/dialect.hpp"
#include "zenws/venue/kraken/kraken_market.hpp"
#include "zenws/venue/kraken/kraken_orders.hpp"

#include <optional>
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
/// There is no login. On wss://ws-auth.kraken.com/v2, private channels and
/// requests about orders need a token of `GetWebSocketsToken` of the REST API,
/// which zenws does not call: `credentials::secret` has the token, and is asked
/// for on each connection, before the token's 15 minutes are over, and when the
/// venue refuses it. It is put into the parameters of requests that need one
/// and have none.
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

  /// Forgets the token.
  void connected() override;

  inbound read(std::string_view text) override;

  answer_verdict judge(const inbound& answer) override;

  /// A channel begins with a snapshot.
  bool begins_channel(std::string_view channel,
                      std::string_view text) const override;

  std::optional<int64_t> id_in(std::string_view text) const override;

  /// Adds the token to requests about orders.
  /// @param params_json the object of parameters.
  result<std::string> call(std::string_view method,
                           std::string_view params_json, int64_t id) override;

  std::string ping() override;

  error check(const channel_spec& channel) const override;

  /// Adds the token to requests for "balances", "executions" and "level3", and
  /// for channels that need a login (`channel_spec::access`).
  result<std::string> subscription(const subscription_request& request,
                                   int64_t id) override;

  /// Finds the channel of a refusal, which has the symbol only.
  std::string_view channel_in(const subscription_request& request,
                              const inbound& answer) const override;

  /// Takes `credentials::secret` as the token.
  /// @returns `ec::provider_failed` if it is empty or not UTF-8.
  result<std::optional<login_grant>> take(const credentials& account) override;

  rate_charges cost_of_subscription() const override;

  rate_charges cost_of_heartbeat() const override;

private:
  inbound read_answer(std::string_view text, const envelope& content);

  inbound read_status(const envelope& content);

  std::string_view name_of(std::string_view kind, const json_value& symbol);

  kraken_market market_;

  kraken_orders orders_;

  std::string token_; // as a member of JSON; empty if there is none

  // Of the last message.
  std::string channel_;
  std::string symbol_;
};

} // namespace zenws
