// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/subscription/subscription.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Subscriptions to Hyperliquid that are under way, by their keys
/// (`hyperliquid_subscription::key`), because the venue's answers have no ids;
/// and those that make it end the connection.
///
/// For an unknown coin the venue says nothing and cuts the connection with all
/// of its other channels (observed). So whatever was unanswered at an end is
/// suspected and asked for alone on the next connections, and is found guilty
/// when it ends them, too. A subscription that was granted before is never
/// suspected: there are other causes of an end.
///
/// Pure. Not thread-safe; one dialect owns one.
class hyperliquid_requests {
public:
  // -- member types -----------------------------------------------------------

  using kind = subscription_request_kind;

  // -- constants --------------------------------------------------------------

  /// Ends that make a suspect guilty: this many on connections that had
  /// answered something else before, or twice as many.
  static constexpr unsigned max_ends = 3;

  // -- properties -------------------------------------------------------------

  /// Returns whether there should be one request at a time.
  bool has_suspects() const noexcept {
    return !suspects_.empty();
  }

  bool is_guilty(std::string_view key) const;

  // -- transitions ------------------------------------------------------------

  /// Notes a request. One that was not sent after all is replaced by the next
  /// one for the same.
  void asked(int64_t id, kind action, std::string key);

  /// Notes the answer to a request.
  /// @returns its id, nothing if none is under way.
  std::optional<int64_t> answered(kind action, std::string_view key);

  /// Notes an answer that does not tell to which request. The venue answers in
  /// their order (observed).
  /// @returns the id of the oldest one, nothing if none is under way.
  std::optional<int64_t> answered();

  /// Notes that a subscription stands.
  void granted(std::string_view key);

  /// Notes that an id is another request's.
  void release(int64_t id);

  /// Notes the end of a connection.
  void lost();

  /// Drops all about a subscription.
  void forget(std::string_view key);

private:
  struct request {
    int64_t id = 0;
    kind action = kind::subscribe;
    std::string key;
  };

  // The oldest first.
  std::vector<request> pending_;

  // Half ends of each.
  std::map<std::string, unsigned, std::less<>> suspects_;

  std::set<std::string, std::less<>> once_granted_;

  // On this connection.
  bool has_answers_ = false;
};

} // namespace zenws
