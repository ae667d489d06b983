// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/defaults.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace zenws {

/// Policy of a client for a subscriber that does not keep up.
enum class overflow_policy : uint8_t {
  /// Stop reading the socket until the subscriber has caught up. Nothing is
  /// lost here, all subscribers of the client wait, and so does the venue.
  backpressure,
  /// Leave out new messages until the subscriber has caught up. They are
  /// counted, and the subscriber is notified before it gets the next ones.
  drop_newest,
  /// End the subscription.
  disconnect_subscriber,
};

std::string_view to_string(overflow_policy policy) noexcept;

/// Content that a subscriber receives.
enum class subscription_content : uint8_t {
  messages_and_events,
  messages,
  events,
};

std::string_view to_string(subscription_content content) noexcept;

/// Lifetime of a subscriber.
enum class subscriber_lifetime : uint8_t {
  /// Independent of the client, whose end it learns by `event_kind::ended`.
  own,
  /// It ends after that event, by an exit message of the client's.
  ends_with_client,
};

std::string_view to_string(subscriber_lifetime value) noexcept;

/// Options of one subscriber.
struct subscription_options {
  overflow_policy policy = overflow_policy::backpressure;

  subscription_content content = subscription_content::messages_and_events;

  /// Bytes that may be delivered but still be held by the subscriber before
  /// the policy applies. Whole batches count, so the limit may be passed by
  /// one of them (64 KiB, or one larger message).
  size_t budget_bytes = defaults::subscriber_budget_bytes;

  subscriber_lifetime lifetime = subscriber_lifetime::own;
};

} // namespace zenws
