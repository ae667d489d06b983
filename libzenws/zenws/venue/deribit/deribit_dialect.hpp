// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/deribit/deribit_market.hpp"
#include "zenws/venue/deribit/deribit_orders.hpp"
#include "zenws/venue/dialect.hpp"

namespace zenws {

/// Deribit, API version 2 (docs.deribit.com): JSON-RPC 2.0, heartbeats that the
/// client asks for and answers, grants by client credentials or by signature.
///
/// A channel is private if its access says so: it is subscribed to by
/// `private/subscribe`, as all `user.*` channels and raw books need.
class deribit_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  std::vector<rate_limit> limits() const override;

  subscription_limits request_limits() const noexcept override;

  size_t max_request_bytes() const noexcept override;

  /// Heartbeats that the venue is asked to send.
  heartbeat_rule heartbeat_needed() const noexcept override;

  market_protocol* market() noexcept override {
    return &market_;
  }

  order_protocol* orders() noexcept override {
    return &orders_;
  }

  inbound read(std::string_view text) override;

  answer_verdict judge(const inbound& answer) override;

  /// A book begins with a snapshot.
  bool begins_channel(std::string_view channel,
                      std::string_view text) const override;

  result<std::string> call(std::string_view method,
                           std::string_view params_json, int64_t id) override;

  std::string enable_heartbeat(std::chrono::seconds interval) override;

  std::string heartbeat_response() override;

  result<std::string> subscription(const subscription_request& request,
                                   int64_t id) override;

  /// The answer lists them; the venue leaves out unknown ones.
  result<std::vector<std::string>>
  read_grants(const subscription_request& request,
              const inbound& answer) override;

  /// By signature (`client_signature`): the secret does not leave the process.
  result<std::string> log_in(const credentials& account,
                             const signing_context& context,
                             int64_t id) override;

  result<login_grant> read_login(const inbound& answer) override;

  /// By the refresh token of the last login, once.
  result<std::string> renew_login(const credentials& account,
                                  const signing_context& context,
                                  int64_t id) override;

  rate_charges cost_of_call(std::string_view method) const override;

  rate_charges cost_of_login() const override;

  rate_charges cost_of_subscription() const override;

  rate_charges cost_of_heartbeat() const override;

private:
  deribit_market market_;

  deribit_orders orders_;

  std::string refresh_token_;

  std::string channel_; // of the last message, if it was escaped
};

} // namespace zenws
