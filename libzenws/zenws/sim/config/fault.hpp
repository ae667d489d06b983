// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace zenws::sim {

/// End of a TCP connection without a WebSocket close handshake.
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

/// Point at which a flapping server hangs up.
enum class flap_point : uint8_t {
  /// After the TCP accept. Known for the whole server only, never for a path.
  after_accept,
  /// After the answer to the upgrade.
  after_upgrade,
};

/// Execution of a call that fails.
enum class execution : uint8_t { left, done };

/// The words with which a venue takes a channel away.
enum class revocation : uint8_t {
  /// OKX sends `unsubscribe` for the channel. Others have no such message.
  unsubscribed,
  /// OKX sends `channel-conn-count-error`, which names the channel only.
  too_many_connections,
  /// No venue says anything.
  untold,
};

/// Defect of a message.
enum class breakage : uint8_t {
  /// JSON that ends too early.
  truncated,
  /// JSON whose data is a number instead of an object or a list.
  wrong_shape,
};

/// Ends connections without a Close frame.
struct fault_drop {
  disconnect mode = disconnect::reset;
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
  reach scope = reach::open_connections;
};

/// Undoes `fault_stall`. Messages that clients sent meanwhile are processed
/// now; clients beyond the outbound limit are closed with 1008.
struct fault_resume {};

/// Everything works but pings remain unanswered.
struct fault_mute_pings {
  reach scope = reach::open_connections;
};

/// Undoes `fault_mute_pings`. Pings that came meanwhile stay unanswered.
struct fault_unmute_pings {};

/// Answers upgrades with an HTTP status other than 101.
struct fault_refuse {
  unsigned status = 503;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  /// Number of upgrades to refuse; 0 means until `fault_accept`.
  uint64_t times = 0;
};

/// Hangs up on each new connection.
struct fault_flap {
  flap_point point = flap_point::after_upgrade;
  disconnect mode = disconnect::fin;
  /// Number of connections to hang up on; 0 means until `fault_accept`.
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
  disconnect mode = disconnect::reset;
  /// Time until the server listens again; 0 means not before `fault_return`.
  std::chrono::milliseconds duration{0};
};

/// Listens again, on the same port.
struct fault_return {};

/// Answers calls with an error, logins and subscriptions included.
struct fault_fail_calls {
  /// A method as the venue names it (OKX: `op`); empty for all of them.
  std::string method{};
  /// Empty for the code by which the venue tells of maintenance.
  std::string code{};
  std::string message{};
  /// Only of Binance's WebSocket API.
  unsigned status = 400;
  /// `done` reports a failure of a call that was carried out.
  execution executes = execution::left;
  /// Number of calls to fail; 0 means until `fault_recover`.
  uint64_t times = 1;
};

/// Leaves calls without an answer.
struct fault_answer_nothing {
  std::string method{};
  execution executes = execution::left;
  /// Number of calls; 0 means until `fault_recover`.
  uint64_t times = 1;
};

/// Refuses calls, logins and subscriptions by the venue's own code (Deribit
/// 11051, OKX 50001, Binance 503), and Binance's upgrades by HTTP 503.
struct fault_maintenance {
  /// 0 means until `fault_recover`.
  std::chrono::milliseconds duration{0};
};

/// Sends the acknowledgement of a subscription after the message that follows.
struct fault_notify_first {
  /// Number of acknowledgements; 0 means until `fault_recover`.
  uint64_t times = 1;
};

/// Makes granted channels silent. A channel that is unsubscribed and
/// subscribed to again is healthy, unless the fault is for the future too.
struct fault_silence {
  /// A channel as subscribed to; on OKX `trades` or `trades:BTC-USDT`. Empty
  /// for all.
  std::string channel{};
  reach scope = reach::open_connections;
};

/// Takes granted channels away.
struct fault_revoke {
  /// As in `fault_silence`.
  std::string channel{};
  revocation words = revocation::unsubscribed;
};

/// Sends a broken message of each channel to its subscribers.
struct fault_malformed {
  /// As in `fault_silence`.
  std::string channel{};
  breakage mode = breakage::wrong_shape;
};

/// Binance's listen keys expire: `listenKeyExpired` comes, and then nothing.
struct fault_expire_listen_key {};

/// Kraken's tokens expire, those of open subscriptions as well: requests with
/// them are refused. Channels go on.
struct fault_expire_tokens {};

/// Changes the ping interval of Binance's server, for open connections as well.
struct fault_rare_pings {
  /// 0 for never.
  std::chrono::milliseconds interval{0};
};

/// Undoes `fault_fail_calls`, `fault_answer_nothing`, `fault_maintenance`,
/// `fault_notify_first`, and `fault_silence` for the future.
struct fault_recover {};

/// A misbehaviour of the server, or the end of one.
using fault
  = std::variant<fault_drop, fault_close, fault_cut, fault_stall, fault_resume,
                 fault_mute_pings, fault_unmute_pings, fault_refuse, fault_flap,
                 fault_accept, fault_gap, fault_gone, fault_return,
                 fault_fail_calls, fault_answer_nothing, fault_maintenance,
                 fault_notify_first, fault_silence, fault_revoke,
                 fault_malformed, fault_expire_listen_key, fault_expire_tokens,
                 fault_rare_pings, fault_recover>;

/// Removes the faults of a path, or all of them if `path` is empty.
template <class T>
void forget(std::map<std::string, T>& faults, const std::string& path) {
  if (path.empty())
    faults.clear();
  else
    faults.erase(path);
}

} // namespace zenws::sim
