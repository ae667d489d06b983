#pragma once

#include "zenws/market/update.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::market {

/// How a venue numbers a message within its channel.
struct venue_numbers {
  /// Number of the first and of the last change, or trade, in the message.
  uint64_t first = 0;
  uint64_t last = 0;

  /// Number of the message before, if the venue tells.
  std::optional<uint64_t> previous{};

  /// Needs nothing that came before.
  bool snapshot = false;
};

/// Returns how the venue numbers an update, or nothing if it does not: tickers
/// only tell how things stand.
std::optional<venue_numbers> numbers_of(const update& what);

/// Makes one feed of several that bring the same messages, by the venue's own
/// numbers: each message once, in order, from whichever feed has it first.
///
/// A feed that skips something (it was away) has to wait for the others to
/// bring what it skipped, for as long as one of them is there and not longer
/// than `patience`. What the venue does not number comes from one feed at a
/// time, the preferred one that is there.
///
/// Pure. Not thread-safe.
class feed_merger {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  /// Receives the merged messages.
  using emit = std::function<void(std::string_view payload)>;

  enum class verdict : uint8_t {
    delivered,
    /// Another feed brought it before.
    duplicate,
    /// Waits for what comes before it.
    held,
    /// Delivered, but something before it is missing for good.
    gap,
  };

  // -- constants --------------------------------------------------------------

  static constexpr std::chrono::milliseconds patience{500};

  /// Messages of one channel that wait, of one feed.
  static constexpr size_t max_held = 10'000;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param num_feeds the preferred one has index 0.
  explicit feed_merger(size_t num_feeds);

  // -- properties ---------------------------------------------------------------

  bool any_up() const noexcept;

  /// The feed that brings what has no numbers.
  std::optional<size_t> preferred() const noexcept;

  /// Messages that were left out because another feed was faster.
  uint64_t duplicates() const noexcept {
    return duplicates_;
  }

  /// Channels of which nothing is delivered until there is a snapshot.
  std::vector<std::string> awaiting_snapshot() const;

  /// When `expired` wants to be called.
  std::optional<time_point> wake_at() const noexcept;

  // -- transitions ------------------------------------------------------------

  void feed_up(size_t feed) noexcept;

  /// Tells that a feed has ended for now. What others hold may follow.
  /// @returns channels in which something is missing.
  std::vector<std::string> feed_down(size_t feed, const emit& out);

  /// Judges the next message of a feed.
  /// @param numbers nothing if the venue does not tell.
  verdict received(size_t feed, std::string_view channel,
                   const std::optional<venue_numbers>& numbers,
                   std::string_view payload, time_point now, const emit& out);

  /// Lets those that waited long enough go ahead.
  /// @returns channels in which something is missing.
  std::vector<std::string> expired(time_point now, const emit& out);

  /// Begins a channel anew: with the next snapshot of any feed if there were
  /// snapshots, else with the next message.
  void restart(std::string_view channel);

  void restart_all();

private:
  struct held_message {
    venue_numbers numbers;
    std::string payload;
  };

  // What a feed has ahead of the others.
  struct backlog {
    std::deque<held_message> messages;
    time_point deadline;
  };

  struct channel_state {
    enum class phase : uint8_t { fresh, awaiting_snapshot, running };

    phase now = phase::fresh;
    bool has_snapshots = false;
    uint64_t last = 0;
    std::vector<backlog> backlogs; // one for each feed
  };

  bool begins(const channel_state& to,
              const venue_numbers& what) const noexcept;

  bool continues(const channel_state& to,
                 const venue_numbers& what) const noexcept;

  void deliver(channel_state& to, const venue_numbers& what,
               std::string_view payload, const emit& out);

  void restart(channel_state& what);

  // Delivers what continues the channel by now.
  void catch_up(channel_state& to, const emit& out);

  // Delivers the backlog of a feed, whatever is missing before it.
  bool force(channel_state& to, size_t feed, const emit& out);

  bool others_up(size_t feed) const noexcept;

  std::vector<bool> up_;
  std::map<std::string, channel_state, std::less<>> channels_;
  uint64_t duplicates_ = 0;
};

} // namespace zenws::market
