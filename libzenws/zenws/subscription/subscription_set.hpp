// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/defaults.hpp"
#include "zenws/error.hpp"
#include "zenws/fwd.hpp"
#include "zenws/subscription/subscription.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws {

/// Bounds of a `subscription_set`.
struct subscription_set_config {
  /// Channels that may be wanted at the same time. As many again may be on
  /// their way out.
  size_t max_channels = defaults::max_channels;

  /// Answers that may be outstanding, each for one channel of one `add`.
  size_t max_waiting_answers = defaults::max_waiting_answers;
};

/// The channels that the subscribers of one client want, and their state at the
/// server.
///
/// A channel is wanted as long as it has a subscriber. The set requests the
/// wanted state, by one request at a time for each channel: changes during a
/// request follow after its answer. It ignores anything unsolicited: answers to
/// requests that are unknown, answered, given up or of an earlier connection
/// change nothing, and neither do channels in an answer that the request did
/// not contain.
///
/// Each `add` is answered exactly once for each of its channels, by an outcome
/// that this or a later call returns; a lost connection or a crash that is
/// bridged by a `snapshot` delay the answer only.
///
/// A request that failed is never repeated as it was, unless the server said
/// that it may succeed later: its channels are requested again in halves, after
/// delays that grow, and behind all others, so that a search for one bad name
/// delays no other channel. A channel that failed alone too often is refused to
/// those that wait for it; earlier subscribers keep it and receive `lost` or
/// `delayed`.
///
/// Pure: the caller brings the time and calls `expired` once `wake_at` is due.
/// Not thread-safe; one client owns one set.
class subscription_set {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  using duration = std::chrono::steady_clock::duration;

  /// Status of a channel.
  struct channel_info {
    std::string_view name{};
    channel_state state = channel_state::wanted;

    /// Set if a renewal is under way: requesting another one changes nothing.
    bool is_renewing = false;

    /// Arrival of its last message, on any connection.
    std::optional<time_point> last_message{};
  };

  // -- constructors, destructors, and assignment operators --------------------

  explicit subscription_set(const subscription_set_config& cfg = {});

  /// Takes over from an earlier incarnation, even if it had more channels than
  /// `cfg` allows. The set begins without a connection.
  subscription_set(const subscription_set_config& cfg,
                   const subscription_snapshot& before);

  subscription_set(subscription_set&&) = default;

  subscription_set(const subscription_set&) = delete;

  subscription_set& operator=(subscription_set&&) = default;

  subscription_set& operator=(const subscription_set&) = delete;

  ~subscription_set() = default;

  // -- properties -------------------------------------------------------------

  /// Returns the subscribers of a channel, the oldest first; none if it is not
  /// wanted. Does not wait for the server's confirmation: venues may send data
  /// before it. Does not allocate. Valid until the set is changed.
  std::span<const uint64_t>
  subscribers_of(std::string_view channel) const noexcept;

  /// Returns the state of a channel, or nothing if it is not in the set.
  std::optional<channel_state> state_of(std::string_view channel) const;

  /// Returns the number of the unanswered request that contains a channel, for
  /// venues whose answers name the channel but not the request.
  std::optional<uint64_t> request_of(std::string_view channel) const;

  /// Returns the number of wanted channels.
  size_t num_channels() const noexcept {
    return num_wanted_;
  }

  /// Returns the number of channels whose subscribers were told of a silence
  /// that still goes on, see `channel_spec::silent_after`.
  size_t num_silent() const noexcept {
    return num_silent_;
  }

  /// Returns whether all wanted channels are confirmed on this connection,
  /// except those that have failed too often (`num_delayed`). Rejected channels
  /// are not wanted any more.
  bool restored() const noexcept {
    return connected_ && num_unconfirmed_ == 0;
  }

  /// Returns whether `next_requests` has something to request, regardless of
  /// the number of unanswered requests.
  bool has_requests() const noexcept;

  /// Returns the number of channels that wait for their next try.
  size_t num_held() const noexcept {
    return holds_.size();
  }

  /// Returns the number of wanted channels that have failed too often to be
  /// waited for.
  size_t num_delayed() const noexcept {
    return num_delayed_;
  }

  /// Returns the time to call `expired`, or nothing.
  std::optional<time_point> wake_at() const noexcept;

  /// Returns all wanted channels in the order of their first request.
  std::vector<channel_info> channels() const;

  /// Returns the state for the next incarnation, without outcomes that were
  /// returned.
  subscription_snapshot snapshot() const;

  // -- subscribers ------------------------------------------------------------

  /// Subscribes to channels, all or none. A subscriber either has a channel or
  /// not: adding twice gives two answers, but one `remove` is enough. Repeated
  /// names within one call count once.
  /// @returns `ec::too_many_channels` if a bound is exceeded;
  ///          `ec::already_exists` if the set knows one of them with other
  ///          arguments or access, until it is gone from the server.
  result<channel_request> add(uint64_t subscriber,
                              std::span<const channel_spec> channels);

  /// Gives channels up. Those that the subscriber does not have are ignored.
  subscription_outcomes remove(uint64_t subscriber,
                               std::span<const std::string_view> channels);

  /// Gives up all channels of a subscriber, for example because it died. Looks
  /// at all channels.
  subscription_outcomes remove_subscriber(uint64_t subscriber);

  /// Unsubscribes from channels and subscribes again: venues begin a
  /// subscription by a snapshot. Channels that are not wanted, or that the
  /// server does not have yet, are ignored. A renewal is under way until its
  /// snapshot is there, see `heard`, or `defaults::channel_renewal_timeout` is
  /// over; until then, another call changes nothing.
  void renew(std::span<const std::string_view> channels, time_point now);

  // -- data -------------------------------------------------------------------

  /// Result of `heard`.
  struct audience {
    /// As `subscribers_of`.
    std::span<const uint64_t> subscribers{};

    /// Set if a renewal waits for a snapshot: call `begun_anew` if this is one.
    bool awaits_snapshot = false;
  };

  /// Reports a message of a channel.
  audience heard(std::string_view channel, time_point now) noexcept;

  /// Reports that the last message of a channel was its snapshot.
  void begun_anew(std::string_view channel) noexcept;

  // -- connection -------------------------------------------------------------

  /// Reports a new connection. The server knows no channel of ours and only
  /// public ones are requested.
  void opened();

  /// Reports that this connection has authenticated: private channels are
  /// requested too.
  void authenticated();

  /// Reports the end of the connection. Wanted channels are requested from the
  /// next one; unanswered requests are forgotten.
  void lost();

  // -- requests ---------------------------------------------------------------

  /// Returns the requests to send now. Unsubscribing goes first, as venues
  /// limit the channels of a connection; then the oldest channel.
  std::vector<subscription_request>
  next_requests(const subscription_limits& limits = {});

  /// Takes back a request that was not sent, as if it had never been returned:
  /// channels that waited for an unsubscribe are confirmed again.
  subscription_outcomes postponed(uint64_t request);

  /// Removes channels from a request before it is sent, and leaves the first
  /// ones. The others are requested later.
  void shorten(subscription_request& request, size_t num_channels);

  /// Reports that the server granted those channels of a request that are in
  /// `granted`; the others are rejected definitely.
  subscription_outcomes acknowledged(uint64_t request,
                                     std::span<const std::string_view> granted,
                                     time_point now);

  /// Same, for venues that answer for the request as a whole.
  subscription_outcomes acknowledged(uint64_t request, time_point now);

  /// Same, for venues that answer for each channel by itself.
  subscription_outcomes channel_acknowledged(uint64_t request,
                                             std::string_view channel,
                                             time_point now);

  /// Reports that the server refused a request. "Already subscribed" is no
  /// refusal but an acknowledgement. An unsubscribe that is refused definitely
  /// is not tried again: the server does not know the channel.
  /// @param reason passed to the subscribers if the rejection is definite;
  ///        `ec::subscription_rejected` if it has no code.
  subscription_outcomes rejected(uint64_t request, rejection cause,
                                 error reason, time_point now);

  /// Same, for venues that answer for each channel by itself.
  subscription_outcomes
  channel_rejected(uint64_t request, std::string_view channel, rejection cause,
                   error reason, time_point now);

  /// Reports that there was no answer in time, or one that cannot be read: the
  /// outcome at the server is unknown. A late answer changes nothing.
  subscription_outcomes timed_out(uint64_t request, error reason,
                                  time_point now);

  /// Reports that the server ended subscriptions by itself. Those that it had
  /// not granted are ignored. They are requested again after a delay that
  /// grows.
  subscription_outcomes ended(std::span<const std::string_view> channels,
                              const error& reason, time_point now);

  /// Does what is due at `now`.
  subscription_outcomes expired(time_point now);

private:
  // -- member types -----------------------------------------------------------

  static constexpr size_t unlimited = std::numeric_limits<size_t>::max();

  // State of a channel at the server.
  enum class knowledge : uint8_t { absent, present, unknown };

  struct tracked;

  struct by_age {
    bool operator()(const tracked* x, const tracked* y) const noexcept;
  };

  struct by_turn {
    bool operator()(const tracked* x, const tracked* y) const noexcept;
  };

  using queue = std::set<tracked*, by_turn>;

  // Counter that a channel belongs to, for `restored`.
  enum class counted : uint8_t { nothing, unconfirmed, delayed };

  // Index of one of `queues_`.
  using queue_id = size_t;

  using waiter = subscription_snapshot::waiter;

  // Everything about one channel.
  struct tracked {
    std::vector<uint64_t> subscribers;
    uint64_t age = 0; // its place in the order of first subscriptions
    channel_spec spec;
    std::vector<waiter> waiters;
    knowledge remote = knowledge::absent;
    bool renewed = false;     // the server must forget it first
    bool is_renewing = false; // by `renew`
    bool granted = false;     // scratch of `acknowledged`
    bool was_lost = false;    // and its subscribers were told
    bool is_silent = false;   // and its subscribers were told
    counted counted_as = counted::nothing;
    unsigned failures = 0;       // since it was last confirmed
    unsigned losses = 0;         // since it last brought something
    unsigned failures_alone = 0; // unexplained ones, of requests for it alone
    uint64_t request = 0;        // the one under way, 0 if none
    uint64_t last_channel_request = 0;
    uint64_t turn = 0; // its place among those to be requested
    size_t max_batch = unlimited;
    std::optional<queue_id> queued;
    std::optional<time_point> held_until;     // after a failure
    std::optional<time_point> renewing_until; // once it is granted anew
    std::optional<time_point> last_message;
    time_point quiet_since{};

    bool wanted() const noexcept {
      return !subscribers.empty();
    }

    bool confirmed() const noexcept {
      return wanted() && remote == knowledge::present && request == 0
             && !renewed;
    }

    void learn(knowledge known) noexcept {
      remote = known;
      renewed = renewed && known != knowledge::absent;
    }
  };

  // A request that the server has not answered.
  struct flight {
    uint64_t number = 0;
    subscription_request_kind kind{};
    std::vector<tracked*> channels; // that are not answered for
    size_t size = 0;                // of all
  };

  // -- looking up -------------------------------------------------------------

  tracked* find(std::string_view channel) const noexcept;

  std::vector<tracked*> in_order() const;

  error check(std::span<const channel_spec> channels) const;

  error check_bounds(size_t num_new, size_t num_newly_wanted) const;

  // -- subscribers ------------------------------------------------------------

  tracked& insert(const channel_spec& spec);

  void subscribe(tracked& x, waiter added, subscription_outcomes& out);

  void unsubscribe(tracked& x, uint64_t subscriber, subscription_outcomes& out);

  void refuse(tracked& x, const error& reason, subscription_outcomes& out);

  // -- requests ---------------------------------------------------------------

  std::optional<queue_id> needed(const tracked& x) const noexcept;

  std::optional<queue_id>
  next_queue(subscription_request_kind kind) const noexcept;

  std::optional<subscription_request>
  next_request(const subscription_limits& limits);

  void refresh(tracked& x);

  void settle(tracked& x, subscription_outcomes& out);

  void count(tracked& x);

  void hold(tracked& x, unsigned failures, time_point now);

  void unhold(tracked& x);

  size_t max_batch_of(const tracked& x) const noexcept;

  void learn_size(size_t num_channels, bool worked) noexcept;

  std::optional<time_point> silent_at(const tracked& x) const noexcept;

  void set_silent(tracked& x, bool is_silent) noexcept;

  // Schedules the check for silence of a channel.
  void watch(const tracked& x) noexcept;

  // -- answers ----------------------------------------------------------------

  std::optional<flight> take(uint64_t request);

  std::optional<flight> take(uint64_t request, std::string_view channel);

  void settle_done(tracked& x, subscription_request_kind kind, time_point now,
                   subscription_outcomes& out);

  void settle_rejected(const flight& sent, rejection cause, error reason,
                       time_point now, subscription_outcomes& out);

  void settle_failed(tracked& x, const flight& sent, rejection cause,
                     const error& reason, time_point now,
                     subscription_outcomes& out);

  void refuse_waiting(tracked& x, const error& reason,
                      subscription_outcomes& out);

  void tell(const tracked& x, outcome_kind outcome, const error& reason,
            subscription_outcomes& out) const;

  // -- member variables -------------------------------------------------------

  // The standard library's takes three times as long for names of this length.
  struct name_hash {
    using is_avalanching = void;

    size_t operator()(std::string_view name) const noexcept;
  };

  subscription_set_config cfg_;
  bool connected_ = false;
  bool authenticated_ = false;
  size_t num_wanted_ = 0;
  size_t num_unconfirmed_ = 0;
  size_t num_delayed_ = 0;
  size_t num_waiters_ = 0;
  size_t num_silent_ = 0;
  size_t failed_size_ = unlimited; // the least that failed unexplained
  size_t working_size_ = 0;        // see `subscription_snapshot`
  uint64_t last_age_ = 0;
  uint64_t last_turn_ = 0;
  uint64_t last_channel_request_ = 0;
  uint64_t last_request_ = 0;
  // The keys are the names in the values. A flat map takes two thirds of the
  // time of std::unordered_map once the channels do not fit the cache.
  boost::unordered_flat_map<std::string_view, std::unique_ptr<tracked>,
                            name_hash>
    channels_;
  std::array<queue, 4> queues_; // channels to request now
  std::set<std::pair<time_point, tracked*>>
    holds_;                           // channels that wait, by due time
  std::optional<time_point> look_at_; // next check for silent channels
  std::vector<flight> flights_;
};

} // namespace zenws
