// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/sinks/sink_record.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

namespace zenws {

struct store_options;

/// Time that a writer may take, which also ends with the sink.
class sink_deadline {
public:
  sink_deadline(std::stop_token ending, std::chrono::milliseconds patience)
    : ending_(std::move(ending)),
      end_(std::chrono::steady_clock::now() + patience) {
    // nop
  }

  bool has_passed() const noexcept {
    return ending_.stop_requested() || std::chrono::steady_clock::now() >= end_;
  }

  /// Longest time to wait before looking at `has_passed` again.
  static constexpr std::chrono::milliseconds slice{20};

private:
  std::stop_token ending_;
  std::chrono::steady_clock::time_point end_;
};

/// Whether a batch may be in the store already.
enum class sink_attempt : uint8_t {
  first,
  /// An earlier attempt has failed, or its outcome is unknown.
  repeated,
};

/// Writes batches into a store. Blocks, but no longer than a deadline; used by
/// the sink's own thread only.
///
/// A function that fails leaves the writer such that `open` begins anew.
class sink_writer {
public:
  virtual ~sink_writer();

  /// Connects, and creates what is missing in the store. Does nothing if the
  /// writer is open.
  /// @returns `ec::sink_failed` with the reason, without secrets.
  virtual error open(const sink_deadline& deadline) = 0;

  /// Writes a batch. Once this has succeeded, the store has the batch for good,
  /// each record once.
  /// @returns the indices of records that the store can never take, or
  ///          `ec::request_refused` if there are some and the writer cannot
  ///          tell which: nothing is written, and the sink tries halves; or
  ///          `ec::sink_failed`: whether they are written is unknown.
  /// @pre `open` has succeeded
  virtual result<std::vector<size_t>> write(const sink_batch& batch,
                                            sink_attempt attempt,
                                            const sink_deadline& deadline)
    = 0;
};

/// Returns the writer of a store; null if this build has none for its kind.
std::unique_ptr<sink_writer> make_sink_writer(const store_options& store);

} // namespace zenws
