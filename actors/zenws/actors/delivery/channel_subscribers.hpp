#pragma once

#include "zenws/subscription/subscription.hpp"
#include "zenws/venue/dialect.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Which subscribers want which channels, where somebody else subscribes in
/// their name.
/// Pure.
class channel_subscribers {
public:
  // -- changing -----------------------------------------------------------------

  void add(uint64_t subscriber, const channel_spec& what);

  /// @returns `true` if nobody wants the channel any more.
  bool remove(uint64_t subscriber, const std::string& name);

  /// Forgets a subscriber, and returns the channels that nobody wants any more.
  std::vector<std::string> remove_all(uint64_t subscriber);

  /// Forgets a channel and returns who wanted it.
  std::vector<uint64_t> drop(const std::string& name);

  // -- properties ---------------------------------------------------------------

  bool empty() const noexcept {
    return channels_.empty();
  }

  /// All channels that are wanted.
  std::vector<channel_spec> specs() const;

  /// Tells whether all subscribers want all of the channels.
  bool uniform() {
    refresh();
    return uniform_;
  }

  /// Subscribers that want any channel.
  std::span<const uint64_t> subscribers() {
    refresh();
    return subscribers_;
  }

  std::span<const uint64_t> subscribers_of(std::string_view name) const;

private:
  struct wanted {
    channel_spec spec;
    std::vector<uint64_t> subscribers;
  };

  void refresh();

  std::map<std::string, wanted, std::less<>> channels_;

  // Follows from `channels_`, once somebody asks.
  bool changed_ = false;
  std::vector<uint64_t> subscribers_;
  bool uniform_ = true;
};

} // namespace zenws
