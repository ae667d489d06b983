// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/fwd.hpp"
#include "zenws/upgrade_refusal.hpp"

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace zenws {

// -- error codes --------------------------------------------------------------

/// Error codes. The numbers are stable within one version of zenws only;
/// compare names. See `explain` for cause and remedy.
enum class ec : uint8_t {
  /// No error; as the reason of an end: a normal end.
  none,

  // configuration
  invalid_config,
  invalid_url,
  /// A provider of URL, headers or credentials failed.
  provider_failed,

  // connecting
  name_resolution_failed,
  connect_failed,
  handshake_timeout,
  tls_failed,
  certificate_rejected,
  /// The server answered the upgrade by a status other than 101.
  upgrade_refused,
  /// The server answered 101, but not as RFC 6455, section 4.1 demands.
  upgrade_invalid,

  // the open connection
  /// The connection ended without a Close frame.
  connection_lost,
  /// The peer sent a Close frame that the configuration does not call final.
  closed_by_peer,
  /// The peer closed with one of `client_config::final_close_codes`.
  final_close,
  protocol_error,
  invalid_utf8,
  message_too_big,
  close_timeout,
  heartbeat_lost,
  retries_exhausted,

  // sending
  not_connected,
  /// The connection went while a request was under way: outcome unknown.
  disconnected,
  outbound_full,
  outbound_too_big,
  /// Outbound text that is not UTF-8, or a bad close code or close reason.
  invalid_message,

  // supervision
  subscriber_overflow,
  restart_limit,
  child_limit,
  not_found,
  already_exists,
  /// The client actor ended by an exception, a kill or the like.
  client_crashed,
  client_stopped,
  runtime_stopped,

  // contents of messages
  /// A message that should be JSON is not.
  invalid_json,
  /// JSON, but not of the form that the venue documents.
  invalid_data,

  // requests and their answers
  /// The peer answered a request by an error.
  request_refused,
  /// No answer before the deadline: outcome unknown.
  request_timeout,
  too_many_pending,

  // limits
  /// A rate limit has nothing left for now; the detail says when it has.
  rate_limited,
  /// A request costs more than a rate limit ever holds.
  request_too_costly,
  too_many_channels,
  /// The server refused a channel.
  subscription_rejected,

  // demands of venues
  /// The dialect of this client has nothing of the kind.
  not_supported,
  /// The venue refused the login, or a request that must follow it.
  login_failed,
  /// A message waited for longer than its sender allowed: it was not sent.
  send_expired,
  /// No message for longer than `venue_config::idle_timeout`.
  idle_timeout,
  /// The venue said that it is about to close the connection.
  venue_leaving,
  /// The connection reached the age that the venue allows.
  connection_retired,

  // connecting through a proxy
  /// The proxy did not open a tunnel to the server.
  proxy_failed,
  /// The proxy wants credentials, or other ones (HTTP status 407, or as SOCKS
  /// has it).
  proxy_auth_required,

  // recording
  /// A recording cannot be opened, read or written.
  recording_failed,

  // supervision, again
  /// The child of a supervisor is down at the moment.
  child_down,

  // nodes
  /// The node that runs a client is unreachable, or does not run it any more.
  gateway_lost,
  /// A node that subscribed here is unreachable.
  node_lost,

  // answers of venues
  /// The venue answered by an error that leaves open whether it acted on the
  /// request: outcome unknown.
  outcome_unknown,
  /// The venue did not act on the request, for now: nothing happened.
  try_later,
  /// The venue did one part of a request and refused another.
  partly_done,
  /// The venue takes no request of this size: nothing was sent.
  request_too_big,

  // events of venues
  /// The venue refuses the login, or a request that must follow it, for now.
  login_unavailable,
  /// The venue ended a subscription that it had granted.
  channel_lost,
  /// The key or token that a connection was opened with has ended.
  connection_spent,

  // connecting, again
  /// The server's certificate has expired or is not valid yet.
  certificate_outdated,

  // orders
  /// The risk gate lets an order not pass: nothing was sent. The detail begins
  /// with the cause (`trading::risk_cause`).
  risk_refused,
  /// A journal of orders cannot be opened, read or written.
  journal_failed,

  // sinks
  /// The store of a sink cannot be opened or written.
  sink_failed,
};

/// Number of codes; valid codes are 0 to `num_error_codes - 1`.
constexpr size_t num_error_codes = static_cast<size_t>(ec::sink_failed) + 1;

/// Returns the name of the enumerator, for example "connection_lost".
std::string_view to_string(ec code) noexcept;

/// Remedy that a class of errors has.
enum class error_class : uint8_t {
  /// No error.
  none,
  /// Time may cure it: clients reconnect, supervisors restart.
  transient,
  /// Time does not cure it: no retry, no restart.
  fatal,
  /// The caller's: it concerns one request, the client itself is fine.
  caller,
};

/// Returns the name of the enumerator.
std::string_view to_string(error_class cls) noexcept;

// -- error --------------------------------------------------------------------

/// Stands for a Close frame without a code (RFC 6455, section 7.4.1).
inline constexpr uint16_t no_close_code = 1005;

/// An error with its details. Cheap to move; safe to share between threads once
/// it is not modified any more.
struct error {
  ec code = ec::none;

  /// Description for people; may be empty. Must not contain secrets: no header
  /// values, no query values.
  std::string detail{};

  /// The answer if upgrade or tunnel was refused, else null. It may contain
  /// secrets (cookies), so neither `to_string` nor `explain` show all of it.
  std::shared_ptr<const upgrade_refusal> refusal{};

  /// Code of the peer's Close frame, `no_close_code` if it had none, 0 if there
  /// was no Close frame.
  uint16_t close_code = 0;

  /// Set by a client that decided that no waiting cures it, see
  /// `refusal_classifier`.
  bool is_final = false;

  /// Returns whether there is an error.
  explicit operator bool() const noexcept {
    return code != ec::none;
  }
};

/// Returns the class of an error. One that is final is fatal. A refused upgrade
/// is fatal if the status is 401 and credentials may have been sent, else
/// transient: firewalls of venues answer 403 for a while
/// (ccxt/node-binance-api, issue 233).
error_class class_of(const error& err) noexcept;

/// Returns one line for logs: code, detail, status and close code. Control
/// characters are replaced.
std::string to_string(const error& err);

/// Cause and remedy of an error.
struct explanation {
  std::string cause{};
  std::string remedy{};
};

/// Returns cause and remedy as sentences, without secrets.
explanation explain(const error& err);

/// Returns `text` with control characters replaced by '?', fit for a log line
/// or a terminal.
std::string printable(std::string_view text);

// -- result -------------------------------------------------------------------

/// Throws `std::runtime_error`; only called by `result<T>::value()` of a
/// failed result, which is the caller's decision.
[[noreturn]] void
throw_exception_from_error(const error& err,
                           const boost::source_location& where);

/// Either a value or an error. Not for `T = bool`, which an error converts to.
template <class T>
using result = boost::system::result<T, error>;

} // namespace zenws
