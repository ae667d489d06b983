// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/coinbase/coinbase_market.hpp"
#include "zenws/venue/dialect.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Coinbase Advanced Trade (docs.cdp.coinbase.com, "Advanced Trade WebSocket
/// Overview"): public channels without a login. There are no calls.
///
/// A channel is named "kind:product", such as "level2:BTC-USD", or by its kind
/// alone. A message may tell of several products: its channel is that of the
/// first. The channels of an account ("user", "futures_balance_summary") need a
/// token signed by ES256 (a JWT) for each request, which zenws does not make.
///
/// Requests have no ids. The venue answers each of them, in order, by a list of
/// all that it is subscribed to, or by an error: there is one request at a
/// time, and the list tells its outcome.
class coinbase_dialect : public dialect {
public:
  std::string_view name() const noexcept override;

  std::vector<rate_limit> limits() const override;

  /// One kind of channel in a request, one request at a time.
  subscription_limits request_limits() const noexcept override;

  /// The channel "heartbeats", which the dialect subscribes to by itself: it
  /// keeps the other ones open, and a connection without any subscription is
  /// closed after 5 s.
  heartbeat_rule heartbeat_needed() const noexcept override;

  market_protocol* market() noexcept override {
    return &market_;
  }

  void connected() override;

  inbound read(std::string_view text) override;

  answer_verdict judge(const inbound& answer) override;

  /// A channel begins with a snapshot.
  bool begins_channel(std::string_view channel,
                      std::string_view text) const override;

  std::string enable_heartbeat(std::chrono::seconds interval) override;

  /// A channel has no arguments; private ones are not supported.
  error check(const channel_spec& channel) const override;

  /// @returns `ec::request_too_big` if the connection would have more books
  ///          than the venue grants.
  result<std::string> subscription(const subscription_request& request,
                                   int64_t id) override;

  result<std::vector<std::string>>
  read_grants(const subscription_request& request,
              const inbound& answer) override;

  void forget(std::string_view channel) override;

  rate_charges cost_of_subscription() const override;

  rate_charges cost_of_heartbeat() const override;

  rate_charges cost_of_text() const override;

private:
  using names = std::set<std::string, std::less<>>;

  // A request that the venue has not answered.
  struct open_request {
    int64_t id = 0;
    subscription_request_kind kind{};
    std::vector<std::string> channels{};
  };

  bool is_gap_before(const envelope& content) noexcept;

  inbound read_message(std::string_view text, const envelope& content);

  inbound read_error(std::string_view text, const envelope& content);

  inbound read_list(std::string_view text, const envelope& content);

  inbound tell_ended();

  bool is_carried_out(const open_request& request) const;

  std::string_view name_of(const envelope& content);

  size_t books_with(const subscription_request& request) const;

  coinbase_market market_;

  // Channels that were asked for by their kind alone.
  names plain_;

  // -- of this connection -----------------------------------------------------

  uint64_t next_sequence_ = 0;

  // Channels in the last list, and the kinds of each.
  names held_;

  std::optional<open_request> open_;

  // Messages that the venue answers, and its answers.
  uint64_t asked_ = 0;
  uint64_t answered_ = 0;

  // Channels that the venue has ended, which are not told yet.
  std::vector<std::string> ended_;

  // -- of the last message ----------------------------------------------------

  // Set if it is a list that has none of the channels that were asked for.
  bool grants_nothing_ = false;
  std::string channel_;
  std::vector<std::string> told_;
};

} // namespace zenws
