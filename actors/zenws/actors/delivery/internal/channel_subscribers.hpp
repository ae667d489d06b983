// SPDX-License-Identifier: BSD-3-Clause

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

/// Channels and the subscribers that want them, where another actor subscribes
/// in their name. Does no I/O.
class channel_subscribers {
public:
  // -- changing -----------------------------------------------------------------

  void add(uint64_t subscriber, const channel_spec& channel);

  /// Removes channels of one subscriber.
  /// @returns those that no subscriber wants any more.
  std::vector<std::string> remove(uint64_t subscriber,
                                  std::span<const std::string> names);

  /// Removes a subscriber.
  /// @returns the channels that no subscriber wants any more.
  std::vector<std::string> remove_all(uint64_t subscriber);

  /// Removes a channel and returns its subscribers.
  std::vector<uint64_t> drop(const std::string& name);

  // -- properties ---------------------------------------------------------------

  bool empty() const noexcept {
    return channels_.empty();
  }

  /// Returns all channels that are wanted.
  std::vector<channel_spec> specs() const;

  /// Returns whether all subscribers want all of the channels.
  bool uniform() {
    refresh();
    return uniform_;
  }

  /// Returns the subscribers that want any channel.
  std::span<const uint64_t> subscribers() {
    refresh();
    return subscribers_;
  }

  std::span<const uint64_t> subscribers_of(std::string_view name) const;

  /// Returns the subscribers of channels that need a login.
  std::vector<uint64_t> private_subscribers() const;

private:
  struct wanted {
    channel_spec spec;
    std::vector<uint64_t> subscribers;
  };

  void refresh();

  std::map<std::string, wanted, std::less<>> channels_;

  // Computed from `channels_` by `refresh`.
  bool changed_ = false;
  std::vector<uint64_t> subscribers_;
  bool uniform_ = true;
};

} // namespace zenws
