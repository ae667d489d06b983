// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "flood_target.hpp"
#include "message_checker.hpp"
#include "meter.hpp"

#include "zenws/actors/messages/messages.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <string>

namespace zenws::bench {

/// Reports when all subscribers have received everything, and the cost.
class flood_progress {
public:
  explicit flood_progress(size_t subscribers) : left_(subscribers) {
    // nop
  }

  /// The first batch of a subscriber.
  void begin();

  /// The last batch of a subscriber.
  void end();

  /// A subscriber did not get all messages.
  void fail(const std::string& reason);

  /// Waits for all subscribers. Throws `std::runtime_error` if one failed or
  /// if it takes absurdly long.
  meter wait();

private:
  std::atomic<bool> begun_{false};
  std::atomic<bool> settled_{false};
  std::atomic<size_t> left_;
  meter meter_;
  std::promise<meter> result_;
};

using flood_progress_ptr = std::shared_ptr<flood_progress>;

/// A subscriber that looks at each message of a flood and makes sure that it
/// got all of them in order.
class flood_sink : public subscriber_actor::base {
public:
  using super = subscriber_actor::base;

  /// @param first_sequence number of the first message of the flood.
  flood_sink(caf::actor_config& cfg, flood_progress_ptr progress,
             const flood_order& order, uint64_t first_sequence);

  behavior_type make_behavior() override;

private:
  void take(const message_batch& batch);

  flood_progress_ptr progress_;
  message_checker received_;
  uint64_t next_sequence_;
};

/// A subscriber that looks at each book of a flood of notifications.
class typed_flood_sink : public market_subscriber::base {
public:
  using super = market_subscriber::base;

  /// @param last number of the last message of the flood.
  typed_flood_sink(caf::actor_config& cfg, flood_progress_ptr progress,
                   uint64_t last);

  behavior_type make_behavior() override;

private:
  void take(const market_batch& batch);

  flood_progress_ptr progress_;
  uint64_t last_;
  uint64_t seen_ = 0; // the last number so far
};

} // namespace zenws::bench
