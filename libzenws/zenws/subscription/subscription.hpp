// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/defaults.hpp"
#include "zenws/error.hpp"
#include "zenws/fwd.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// The inputs and outputs of a `subscription_set`.

namespace zenws {

// -- channels -----------------------------------------------------------------

/// Access that a channel requires.
enum class channel_access : uint8_t {
  open_to_all,
  /// Only a connection that has authenticated.
  authenticated_only,
};

/// Returns the name of the enumerator.
std::string_view to_string(channel_access access) noexcept;

/// A channel as a subscriber requests it.
struct channel_spec {
  /// Identifies the channel, as the venue writes it in its messages.
  std::string name{};

  /// Data beyond the name that the dialect needs to subscribe; used as it is
  /// for each request.
  std::string arguments{};

  channel_access access = channel_access::open_to_all;

  /// Longest silence before `event_kind::channel_silent`, counted from the last
  /// message or from the grant; 0 for no limit. Of several subscribers the
  /// shortest counts.
  std::chrono::milliseconds silent_after{0};

  bool operator==(const channel_spec&) const = default;
};

/// State of a channel.
enum class channel_state : uint8_t {
  /// To be requested once there is a connection.
  wanted,
  /// To be requested, or requested and not answered yet.
  pending_subscribe,
  /// The server has granted it on this connection.
  confirmed,
  /// Given up, but not confirmed by the server yet.
  pending_unsubscribe,
};

/// Returns the name of the enumerator.
std::string_view to_string(channel_state state) noexcept;

// -- requests -----------------------------------------------------------------

enum class subscription_request_kind : uint8_t { subscribe, unsubscribe };

/// Returns the name of the enumerator.
std::string_view to_string(subscription_request_kind kind) noexcept;

/// A request to the server for several channels at once.
struct subscription_request {
  /// Never the same twice, over all incarnations of a client.
  uint64_t number = 0;

  subscription_request_kind kind = subscription_request_kind::subscribe;

  /// The access of all of `channels`.
  channel_access access = channel_access::open_to_all;

  /// In the order of their first request; never empty.
  std::vector<channel_spec> channels{};
};

/// Limits of the requests of a set. 0 counts as 1.
struct subscription_limits {
  size_t max_channels_per_request = defaults::max_channels_per_request;

  /// Requests that may be unanswered at the same time.
  size_t max_in_flight = defaults::max_subscription_requests;

  /// Channels that a connection may have.
  size_t max_channels = defaults::count_ceiling;

  /// Requests to return from one call, for callers that use a rate limiter
  /// before each of them.
  size_t max_requests = std::numeric_limits<size_t>::max();

  /// Returns whether two channels may be in one request; null if all may. Each
  /// channel belongs to one group of those that fit together.
  bool (*fit_together)(const channel_spec& x, const channel_spec& y) = nullptr;
};

/// Meaning of a refused request for its channels.
enum class rejection : uint8_t {
  /// It will not grant these channels: they leave the set.
  definite,
  /// It may do it later (rate limit, overload): they are requested again, as
  /// they were, after a delay that grows.
  transient,
  /// It will not grant this combination; a single bad channel may spoil all of
  /// them. They are requested again in halves; one that is refused alone is
  /// refused definitely.
  collective,
  /// It takes no request of this size. They are requested again in halves; one
  /// that is too large alone is refused definitely.
  oversize,
  /// The reason is unknown, or there is no answer at all. They are requested
  /// again in halves after a delay that grows. One that failed alone too often
  /// is refused to those that wait for it; earlier subscribers keep it.
  unexplained,
  /// It refuses the request for all channels and for ever. As `unexplained`,
  /// but at once.
  permanent,
};

// -- outcomes -----------------------------------------------------------------

enum class outcome_kind : uint8_t {
  /// The channel is confirmed.
  granted,
  /// The server refused the channel; the subscriber does not have it any more.
  rejected,
  /// The subscriber gave the channel up, or died, before there was an answer.
  withdrawn,
  /// The server refuses to restore a channel that it had granted; the
  /// subscriber does not have it any more. Unsolicited.
  revoked,
  /// The server ended a channel that it had granted; it is requested again.
  /// Unsolicited.
  lost,
  /// A lost channel is granted again. Unsolicited.
  restored,
  /// The channel brought nothing for too long. Unsolicited.
  silent,
};

/// Returns the name of the enumerator.
std::string_view to_string(outcome_kind kind) noexcept;

/// Outcome of one channel for one subscriber.
struct subscription_outcome {
  /// `channel_request` of an outcome that answers none.
  static constexpr uint64_t unsolicited = 0;

  outcome_kind kind = outcome_kind::granted;

  /// Number of the `channel_request` that this answers, or `unsolicited`.
  uint64_t channel_request = unsolicited;

  uint64_t subscriber = 0;

  std::string channel{};

  /// Reason of a rejection, revocation or loss, else no error.
  error reason{};
};

/// Outcomes in the order in which they came about.
using subscription_outcomes = std::vector<subscription_outcome>;

/// A request of a subscriber for channels, as `subscription_set::add` returns
/// it.
struct channel_request {
  /// Never the same twice, over all incarnations of a client; never
  /// `unsolicited`.
  uint64_t number = 0;

  /// For channels that were confirmed already.
  subscription_outcomes outcomes{};
};

// -- hand-over ----------------------------------------------------------------

/// State of a `subscription_set` for the next incarnation of a client.
struct subscription_snapshot {
  /// An outstanding answer to a `channel_request`.
  struct waiter {
    uint64_t channel_request = 0;
    uint64_t subscriber = 0;

    /// Set if the subscriber had the channel before its request.
    bool had_it = false;

    bool operator==(const waiter&) const = default;
  };

  /// A channel that has a subscriber.
  struct channel {
    channel_spec spec{};
    std::vector<uint64_t> subscribers{};
    std::vector<waiter> waiters{};

    bool operator==(const channel&) const = default;
  };

  /// In the order of their first request.
  std::vector<channel> channels{};

  uint64_t last_channel_request = 0;

  uint64_t last_request = 0;

  /// Largest number of channels that a request has worked with while more have
  /// not; 0 if all sizes have.
  size_t working_size = 0;

  bool operator==(const subscription_snapshot&) const = default;
};

} // namespace zenws
