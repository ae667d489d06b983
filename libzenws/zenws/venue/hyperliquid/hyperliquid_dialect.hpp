// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/dialect.hpp"
#include "zenws/venue/hyperliquid/hyperliquid_market.hpp"
#include "zenws/venue/hyperliquid/hyperliquid_requests.hpp"
#include "zenws/venue/hyperliquid/hyperliquid_subscription.hpp"

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace zenws {

/// Hyperliquid (hyperliquid.gitbook.io, "For developers", "API", "Websocket"):
/// one subscription a request, answers without ids, text pings, and the
/// requests of the HTTP API as posts.
///
/// A channel is named "type:coin", such as "trades:BTC" or "l2Book:@107", or
/// "type" alone. One that needs more has it in `channel_spec::arguments`: the
/// whole object, and then the name is any without a colon, or this one with
/// more behind it, such as "candle:BTC:1m" for
/// `{"type":"candle","coin":"BTC","interval":"1m"}`. Messages show their
/// subject, but not settings such as "fast": two channels that differ in these
/// only cannot share a connection.
///
/// Calls have the methods "info" and "action", and the payload as parameters:
/// `{"info", R"({"type":"meta"})"}`. Actions must be signed already (EIP-712),
/// which zenws does not do.
///
/// Channels of a user need no login: anybody may see them.
class hyperliquid_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  std::vector<rate_limit> limits() const override;

  /// One subscription a request, one at a time while one of them is suspected
  /// of ending connections.
  subscription_limits request_limits() const noexcept override;

  /// Text pings: that others count is not documented.
  heartbeat_rule heartbeat_needed() const noexcept override;

  market_protocol* market() noexcept override {
    return &market_;
  }

  void connected() override;

  inbound read(std::string_view text) override;

  answer_verdict judge(const inbound& answer) override;

  /// A snapshot of a user's data is marked; all else begins at once.
  bool begins_channel(std::string_view channel,
                      std::string_view text) const override;

  /// @param method "info" or "action".
  /// @param params_json the payload, an object.
  result<std::string> call(std::string_view method,
                           std::string_view params_json, int64_t id) override;

  std::string ping() override;

  error check(const channel_spec& channel) const override;

  /// @returns an error for a channel that made the venue end connections.
  result<std::string> subscription(const subscription_request& request,
                                   int64_t id) override;

  void forget(std::string_view channel) override;

  rate_charges cost_of_call(std::string_view method) const override;

  rate_charges cost_of_subscription() const override;

  rate_charges cost_of_heartbeat() const override;

  rate_charges cost_of_text() const override;

private:
  void read_data(const envelope& content, inbound& out);

  void read_acknowledgement(const envelope& content, inbound& out);

  void read_post(const envelope& content, inbound& out);

  void read_error(const envelope& content, inbound& out);

  void read_echo(std::string_view words, std::string_view json, inbound& out);

  void acknowledge(subscription_request_kind action,
                   const hyperliquid_subscription& about, inbound& out);

  void refuse(std::optional<int64_t> request, inbound& out);

  const std::string* name_of(const hyperliquid_subscription& shown) const;

  hyperliquid_market market_;

  hyperliquid_requests requests_;

  // Names of the channels that were asked for on this connection, by key.
  std::unordered_map<std::string, std::string> names_;

  // Keys of channels of trades that have brought nothing yet.
  std::set<std::string, std::less<>> fresh_trades_;

  // Of the last message.
  std::string channel_;
  std::string type_;
  std::string error_;
};

} // namespace zenws
