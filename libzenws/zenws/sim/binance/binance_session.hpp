// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/binance/binance_feed.hpp"
#include "zenws/sim/config/call_faults.hpp"
#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/json/json_reader.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// Result of a request.
struct binance_outcome {
  std::string answer;
  std::vector<std::string> subscribed;
  std::vector<std::string> unsubscribed;
};

/// The streams of one connection, in Binance's manner.
///
/// Pure: text in, text out.
class binance_session {
public:
  explicit binance_session(const binance_config& cfg)
    : max_streams_(cfg.max_streams), errors_(cfg.errors) {
    // nop
  }

  /// Answers one request or any other message of the client.
  binance_outcome handle(std::string_view text);

  /// Adds a stream that the URL named. Returns whether it is new and fit.
  bool add(std::string_view stream);

  /// Returns the answer to a request that fails by a fault.
  std::string failure(std::string_view text, const call_error& error) const;

  /// Returns the streams that `pattern` covers.
  std::vector<std::string> covered(std::string_view pattern) const;

  /// Takes away the streams that `pattern` covers and returns them.
  std::vector<std::string> revoke(std::string_view pattern);

  const std::set<std::string, std::less<>>& streams() const noexcept {
    return streams_;
  }

private:
  struct call;

  void subscribe(call& command);
  void unsubscribe(call& command);
  void list(call& command);

  size_t max_streams_;
  error_shape errors_;
  std::set<std::string, std::less<>> streams_;
};

/// The event that tells of the end of a connection, as it comes there.
std::string server_shutdown_event(stream_wrapping wrapping);

} // namespace zenws::sim
