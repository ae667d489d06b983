#pragma once

#include "zenws/credentials.hpp"
#include "zenws/envelope.hpp"
#include "zenws/error.hpp"
#include "zenws/fwd.hpp"
#include "zenws/rate_limiter.hpp"
#include "zenws/subscription.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

// -- what the peer says ---------------------------------------------------------

/// What a message is for.
enum class inbound_kind : uint8_t {
  /// For subscribers.
  data,
  /// Answers one of our requests.
  answer,
  /// Shows that the peer is alive.
  beat,
  /// Shows it, and wants `dialect::answer_to_beat` in return.
  beat_request,
  /// The peer is about to end this connection: better to leave now.
  leaving,
  /// Not what the venue's messages look like.
  malformed,
};

/// A message as its venue means it. Views are valid until the next message is
/// read.
struct inbound {
  inbound_kind kind = inbound_kind::data;

  /// Id of the request that is answered.
  int64_t request = 0;

  /// Whether the channel tells which request is answered (`request` is 0).
  bool by_channel = false;

  /// Channel of data; empty if it belongs to none.
  std::string_view channel{};

  /// The whole message and what was found in it, for answers.
  std::string_view text{};
  envelope content{};
};

// -- what became of a request ---------------------------------------------------

/// What the venue did about a subscription request.
struct subscription_answer {
  enum class verdict : uint8_t { all, some, refused };

  verdict what = verdict::all;

  /// The channels that were granted, for `some`.
  std::vector<std::string> granted{};

  /// For `refused`.
  rejection how = rejection::definite;
  error reason{};
};

/// What a login led to.
struct login_grant {
  /// How long it lasts, or 0 for as long as the connection.
  std::chrono::seconds expires_in{0};
};

/// What is new with each login, for signatures.
struct login_moment {
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

  /// How old a connection should become before it is replaced, 0 for no limit.
  virtual std::chrono::seconds max_connection_age() const noexcept;

  // -- messages ---------------------------------------------------------------

  /// Tells that there is a new connection, on which nothing was said.
  virtual void connected();

  /// Finds out what a text message means. Called for each one.
  virtual inbound read(std::string_view text);

  // -- calls ------------------------------------------------------------------

  /// A request of the user's.
  virtual result<std::string> call(std::string_view method,
                                   std::string_view params_json, int64_t id);

  // -- heartbeats -------------------------------------------------------------

  // A message without an id: nobody waits for what it leads to.

  /// Asks the venue to send heartbeats; empty if it does so by itself.
  virtual std::string enable_beats(std::chrono::seconds interval);

  /// Answers `inbound_kind::beat_request`.
  virtual std::string answer_to_beat();

  /// Asks for a sign of life, which comes as `inbound_kind::beat`; empty if the
  /// venue has no such message.
  virtual std::string ping();

  // -- subscriptions ----------------------------------------------------------

  /// A request to subscribe or unsubscribe.
  /// @returns `ec::not_supported` if the venue has no channels.
  virtual result<std::string> subscription(const subscription_request& what,
                                           int64_t id);

  /// Reads the answer to `what`.
  virtual subscription_answer read_answer(const subscription_request& what,
                                          const inbound& answer);

  // -- logging in -------------------------------------------------------------

  /// Logs in.
  /// @returns `ec::not_supported` if the venue has no login.
  virtual result<std::string> log_in(const credentials& who,
                                     const login_moment& when, int64_t id);

  /// Reads the answer to `log_in` or `renew_login`.
  /// @returns `ec::login_failed` with the venue's reason, or
  ///          `ec::connection_lost` if the next connection may fare better.
  virtual result<login_grant> read_login(const inbound& answer);

  /// Extends a login that expires; as `log_in` if the venue knows no more.
  virtual result<std::string> renew_login(const credentials& who,
                                          const login_moment& when, int64_t id);

  // -- costs ------------------------------------------------------------------

  // All live as long as the program.

  virtual rate_charges cost_of_call(std::string_view method) const;

  virtual rate_charges cost_of_login() const;

  virtual rate_charges cost_of_subscription() const;

  virtual rate_charges cost_of_beat() const;

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
