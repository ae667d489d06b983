#pragma once

#include "zenws/dialect.hpp"

namespace zenws {

/// OKX, API version 5 (okx.com/docs-v5, "WebSocket"): text pings, logins by
/// signature, subscriptions that are answered channel by channel.
///
/// A channel is named "channel:instrument", such as "trades:BTC-USDT", or
/// "channel" alone. One that needs more has it in `channel_spec::arguments`:
/// the whole argument as an object of JSON.
class okx_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  std::vector<rate_limit> limits() const override;

  subscription_limits request_limits() const noexcept override;

  void connected() override;

  inbound read(std::string_view text) override;

  /// @param params_json the array of arguments.
  result<std::string> call(std::string_view method,
                           std::string_view params_json, int64_t id) override;

  std::string ping() override;

  result<std::string> subscription(const subscription_request& what,
                                   int64_t id) override;

  subscription_answer read_answer(const subscription_request& what,
                                  const inbound& answer) override;

  result<std::string> log_in(const credentials& who, const login_moment& when,
                             int64_t id) override;

  result<login_grant> read_login(const inbound& answer) override;

  rate_charges cost_of_call(std::string_view method) const override;

  rate_charges cost_of_login() const override;

  rate_charges cost_of_subscription() const override;

private:
  inbound read_event(std::string_view text, const envelope& content);

  // The id of the login that is under way: its answer has none.
  int64_t login_ = 0;

  // The name of the channel of the last message.
  std::string channel_;
};

} // namespace zenws
