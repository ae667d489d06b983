// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/bybit/bybit_market.hpp"
#include "zenws/venue/bybit/bybit_orders.hpp"
#include "zenws/venue/dialect.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Bybit, API version 5 (bybit-exchange.github.io/docs/v5): the public streams
/// of each product, the private stream and order entry. Each has an address of
/// its own.
///
/// A channel is named as in the messages, such as "publicTrade.BTCUSDT". One
/// bad name refuses all of a request, except for options, whose answers name
/// the channels granted.
class bybit_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  /// New connections of one host. The venue publishes no limit of requests
  /// about channels.
  std::vector<rate_limit> limits() const override;

  subscription_limits request_limits() const noexcept override;

  size_t max_request_bytes() const noexcept override;

  /// The venue's own ping.
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

  /// Books and tickers begin with a snapshot.
  bool begins_channel(std::string_view channel,
                      std::string_view text) const override;

  std::optional<int64_t> id_in(std::string_view text) const override;

  /// @param params_json the array of arguments; or an object with them as
  ///        "args" and, for orders, with the "header" that the venue demands,
  ///        which has the time of the request.
  result<std::string> call(std::string_view method,
                           std::string_view params_json, int64_t id) override;

  std::string ping() override;

  result<std::string> subscription(const subscription_request& request,
                                   int64_t id) override;

  result<std::vector<std::string>>
  read_grants(const subscription_request& request,
              const inbound& answer) override;

  void forget(std::string_view channel) override;

  result<std::string> log_in(const credentials& account,
                             const signing_context& context,
                             int64_t id) override;

  result<login_grant> read_login(const inbound& answer) override;

private:
  // A request about channels whose answer may have no id.
  struct open_request {
    int64_t id = 0;
    subscription_request_kind kind = subscription_request_kind::subscribe;
    std::vector<std::string> names{};
  };

  inbound read_answer(std::string_view text, const envelope& content);

  inbound read_unrequested(inbound message);

  int64_t id_of(const envelope& content) const;

  void close(int64_t id);

  void close_by_names(std::string_view text);

  void close_only(std::optional<subscription_request_kind> kind);

  answer_verdict judge_code(const inbound& answer, const json_value& code);

  answer_verdict judge_success(const inbound& answer);

  bybit_market market_;

  bybit_orders orders_;

  // The id of the login that is under way: its answer may have none.
  int64_t login_ = 0;

  // Begins the ids of requests about orders, which "can't be duplicated"
  // (docs/v5/websocket/trade/guideline): nobody says for how long, and the
  // numbers of each client begin at 1. With the longest number it has 36
  // characters, which is the limit.
  std::string order_id_prefix_;

  // The oldest first.
  std::deque<open_request> open_;

  // The request about channels that the last message answers; id 0 for none.
  open_request answered_;

  // Of the last message.
  std::string channel_;
};

} // namespace zenws
