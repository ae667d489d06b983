#pragma once

#include "zenws/backoff.hpp"
#include "zenws/client_config.hpp"
#include "zenws/error.hpp"
#include "zenws/events.hpp"
#include "zenws/fwd.hpp"
#include "zenws/heartbeat.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zenws::action {

/// Start connecting. URL, headers and credentials are to be evaluated anew.
struct dial {
  /// Counted from 1 since the last stable connection.
  uint64_t attempt = 0;
};

/// Abandon the connection or the attempt, without a closing handshake.
/// Nothing about it needs to be reported.
struct drop {};

/// Start the closing handshake; report its end or its timeout as `lost`.
struct close {
  uint16_t code = 0;
  std::string reason{};
};

/// Send a Ping frame.
struct ping {
  std::string payload{};
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
using session_action = std::variant<action::dial, action::drop, action::close,
                                    action::ping, action::notify, action::stop>;

/// Things to do, in this order.
using session_actions = std::vector<session_action>;

/// Who a client is across its incarnations.
struct client_identity {
  uint64_t id = 0;

  std::string name{};

  /// Epoch of the last connection of an earlier incarnation.
  uint64_t epoch = 0;
};

/// The state machine of one incarnation of a client: decides when to connect,
/// when to wait, when to ping and when to end.
///
/// Pure: inputs are what happened and when, outputs what to do about it. The
/// owner calls `expired` once `wake_at` is due and looks at `wake_at` anew
/// after each input. Handshake and close timeouts are the connection's, which
/// reports them by `lost`.
///
/// Inputs that come too late are ignored, whatever they are: the owner need not
/// know in which order a socket and a user act. After `action::stop`, which
/// comes exactly once, nothing comes out any more. Each change of state is
/// told by exactly one `action::notify`. Not thread-safe.
class session {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  using duration = std::chrono::steady_clock::duration;

  // -- constructors, destructors, and assignment operators --------------------

  /// @pre `validate(cfg).empty()`
  session(const client_config& cfg, client_identity who);

  // -- inputs -----------------------------------------------------------------

  /// Starts the first attempt.
  session_actions start(time_point now);

  /// Tells how far an attempt got.
  /// @param phase `resolving`, `connecting` or `upgrading`; steps back are
  ///              ignored.
  session_actions entered(client_state phase, time_point now);

  /// Tells that the upgrade succeeded: a new epoch begins, the state is
  /// `ready`, uptime counts from here.
  session_actions opened(time_point now);

  /// Tells that an attempt failed, that the open connection broke or was closed
  /// by the peer (`ec::closed_by_peer` with its close code), or that our
  /// closing handshake ended in any way.
  /// @param jitter uniform in [0, 1).
  session_actions lost(error reason, time_point now, double jitter);

  /// Tells that a Pong frame arrived.
  session_actions pong(std::string_view payload, time_point now);

  /// Tells that the open connection is not read for now, so that silence is
  /// not held against the peer. Ends with the connection.
  void reading_paused() noexcept {
    heartbeat_.reading_paused();
  }

  /// Tells that the connection is read again.
  void reading_resumed() noexcept {
    heartbeat_.reading_resumed();
  }

  /// Ends the client for good: by a closing handshake if it is `ready`, else at
  /// once. What `check_close` refuses is replaced by code 1000 and no reason.
  session_actions request_close(uint16_t code, std::string reason,
                                time_point now);

  /// Tells that `wake_at` may be due; does nothing if it is not.
  session_actions expired(time_point now);

  // -- properties -------------------------------------------------------------

  /// When to call `expired`: the next attempt in `backing_off`, the next
  /// heartbeat in `ready`; may lie in the past. Nothing in other states.
  std::optional<time_point> wake_at() const noexcept;

  client_state state() const noexcept {
    return state_;
  }

  const client_identity& who() const noexcept {
    return who_;
  }

  /// Successful connections so far, over all incarnations.
  uint64_t epoch() const noexcept {
    return who_.epoch;
  }

  /// Number of the current or next attempt since the last stable connection.
  uint64_t attempts() const noexcept {
    return backoff_.attempts();
  }

  /// Since when the client is `ready`, or nothing if it is not.
  std::optional<time_point> connected_since() const noexcept {
    return connected_since_;
  }

  /// Last round trip measured by the heartbeat, also of an earlier connection.
  std::optional<duration> round_trip() const noexcept {
    return round_trip_;
  }

  /// When the heartbeat was last answered.
  std::optional<time_point> last_beat() const noexcept {
    return heartbeat_.last_beat();
  }

  /// Pings in a row that were not answered in time.
  unsigned failures() const noexcept {
    return heartbeat_.failures();
  }

  /// Why the last attempt or connection failed, `ec::none` if none did.
  const error& last_error() const noexcept {
    return last_error_;
  }

private:
  bool dialing() const noexcept;

  bool is_final(const error& reason) const noexcept;

  void enter(client_state next, session_actions& out);

  void dial(session_actions& out);

  void disconnect() noexcept;

  void retry(const error& reason, time_point now, double jitter,
             session_actions& out);

  void finish(error reason, session_actions& out);

  client_event make_event(event_kind kind) const;

  backoff backoff_;
  heartbeat heartbeat_;
  tls_verify verify_;
  std::vector<uint16_t> final_close_codes_;
  client_identity who_;
  client_state state_ = client_state::disconnected;
  std::optional<time_point> retry_at_;
  std::optional<time_point> connected_since_;
  std::optional<duration> round_trip_;
  error last_error_;
};

} // namespace zenws
