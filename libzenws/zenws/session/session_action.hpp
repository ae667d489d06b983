#pragma once

#include "zenws/error.hpp"
#include "zenws/events.hpp"
#include "zenws/json/json_rpc.hpp"
#include "zenws/message.hpp"
#include "zenws/subscription/subscription.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What a session asks its owner to do.
namespace zenws::action {

/// Start connecting, once it is known where to; report that by `entered`.
struct dial {
  /// Counted from 1 since the last stable connection.
  uint64_t attempt = 0;
};

/// Abandon all connections and attempts, without a closing handshake. Nothing
/// about them needs to be reported.
struct drop {};

/// Start connecting as by `dial`, but keep the connection. Report by
/// `successor_opened` and `successor_lost`, and what arrives by `received`;
/// hold data back.
struct dial_successor {};

/// The connection is gone, the attempt at its successor is now the one to
/// report of.
struct adopt_successor {};

/// The successor takes over: drop the connection, deliver what was held back.
struct promote_successor {};

/// Abandon a successor and start the closing handshake; report its end or its
/// timeout as `lost`.
struct close {
  uint16_t code = 0;
  std::string reason{};
};

/// Send a Ping frame.
struct ping {
  std::string payload{};
};

/// Who waits for a message to be written.
enum class write_completion : uint8_t {
  /// Nobody.
  none,
  /// Whoever sent it.
  on_written,
  /// Whoever made the call: not before its answer.
  on_response,
};

/// Hand a message to the connection, or to its successor if that is open. If it
/// does not take it, answer `token` and report `not_written`.
struct write {
  uint64_t token = 0;
  write_completion completion = write_completion::none;
  message_kind kind = message_kind::text;
  std::string payload{};
};

/// Find out the credentials and report them by `authorized`.
struct get_credentials {};

/// Answer a message that was not sent, or whose fate is unknown.
struct fail {
  uint64_t token = 0;
  error reason{};
};

/// Answer a call.
struct answer {
  uint64_t token = 0;
  rpc_response response{};

  /// Of an error: its code says what became of the request.
  error reason{};
};

/// Tell subscribers what became of their channels.
struct report {
  subscription_outcomes outcomes{};
};

/// Tell all subscribers, after the data that came before.
struct notify {
  client_event event{};
};

/// The session is over; `ec::none` means by a normal end.
struct stop {
  error reason{};
};

} // namespace zenws::action

namespace zenws {

/// One thing that the owner of a session must do.
using session_action
  = std::variant<action::dial, action::drop, action::dial_successor,
                 action::adopt_successor, action::promote_successor,
                 action::close, action::ping, action::write,
                 action::get_credentials, action::fail, action::answer,
                 action::report, action::notify, action::stop>;

/// Things to do, in this order.
using session_actions = std::vector<session_action>;

} // namespace zenws
