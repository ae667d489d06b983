// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/call_faults.hpp"
#include "zenws/sim/hyperliquid/hyperliquid_hosts.hpp"
#include "zenws/sim/hyperliquid/hyperliquid_stream.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// Result of a request.
struct hyperliquid_outcome {
  /// Empty for none.
  std::string answer{};
  std::optional<hyperliquid_stream> subscribed{};
  std::optional<hyperliquid_stream> unsubscribed{};
  /// The connection ends without a word.
  bool ends = false;
};

/// One connection's requests, in Hyperliquid's manner.
///
/// Pure: text and time in, text out.
class hyperliquid_session {
public:
  /// The venue as a session sees it.
  struct surroundings {
    hyperliquid_hosts& hosts;
    std::function<bool(const std::string&)> has_coin;
    std::function<std::optional<std::string>(const json&)> info;
  };

  /// @param host address of the client
  hyperliquid_session(std::string host, surroundings around);

  ~hyperliquid_session();

  hyperliquid_session(const hyperliquid_session&) = delete;

  hyperliquid_session& operator=(const hyperliquid_session&) = delete;

  /// Answers one request or any other message of the client.
  hyperliquid_outcome handle(std::string_view text,
                             std::chrono::steady_clock::time_point now);

  /// Returns the answer to a request that fails by a fault.
  std::string failure(std::string_view text, const call_error& error) const;

  /// Subscriptions by their text.
  const std::map<std::string, hyperliquid_stream>& streams() const noexcept {
    return streams_;
  }

  /// Returns the subscriptions that `pattern` covers.
  std::vector<hyperliquid_stream> covered(std::string_view pattern) const;

  void revoke(const hyperliquid_stream& stream);

private:
  hyperliquid_outcome subscribe(const hyperliquid_stream& stream);
  hyperliquid_outcome unsubscribe(const hyperliquid_stream& stream);
  hyperliquid_outcome post(std::string_view text, const json& request);

  std::string host_;
  surroundings around_;
  std::map<std::string, hyperliquid_stream> streams_;
};

} // namespace zenws::sim
