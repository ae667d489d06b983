// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sinks/internal/sink_source.hpp"
#include "zenws/sinks/sink_record.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace zenws {

/// Bounds of a `sink_queue`, see `sink_options`.
struct sink_bounds {
  size_t budget_bytes = 0;
  size_t batch_bytes = 0;
  size_t batch_records = 0;
};

/// Records that wait for a store, in batches. A batch stays until the store has
/// confirmed it. Beyond the budget, new records are left out, and a loss is put
/// in their place once there is room for a batch again.
///
/// Pure: the caller brings the time. Not thread-safe.
class sink_queue {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  enum class admission : uint8_t { taken, left_out };

  /// A loss that was put into the queue.
  struct told_loss {
    std::string client;
    sink_loss content;
  };

  // -- constructors, destructors, and assignment operators --------------------

  explicit sink_queue(const sink_bounds& bounds);

  // -- properties -------------------------------------------------------------

  size_t records() const noexcept {
    return records_;
  }

  size_t bytes() const noexcept {
    return bytes_;
  }

  bool empty() const noexcept {
    return records_ == 0 && left_out_.empty();
  }

  /// Returns when the oldest record came.
  /// @pre `records() > 0`
  time_point since() const noexcept;

  // -- adding -----------------------------------------------------------------

  admission add(const sink_source_ptr& source, sink_record record,
                time_point now);

  /// Adds a loss; to the one that was not told yet if there is no room.
  void add_loss(const sink_source_ptr& source, const sink_loss& loss,
                time_point now);

  /// Puts losses into the queue for which there is room by now.
  /// @returns them.
  std::vector<told_loss> settle(time_point now);

  /// Returns the losses that were not put into the queue yet.
  std::vector<told_loss> untold() const;

  // -- writing ----------------------------------------------------------------

  /// Returns whether a batch is full.
  bool has_full_batch() const noexcept {
    return !sealed_.empty();
  }

  /// Returns the oldest batch, which is not added to any more; null if nothing
  /// waits. The same one until `confirm` or `split`.
  sink_batch_ptr front();

  /// Removes the oldest batch.
  /// @pre `front() != nullptr`
  void confirm();

  /// Same for a batch that the store could not take all of: puts a loss into
  /// the queue for each record that is missing, unless it is a loss itself.
  /// @param refused indices of records.
  /// @returns the losses.
  std::vector<told_loss> confirm(std::span<const size_t> refused,
                                 time_point now);

  /// Makes two batches of the oldest one, of which the store has nothing.
  /// @returns `false` if it has one record only.
  bool split();

private:
  bool has_room_for(const sink_record& record) const noexcept;

  void push(sink_record record, time_point now);

  // Returns the loss of a source that was not told yet.
  sink_loss& untold_loss(const sink_source_ptr& source);

  sink_bounds bounds_;
  uint64_t origin_ = draw_run();
  uint64_t batches_ = 0;
  std::deque<std::shared_ptr<sink_batch>> sealed_;
  std::shared_ptr<sink_batch> open_; // null if empty
  size_t records_ = 0;
  size_t bytes_ = 0;
  std::vector<std::pair<sink_source_ptr, sink_loss>> left_out_; // by source
};

} // namespace zenws
