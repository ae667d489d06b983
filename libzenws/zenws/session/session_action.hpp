// SPDX-License-Identifier: BSD-3-Clause

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

/// Actions that the owner of a session must perform.
namespace zenws::action {

/// Start connecting once the address is known; report that by `entered`.
struct dial {
  /// Counted from 1 since the last stable connection.
  uint64_t attempt = 0;
};

/// Abandon all connections and attempts, without a closing handshake. Nothing
/// about them needs to be reported.
struct drop {};

/// Start connecting as by `dial`, but keep the connection. Report by
/// `successor_opened` and `successor_lost`, and its messages by `received`;
/// hold data back.
struct dial_successor {};

/// The connection is gone, the attempt at its successor is now the one to
/// report of.
struct adopt_successor {};

/// The successor takes over: drop the connection, deliver the messages held
/// back.
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

/// Time at which the sender of a message is answered.
enum class write_completion : uint8_t {
  /// Never.
  none,
  /// Once the message is written.
  on_written,
  /// Once the call is answered.
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

/// Look up the credentials and report them by `authorized`.
struct get_credentials {};

/// Fail a message that was not sent, or whose outcome is unknown.
struct fail {
  uint64_t token = 0;
  error reason{};
};

/// Answer a call.
struct answer {
  uint64_t token = 0;
  rpc_response response{};

  /// Error whose code implies the outcome of the request.
  error reason{};
};

/// Report outcomes of channels to their subscribers.
struct report {
  subscription_outcomes outcomes{};
};

/// Notify all subscribers, after the data that came before.
struct notify {
  client_event event{};
};

/// The session is over; `ec::none` means by a normal end.
struct stop {
  error reason{};
};

} // namespace zenws::action

namespace zenws {

/// One action that the owner of a session must perform.
using session_action
  = std::variant<action::dial, action::drop, action::dial_successor,
                 action::adopt_successor, action::promote_successor,
                 action::close, action::ping, action::write,
                 action::get_credentials, action::fail, action::answer,
                 action::report, action::notify, action::stop>;

/// Actions in the order in which to perform them.
using session_actions = std::vector<session_action>;

} // namespace zenws
