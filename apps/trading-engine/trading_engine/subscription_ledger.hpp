#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::engine {

/// How far a subscription is.
enum class channel_state : uint8_t {
  /// To be asked for.
  idle,
  /// Asked for, not answered yet.
  requested,
  /// The venue has acknowledged it.
  confirmed,
  /// Not answered in time, refused, or missing in the answer. Asked for again
  /// after a while; lost until then.
  lost,
};

std::string_view to_string(channel_state state) noexcept;

/// Which channels we want and which of them we have.
///
/// Pure. A channel counts only once the venue has said so.
class subscription_ledger {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  struct entry {
    channel_state state = channel_state::idle;
    /// ID of the last request.
    uint64_t request = 0;
    /// End of patience if `requested`, time to ask again if `lost`.
    time_point due{};
    /// Messages since the connection was opened.
    uint64_t messages = 0;
  };

  using entry_map = std::map<std::string, entry, std::less<>>;

  // -- constructors, destructors, and assignment operators --------------------

  subscription_ledger(const std::vector<std::string>& channels,
                      std::chrono::milliseconds patience);

  // -- properties -------------------------------------------------------------

  const entry_map& channels() const noexcept {
    return channels_;
  }

  size_t count(channel_state state) const;

  /// Channels lost so far, each time counted.
  uint64_t losses() const noexcept {
    return losses_;
  }

  // -- transitions ------------------------------------------------------------

  /// The connection is a new one: the venue knows of no subscription.
  void reset();

  /// Returns what to ask for now.
  std::vector<std::string> due(time_point now) const;

  /// Tells that `channels` have been asked for by one request.
  void requested(uint64_t id, const std::vector<std::string>& channels,
                 time_point now);

  /// The venue has answered a request; late answers do not count.
  void answered(uint64_t id, const std::vector<std::string>& granted,
                time_point now);

  /// The venue has refused a request.
  void refused(uint64_t id, time_point now);

  /// Gives up requests that were not answered in time.
  void expire(time_point now);

  /// Wants a channel subscribed anew.
  void renew(std::string_view channel);

  /// Counts a message.
  /// @returns `false` if nobody has asked for such a channel.
  bool heard(std::string_view channel);

private:
  void lose(entry& what, time_point now);

  entry_map channels_;
  std::chrono::milliseconds patience_;
  uint64_t losses_ = 0;
};

} // namespace zenws::engine
