// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/subscription/subscription_set.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Fixture for tests of `zenws::subscription_set`.
namespace zenws::test_support {

using strings = std::vector<std::string>;

using views = std::vector<std::string_view>;

using ids = std::vector<uint64_t>;

constexpr uint64_t alice = 1;

constexpr uint64_t bob = 2;

inline channel_spec open_channel(std::string name) {
  return {.name = std::move(name)};
}

inline channel_spec secret_channel(std::string name) {
  return {.name = std::move(name),
          .access = channel_access::authenticated_only};
}

/// A set with shorthands for common steps of tests.
struct subscription_fixture {
  subscription_set uut;
  subscription_set::time_point now{std::chrono::hours{1}};

  explicit subscription_fixture(const subscription_set_config& cfg = {})
    : uut(cfg) {
    // nop
  }

  channel_request add(uint64_t subscriber, const strings& names) {
    std::vector<channel_spec> specs;
    for (auto& name : names)
      specs.push_back(open_channel(name));
    return uut.add(subscriber, specs).value();
  }

  channel_request add_specs(uint64_t subscriber,
                            const std::vector<channel_spec>& specs) {
    return uut.add(subscriber, specs).value();
  }

  // Lets the time pass until something is due.
  subscription_outcomes wait() {
    now = std::max(now, uut.wake_at().value());
    return uut.expired(now);
  }

  subscription_outcomes remove(uint64_t subscriber, const views& names) {
    return uut.remove(subscriber, names);
  }

  subscription_outcomes acknowledge(uint64_t request, const views& names) {
    return uut.acknowledged(request, names, now);
  }

  // Returns the next request as text, for example "2+a,b" or "3-a".
  strings requests(const subscription_limits& limits = {}) {
    strings result;
    for (auto& x : uut.next_requests(limits)) {
      auto text = std::to_string(x.number);
      text += x.kind == subscription_request_kind::subscribe ? '+' : '-';
      for (auto& channel : x.channels)
        text += (&channel == &x.channels.front() ? "" : ",") + channel.name;
      result.push_back(text);
    }
    return result;
  }

  // Subscribes and has the server grant it.
  void confirm(uint64_t subscriber, const strings& names) {
    add(subscriber, names);
    for (auto& x : uut.next_requests())
      uut.acknowledged(x.number, now);
  }

  ids subscribers_of(std::string_view channel) const {
    auto found = uut.subscribers_of(channel);
    return {found.begin(), found.end()};
  }
};

/// Returns outcomes as text, for example "granted 1 a to 2".
inline strings texts(const subscription_outcomes& outcomes) {
  strings result;
  for (auto& x : outcomes)
    result.push_back(std::string{to_string(x.kind)} + ' '
                     + std::to_string(x.channel_request) + ' ' + x.channel
                     + " to " + std::to_string(x.subscriber));
  return result;
}

inline const error unknown_channel{.code = ec::subscription_rejected,
                                   .detail = "no such channel"};

} // namespace zenws::test_support
