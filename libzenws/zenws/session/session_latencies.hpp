// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/shared_histogram.hpp"

#include <memory>

namespace zenws {

/// Latencies of a client, over all of its incarnations. One thread records, any
/// thread reads.
struct session_latencies {
  /// From the sending of a call to its answer.
  shared_histogram calls;

  /// From a ping to its answer.
  shared_histogram heartbeats;
};

using session_latencies_ptr = std::shared_ptr<session_latencies>;

} // namespace zenws
