// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/instrument_name.hpp"
#include "zenws/market/venue_numbers.hpp"
#include "zenws/market/venue_time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::market {

/// Makes one feed of several that bring the same messages, by the venue's own
/// numbers: each message once, in order, from the feed that has it first.
///
/// Numbers count within a *scope*, one instrument of one channel. A message of
/// several instruments is delivered if it brings anything new to one of them,
/// and held while it is ahead in one of them. Messages without
/// numbers or channel come from one feed at a time: the preferred one that is
/// there.
///
/// A feed that skips something (it was away) has to wait for the others to
/// bring the same messages, as long as one of them is there and for at most
/// `patience`. Afterwards it goes ahead. Only a new snapshot mends a book in
/// which something is missing (`take_renewals`); gaps in trades show in their
/// numbers.
///
/// A scope starts anew if a feed's own numbers fall back while the venue's time
/// goes on: venues count from the beginning after some maintenance.
///
/// Pure. Not thread-safe.
class feed_merger {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  /// Receives the merged messages.
  using emit
    = std::function<void(std::string_view channel, std::string_view payload)>;

  enum class verdict : uint8_t {
    delivered,
    /// Another feed brought it before.
    duplicate,
    /// Waits for earlier messages.
    held,
    /// Delivered, but something before it is missing for good.
    gap,
  };

  // -- constants --------------------------------------------------------------

  static constexpr std::chrono::milliseconds patience{500};

  /// Time in which a book may get changes but no snapshot before it is renewed
  /// again.
  static constexpr std::chrono::seconds snapshot_patience{10};

  /// Messages of one channel that wait.
  static constexpr size_t max_held = 10'000;

  /// Instruments of one channel whose numbers are known. Beyond that, the one
  /// that was silent for the longest time is forgotten.
  static constexpr size_t max_scopes = 10'000;

  /// Channels with numbers. More than that, which no venue grants to one
  /// client, are served like channels without numbers.
  static constexpr size_t max_channels = 10'000;

  /// Largest difference between the times that a venue writes into one message
  /// for several feeds: Binance's spot market sends the time of sending.
  static constexpr std::chrono::seconds max_time_difference{10};

  // -- constructors, destructors, and assignment operators --------------------

  /// @param num_feeds the preferred one has index 0.
  explicit feed_merger(size_t num_feeds);

  // -- properties -------------------------------------------------------------

  bool any_up() const noexcept;

  /// The feed that brings messages without numbers.
  std::optional<size_t> preferred() const noexcept;

  /// Messages that were left out because another feed was faster.
  uint64_t duplicates() const noexcept {
    return duplicates_;
  }

  /// Channels of which nothing is delivered until there is a snapshot.
  std::vector<std::string> awaiting_snapshot() const;

  /// Returns the time to call `expired`, or nothing.
  std::optional<time_point> wake_at() const noexcept;

  // -- transitions ------------------------------------------------------------

  /// Reports that a feed has begun, or goes on over another connection: it may
  /// repeat messages.
  void feed_up(size_t feed) noexcept;

  /// Reports that a feed has ended for now. Messages that wait for it alone are
  /// delivered.
  void feed_down(size_t feed, const emit& out);

  /// Decides about the next message of a feed.
  /// @param numbers empty if the venue sends none.
  verdict received(size_t feed, std::string_view channel,
                   const std::vector<venue_numbers>& numbers,
                   std::string_view payload, time_point now, const emit& out);

  /// Delivers the messages that waited long enough.
  void expired(time_point now, const emit& out);

  /// Returns the channels of books in which something is missing, or whose
  /// snapshot does not come, since the last call.
  std::vector<std::string> take_renewals();

  /// Begins the books of a channel anew, with the next snapshot of any feed.
  /// Does nothing to trades.
  void restart(std::string_view channel);

  /// Begins everything anew: there was no feed for a while.
  void restart_all();

  /// Forgets a channel that has no subscribers any more.
  void forget(std::string_view channel);

private:
  /// Relation of a message to those delivered before.
  enum class standing : uint8_t { old, next, ahead };

  struct held_message {
    size_t feed;
    std::vector<venue_numbers> numbers;
    std::string payload;
    time_point deadline;
  };

  using held_ptr = std::shared_ptr<held_message>;

  /// The newest that one feed has brought.
  struct position {
    uint64_t last;
    venue_time time;
  };

  struct scope {
    enum class phase : uint8_t { fresh, awaiting_snapshot, running };

    phase now = phase::fresh;
    std::optional<time_point> snapshot_due; // since changes came without one
    bool has_snapshots = false;
    bool has_changes = false;
    std::optional<position> delivered;
    std::vector<std::optional<position>> brought; // one for each feed
    /// Time at which the numbers began anew, if they did.
    venue_time begun{};
    /// Keyed by the last number of each message here.
    std::multimap<uint64_t, held_ptr> waiting;
    uint64_t last_heard = 0;
  };

  struct channel_state {
    std::string name;
    std::map<instrument_name, scope> scopes;
    size_t num_held = 0;
  };

  channel_state* obtain(std::string_view name);

  scope& scope_of(channel_state& in, const venue_numbers& numbers);

  verdict unnumbered(size_t feed, std::string_view channel,
                     std::string_view payload, const emit& out);

  // Notes the numbers of a feed, and begins scopes anew that have to.
  void note(channel_state& in, size_t feed,
            const std::vector<venue_numbers>& numbers, time_point now,
            const emit& out);

  // Renews a book again whose renewal brought no snapshot.
  void miss_snapshot(const channel_state& in, scope& to, time_point now);

  static bool falls_back(const scope& to, const std::optional<position>& own,
                         const venue_numbers& numbers) noexcept;

  void begin_anew(channel_state& in, scope& to, const venue_numbers& numbers,
                  const emit& out);

  void await_snapshot(channel_state& in, scope& to);

  static standing judge(const scope& to, const venue_numbers& numbers) noexcept;

  standing judge(channel_state& in, const std::vector<venue_numbers>& numbers);

  // Holds a message in each scope to which it is new.
  void hold(channel_state& in, held_message message);

  static void leave(scope& to, uint64_t number, const held_ptr& message);

  // Takes a message out of all its scopes.
  void take(channel_state& in, const held_ptr& message);

  // Returns a message that waits before another one; null if there is none.
  held_ptr one_before(channel_state& in, const held_message& message);

  // Returns the message that has to go before all others of a scope.
  held_ptr first_to_go(channel_state& in, const scope& from);

  // Makes due messages wait for one that has to go before them.
  void postpone(scope& to, time_point now, time_point until);

  void drop_waiting(channel_state& in, scope& from);

  void deliver(channel_state& in, const std::vector<venue_numbers>& numbers,
               std::string_view payload, const emit& out);

  // Delivers a message, and no other.
  void pass_on(channel_state& in, const std::vector<venue_numbers>& numbers,
               std::string_view payload, const emit& out);

  // Delivers the messages that continue these scopes by now.
  void catch_up(channel_state& in, std::vector<venue_numbers> advanced,
                const emit& out);

  // Delivers the first message that waits in a scope, even if others are
  // missing before it. Returns whether they are.
  bool force(channel_state& in, scope& to, const emit& out);

  bool force_all(channel_state& in, const emit& out);

  // Delivers the messages waiting in a scope up to the last that satisfies
  // `pred`.
  template <class Predicate>
  void force_until_none(channel_state& in, scope& to, Predicate pred,
                        const emit& out);

  void forget_silent_scopes(channel_state& in, const emit& out);

  bool others_up(size_t feed) const noexcept;

  std::vector<bool> up_;
  std::map<std::string, channel_state, std::less<>> channels_;
  std::multiset<time_point> deadlines_;
  std::set<std::string, std::less<>> renewals_;
  uint64_t duplicates_ = 0;
  uint64_t num_received_ = 0;
};

} // namespace zenws::market
