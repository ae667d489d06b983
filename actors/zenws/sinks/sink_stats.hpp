// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/shared_counter.hpp"

namespace zenws {

/// Figures of a sink, which any thread may read at any time, without asking
/// the sink. A sink that is started again goes on counting.
struct sink_stats {
  /// Records and batches that the store has confirmed.
  shared_counter written;
  shared_counter batches;

  /// Records that are missing in the store.
  shared_counter lost;

  /// Attempts to write a batch that have failed.
  shared_counter failures;

  /// Records that wait, and their bytes.
  shared_counter pending;
  shared_counter pending_bytes;

  /// When the oldest of them came, in microseconds of the steady clock; 0 if
  /// none waits.
  shared_counter oldest;

  /// 1 if the last attempt to write has failed, else 0.
  shared_counter is_failing;
};

} // namespace zenws
