// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/delivery/internal/client_front.hpp"
#include "zenws/actors/market/internal/market_audiences.hpp"
#include "zenws/actors/market/market_stats.hpp"
#include "zenws/actors/messages/market_messages.hpp"
#include "zenws/feed/market_feed.hpp"
#include "zenws/message.hpp"
#include "zenws/venue/dialect.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// The side of a client that subscribers of market data see: their wishes, and
/// the typed data that is made of its messages, once for all of them.
///
/// Used by one actor at a time, to which `front` is attached.
class market_front {
public:
  // -- member types -----------------------------------------------------------

  using time_point = market_feed::time_point;

  /// A wish, and the channels that it needs.
  struct plan {
    market_wish wish;
    std::vector<channel_spec> channels{};

    /// Why it cannot be had.
    error refusal{};

    /// Whether the subscriber did not have it before.
    bool is_new = false;
  };

  // -- constructors, destructors, and assignment operators --------------------

  /// @param venue makes the messages readable; without market data all wishes
  ///              are refused.
  market_front(std::string name, dialect_ptr venue, const feed_config& cfg,
               question_scope scope);

  // -- wishes -----------------------------------------------------------------

  /// Returns the plans for a request, wish by wish; an error if the request as
  /// a whole is invalid or the dialect has no market data.
  caf::expected<std::vector<plan>>
  plans_of(const subscribe_market& request) const;

  /// Admits the subscriber of a request, unless it is known.
  /// @returns its number.
  uint64_t admit(const subscribe_market& request);

  /// Follows the wish of a subscriber, and tells it the data known by now; once
  /// more if it has the wish already.
  /// @returns whether the wish is new.
  bool follow(uint64_t subscriber, const market_wish& wish, time_point now);

  /// A subscriber gives something up.
  /// @returns the channels that nobody needs any more.
  std::vector<std::string> leave(uint64_t subscriber, const market_wish& wish);

  /// A subscriber is gone.
  std::vector<std::string> leave(uint64_t subscriber);

  /// Returns whether a subscriber has anything.
  bool serves(uint64_t subscriber) const noexcept {
    return audiences_.contains(subscriber);
  }

  /// Gives up the data of a channel that the client does not have any more.
  /// @returns the subscribers that had it.
  std::set<uint64_t> give_up(std::string_view channel);

  // -- data -------------------------------------------------------------------

  /// Reads a message. Others than text are no market data.
  void read(const message_view& message, time_point now);

  /// Delivers the updates, and gives up the data of subscribers that were
  /// removed for being too slow.
  /// @param gone receives the channels that nobody needs any more.
  subscriber_set::verdict deliver(std::vector<std::string>& gone);

  /// Follows the connection by the events of its client, which are delivered
  /// after the data before them.
  void handle(const client_event& event, time_point now);

  /// Forgets all data, which subscribers are told: other data will come.
  void begin_anew(time_point now);

  // -- properties -------------------------------------------------------------

  /// @pre the dialect has market data
  market_feed& feed() noexcept {
    return *feed_;
  }

  /// @pre the dialect has market data
  const market_protocol& protocol() const noexcept {
    return *venue_->market();
  }

  bool has_feed() const noexcept {
    return feed_ != nullptr;
  }

  /// Updates that are not delivered yet: the feed adds them.
  market::update_list& pending() noexcept {
    return pending_;
  }

  /// The other side: subscribers and events.
  client_front front;

  std::chrono::system_clock::time_point received_at{};

  /// Receives the figures of what is delivered.
  std::shared_ptr<market_stats> stats = std::make_shared<market_stats>();

private:
  void forget_connection();

  // Has the dialect learn which names stand for which arguments of channels.
  void learn_names(const market_wish& wish);

  // Delivers to one subscriber.
  void tell(uint64_t subscriber, const market::update_list& known);

  dialect_ptr venue_;
  std::unique_ptr<market_feed> feed_; // null without market data
  market_audiences audiences_;
  market::update_list pending_;
};

} // namespace zenws
