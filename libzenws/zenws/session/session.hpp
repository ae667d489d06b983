#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/config/refusal_classifier.hpp"
#include "zenws/error.hpp"
#include "zenws/events.hpp"
#include "zenws/fwd.hpp"
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

/// Who a client is across its incarnations.
struct client_identity {
  uint64_t id = 0;

  std::string name{};

  /// Epoch of the last connection of an earlier incarnation.
  uint64_t epoch = 0;
};

/// What earlier connections of a client taught it.
struct client_history {
  /// Whether it has been `ready`: what these parameters led to once, they may
  /// lead to again, whatever a server says now.
  bool has_worked = false;

  /// See `backoff::steps`.
  uint64_t backoff_steps = 0;
};

/// What a session shares with others and takes over from its predecessor.
struct session_context {
  dialect_ptr dialect = make_dialect("raw");

  /// Limits of the account and of the host.
  std::vector<shared_rate_limiter> shared_limits{};

  /// What the host demands of all its clients.
  host_demands_ptr demands = std::make_shared<host_demands>();

  limit_overrides overrides{};

  protocol_snapshot snapshot{};

  client_history history{};

  /// Decides otherwise than the dialect; may be null.
  refusal_classifier classifier{};

  /// For what servers tell by the time of day.
  std::function<std::chrono::system_clock::time_point()> wall_clock
    = std::chrono::system_clock::now;

  /// Where the session's own randomness starts.
  uint64_t seed = 0;
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
  session(const client_config& cfg, client_identity identity,
          session_context context = {});

  // -- inputs -----------------------------------------------------------------

  /// Starts the first attempt.
  session_actions start(time_point now);

  /// Tells how far an attempt got; the first time in time, or it fails
  /// (`ec::provider_failed`).
  /// @param phase `resolving`, `connecting` or `upgrading`; steps back are
  ///              ignored.
  /// @param address that is tried, for people; may be empty.
  session_actions entered(client_state phase, std::string_view address,
                          time_point now);

  /// Tells that the upgrade succeeded: a new epoch begins, uptime counts from
  /// here. The state is `ready` unless there is a login to be done, or channels
  /// of an earlier connection to be restored.
  session_actions opened(time_point now);

  /// Tells that an attempt failed, that the open connection broke or was closed
  /// by the peer (`ec::closed_by_peer` with its close code), or that our
  /// closing handshake ended in any way.
  /// @param jitter uniform in [0, 1).
  session_actions lost(error reason, time_point now, double jitter);

  /// Tells that the successor's upgrade succeeded.
  session_actions successor_opened(time_point now);

  /// Tells that the successor is gone, or the attempt at it failed.
  session_actions successor_lost(error reason, time_point now);

  /// Tells that a Pong frame arrived.
  session_actions pong(std::string_view payload, time_point now);

  /// Tells that a Ping frame arrived, which was answered.
  session_actions peer_pinged(time_point now);

  /// Tells that a text message arrived. Not needed for venues whose dialect
  /// does not read messages.
  /// @param out what to do about it, before the message is delivered.
  const inbound& received(std::string_view text, time_point now,
                          session_actions& out);

  /// Tells that messages arrived; keeps the idle deadline away.
  void data_arrived(time_point now) noexcept {
    last_data_ = now;
    heartbeat_.heard();
  }

  /// Tells how many bytes the open connection has brought so far: any byte
  /// proves that the peer is alive. Call it before `expired`.
  void bytes_received(uint64_t total) noexcept {
    if (std::exchange(bytes_received_, total) != total)
      heartbeat_.heard();
  }

  /// Tells the credentials that `action::get_credentials` asked for.
  session_actions authorized(const result<credentials>& who,
                             std::chrono::system_clock::time_point wall,
                             time_point now);

  /// Tells that the open connection is not read for now, so that silence is
  /// not held against the peer. Ends with the connection.
  void reading_paused() noexcept {
    reading_ = false;
    heartbeat_.reading_paused();
  }

  /// Tells that the connection is read again.
  void reading_resumed(time_point now) noexcept {
    reading_ = true;
    last_data_ = now;
    part_by_ = now + defaults::drain_timeout;
    heartbeat_.reading_resumed();
  }

  /// Ends the client for good: by a closing handshake if it is `ready`, else at
  /// once. What `check_close` refuses is replaced by code 1000 and no reason.
  /// @param drain how long calls under way may take for their answers first;
  ///              new ones are refused meanwhile.
  session_actions
  request_close(uint16_t code, std::string reason, time_point now,
                std::chrono::milliseconds drain = std::chrono::milliseconds{0});

  /// Tells that `wake_at` may be due; does nothing if it is not.
  session_actions expired(time_point now);

  // -- requests ---------------------------------------------------------------

  /// See `protocol`: these add to what it does that a session which has
  /// ended refuses.

  session_actions send(uint64_t token, message_kind kind, std::string payload,
                       send_policy policy, time_point now);

  session_actions call(uint64_t token, std::string method, std::string params,
                       std::chrono::milliseconds answer_within,
                       send_policy policy, time_point now);

  void not_written(uint64_t token) {
    venue_protocol_.not_written(token);
  }

  /// @returns the number of the ask, which the outcomes will carry.
  result<uint64_t> subscribe(uint64_t subscriber,
                             std::span<const channel_spec> channels,
                             time_point now, session_actions& out);

  session_actions unsubscribe(uint64_t subscriber,
                              std::span<const std::string_view> channels,
                              time_point now);

  session_actions remove_subscriber(uint64_t subscriber, time_point now);

  session_actions renew(std::span<const std::string_view> channels,
                        time_point now);

  // -- properties -------------------------------------------------------------

  /// When to call `expired`: the next attempt in `backing_off`; heartbeats,
  /// deadlines of requests and the end of patience on an open connection. May
  /// lie in the past.
  std::optional<time_point> wake_at() const noexcept;

  client_state state() const noexcept {
    return state_;
  }

  const client_identity& identity() const noexcept {
    return identity_;
  }

  /// What the next incarnation should know.
  client_history history() const noexcept {
    return {has_worked_, backoff_.steps()};
  }

  /// How the peer is asked for signs of life.
  heartbeat_kind heartbeat_source() const noexcept {
    return heartbeat_.config().kind;
  }

  /// Successful connections so far, over all incarnations.
  uint64_t epoch() const noexcept {
    return identity_.epoch;
  }

  /// Number of the current or next attempt since the last stable connection.
  uint64_t attempts() const noexcept {
    return backoff_.attempts();
  }

  /// Tells that the successor has all it needs, and only takes over later so
  /// that nothing on the connection before it gets lost.
  bool draining() const noexcept {
    return handover_ == handover::draining;
  }

  /// Since when the client is `ready`, or nothing if it is not.
  std::optional<time_point> connected_since() const noexcept {
    return connected_since_;
  }

  /// Last round trip measured by the heartbeat, also of an earlier connection.
  std::optional<duration> round_trip() const noexcept {
    return round_trip_;
  }

  /// From each ping to its answer.
  const latency_histogram& heartbeat_latency() const noexcept {
    return heartbeat_latency_;
  }

  /// Tells whether there is a next heartbeat.
  bool heartbeat_active() const noexcept {
    return heartbeat_.due().has_value();
  }

  /// When the heartbeat was last answered.
  std::optional<time_point> last_heartbeat() const noexcept {
    return heartbeat_.last_heartbeat();
  }

  /// Pings in a row that were not answered in time.
  unsigned failures() const noexcept {
    return heartbeat_.failures();
  }

  /// Why the last attempt or connection failed, `ec::none` if none did.
  const error& last_error() const noexcept {
    return last_error_;
  }

  /// What was agreed upon with the venue.
  const venue_protocol& protocol() const noexcept {
    return venue_protocol_;
  }

private:
  // Eight bytes of state: a Mersenne Twister would be most of a session.
  using random_engine
    = std::linear_congruential_engine<uint64_t, 6364136223846793005u,
                                      1442695040888963407u, 0u>;

  // How far the connection is replaced while it is in use.
  enum class handover : uint8_t {
    none,
    dialing,
    // The successor is open, all is said there, but channels are missing.
    preparing,
    // It has them all; what came before is still read from the connection.
    draining,
  };

  bool dialing() const noexcept;

  // Tells whether there is a connection that is not being closed.
  bool open() const noexcept;

  bool ending() const noexcept;

  bool is_closing() const noexcept {
    return close_plan_.has_value();
  }

  void close_now(session_actions& out);

  void close_if_drained(time_point now, session_actions& out);

  // Tells what the protocol wants subscribers to know.
  void tell_news(session_actions& out);

  // Tells whether no waiting can cure what ended an attempt or a connection.
  bool ends_for_good(const error& reason) const;

  // Keeps what the server demands, for all clients of the host.
  void heed(const error& reason, time_point now);

  std::chrono::milliseconds demanded_by(const error& reason) const;

  std::optional<std::chrono::nanoseconds> ready_for(time_point now) const;

  // Does what the protocol's new phase or failure demands.
  void follow(time_point now, session_actions& out);

  void fail(error reason, time_point now, session_actions& out);

  void beat(time_point now, session_actions& out);

  // -- replacing a connection whose end is known ------------------------------

  void replace_connection(error reason, time_point now, session_actions& out);

  void dial_successor(time_point now, session_actions& out);

  // Pings the connection: the answer comes behind all that the successor was
  // too late for.
  void delay_successor(error reason, time_point now, session_actions& out);

  void part(time_point now, session_actions& out);

  bool is_last(std::string_view pong) const noexcept;

  void take_over(time_point now, session_actions& out);

  bool relies_on_successor() const noexcept;

  std::optional<time_point> drain_deadline() const noexcept;

  std::optional<time_point> retirement() const noexcept;

  std::optional<time_point> idle_deadline() const noexcept;

  double jitter();

  bool is_final(const error& reason) const noexcept;

  void enter(client_state next, session_actions& out, std::string detail = {});

  void become_ready(time_point now, session_actions& out);

  void dial(time_point now, session_actions& out);

  void disconnect(session_actions& out);

  void retry(const error& reason, time_point now, double jitter,
             session_actions& out);

  void wait_for(duration delay, const error& reason, std::string detail,
                session_actions& out, time_point now);

  void wait_for_host(const host_demands::demand& what,
                     std::chrono::milliseconds at_least, time_point now,
                     double jitter, session_actions& out);

  void finish(error reason, session_actions& out);

  client_event make_event(event_kind kind) const;

  // What the user wants to close with, once the last answer is there.
  struct close_plan {
    uint16_t code = 0;
    std::string reason{};
    time_point due{};
  };

  backoff backoff_;
  venue_protocol venue_protocol_;
  heartbeat heartbeat_;
  std::chrono::milliseconds idle_timeout_;
  std::chrono::milliseconds provider_timeout_;
  random_engine random_;
  tls_verify verify_;
  std::vector<uint16_t> final_close_codes_;
  std::chrono::milliseconds retry_after_ceiling_;
  refusal_classifier classifier_;
  std::function<std::chrono::system_clock::time_point()> wall_clock_;
  client_identity identity_;
  client_state state_ = client_state::disconnected;
  handover handover_ = handover::none;
  std::optional<time_point> successor_at_; // when to try again
  time_point part_by_;
  std::optional<time_point> retry_at_;
  std::optional<time_point> provider_due_; // by when an attempt must begin
  std::optional<time_point> connected_since_;
  std::optional<time_point> ready_since_;
  std::optional<close_plan> close_plan_;
  bool has_worked_ = false;
  uint64_t bytes_received_ = 0;
  std::optional<duration> round_trip_;
  latency_histogram heartbeat_latency_;
  time_point last_data_;
  bool reading_ = true;
  error last_error_;
};

} // namespace zenws
