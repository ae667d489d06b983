#pragma once

#include "exchange_sim/server_config.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// What a request leads to.
struct api_outcome {
  /// The answer to send first.
  std::string answer;
  /// Channels the session has from now on and had not before.
  std::vector<std::string> subscribed;
  /// Channels the session has no more.
  std::vector<std::string> unsubscribed;
  /// A new heartbeat interval; zero switches heartbeats off.
  std::optional<std::chrono::seconds> heartbeat;
  /// Whether this was `public/test`, the answer to a test request.
  bool is_test = false;
};

/// One session of the JSON-RPC interface, in Deribit's manner.
///
/// Pure: text in, text out. The owner sends, and keeps the timers.
class deribit_api {
public:
  /// Says whether a channel can be subscribed to.
  using channel_predicate = std::function<bool(std::string_view)>;

  /// Time since the Unix epoch.
  using clock = std::function<std::chrono::microseconds()>;

  deribit_api(const api_config& cfg, channel_predicate knows_channel,
              clock now);

  /// Answers one request, or whatever it was that the client sent.
  api_outcome handle(std::string_view text);

private:
  struct call;

  void dispatch(call& what);
  void subscribe(call& what);
  void unsubscribe(call& what);
  void unsubscribe_all(call& what);
  void set_heartbeat(call& what);
  void authenticate(call& what);
  bool credentials_match(const call& what) const;

  api_config cfg_;
  channel_predicate knows_channel_;
  clock now_;
  std::set<std::string> channels_;
  bool authenticated_ = false;
};

/// The notification that a heartbeat is due; `type` is `heartbeat` or
/// `test_request`.
std::string heartbeat_notification(std::string_view type);

} // namespace zenws::sim
