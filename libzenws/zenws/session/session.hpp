// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/config/refusal_classifier.hpp"
#include "zenws/error.hpp"
#include "zenws/events.hpp"
#include "zenws/fwd.hpp"
#include "zenws/session/read_timeout.hpp"
#include "zenws/session/session_action.hpp"
#include "zenws/session/venue_protocol.hpp"
#include "zenws/timing/backoff.hpp"
#include "zenws/timing/heartbeat.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws {

/// Identifies a client across its incarnations.
struct client_identity {
  uint64_t id = 0;

  std::string name{};

  /// Epoch of the last connection of an earlier incarnation.
  uint64_t epoch = 0;
};

/// Knowledge of a client from earlier connections.
struct client_history {
  /// Set once the client has been `ready`: parameters that led there once may
  /// do so again, despite refusals now.
  bool has_worked = false;

  /// See `backoff::steps`.
  uint64_t backoff_steps = 0;
};

/// State that a session shares with others or takes over from its predecessor.
struct session_context {
  dialect_ptr dialect = make_dialect("raw");

  /// Limits of the account and of the host.
  std::vector<shared_rate_limiter> shared_limits{};

  /// Demands of the host on all its clients.
  host_demands_ptr demands = std::make_shared<host_demands>();

  limit_overrides overrides{};

  protocol_snapshot snapshot{};

  client_history history{};

  session_latencies_ptr latencies = std::make_shared<session_latencies>();

  /// Overrules the dialect; may be null.
  refusal_classifier classifier{};

  /// Converts the times of day that servers send.
  std::function<std::chrono::system_clock::time_point()> wall_clock
    = std::chrono::system_clock::now;

  /// Seed of the session's own randomness.
  uint64_t seed = 0;
};

/// The state machine of one incarnation of a client: decides when to connect,
/// to wait, to ping and to end.
///
/// Sans-I/O: takes events and the current time, appends the actions to perform
/// to `out`. The owner calls `expired` once `wake_at` is due and reads
/// `wake_at` again after each event. Handshake and close timeouts are the
/// connection's, which reports them by `lost`.
///
/// Late events are ignored: the owner need not know in which order a socket and
/// a user act. After `action::stop`, which comes exactly once, no action
/// follows. Each change of state leads to exactly one `action::notify`. Not
/// thread-safe.
class session {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  using duration = std::chrono::steady_clock::duration;

  // -- constructors, destructors, and assignment operators --------------------

  /// @pre `validate(cfg).empty()`
  session(const client_config& cfg, client_identity identity,
          session_context context = {});

  // -- events -----------------------------------------------------------------

  /// Starts the first attempt.
  void start(time_point now, session_actions& out);

  /// Reports the phase of an attempt. The first report must come within the
  /// handshake timeout, or the attempt fails (`ec::provider_failed`).
  /// @param phase `resolving`, `connecting` or `upgrading`; steps back are
  ///              ignored.
  /// @param address that is tried, for people; may be empty.
  void entered(client_state phase, std::string_view address,
               session_actions& out);

  /// Reports a successful upgrade: a new epoch begins, uptime counts from here.
  /// The state is `ready` unless a login or the restore of channels comes
  /// first.
  void opened(time_point now, session_actions& out);

  /// Reports that an attempt failed, that the open connection broke or was
  /// closed by the peer (`ec::closed_by_peer` with its close code), or that our
  /// closing handshake ended in any way.
  /// @param jitter uniform in [0, 1).
  void lost(error reason, time_point now, double jitter, session_actions& out);

  /// Reports that the successor's upgrade succeeded.
  void successor_opened(time_point now, session_actions& out);

  /// Reports that the successor is gone, or the attempt at it failed.
  void successor_lost(error reason, time_point now, session_actions& out);

  /// Reports a Pong frame.
  void pong(std::string_view payload, time_point now, session_actions& out);

  /// Reports a Ping frame, which was answered.
  void peer_pinged(time_point now);

  /// Reads a text message. Not needed for venues whose dialect does not read
  /// messages.
  /// @param out actions to perform before the message is delivered.
  /// @returns the message and its subscribers; valid until the next message is
  ///          read.
  const routed_message& received(std::string_view text, time_point now,
                                 session_actions& out);

  /// Reports that messages arrived, which postpones the idle deadline.
  void data_arrived(time_point now) noexcept {
    idle_.delivered(now);
    heartbeat_.heard();
  }

  /// Reports the bytes that the open connection has read so far: any byte
  /// proves that the peer is alive. Call it before `expired`.
  void bytes_received(uint64_t total) noexcept {
    if (std::exchange(bytes_received_, total) != total)
      heartbeat_.heard();
  }

  /// Reports the credentials that `action::get_credentials` asked for.
  void authorized(const result<credentials>& found,
                  std::chrono::system_clock::time_point wall, time_point now,
                  session_actions& out);

  /// Reports that the open connection is not read for now, so that silence is
  /// not held against the peer. Ends with the connection.
  void reading_paused() noexcept {
    idle_.reading_paused();
    drain_.reading_paused();
    heartbeat_.reading_paused();
  }

  /// Reports that the connection is read again.
  void reading_resumed(time_point now) noexcept {
    idle_.reading_resumed(now);
    drain_.reading_resumed(now);
    heartbeat_.reading_resumed();
  }

  /// Ends the client for good: by a closing handshake if it is `ready`, else at
  /// once. Arguments that `check_close` refuses are replaced by code 1000 and
  /// no reason.
  /// @param drain longest wait of pending calls for their answers first; new
  ///              ones are refused meanwhile.
  void request_close(uint16_t code, std::string reason, time_point now,
                     std::chrono::milliseconds drain, session_actions& out);

  /// Performs due actions; does nothing before `wake_at`.
  void expired(time_point now, session_actions& out);

  // -- requests ---------------------------------------------------------------

  // As those of `venue_protocol`, except that a session that ends refuses new
  // messages and calls (`ec::not_connected`).

  void send(uint64_t token, message_kind kind, std::string payload,
            send_policy policy, time_point now, session_actions& out);

  void call(uint64_t token, std::string method, std::string params,
            std::chrono::milliseconds answer_within, send_policy policy,
            time_point now, session_actions& out);

  void not_written(uint64_t token) {
    protocol_.not_written(token);
  }

  /// @returns the number of the request, which the outcomes carry.
  result<uint64_t> subscribe(uint64_t subscriber,
                             std::span<const channel_spec> channels,
                             time_point now, session_actions& out);

  void unsubscribe(uint64_t subscriber,
                   std::span<const std::string_view> channels, time_point now,
                   session_actions& out);

  void remove_subscriber(uint64_t subscriber, time_point now,
                         session_actions& out);

  void renew(std::span<const std::string_view> channels, time_point now,
             session_actions& out);

  // -- properties -------------------------------------------------------------

  /// Returns the time to call `expired`: the next attempt in `backing_off`;
  /// heartbeats and deadlines on an open connection. May lie in the past.
  std::optional<time_point> wake_at() const noexcept;

  client_state state() const noexcept {
    return state_;
  }

  const client_identity& identity() const noexcept {
    return identity_;
  }

  /// Returns the history for the next incarnation.
  client_history history() const noexcept {
    return {has_worked_, backoff_.steps()};
  }

  /// Returns the kind of heartbeat in use.
  heartbeat_kind heartbeat_source() const noexcept {
    return heartbeat_.config().kind;
  }

  /// Returns the number of successful connections over all incarnations.
  uint64_t epoch() const noexcept {
    return identity_.epoch;
  }

  /// Returns the number of the current or next attempt since the last stable
  /// connection.
  uint64_t attempts() const noexcept {
    return backoff_.attempts();
  }

  /// Returns whether the successor is ready, and only takes over later so that
  /// nothing on the connection before it is lost.
  bool draining() const noexcept {
    return handover_ == handover::draining;
  }

  /// Returns the time of the connection, or nothing if there is none.
  std::optional<time_point> connected_since() const noexcept {
    return connected_since_;
  }

  /// Returns the last round trip measured by the heartbeat, also of an earlier
  /// connection.
  std::optional<duration> round_trip() const noexcept {
    return round_trip_;
  }

  /// Returns the times from pings to their answers.
  const latency_histogram& heartbeat_latency() const noexcept {
    return heartbeat_latency_;
  }

  /// Returns whether a next heartbeat is due at some time.
  bool heartbeat_active() const noexcept {
    return heartbeat_.due().has_value();
  }

  /// Returns the time at which the heartbeat was last answered.
  std::optional<time_point> last_heartbeat() const noexcept {
    return heartbeat_.last_heartbeat();
  }

  /// Returns the number of pings in a row that were not answered in time.
  unsigned failures() const noexcept {
    return heartbeat_.failures();
  }

  /// Returns the error of the last attempt or connection, `ec::none` if none
  /// failed.
  const error& last_error() const noexcept {
    return last_error_;
  }

  /// Returns the state that was agreed upon with the venue.
  const venue_protocol& protocol() const noexcept {
    return protocol_;
  }

private:
  // Eight bytes of state: a Mersenne Twister would be most of a session.
  using random_engine
    = std::linear_congruential_engine<uint64_t, 6364136223846793005u,
                                      1442695040888963407u, 0u>;

  // Progress of the replacement of a connection that is in use.
  enum class handover : uint8_t {
    none,
    dialing,
    // The successor is open and used for writing, but channels are missing.
    preparing,
    // The successor has all channels; earlier data is still read from the old
    // connection.
    draining,
  };

  bool dialing() const noexcept;

  // Returns whether there is a connection that is not being closed.
  bool open() const noexcept;

  bool ending() const noexcept;

  bool accepts(uint64_t token, session_actions& out) const;

  bool is_closing() const noexcept {
    return close_plan_.has_value();
  }

  void close_if_drained(time_point now, session_actions& out);

  // Returns whether retrying cannot help after `reason`.
  bool ends_for_good(const error& reason) const;

  // Applies the server's demands to all clients of the host.
  void apply_demands(const error& reason, time_point now);

  void begin_epoch(time_point now);

  void count_uptime(time_point now) noexcept;

  // Acts on the protocol's new state or failure.
  void follow(time_point now, session_actions& out);

  void fail(error reason, time_point now, session_actions& out);

  void tick_heartbeat(time_point now, session_actions& out);

  // -- replacing a connection whose end is known ------------------------------

  void replace_connection(error reason, time_point now, session_actions& out);

  void dial_successor(time_point now, session_actions& out);

  void delay_successor(error reason, time_point now, session_actions& out);

  // Pings the old connection: its pong comes after all data that the successor
  // was too late for.
  void begin_drain(time_point now, session_actions& out);

  static constexpr std::string_view drain_ping = "last";

  void switch_to_successor(time_point now, session_actions& out);

  bool relies_on_successor() const noexcept;

  std::optional<time_point> retirement() const noexcept;

  double jitter();

  bool is_final(const error& reason) const noexcept;

  // Notifies subscribers of an event of the protocol, or of this session.
  void notify(protocol_event x, session_actions& out) const;

  void enter(client_state next, session_actions& out,
             protocol_event change = {});

  void dial(time_point now, session_actions& out);

  void disconnect(session_actions& out);

  void retry(const error& reason, time_point now, double jitter,
             session_actions& out);

  void wait_for(duration delay, const error& reason, std::string detail,
                time_point now, session_actions& out);

  void wait_for_host(const host_demands::demand& demand,
                     std::chrono::milliseconds at_least, time_point now,
                     double jitter, session_actions& out);

  void finish(error reason, session_actions& out);

  // Arguments of `request_close`, kept until the last call is answered.
  struct close_plan {
    uint16_t code = 0;
    std::string reason{};
    time_point due{};
  };

  backoff backoff_;
  venue_protocol protocol_;
  heartbeat heartbeat_;
  read_timeout idle_;
  read_timeout drain_{defaults::drain_timeout};
  std::chrono::milliseconds provider_timeout_;
  random_engine random_;
  tls_verify verify_;
  std::vector<uint16_t> final_close_codes_;
  std::chrono::milliseconds retry_after_ceiling_;
  refusal_classifier classifier_;
  std::function<std::chrono::system_clock::time_point()> wall_clock_;
  session_latencies_ptr latencies_;
  client_identity identity_;
  client_state state_ = client_state::disconnected;
  handover handover_ = handover::none;
  std::optional<time_point> successor_at_; // next attempt at one
  std::optional<time_point> retry_at_;
  std::optional<time_point> provider_due_; // latest begin of an attempt
  std::optional<time_point> connected_since_;
  std::optional<time_point> ready_since_;
  std::optional<close_plan> close_plan_;
  bool has_worked_ = false;
  uint64_t bytes_received_ = 0;
  std::optional<duration> round_trip_;
  latency_histogram heartbeat_latency_;
  error last_error_;
};

} // namespace zenws
