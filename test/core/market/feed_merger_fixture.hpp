// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/feed_merger.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::test_support {

using namespace std::chrono_literals;
using market::feed_merger;
using market::venue_numbers;

/// Two feeds of one book.
struct feed_merger_fixture {
  using verdict = feed_merger::verdict;

  static constexpr auto book = "book.X.raw";

  feed_merger_fixture() {
    uut.feed_up(0);
    uut.feed_up(1);
  }

  verdict snapshot(size_t feed, uint64_t id) {
    return put(feed, {{.first = id, .last = id, .snapshot = true}},
               "s" + std::to_string(id));
  }

  verdict change(size_t feed, uint64_t id) {
    return put(feed, {{.first = id, .last = id, .previous = id - 1}},
               std::to_string(id));
  }

  verdict put(size_t feed, const std::vector<venue_numbers>& numbers,
              const std::string& text) {
    return uut.received(feed, book, numbers, text, now, out);
  }

  void expire() {
    now = uut.wake_at().value();
    uut.expired(now, out);
  }

  std::string take() {
    std::string result;
    for (auto& x : std::exchange(got, {}))
      result += (result.empty() ? "" : " ") + x;
    return result;
  }

  feed_merger uut{2};
  feed_merger::time_point now{1h};
  std::vector<std::string> got;
  feed_merger::emit out = [this](std::string_view, std::string_view x) {
    got.emplace_back(x);
  };
};

/// Returns the numbers of one trade.
inline venue_numbers trade_of(std::string_view instrument, uint64_t number,
                              std::chrono::milliseconds time = 0ms) {
  return {.instrument = market::instrument_name::make(instrument).value(),
          .first = number,
          .last = number,
          .time = market::venue_time{time}};
}

} // namespace zenws::test_support
