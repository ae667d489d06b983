// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/defaults.hpp"
#include "zenws/fwd.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Ways to detect a dead peer.
enum class heartbeat_kind : uint8_t {
  /// Not at all: a half-open connection stays unnoticed.
  none,
  /// By Ping frames that the peer must answer (RFC 6455, section 5.5.2).
  ping_pong,
  /// By means of the venue's dialect: heartbeats that the peer sends (Deribit,
  /// Binance), or pings of its own kind that it answers (OKX). Where the peer
  /// sends them, silence leads to a Ping frame.
  venue,
  /// As the venue's dialect demands, see `dialect::heartbeat_needed`.
  automatic,
};

/// Returns the name of the enumerator.
std::string_view to_string(heartbeat_kind kind) noexcept;

/// Configuration of a heartbeat.
struct heartbeat_config {
  heartbeat_kind kind = heartbeat_kind::automatic;

  /// Time from one ping to the next, and from the opening to the first; 0 for
  /// the interval of the venue's dialect.
  std::chrono::milliseconds interval{0};

  /// Pings in a row after which nothing may come; one more and the connection
  /// is lost. A dead peer is found within `(max_missed + 2) * interval`.
  unsigned max_missed = defaults::heartbeat_max_missed;
};

/// Result of a tick of the heartbeat.
enum class heartbeat_verdict : uint8_t {
  nothing,
  send_ping,
  /// A ping of the venue's kind, if it has one.
  send_venue_ping,
  lost,
};

/// Result of `heartbeat::tick`.
struct heartbeat_tick {
  heartbeat_verdict verdict = heartbeat_verdict::nothing;

  /// Payload of the Ping if the verdict is `send_ping`; never the same twice in
  /// the life of a heartbeat.
  std::string payload{};
};

/// Times at which a heartbeat pings its peer.
enum class heartbeat_habit : uint8_t {
  /// At each interval, to keep the connection alive.
  always,
  /// After an interval in which nothing came.
  after_silence,
};

/// Pings a peer and counts the pings that nothing follows.
///
/// Any received byte proves that the peer is alive; only a ping that was sent
/// can be missed.
///
/// Pure: the caller brings the time. Not thread-safe; one client owns one
/// heartbeat, which survives its connections.
class heartbeat {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  using duration = std::chrono::steady_clock::duration;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param cfg neither its kind nor its interval is left to the dialect.
  explicit heartbeat(const heartbeat_config& cfg,
                     heartbeat_habit habit = heartbeat_habit::always);

  // -- properties -------------------------------------------------------------

  /// Returns the time to call `tick`, or nothing if there is none.
  std::optional<time_point> due() const noexcept {
    return due_;
  }

  const heartbeat_config& config() const noexcept {
    return cfg_;
  }

  /// Pings in a row after which nothing came. Zero on a new connection.
  unsigned failures() const noexcept {
    return failures_;
  }

  /// Time of the last valid answer, on this or an earlier connection.
  std::optional<time_point> last_heartbeat() const noexcept {
    return last_heartbeat_;
  }

  // -- transitions ------------------------------------------------------------

  /// Starts the heartbeat of a new connection.
  void started(time_point now);

  /// Stops the heartbeat; pending pings are forgotten.
  void stopped() noexcept;

  /// Pauses the detection while nothing is read: pings go on, which keeps the
  /// peer and middleboxes from giving up, but silence proves nothing.
  void reading_paused() noexcept {
    listening_ = false;
  }

  /// Resumes the detection; forgives the pings that are not answered yet.
  void reading_resumed() noexcept;

  /// Reports that bytes arrived, of any kind.
  void heard() noexcept {
    heard_ = true;
  }

  /// Returns the action due now. Counts at most one miss, even if called late:
  /// after a pause of this process the answer may lie unread in the socket.
  heartbeat_tick tick(time_point now);

  /// Postpones the ping that `tick` returned: a limit has no room for it. It is
  /// as if `tick` had not been called.
  void postponed(time_point until) noexcept;

  /// Returns the round trip if `payload` answers one of the last
  /// `max_missed + 1` pings, else nothing. An answer later than one interval
  /// counts: the peer is slow, not gone. It also answers all earlier pings
  /// (RFC 6455, section 5.5.3), but no later one. Unsolicited pongs prove
  /// nothing.
  std::optional<duration> pong(std::string_view payload, time_point now);

  /// Reports a heartbeat of the venue.
  void beat(time_point now);

private:
  struct ping {
    uint64_t number;
    time_point sent;
  };

  heartbeat_config cfg_;
  heartbeat_habit habit_;
  std::vector<ping> pending_; // the oldest first
  uint64_t last_number_ = 0;
  unsigned failures_ = 0;
  bool listening_ = true;
  bool heard_ = false; // since the last tick
  bool asked_ = false; // at the last tick
  std::optional<time_point> due_;
  std::optional<time_point> last_heartbeat_;
};

} // namespace zenws
