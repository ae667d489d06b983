#pragma once

#include "zenws/error.hpp"
#include "zenws/fwd.hpp"
#include "zenws/json/envelope.hpp"
#include "zenws/limits/rate_limiter.hpp"
#include "zenws/subscription/subscription.hpp"
#include "zenws/timing/heartbeat.hpp"
#include "zenws/venue/answer.hpp"
#include "zenws/venue/credentials.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

// -- what the peer says ---------------------------------------------------------

/// What a message is for.
enum class inbound_kind : uint8_t {
  /// For subscribers.
  data,
  /// For subscribers of a channel that is not known yet: the answer to a
  /// request that is under way may tell, see `dialect::channel_of`.
  unclaimed,
  /// Answers one of our requests.
  answer,
  /// Shows that the peer is alive.
  heartbeat,
  /// Shows it, and wants `dialect::heartbeat_response` in return.
  heartbeat_request,
  /// The peer is about to end this connection: better to leave now.
  leaving,
  /// This connection brings nothing any more: the key or token that it was
  /// opened with has ended.
  spent,
  /// The venue ended the subscriptions of `channels` by itself.
  channels_ended,
  /// An event of the venue that the dialect does not know. Never belongs to a
  /// channel.
  notice,
  /// Not what the venue's messages look like.
  malformed,
};

/// A message as its venue means it. Views are valid until the next message is
/// read.
struct inbound {
  inbound_kind kind = inbound_kind::data;

  /// Id of the request that is answered.
  int64_t request = 0;

  /// Whether this answers for `channel` only; `request` may be 0 then.
  bool by_channel = false;

  /// Whether an answer by channel says that the subscription has ended. If
  /// nobody asked for that, the venue did it by itself.
  bool ends_channel = false;

  /// Channel of data, empty if it belongs to none; the venue's own id if
  /// `unclaimed`; the name of a `notice`.
  std::string_view channel{};

  /// The channels of `channels_ended`.
  std::span<const std::string> channels{};

  /// The whole message and what was found in it, for answers.
  std::string_view text{};
  envelope content{};
};

// -- what venues demand ---------------------------------------------------------

/// How a venue wants connections to be kept alive.
struct heartbeat_rule {
  /// `ping_pong` or `venue`.
  heartbeat_kind kind = heartbeat_kind::ping_pong;

  /// A good interval.
  std::chrono::milliseconds interval = defaults::heartbeat_interval;

  /// The venue ends connections that beat less often; 0 if it does not.
  std::chrono::milliseconds longest{0};

  /// Whether no other kind of heartbeat keeps a connection alive.
  bool is_required = false;

  /// Where the venue says so.
  std::string_view source{};
};

/// Returns a configuration with what it leaves to the venue.
heartbeat_config resolve(heartbeat_config cfg, const heartbeat_rule& rule);

/// Why a venue closed a connection.
enum class close_cause : uint8_t {
  unspecified,
  /// It was asked too often: less often is better next time.
  rate,
};

// -- what became of a request ---------------------------------------------------

/// What a login led to.
struct login_grant {
  /// How long it lasts, or 0 for as long as the connection.
  std::chrono::seconds expires_in{0};
};

/// What is new with each login, for signatures.
struct signing_context {
  std::chrono::system_clock::time_point now;

  /// Random, never the same twice.
  uint64_t nonce = 0;
};

// -- dialect ------------------------------------------------------------------

/// One venue: how to subscribe, log in and beat, what a message means and what
/// a request costs. The base class is a venue without any of these.
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

  /// Name for people and for `client_config::dialect`.
  virtual std::string_view name() const noexcept = 0;

  /// Tells whether messages mean anything, or all are just data.
  virtual bool reads_messages() const noexcept;

  /// The limits that the venue publishes.
  virtual std::vector<rate_limit> limits() const;

  /// How to cut subscription requests.
  virtual subscription_limits request_limits() const noexcept;

  /// The largest text that the venue reads, in bytes; 0 for no limit.
  virtual size_t max_request_bytes() const noexcept;

  /// How connections are kept alive unless the user says otherwise.
  virtual heartbeat_rule heartbeat_needed() const noexcept;

  /// Says why the venue closed a connection.
  virtual close_cause cause_of_close(uint16_t code,
                                     std::string_view reason) const;

  /// How old a connection should become before it is replaced, 0 for no limit.
  virtual std::chrono::seconds max_connection_age() const noexcept;

  // -- messages ---------------------------------------------------------------

  /// Tells that there is a new connection, on which nothing was said.
  virtual void connected();

  /// Finds out what a text message means. Called for each one.
  virtual inbound read(std::string_view text);

  /// Judges an answer: the one place where the venue's codes mean something.
  virtual answer_verdict judge(const inbound& answer);

  /// Returns the channel of `unclaimed` data, empty if it is not known.
  /// @param id the venue's own, as `inbound::channel` had it.
  virtual std::string_view channel_of(std::string_view id) const;

  /// Tells whether a subscription begins with a message like this: a snapshot
  /// where there are snapshots.
  virtual bool begins_channel(std::string_view channel,
                              std::string_view text) const;

  /// Returns the id of a request that a user wrote, nothing if it has none.
  virtual std::optional<int64_t> id_in(std::string_view text) const;

  // -- calls ------------------------------------------------------------------

  /// A request of the user's.
  virtual result<std::string> call(std::string_view method,
                                   std::string_view params_json, int64_t id);

  // -- heartbeats -------------------------------------------------------------

  // A message without an id: nobody waits for what it leads to.

  /// Asks the venue to send heartbeats; empty if it does so by itself.
  virtual std::string enable_heartbeat(std::chrono::seconds interval);

  /// Answers `inbound_kind::heartbeat_request`.
  virtual std::string heartbeat_response();

  /// Asks for a sign of life, which comes as `inbound_kind::heartbeat`; empty
  /// if the venue has no such message.
  virtual std::string ping();

  // -- subscriptions ----------------------------------------------------------

  /// Says why nobody can subscribe to such a channel; no error if one can.
  virtual error check(const channel_spec& channel) const;

  /// A request to subscribe or unsubscribe.
  /// @returns `ec::not_supported` if the venue has no channels.
  virtual result<std::string> subscription(const subscription_request& request,
                                           int64_t id);

  /// Reads which channels of a request an answer granted, or ended. Called for
  /// answers that are `answered`.
  /// @returns an error if the answer does not tell: nothing is known then.
  virtual result<std::vector<std::string>>
  read_grants(const subscription_request& request, const inbound& answer);

  /// Called for a channel that nobody wants any more, or that the venue refused
  /// for good: what is known about its name may go.
  virtual void forget(std::string_view channel);

  // -- logging in -------------------------------------------------------------

  /// Logs in.
  /// @returns `ec::not_supported` if the venue has no login.
  virtual result<std::string> log_in(const credentials& account,
                                     const signing_context& context,
                                     int64_t id);

  /// Reads an answer to `log_in` or `renew_login` that is `answered`.
  /// @returns an error if the answer is none of a login.
  virtual result<login_grant> read_login(const inbound& answer);

  /// Extends a login that expires; as `log_in` if the venue knows no more, or
  /// if the last try was in vain.
  virtual result<std::string> renew_login(const credentials& account,
                                          const signing_context& context,
                                          int64_t id);

  // -- costs ------------------------------------------------------------------

  // All live as long as the program.

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

/// Returns a dialect that zenws brings: "raw", "json_rpc", "deribit", "binance"
/// or "okx". Null if there is none of that name.
dialect_ptr make_dialect(std::string_view name);

/// The names that `make_dialect` knows.
std::vector<std::string_view> dialect_names();

} // namespace zenws
