// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/binance/binance_market.hpp"
#include "zenws/venue/binance/binance_orders.hpp"
#include "zenws/venue/dialect.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace zenws::internal {

class binance_signer;

} // namespace zenws::internal

namespace zenws {

/// Binance, spot and USD-M: streams and the WebSocket API
/// (developers.binance.com).
///
/// Use the path `/stream`, whose messages name their stream, so that they can
/// be routed, or `/public/stream` and `/market/stream` of USD-M, see
/// `binance_market::channels`; messages from `/ws` belong to no channel. The
/// server pings; silence is asked about by a Ping frame.
///
/// A connection with a login is one of the WebSocket API: only that has logins,
/// and it has no streams but that of the account (`account_channel`). The kind
/// of the key follows from the secret, which is a private key in PEM or the
/// text of an HMAC:
///
/// - Ed25519: `session.logon`, spot and USD-M. No other request has a
///   signature.
/// - HMAC and RSA, spot only: `userDataStream.subscribe.signature` proves the
///   key, and each call whose parameters have a `timestamp` and no `signature`
///   is signed. For that the key is kept until the next connection.
class binance_dialect : public dialect {
public:
  /// The channel of an account's orders and balances.
  static constexpr std::string_view account_channel = "userDataStream";

  binance_dialect();

  ~binance_dialect() override;

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
  ///        or nothing. It is signed where each request needs that.
  result<std::string> call(std::string_view method,
                           std::string_view params_json, int64_t id) override;

  result<std::string> subscription(const subscription_request& request,
                                   int64_t id) override;

  result<std::vector<std::string>>
  read_grants(const subscription_request& request,
              const inbound& answer) override;

  /// Signs with the time of `context`.
  result<std::string> log_in(const credentials& account,
                             const signing_context& context,
                             int64_t id) override;

  result<login_grant> read_login(const inbound& answer) override;

  /// Requests have weights after a login, and are messages without one.
  rate_charges cost_of_call(std::string_view method) const override;

  rate_charges cost_of_login() const override;

  rate_charges cost_of_subscription() const override;

  rate_charges cost_of_heartbeat() const override;

  rate_charges cost_of_control() const override;

  rate_charges cost_of_text() const override;

private:
  result<std::string> account_subscription(subscription_request_kind kind,
                                           int64_t id);

  void read_event(inbound& message, std::string_view text) const;

  binance_market market_;

  binance_orders orders_;

  std::string channel_; // of the last message, if it was escaped

  bool has_login_ = false;

  // Null unless each request needs a signature.
  std::unique_ptr<internal::binance_signer> signer_;

  // The venue's number of the account's subscription, if it is known.
  std::optional<int64_t> subscription_;

  bool has_unsubscribed_ = false;
};

} // namespace zenws
