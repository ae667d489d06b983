// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/dialect.hpp"
#include "zenws/venue/okx/okx_argument.hpp"
#include "zenws/venue/okx/okx_market.hpp"
#include "zenws/venue/okx/okx_orders.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace zenws {

/// OKX, API version 5 (okx.com/docs-v5, "WebSocket"): text pings, logins by
/// signature, subscriptions that are answered channel by channel.
///
/// A channel is named "channel:instrument", such as "trades:BTC-USDT", or
/// "channel" alone. One that needs more has it in `channel_spec::arguments`:
/// the whole argument as an object of JSON, and then any name will do, such as
/// "orders-swap" for `{"channel":"orders","instType":"SWAP"}`. What comes is
/// told apart by all members of the argument, not by its channel only.
class okx_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  std::vector<rate_limit> limits() const override;

  subscription_limits request_limits() const noexcept override;

  size_t max_request_bytes() const noexcept override;

  /// Text pings: others do not count.
  heartbeat_rule heartbeat_needed() const noexcept override;

  market_protocol* market() noexcept override {
    return &market_;
  }

  order_protocol* orders() noexcept override {
    return &orders_;
  }

  void connected() override;

  inbound read(std::string_view text) override;

  answer_verdict judge(const inbound& answer) override;

  /// A book begins with a snapshot.
  bool begins_channel(std::string_view channel,
                      std::string_view text) const override;

  std::optional<int64_t> id_in(std::string_view text) const override;

  /// @param params_json the array of arguments; or an object with them as
  ///        "args" and, for requests with a time limit, with "expTime".
  result<std::string> call(std::string_view method,
                           std::string_view params_json, int64_t id) override;

  std::string ping() override;

  /// The arguments must be an object with a channel, and a name of the form
  /// "channel:instrument" must say the same.
  error check(const channel_spec& channel) const override;

  result<std::string> subscription(const subscription_request& request,
                                   int64_t id) override;

  void forget(std::string_view channel) override;

  result<std::string> log_in(const credentials& account,
                             const signing_context& context,
                             int64_t id) override;

  result<login_grant> read_login(const inbound& answer) override;

  rate_charges cost_of_call(std::string_view method) const override;

  rate_charges cost_of_login() const override;

  rate_charges cost_of_subscription() const override;

private:
  okx_market market_;

  okx_orders orders_;

  // A channel whose name is not made of its channel and instrument.
  struct named_channel {
    std::string name;
    okx_argument argument;
  };

  inbound read_event(std::string_view text, const envelope& content);

  inbound read_end_of_family(inbound message);

  std::string_view refused_channel(const inbound& answer);

  std::string_view name_of(const envelope& content);

  void remember(const std::string& name, std::string_view json);

  // The id of the login that is under way: its answer has none.
  int64_t login_ = 0;

  std::vector<named_channel> named_;

  // Names that were asked for on this connection, by their channel.
  std::multimap<std::string, std::string, std::less<>> families_;

  // The last requests to unsubscribe: an error in their answers is no refusal
  // of a channel.
  std::vector<int64_t> ends_;

  // Of the last message.
  std::string channel_;
  std::string instrument_;
  std::vector<std::string> ended_;
};

} // namespace zenws
