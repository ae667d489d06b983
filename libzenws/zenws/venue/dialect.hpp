// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/fwd.hpp"
#include "zenws/json/envelope.hpp"
#include "zenws/limits/rate_limiter.hpp"
#include "zenws/subscription/subscription.hpp"
#include "zenws/timing/heartbeat.hpp"
#include "zenws/venue/answer.hpp"
#include "zenws/venue/credentials.hpp"
#include "zenws/venue/market_protocol.hpp"
#include "zenws/venue/order_protocol.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

// -- messages of the peer -----------------------------------------------------

/// Kind of an inbound message.
enum class inbound_kind : uint8_t {
  /// For subscribers.
  data,
  /// For subscribers of a channel that is not known yet: the answer to a
  /// request that is under way may tell, see `dialect::channel_of`.
  unclaimed,
  /// Answers one of our requests.
  answer,
  /// Heartbeat: the peer is alive.
  heartbeat,
  /// Heartbeat that expects `dialect::heartbeat_response`.
  heartbeat_request,
  /// The peer is about to end this connection: better to leave now.
  leaving,
  /// This connection delivers nothing any more: the key or token that it was
  /// opened with has ended.
  spent,
  /// The venue ended the subscriptions of `channels` by itself.
  channels_ended,
  /// An event of the venue that the dialect does not know. Never belongs to a
  /// channel.
  notice,
  /// Not a message of this venue.
  malformed,
};

/// A message as its venue means it. Views are valid until the next message is
/// read.
struct inbound {
  inbound_kind kind = inbound_kind::data;

  /// Id of the request that is answered.
  int64_t request = 0;

  /// Set if this answers for `channel` only; `request` may be 0 then. It grants
  /// the channel, or ends it, if `dialect::judge` says that it is `answered`.
  bool by_channel = false;

  /// Set if an answer by channel ends the subscription: without a request for
  /// it, the venue did it by itself.
  bool ends_channel = false;

  /// Channel of data, empty if it belongs to none; the venue's own id if
  /// `unclaimed`; the name of a `notice`.
  std::string_view channel{};

  /// The channels of `channels_ended`.
  std::span<const std::string> channels{};

  /// The whole message, for answers.
  std::string_view text{};

  /// The envelope of answers, and of data for `dialect::market` and
  /// `dialect::orders`.
  envelope content{};

  /// Set if the venue's numbers of the messages of this connection show that
  /// some were lost before this one.
  bool lost_before = false;
};

// -- demands of venues --------------------------------------------------------

/// Heartbeat that a venue requires.
struct heartbeat_rule {
  /// `ping_pong` or `venue`.
  heartbeat_kind kind = heartbeat_kind::ping_pong;

  /// A good interval.
  std::chrono::milliseconds interval = defaults::heartbeat_interval;

  /// Longest interval before the venue ends a connection; 0 for no limit.
  std::chrono::milliseconds longest{0};

  /// Set if no other kind of heartbeat keeps a connection alive.
  bool is_required = false;

  /// Page of the venue that states the rule.
  std::string_view source{};
};

/// Returns `cfg` with the values that it leaves to the venue.
heartbeat_config resolve(heartbeat_config cfg, const heartbeat_rule& rule);

/// Cause of a close by the venue.
enum class close_cause : uint8_t {
  unspecified,
  /// Too many requests: reduce the rate on the next connection.
  rate,
};

// -- logins -------------------------------------------------------------------

/// Result of a login.
struct login_grant {
  /// Lifetime, or 0 for that of the connection.
  std::chrono::seconds expires_in{0};

  /// Time until it is renewed, or 0 for four fifths of its lifetime.
  std::chrono::seconds renew_after{0};
};

/// Values that are new with each login, for signatures.
struct signing_context {
  std::chrono::system_clock::time_point now;

  /// Random, never the same twice.
  uint64_t nonce = 0;
};

// -- dialect ------------------------------------------------------------------

/// Protocol of one venue: subscriptions, logins, heartbeats, meanings of
/// messages and costs of requests. The base class has none of these.
///
/// Pure: no socket, no clock. Not thread-safe; one client owns one dialect.
/// Functions that return text return a whole message.
class dialect {
public:
  // -- constructors, destructors, and assignment operators --------------------

  dialect() = default;

  dialect(const dialect&) = delete;

  dialect& operator=(const dialect&) = delete;

  virtual ~dialect();

  // -- properties -------------------------------------------------------------

  /// Returns the name, as in `venue_config::dialect`.
  virtual std::string_view name() const noexcept = 0;

  /// Returns whether messages are read, or all are data.
  virtual bool reads_messages() const noexcept;

  /// Returns the rate limits that the venue publishes.
  virtual std::vector<rate_limit> limits() const;

  /// Returns the limits of subscription requests.
  virtual subscription_limits request_limits() const noexcept;

  /// Returns the size of the largest text that the venue accepts, in bytes; 0
  /// for no limit.
  virtual size_t max_request_bytes() const noexcept;

  /// Returns the heartbeat used unless the user configures another.
  virtual heartbeat_rule heartbeat_needed() const noexcept;

  /// Returns the cause of a close by the venue.
  virtual close_cause cause_of_close(uint16_t code,
                                     std::string_view reason) const;

  /// Returns the age at which a connection is replaced, 0 for no limit.
  virtual std::chrono::seconds max_connection_age() const noexcept;

  /// Returns the market data of the venue, null if zenws does not know it.
  virtual market_protocol* market() noexcept;

  /// Returns the orders and accounts of the venue, null if zenws does not know
  /// them.
  virtual order_protocol* orders() noexcept;

  // -- messages ---------------------------------------------------------------

  /// Resets the state for a new connection.
  virtual void connected();

  /// Reads a text message. Called for each one.
  virtual inbound read(std::string_view text);

  /// Judges an answer: the only place that interprets the venue's codes.
  virtual answer_verdict judge(const inbound& answer);

  /// Returns the channel of `unclaimed` data, empty if it is not known.
  /// @param id the venue's own, as `inbound::channel` had it.
  virtual std::string_view channel_of(std::string_view id) const;

  /// Returns whether a message begins a subscription: a snapshot where there
  /// are snapshots.
  virtual bool begins_channel(std::string_view channel,
                              std::string_view text) const;

  /// Returns the id of a request that a user wrote, nothing if it has none.
  virtual std::optional<int64_t> id_in(std::string_view text) const;

  // -- calls ------------------------------------------------------------------

  /// Returns the text of a call of the user's.
  virtual result<std::string> call(std::string_view method,
                                   std::string_view params_json, int64_t id);

  // -- heartbeats -------------------------------------------------------------

  // Messages whose answers are ignored.

  /// Returns a request for heartbeats; empty if the venue sends them by itself.
  virtual std::string enable_heartbeat(std::chrono::seconds interval);

  /// Returns the answer to `inbound_kind::heartbeat_request`.
  virtual std::string heartbeat_response();

  /// Returns a ping, answered by `inbound_kind::heartbeat`; empty if the venue
  /// has no such message.
  virtual std::string ping();

  // -- subscriptions ----------------------------------------------------------

  /// Returns an error if such a channel cannot be subscribed to.
  virtual error check(const channel_spec& channel) const;

  /// Returns a request to subscribe or unsubscribe.
  /// @returns `ec::not_supported` if the venue has no channels;
  ///          `ec::request_too_big` if it takes fewer of these channels.
  virtual result<std::string> subscription(const subscription_request& request,
                                           int64_t id);

  /// Reads which channels of a request an answer granted, or ended. Called for
  /// answers that are `answered`.
  /// @returns an error if the answer leaves that open.
  virtual result<std::vector<std::string>>
  read_grants(const subscription_request& request, const inbound& answer);

  /// Returns the channel of a request that an answer by channel is about, where
  /// the answer does not have its name: `inbound::channel` if there is none.
  virtual std::string_view channel_in(const subscription_request& request,
                                      const inbound& answer) const;

  /// Drops the state of a channel without subscribers, or refused for good.
  virtual void forget(std::string_view channel);

  // -- logging in -------------------------------------------------------------

  /// Takes credentials that go into later requests, at venues without a login.
  /// @returns what they grant, or nothing at venues that have a login
  ///          (`log_in`); an error if they cannot be used.
  virtual result<std::optional<login_grant>> take(const credentials& account);

  /// Returns a login.
  /// @returns `ec::not_supported` if the venue has no login.
  virtual result<std::string> log_in(const credentials& account,
                                     const signing_context& context,
                                     int64_t id);

  /// Reads an answer to `log_in` or `renew_login` that is `answered`.
  /// @returns an error if the answer is none of a login.
  virtual result<login_grant> read_login(const inbound& answer);

  /// Returns a request that extends a login; as `log_in` if the venue has no
  /// other, or if the last try failed.
  virtual result<std::string> renew_login(const credentials& account,
                                          const signing_context& context,
                                          int64_t id);

  // -- costs ------------------------------------------------------------------

  // The charges live as long as the program.

  virtual rate_charges cost_of_call(std::string_view method) const;

  virtual rate_charges cost_of_login() const;

  virtual rate_charges cost_of_subscription() const;

  virtual rate_charges cost_of_heartbeat() const;

  /// Of a Ping or Pong frame.
  virtual rate_charges cost_of_control() const;

  /// Of a message whose content is the user's.
  virtual rate_charges cost_of_text() const;
};

using dialect_ptr = std::unique_ptr<dialect>;

/// Creates a built-in dialect: "raw", "json_rpc" or the name of a venue, in
/// small letters. Null if there is none of that name.
dialect_ptr make_dialect(std::string_view name);

/// Returns the names that `make_dialect` accepts.
std::vector<std::string_view> dialect_names();

} // namespace zenws
