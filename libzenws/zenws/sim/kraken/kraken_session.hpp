// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/config/call_faults.hpp"
#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/kraken/kraken_account.hpp"
#include "zenws/sim/kraken/kraken_call.hpp"
#include "zenws/sim/kraken/kraken_channel.hpp"
#include "zenws/sim/net/sliding_window.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// One connection's requests, in the manner of Kraken's version 2.
///
/// Pure: text and time in, text out.
class kraken_session {
public:
  /// Returns whether there is such a pair.
  using pair_check = std::function<bool(const std::string& symbol)>;

  /// @param account what clients with a token may do; nothing on the public
  ///                endpoint.
  kraken_session(const kraken_config& cfg, uint64_t number, pair_check is_pair,
                 std::optional<kraken_account> account = std::nullopt);

  /// Notes that the client is there: it has connected or sent something.
  void heard(std::chrono::steady_clock::time_point now) noexcept {
    last_heard_ = now;
  }

  /// Returns when the connection will have been without activity for too long;
  /// nothing while it has a channel, as heartbeats are activity.
  std::optional<std::chrono::steady_clock::time_point> idle_at() const noexcept;

  /// Answers a message of the client.
  kraken_outcome handle(std::string_view text, const moment& now);

  /// Returns the answer to a request that fails by a fault.
  std::string failure(std::string_view text, const call_error& error,
                      const moment& now) const;

  /// The first message of a connection.
  std::string status() const;

  /// Reports that a channel is taken away.
  std::string unsubscribed(const kraken_channel& channel,
                           const moment& now) const;

  /// Returns the subscriptions that `pattern` covers.
  std::vector<kraken_channel> covered(std::string_view pattern) const;

  void revoke(kraken_channel channel);

  /// The connection ended: its channels hold no token any more.
  void leave();

  /// Subscriptions by the name of the channel.
  const std::map<std::string, kraken_channel>& channels() const noexcept {
    return channels_;
  }

private:
  void dispatch(kraken_call& command);
  void subscribe(kraken_call& command);
  void unsubscribe(kraken_call& command);
  bool read_channel(kraken_call& command, kraken_channel& out) const;

  template <class Fun>
  void each_channel(kraken_call& command, const kraken_channel& first,
                    Fun fun) const;

  const kraken_config& cfg_;
  uint64_t number_;
  pair_check is_pair_;
  std::optional<kraken_account> account_;
  sliding_window requests_;
  std::chrono::steady_clock::time_point last_heard_{};
  std::map<std::string, kraken_channel> channels_;
};

} // namespace zenws::sim
