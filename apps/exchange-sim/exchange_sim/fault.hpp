#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace zenws::sim {

/// How a TCP connection ends without a WebSocket close handshake.
enum class disconnect : uint8_t {
  /// RST: the peer's next read fails at once, unread data is lost.
  reset,
  /// FIN: the peer reads an end of file.
  fin,
};

/// Which connections a lasting fault affects.
enum class reach : uint8_t {
  /// Connections that are open now; a reconnect gets a healthy server.
  open_connections,
  /// Also connections to come, until the fault is undone.
  future_too,
};

/// When a flapping server hangs up.
enum class flap_point : uint8_t {
  /// After the TCP accept. Known for the whole server only, never for a path.
  after_accept,
  /// After the answer to the upgrade.
  after_upgrade,
};

/// Ends connections without a Close frame.
struct fault_drop {
  disconnect how = disconnect::reset;
};

/// Starts a close handshake. Without a code the Close frame is empty, and so
/// has no reason either. Codes that must not be sent are sent all the same.
struct fault_close {
  std::optional<uint16_t> code{};
  /// At most 123 bytes; the rest is cut off.
  std::string reason{};
};

/// Ends connections without a Close frame, as venues do for maintenance:
/// first comes a notice where the venue has one (OKX, Binance), and after that
/// time the end.
struct fault_cut {
  std::chrono::milliseconds notice{0};
};

/// The peer goes silent: sockets stay open, nothing is read, written or
/// answered, not even a ping. A frozen process or a dead link looks like this.
struct fault_stall {
  reach whom = reach::open_connections;
};

/// Undoes `fault_stall`. What clients sent meanwhile is processed now; who
/// has outgrown the outbound limit is closed with 1008.
struct fault_resume {};

/// Everything works but pings remain unanswered.
struct fault_mute_pings {
  reach whom = reach::open_connections;
};

/// Undoes `fault_mute_pings`. Pings that came meanwhile stay unanswered.
struct fault_unmute_pings {};

/// Answers upgrades with an HTTP status other than 101.
struct fault_refuse {
  unsigned status = 503;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  /// How many upgrades to refuse; 0 means until `fault_accept`.
  uint64_t times = 0;
};

/// Hangs up on each new connection.
struct fault_flap {
  flap_point when = flap_point::after_upgrade;
  disconnect how = disconnect::fin;
  /// How many connections to hang up on; 0 means until `fault_accept`.
  uint64_t times = 0;
};

/// Undoes `fault_refuse` and `fault_flap`.
struct fault_accept {};

/// Leaves out the next book changes of every instrument, so that clients see
/// a `prev_change_id` that does not continue their book.
struct fault_gap {
  uint64_t changes = 1;
};

/// The server is gone: the port is closed and so are all connections.
struct fault_gone {
  disconnect how = disconnect::reset;
  /// When to listen again; 0 means not before `fault_return`.
  std::chrono::milliseconds duration{0};
};

/// Listens again, on the same port.
struct fault_return {};

/// A misbehaviour of the server, or the end of one.
using fault
  = std::variant<fault_drop, fault_close, fault_cut, fault_stall, fault_resume,
                 fault_mute_pings, fault_unmute_pings, fault_refuse, fault_flap,
                 fault_accept, fault_gap, fault_gone, fault_return>;

} // namespace zenws::sim
